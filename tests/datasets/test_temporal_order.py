from collections import Counter
from itertools import product

import numpy as np
import pytest

from skseq.datasets import make_temporal_order

E, B, LETTERS, X_ID, Y_ID = 0, 1, {2, 3, 4, 5}, 6, 7


@pytest.mark.parametrize(
    ("n_relevant", "windows"),
    [(2, [(10, 20), (50, 60)]), (3, [(10, 20), (33, 43), (66, 76)])],
)
def test_sequences_follow_the_paper(n_relevant, windows):
    X, y = make_temporal_order(3000, n_relevant=n_relevant, encoding="ids", random_state=0)
    seen = [set() for _ in windows]
    for x, label in zip(X, y, strict=True):
        assert x[0] == E
        assert x[-1] == B
        steps = np.flatnonzero(x >= X_ID)
        assert len(steps) == n_relevant
        assert all(low <= step <= high for step, (low, high) in zip(steps, windows))
        assert set(np.delete(x, [0, len(x) - 1, *steps]).tolist()) <= LETTERS
        assert label == "".join("X" if x[step] == X_ID else "Y" for step in steps)
        for place, step in enumerate(steps):
            seen[place].add(int(step))
    assert {len(x) for x in X} == set(range(100, 111))
    assert seen == [set(range(low, high + 1)) for low, high in windows]


@pytest.mark.parametrize("n_relevant", [2, 3])
def test_classes_are_equally_likely(n_relevant):
    _, y = make_temporal_order(8000, n_relevant=n_relevant, random_state=0)
    counts = Counter(y.tolist())
    assert set(counts) == {"".join(order) for order in product("XY", repeat=n_relevant)}
    assert min(counts.values()) > 0.85 * 8000 / 2**n_relevant


def test_one_hot_is_the_ids():
    ids, y_ids = make_temporal_order(20, encoding="ids", random_state=5)
    one_hot, y_hot = make_temporal_order(20, encoding="one-hot", random_state=5)
    assert all(x.shape == (len(i), 8) and x.dtype == np.float64 for x, i in zip(one_hot, ids, strict=True))
    assert all((x.sum(axis=1) == 1).all() for x in one_hot)
    assert all((x.argmax(axis=1) == i).all() for x, i in zip(one_hot, ids))
    assert all(i.dtype == np.intp for i in ids)
    assert (y_ids == y_hot).all()


@pytest.mark.parametrize("n_relevant", [2, 3])
@pytest.mark.parametrize("n_steps", [10, 11, 15, 30])
def test_short_sequences_keep_the_relevant_symbols(n_steps, n_relevant):
    X, y = make_temporal_order(500, n_relevant=n_relevant, n_steps=n_steps, encoding="ids", random_state=0)
    for x, label in zip(X, y):
        assert n_steps <= len(x) <= n_steps + n_steps // 10
        assert "".join("XY"[i - X_ID] for i in x if i >= X_ID) == label
        assert (x[0], x[-1]) == (E, B)
        assert Y_ID in x or label == "X" * n_relevant


def test_same_seed_same_sequences():
    X1, y1 = make_temporal_order(5, random_state=3)
    X2, y2 = make_temporal_order(5, random_state=3)
    assert all(np.array_equal(a, b) for a, b in zip(X1, X2, strict=True))
    assert (y1 == y2).all()


@pytest.mark.parametrize(
    ("kwargs", "error"),
    [
        ({"n_samples": -1}, ValueError),
        ({"n_steps": 9}, ValueError),
        ({"n_relevant": 4}, ValueError),
        ({"encoding": "onehot"}, ValueError),
        ({"n_steps": "100"}, TypeError),
    ],
)
def test_bad_parameters_are_named(kwargs, error):
    with pytest.raises(error, match=next(iter(kwargs))):
        make_temporal_order(**kwargs)
