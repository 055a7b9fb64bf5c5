import numpy as np
import pytest
from samplers import ResamplesAtFit, make_rows
from scikit_learn_checks import parametrize_checks
from scipy.spatial.distance import cdist

from skseq.over_sampling import ADASYN, SMOTE


class ADASYNAtFit(ResamplesAtFit, ADASYN):
    pass


@parametrize_checks(ADASYN(random_state=0), ADASYNAtFit(), ADASYNAtFit(gap="feature", n_jobs=2))
def test_scikit_learn_checks(estimator, check):
    check(estimator)


def foreign_neighbors(X, y, k):
    distances = cdist(X, X)
    np.fill_diagonal(distances, np.inf)
    return (y[np.argsort(distances, axis=1)[:, :k]] != y[:, np.newaxis]).sum(axis=1)


@pytest.mark.parametrize("k", [1, 5, 8])
@pytest.mark.parametrize("columns", [2, 20])
def test_children_follow_the_neighbours_of_other_classes(k, columns):
    X, y = make_rows((400, 60, 30), columns=columns)
    sampler = ADASYN(k_neighbors=k, random_state=0)
    _, y_res = sampler.fit_resample(X, y)
    foreign = foreign_neighbors(X, y, k)
    children = np.bincount(sampler.parents_[:, 0], minlength=len(X))
    for label, n_new in ((1, 340), (2, 370)):
        own = y == label
        shares = n_new * foreign[own] / foreign[own].sum()
        assert children[own].sum() == n_new
        assert (np.abs(children[own] - shares) < 1).all()
    assert (children[foreign == 0] == 0).all()
    assert np.bincount(y_res).tolist() == [400, 400, 400]


def test_children_lie_between_neighbours_of_the_class():
    X, y = make_rows((400, 60))
    sampler = ADASYN(random_state=0)
    sampler.fit_resample(X, y)
    i, j = sampler.parents_.T
    assert (y[sampler.parents_] == 1).all()
    distances = np.where(y == 1, cdist(X, X), np.inf)
    np.fill_diagonal(distances, np.inf)
    assert (distances[i, j] <= np.sort(distances, axis=1)[i, 4]).all()


def test_shares_are_those_of_imbalanced_learn_before_its_rounding():
    peers = pytest.importorskip("imblearn.over_sampling")
    X, y = make_rows((400, 60))
    X_peer, _ = peers.ADASYN(random_state=0).fit_resample(X, y)
    sampler = ADASYN(random_state=0)
    sampler.fit_resample(X, y)
    children = np.bincount(sampler.parents_[:, 0], minlength=len(X))[y == 1]
    foreign = foreign_neighbors(X, y, 5)[y == 1]
    rounded = np.rint(340 * foreign / foreign.sum())
    assert len(X_peer) - len(X) == rounded.sum()
    assert np.abs(children - rounded).max() <= 1
    assert children.sum() == 340


def test_a_class_that_nobody_touches_is_shared_out_evenly_and_warns():
    X, y = make_rows((40, 12))
    X[y == 1] += 100
    sampler = ADASYN(random_state=0)
    with pytest.warns(UserWarning, match="No row of class 1 has a row of another class among its 5") as caught:
        X_res, _ = sampler.fit_resample(X, y)
    assert caught[0].filename == __file__
    np.testing.assert_array_equal(X_res, SMOTE(allocation="even", random_state=0).fit_resample(X, y)[0])


def test_many_new_rows_are_shared_exactly():
    sampler = ADASYN(sampling_strategy={1: 300_000}, k_neighbors=5, random_state=0)
    X, y = make_rows((400, 60), columns=1)
    _, y_res = sampler.fit_resample(X, y)
    assert np.count_nonzero(y_res == 1) == 300_000


def test_allocation_is_no_parameter():
    with pytest.raises(TypeError, match="allocation"):
        ADASYN(allocation="random")
    assert "allocation" not in ADASYN().get_params()
