"""Whether the probabilities of the default network can be believed: log loss and cost beside those of other models.

    python benchmarks/calibration.py

Each of some speakers of Japanese Vowels against the others, official split, one utterance in nine to find; a miss costs
ten false alarms, and every model's probabilities are decided by these costs. The models are the default network, the
same trained for a fixed number of epochs (30 of minibatches of 200), that one inside scikit-learn's
``CalibratedClassifierCV``, and logistic regression on the mean, deviation, first and last step. Prints means over the
speakers, in some minutes.
"""

import argparse

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, log_loss
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from skseq import RNNClassifier
from skseq.compose import EachStep
from skseq.datasets import load_japanese_vowels
from skseq.metrics import expected_cost

COSTS = np.array([[0.0, 1.0], [10.0, 0.0]])
FIXED = {"max_iter": 30, "batch_size": 200}


def summarize(sequences):
    """Return the mean, deviation, first and last step of each sequence (n, 4 * features)."""
    return np.array([np.concatenate([x.mean(axis=0), x.std(axis=0), x[0], x[-1]]) for x in sequences])


def models():
    """Return the models by name."""
    return {
        "RNNClassifier()": RNNClassifier(random_state=0),
        "30 epochs": RNNClassifier(random_state=0, **FIXED),
        "30 epochs, CalibratedClassifierCV": CalibratedClassifierCV(
            RNNClassifier(random_state=0, **FIXED), cv=3, ensemble=False
        ),
        "logistic regression": make_pipeline(
            FunctionTransformer(summarize), StandardScaler(), LogisticRegression(max_iter=1000)
        ),
    }


def load(subset, speaker):
    """Return utterances in float32, and whether the speaker is this one."""
    X, y = load_japanese_vowels(subset=subset, return_X_y=True)
    return [x.astype(np.float32) for x in X], (np.asarray(y) == speaker).astype(int)


def figures(model, speaker):
    """Return log loss, average precision and cost for an utterance of the test part."""
    X, y = load("train", speaker)
    X_new, y_new = load("test", speaker)
    scaler = EachStep(StandardScaler()).fit(X)
    rare = model.fit(scaler.transform(X), y).predict_proba(scaler.transform(X_new))[:, 1].astype(float)
    decided = (np.column_stack([1 - rare, rare]) @ COSTS).argmin(axis=1)
    return log_loss(y_new, rare), average_precision_score(y_new, rare), expected_cost(y_new, decided, COSTS)


def main():
    """Print one line for each model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--speakers", type=int, nargs="+", default=[1, 3, 5, 8])
    parser.add_argument("--smoke", action="store_true", help="one speaker, one epoch: shows that the script works")
    options = parser.parse_args()
    if options.smoke:
        options.speakers, FIXED["max_iter"] = options.speakers[:1], 1
    print(f"{'model':36}log loss  average precision   cost")
    for name, model in models().items():
        if options.smoke and name == "RNNClassifier()":
            model.set_params(max_iter=1)
        loss, precision, cost = np.mean([figures(model, speaker) for speaker in options.speakers], axis=0)
        print(f"{name:36}{loss:8.3f}{precision:19.3f}{cost:7.3f}", flush=True)


if __name__ == "__main__":
    main()
