"""The ranked table of next tokens."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from skseq import RNNGenerator
from skseq.neural_network._next_tokens import NextTokens


def test_tokens_are_ranked():
    model = RNNGenerator(4, max_iter=2, random_state=0).fit([["a", "b"], ["c"]])
    table = model.next_tokens(["a"], n=2)
    p = model.predict_next_proba([["a"]])[0]
    tokens = list(model.vocabulary_)
    best = np.argsort(-p)
    assert table.tokens == [tokens[i] for i in best[:2]]
    assert_allclose(table.probabilities, p[best[:2]])
    assert_allclose(np.asarray(table), table.probabilities)
    assert dict(table) == dict(zip(table.tokens, table.probabilities.tolist()))
    assert len(table) == 2
    assert table.n_others == 2
    everything = model.next_tokens(["a"], n=99)
    assert set(everything.tokens) == {None, "a", "b", "c"}
    assert "others" not in str(everything)
    with pytest.raises(ValueError, match="n == 0"):
        model.next_tokens(["a"], n=0)


def test_text():
    table = NextTokens("the boy ate a", ["cake", None], np.array([0.75, 0.2]), 3)
    assert str(table) == (
        "the boy ate a ___\n"
        "cake         75.0 %  ####################\n"
        "(end)        20.0 %  #####\n"
        "(3 others)    5.0 %  #"
    )
    assert repr(table) == str(table)
    assert str(NextTokens("", [7], np.array([1.0]), 0)).startswith("___\n7  100.0 %")


def test_tokens_that_cannot_be_seen_are_quoted():
    table = NextTokens("a", [" ", "\n", "(end)", None], np.full(4, 0.25), 0)
    assert [line.split("  ")[0] for line in str(table).splitlines()[1:]] == ["' '", "'\\n'", "'(end)'", "(end)"]


def test_html_is_escaped():
    html = NextTokens("<b>", ["<i>", "&"], np.array([0.75, 0.25]), 0)._repr_html_()
    assert html.startswith('<table class="skseq-next-tokens">')
    assert "&lt;b&gt; ___" in html
    assert "&lt;i&gt;" in html
    assert "&amp;" in html
    assert "75.0%" in html
    assert "<i>" not in html
