import numpy as np
import pytest
from imblearn.metrics import geometric_mean_score as imblearn_score
from sklearn.metrics import make_scorer
from sklearn.model_selection import cross_val_score
from sklearn.tree import DecisionTreeClassifier

from skseq.metrics import geometric_mean_score


def test_by_hand():
    # Recalls of 2/3, 1/2 and 1.
    y_true, y_pred = [0, 0, 0, 1, 1, 2], [0, 0, 1, 1, 2, 2]
    assert geometric_mean_score(y_true, y_pred) == pytest.approx((2 / 3 * 1 / 2 * 1) ** (1 / 3))


@pytest.mark.parametrize("n_classes", [2, 5])
@pytest.mark.parametrize("weighted", [False, True])
def test_agrees_with_imbalanced_learn(n_classes, weighted):
    rng = np.random.default_rng(n_classes)
    y_true = rng.integers(0, n_classes, 300)
    y_pred = np.where(rng.random(300) < 0.6, y_true, rng.integers(0, n_classes, 300))
    weights = rng.random(300) if weighted else None
    ours = geometric_mean_score(y_true, y_pred, sample_weight=weights)
    assert ours == pytest.approx(imblearn_score(y_true, y_pred, average="multiclass", sample_weight=weights))


def test_a_class_never_found_gives_zero():
    assert geometric_mean_score([0] * 99 + [1], [0] * 100) == 0.0


def test_many_classes_do_not_underflow():
    y_true = np.repeat(np.arange(500), 100)
    y_pred = np.where(np.arange(len(y_true)) % 100 == 0, y_true, (y_true + 1) % 500)
    assert geometric_mean_score(y_true, y_pred) == pytest.approx(0.01)


def test_classes_that_were_only_predicted_do_not_count():
    assert geometric_mean_score([0, 0, 1, 1], [0, 2, 1, 1]) == pytest.approx(np.sqrt(0.5))
    weights = [1, 1, 1, 1, 0]
    assert geometric_mean_score([0, 0, 1, 1, 2], [0, 2, 1, 1, 0], sample_weight=weights) == pytest.approx(np.sqrt(0.5))


def test_labels():
    y_true, y_pred = [0, 0, 1, 1, 2], [0, 1, 1, 1, 0]
    assert geometric_mean_score(y_true, y_pred, labels=[0, 1]) == pytest.approx(np.sqrt(0.5))
    with pytest.raises(ValueError, match=r"labels names \[7\], of which y_true holds no row.*Leave them out"):
        geometric_mean_score(y_true, y_pred, labels=[0, 7])


def test_as_a_scorer():
    X = np.random.default_rng(0).normal(size=(90, 3))
    y = (X[:, 0] > 0.8).astype(int)
    scores = cross_val_score(DecisionTreeClassifier(random_state=0), X, y, scoring=make_scorer(geometric_mean_score))
    assert (scores > 0.7).all()
