import numpy as np
import pytest
from samplers import ResamplesAtFit, make_rows
from scikit_learn_checks import parametrize_checks
from scipy import sparse
from scipy.spatial.distance import cdist
from sklearn.base import clone

from skseq.over_sampling import SMOTE, BorderlineSMOTE

#: On the line 0, 1, ..., 9 with two neighbours, row 7 is in danger, row 5 is noise, rows 8 and 9 are safe.
LINE = np.arange(10.0)[:, np.newaxis]
LINE_LABELS = np.array([0, 0, 0, 0, 0, 1, 0, 1, 1, 1])


class BorderlineAtFit(ResamplesAtFit, BorderlineSMOTE):
    pass


@parametrize_checks(
    BorderlineSMOTE(random_state=0),
    BorderlineAtFit(),
    BorderlineAtFit(kind="borderline-2", gap="feature", allocation="even", n_jobs=2),
)
def test_scikit_learn_checks(estimator, check):
    check(estimator)


def danger_by_definition(X, y, label, m):
    """Return the rows of which at least half, but not all, of the m nearest are of other classes."""
    distances = cdist(X, X)
    np.fill_diagonal(distances, np.inf)
    others = (y[np.argsort(distances, axis=1)[:, :m]] != label).sum(axis=1)
    return np.flatnonzero((y == label) & (others >= m / 2) & (others < m))


@pytest.mark.parametrize("m", [2, 3, 7, 10])
@pytest.mark.parametrize("columns", [2, 20])
def test_danger_is_the_papers(m, columns):
    X, y = make_rows((400, 60, 30), columns=columns)
    sampler = BorderlineSMOTE(m_neighbors=m, random_state=0)
    sampler.fit_resample(X, y)
    expected = np.sort(np.concatenate([danger_by_definition(X, y, label, m) for label in (1, 2)]))
    assert len(expected) > 5
    np.testing.assert_array_equal(sampler.danger_, expected)
    assert set(sampler.parents_[:, 0]) <= set(expected)


def test_danger_is_that_of_imbalanced_learn():
    peers = pytest.importorskip("imblearn.over_sampling")
    X, y = make_rows((400, 60, 30))
    peer = peers.BorderlineSMOTE(random_state=0)
    peer.fit_resample(X, y)
    sampler = BorderlineSMOTE(random_state=0)
    sampler.fit_resample(X, y)
    theirs = getattr(peer, "in_danger_indices", None) or peer.in_danger_indices_
    np.testing.assert_array_equal(sampler.danger_, np.sort(np.concatenate(list(theirs.values()))))


def test_danger_by_hand():
    sampler = BorderlineSMOTE(k_neighbors=2, m_neighbors=2, sampling_strategy={1: 30}, random_state=0)
    sampler.fit_resample(LINE, LINE_LABELS)
    assert sampler.danger_.tolist() == [7]
    assert set(map(tuple, sampler.parents_.tolist())) <= {(7, 8), (7, 9), (7, 5)}  # 5 and 9 are equally far


def test_danger_follows_the_rows():
    X, y = make_rows((200, 40))
    sampler = BorderlineSMOTE(random_state=0)
    sampler.fit_resample(X, y)
    order = np.random.RandomState(0).permutation(len(X))
    shuffled = clone(sampler)
    shuffled.fit_resample(X[order], y[order])
    np.testing.assert_array_equal(np.sort(order[shuffled.danger_]), sampler.danger_)


@pytest.mark.parametrize("gap", ["row", "feature"])
@pytest.mark.parametrize("form", [np.asarray, sparse.csr_array])
def test_kinds(gap, form):
    X, y = make_rows((400, 60))
    distances = cdist(X, X)
    first = BorderlineSMOTE(gap=gap, random_state=0)
    first.fit_resample(form(X), y)
    assert (y[first.parents_] == 1).all()
    second = BorderlineSMOTE(kind="borderline-2", gap=gap, random_state=0)
    second.fit_resample(form(X), y)
    np.testing.assert_array_equal(second.danger_, first.danger_)
    i, j = second.parents_.T
    outside = y[j] == 0
    assert (y[i] == 1).all()
    assert 0.1 < outside.mean() < 0.24  # one in k + 1 = 6
    # A partner of another class is the nearest one, and the child is nearer to the parent of the class.
    to_others = np.where(y == 0, distances, np.inf)
    np.testing.assert_array_equal(j[outside], to_others[i[outside]].argmin(axis=1))
    gaps = second.gaps_.toarray() if sparse.issparse(second.gaps_) else second.gaps_
    assert (gaps[outside] >= 0.5).all()
    assert (gaps[outside] < 0.6).any()
    assert (gaps[~outside] < 0.5).any()
    # The partners of the class are the k nearest of the class.
    to_own = np.where(y == 1, distances, np.inf)
    np.fill_diagonal(to_own, np.inf)
    reach = np.sort(to_own, axis=1)[:, 4]
    assert (distances[i[~outside], j[~outside]] <= reach[i[~outside]]).all()


def test_even_allocation_serves_every_row_in_danger():
    X, y = make_rows((400, 60))
    sampler = BorderlineSMOTE(allocation="even", random_state=0)
    sampler.fit_resample(X, y)
    children = np.bincount(sampler.parents_[:, 0], minlength=len(X))[sampler.danger_]
    assert children.sum() == 340
    assert np.ptp(children) <= 1


@pytest.mark.parametrize("kind", ["borderline-1", "borderline-2"])
def test_a_class_without_danger_is_resampled_as_by_smote_and_warns(kind):
    X, y = make_rows((40, 12))
    X[y == 1] += 100
    sampler = BorderlineSMOTE(kind=kind, random_state=0)
    with pytest.warns(UserWarning, match=r"Class 1 has no row in danger: 12 of its rows.*, and 0 have all") as caught:
        X_res, _ = sampler.fit_resample(X, y)
    assert caught[0].filename == __file__
    assert sampler.danger_.shape == (0,)
    np.testing.assert_array_equal(X_res, SMOTE(random_state=0).fit_resample(X, y)[0])


def test_noise_is_counted_in_the_warning():
    X = np.concatenate([np.arange(40.0), [3.5, 13.5, 23.5]])[:, np.newaxis]
    y = np.repeat([0, 1], [40, 3])
    with pytest.warns(UserWarning, match=r"0 of its rows have fewer than half.*, and 3 have all"):
        BorderlineSMOTE(k_neighbors=1, random_state=0).fit_resample(X, y)


def test_few_rows_use_the_neighbours_there_are():
    X, y = np.array([[0.0], [1.0], [1.4], [2.0]]), np.array([0, 0, 1, 1])
    _, y_res = BorderlineSMOTE(k_neighbors=1, sampling_strategy={1: 5}, random_state=0).fit_resample(X, y)
    assert y_res.tolist() == [0, 0, 1, 1, 1, 1, 1]


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ({"m_neighbors": 1}, ValueError, "m_neighbors == 1, must be >= 2"),
        ({"m_neighbors": 3.0}, TypeError, "m_neighbors"),
        ({"kind": "borderline"}, ValueError, "kind='borderline' is not an option; use one of: 'borderline-1'"),
        ({"allocation": "all"}, ValueError, "allocation='all'"),
    ],
)
def test_bad_parameters(parameters, error, message):
    X, y = make_rows()
    with pytest.raises(error, match=message):
        BorderlineSMOTE(**parameters).fit_resample(X, y)
