"""Token ids that a network would read as measurements."""

import warnings

import numpy as np
import pytest
from sklearn.preprocessing import StandardScaler

from skseq import RNNClassifier, make_pipeline
from skseq.compose import EachStep
from skseq.neural_network import RNNRegressor, RNNTagger, TransformerClassifier

IDS = [np.array([3, 1, 4]), np.array([1, 5])] * 5
LABELS = np.arange(10) % 2


@pytest.mark.parametrize(
    "network", [RNNClassifier(4), RNNRegressor(4), TransformerClassifier(1, width=4), RNNTagger(4)], ids=str
)
def test_lists_of_integers_lead_to_a_warning_at_the_call_of_fit(network):
    y = [np.arange(len(x)) for x in IDS] if isinstance(network, RNNTagger) else LABELS
    network.set_params(max_iter=1, random_state=0)
    with pytest.warns(UserWarning, match="read.* as measurements of one feature. If they are token ids, set") as caught:
        network.fit(IDS, y)
    assert caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        network.predict(IDS)


@pytest.mark.parametrize(
    "X",
    [
        [x.astype(float) for x in IDS],
        [x > 2 for x in IDS],
        [np.minimum(x, 1) for x in IDS],
        [-x for x in IDS],
        [x[:, None] for x in IDS],
        [np.column_stack([x, x]) for x in IDS],
        [IDS[0].astype(float), *IDS[1:]],
        np.arange(40).reshape(10, 4),
        [[1.5, 2], [3, 4, 5]] * 5,
    ],
)
def test_measurements_lead_to_none(X):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        RNNClassifier(4, max_iter=1, random_state=0).fit(X, LABELS)


def test_scaled_integers_are_measurements():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        make_pipeline(EachStep(StandardScaler()), RNNClassifier(4, max_iter=1, random_state=0)).fit(IDS, LABELS)
