import numpy as np
import pytest

from skseq.datasets import make_adding_problem


def marked(x):
    return np.flatnonzero(x[:, 1] == 1.0)


@pytest.mark.parametrize("T", [100, 55, 20])
def test_hochreiter_follows_the_paper(T):
    X, y = make_adding_problem(2000, n_steps=T, random_state=0)
    firsts, seconds = [], []
    for x, target in zip(X, y, strict=True):
        assert T <= len(x) <= T + T // 10
        assert x.shape[1] == 2
        assert np.abs(x[:, 0]).max() <= 1
        assert x[0, 1] == x[-1, 1] == -1
        assert set(x[1:-1, 1]) <= {0.0, 1.0}
        steps = marked(x)
        if len(steps) == 1:  # the first step was drawn for X_1, which is zero then
            assert x[0, 0] == 0
        else:
            assert len(steps) == 2
        assert (steps < 10).any() or len(steps) == 1
        assert steps.max() <= max(9, T // 2)
        assert target == pytest.approx(0.5 + x[steps, 0].sum() / 4, abs=1e-15)
        firsts.append(0 if len(steps) == 1 else steps.min())
        seconds.append(steps.max())
    lengths = {len(x) for x in X}
    assert lengths == set(range(T, T + T // 10 + 1))
    assert set(firsts) >= set(range(9))
    assert max(seconds) == T // 2
    assert 0 <= y.min() < 0.1
    assert 0.9 < y.max() <= 1


def test_hochreiter_second_mark_is_uniform_over_the_unmarked_steps():
    X, _ = make_adding_problem(20000, n_steps=24, random_state=1)
    # With the first mark at step 0, the second is uniform over the T/2 - 1 = 11 steps from 1 on.
    seconds = np.array([marked(x)[0] for x in X if len(marked(x)) == 1])
    counts = np.bincount(seconds, minlength=13)[1:12]
    assert counts.sum() == len(seconds)
    assert len(seconds) == pytest.approx(2000, rel=0.1)
    assert counts.min() > 0.7 * counts.mean()


def test_hochreiter_constant_error_is_the_documented_one():
    _, y = make_adding_problem(20000, random_state=0)
    assert y.var() == pytest.approx(0.95 / 24, rel=0.03)  # a tenth of the sequences have X_1 = 0
    assert y.mean() == pytest.approx(0.5, abs=0.01)


def test_le_has_one_mark_in_each_half():
    X, y = make_adding_problem(5000, n_steps=31, variant="le", random_state=0)
    assert X.shape == (5000, 31, 2)
    assert set(np.unique(X[:, :, 1])) == {0.0, 1.0}
    assert (X[:, :15, 1].sum(axis=1) == 1).all()
    assert (X[:, 15:, 1].sum(axis=1) == 1).all()
    assert (X[:, :, 1].sum(axis=0) > 0).all()
    assert X[:, :, 0].min() >= 0
    assert X[:, :, 0].max() <= 1
    np.testing.assert_allclose(y, (X[:, :, 0] * X[:, :, 1]).sum(axis=1))
    assert ((y - 1) ** 2).mean() == pytest.approx(1 / 6, rel=0.05)


@pytest.mark.parametrize("variant", ["hochreiter", "le"])
@pytest.mark.parametrize("T", [4, 5, 9])
def test_shortest_sequences_keep_their_marks(variant, T):
    X, _ = make_adding_problem(500, n_steps=T, variant=variant, random_state=0)
    assert all(len(marked(x)) in (1, 2) and len(x) >= T for x in X)
    if variant == "hochreiter":
        assert all(x[0, 1] == x[-1, 1] == -1 for x in X)


@pytest.mark.parametrize("variant", ["hochreiter", "le"])
def test_same_seed_same_sequences(variant):
    X1, y1 = make_adding_problem(5, variant=variant, random_state=3)
    X2, y2 = make_adding_problem(5, variant=variant, random_state=np.random.RandomState(3))
    _, y3 = make_adding_problem(5, variant=variant, random_state=4)
    assert all(np.array_equal(a, b) for a, b in zip(X1, X2, strict=True))
    assert (y1 == y2).all()
    assert (y1 != y3).any()


@pytest.mark.parametrize(
    ("kwargs", "error"),
    [
        ({"n_samples": 0}, ValueError),
        ({"n_steps": 3}, ValueError),
        ({"n_steps": 10.0}, TypeError),
        ({"n_samples": True}, TypeError),
        ({"variant": "elman"}, ValueError),
    ],
)
def test_bad_parameters_are_named(kwargs, error):
    with pytest.raises(error, match=next(iter(kwargs))):
        make_adding_problem(**kwargs)
