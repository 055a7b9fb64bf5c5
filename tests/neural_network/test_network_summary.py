"""Summaries of networks, as text, as tables and below scikit-learn's diagram."""

import html.parser
from html import unescape

import numpy as np
import pandas as pd
import pytest
from sklearn import config_context
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.utils import estimator_html_repr

from skseq import RNNClassifier, RNNRegressor, make_pipeline
from skseq.inspection import network_summary
from skseq.neural_network import RNNGenerator, RNNTagger, RNNTranslator, TransformerClassifier

X = np.random.RandomState(0).standard_normal((20, 5, 3))
y = np.arange(20) % 2
WORDS = ["abc", "bca", "ca", "b"]
SETTINGS = {"hidden_layer_sizes": (6, 4), "max_iter": 1, "random_state": 0}
MODELS = [
    RNNClassifier(**SETTINGS).fit(X, y),
    RNNClassifier(**SETTINGS, cell="lstm", bidirectional=True).fit(X.astype(np.float32), y),
    RNNClassifier(**SETTINGS, embedding_dim=2).fit(np.arange(100).reshape(20, 5) % 7, y),
    RNNRegressor(**SETTINGS).fit(X, y),
    RNNTagger(**SETTINGS).fit(X, (X[:, :, 0] > 0).astype(int)),
    RNNGenerator(**SETTINGS).fit(WORDS),
    RNNTranslator(4, max_iter=1, random_state=0).fit(WORDS, WORDS),
    TransformerClassifier(width=4, n_heads=2, max_iter=1, random_state=0).fit(X, y),
]
EVERY_MODEL = pytest.mark.parametrize("model", MODELS, ids=str)


@EVERY_MODEL
def test_every_weight_counts(model):
    summary = network_summary(model)
    table = pd.DataFrame(summary.table)
    assert summary.n_parameters == table.parameters.sum() == sum(array.size for array in model.weights_.values())
    assert summary.dtype == str(next(iter(model.weights_.values())).dtype)
    assert table.layer.iloc[-1] == "output"
    for name, array in model.weights_.items():
        layer, _, weight = name.rpartition(".")
        assert f"{weight} {array.shape}" in table.set_index("layer").weights[layer]


def test_as_text():
    lines = str(network_summary(MODELS[0])).splitlines()
    assert lines[0].startswith("RNNClassifier: 332 parameters in float64 (hidden_layer_sizes=(6, 4), cell='gru', ")
    assert "embedding_dim" not in lines[0]
    assert [line.split()[0] for line in lines[2:]] == ["layer", "layer_0", "layer_1", "output"]
    assert len({len(line) for line in lines[2:]}) == 1


class Parser(html.parser.HTMLParser):
    """Notes tags that are open."""

    def __init__(self):
        super().__init__()
        self.open, self.text = [], ""

    def handle_starttag(self, tag, attributes):
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def test_as_html():
    parser = Parser()
    parser.feed(network_summary(MODELS[1])._repr_html_())
    assert parser.open == []
    for text in ("layer_1.backward", "recurrent_weights (4, 16)", "RNNClassifier: ", "cell='lstm'"):
        assert text in parser.text


@EVERY_MODEL
def test_a_fitted_network_adds_it_to_the_diagram(model):
    heading = str(network_summary(model)).splitlines()[0]
    for shown in (model._repr_html_(), model._repr_mimebundle_()["text/html"]):
        assert "sk-container" in shown
        assert heading in unescape(shown)
    assert model._repr_mimebundle_()["text/plain"] == repr(model)


def test_before_fit_there_is_the_diagram_alone():
    model = RNNClassifier()
    assert "parameters in" not in model._repr_html_()
    assert "parameters in" not in model._repr_mimebundle_()["text/html"]
    assert "sk-container" in model._repr_html_()


def test_no_diagram_where_none_is_wanted():
    with config_context(display="text"):
        assert not hasattr(MODELS[0], "_repr_html_")
        assert list(MODELS[0]._repr_mimebundle_()) == ["text/plain"]


def test_in_a_pipeline_the_diagram_is_that_of_scikit_learn():
    pipeline = make_pipeline(RNNClassifier(**SETTINGS)).fit(X, y)
    assert "RNNClassifier" in estimator_html_repr(pipeline)
    assert network_summary(pipeline).n_parameters == 332


def test_what_has_no_layers():
    with pytest.raises(NotFittedError):
        network_summary(RNNClassifier())
    with pytest.raises(TypeError, match="has no network"):
        network_summary(LogisticRegression())
