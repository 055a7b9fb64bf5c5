"""What is done about rare classes, and how well it works on one split of the data."""

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (
    average_precision_score,
    balanced_accuracy_score,
    brier_score_loss,
    log_loss,
    roc_auc_score,
)
from sklearn.preprocessing import StandardScaler

from skseq.compose import MinimumCostClassifier, ResampledClassifier
from skseq.linear_model import CostSensitiveLogisticRegression
from skseq.metrics import geometric_mean_score
from skseq.over_sampling import SMOTE
from skseq.pipeline import make_pipeline

NONE, WEIGHTS, THRESHOLD = "nothing", "weights", "threshold"
OURS, AGAIN, THEIRS = "SMOTE", "SMOTE, another seed", "SMOTE, imbalanced-learn"
WEIGHTS_CORRECTED, SMOTE_CORRECTED = "weights, corrected", "SMOTE, corrected"
CLASSIFIERS = ("logistic regression", "random forest")
#: A forest has no corrected weights: in leaves of one class a weight changes no share, so there is nothing to undo.
REMEDIES = {
    "logistic regression": (NONE, WEIGHTS, WEIGHTS_CORRECTED, OURS, AGAIN, THEIRS, SMOTE_CORRECTED, THRESHOLD),
    "random forest": (NONE, WEIGHTS, OURS, AGAIN, THEIRS, SMOTE_CORRECTED, THRESHOLD),
}
MEASURES = ("auc", "average_precision", "g_mean", "balanced_accuracy", "log_loss", "brier", "predicted_share")
TREES = 100
NEIGHBORS = 5


def make_model(classifier, remedy, y, trees=TREES):
    """Return an unfitted model.

    Parameters
    ----------
    classifier, remedy : str
        See :data:`REMEDIES`.
    y : ndarray of shape (n,)
        The classes of the training rows: 1 is the rare one.
    trees : int
        Trees of the forest.
    """
    rare = int(y.sum())
    ratio = (len(y) - rare) / rare
    k = min(NEIGHBORS, rare - 1)
    if classifier == "logistic regression":
        plain = LogisticRegression(max_iter=1000)
        weighted = CostSensitiveLogisticRegression()
    else:
        plain = RandomForestClassifier(trees, random_state=0)
        weighted = RandomForestClassifier(trees, class_weight="balanced", random_state=0)
    if remedy == THEIRS:
        from imblearn.over_sampling import SMOTE as TheirSMOTE
        from imblearn.pipeline import make_pipeline as their_pipeline

        return their_pipeline(StandardScaler(), TheirSMOTE(k_neighbors=k, random_state=0), plain)
    if remedy == WEIGHTS_CORRECTED:
        weighted.set_params(prior_correction=True)
    steps = {
        NONE: [plain],
        WEIGHTS: [weighted],
        WEIGHTS_CORRECTED: [weighted],
        OURS: [SMOTE(k_neighbors=k, random_state=0), plain],
        AGAIN: [SMOTE(k_neighbors=k, random_state=1), plain],
        SMOTE_CORRECTED: [ResampledClassifier(plain, SMOTE(k_neighbors=k, random_state=0), prior_correction=True)],
        # A rare row that is missed costs what so many false alarms do.
        THRESHOLD: [MinimumCostClassifier(plain, [[0, 1], [ratio, 0]])],
    }
    return make_pipeline(StandardScaler(), *steps[remedy])


def measure(model, X, y):
    """Return the measures of a fitted model on test rows, in the order of :data:`MEASURES`."""
    proba, predicted = model.predict_proba(X)[:, 1], model.predict(X)
    return (
        roc_auc_score(y, proba),
        average_precision_score(y, proba),
        geometric_mean_score(y, predicted),
        balanced_accuracy_score(y, predicted),
        log_loss(y, proba),
        brier_score_loss(y, proba),
        proba.mean(),
    )


def cross_validated(classifier, remedy, folds, trees=TREES):
    """Return the means of the measures over the folds, (X, y, X of the test, y of the test) each."""
    found = [
        measure(make_model(classifier, remedy, y, trees).fit(X, y), X_test, y_test) for X, y, X_test, y_test in folds
    ]
    return tuple(float(mean) for mean in np.mean(found, axis=0))
