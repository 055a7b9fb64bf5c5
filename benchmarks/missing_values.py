"""Ways to fill the missing values of sequences, on speech and on measurements whose timing tells the class.

    python benchmarks/missing_values.py [--seeds 3]

Japanese Vowels on their official split, with 50 % and with 80 % of the values removed at random from training and test
utterances alike; and simulated measurements of which 70 % are missing in both classes, singly in one and in gaps of
several steps in the other, while their values say little. Every way stands between the same scaler and the same
network: 40 epochs for Vowels, 15 for the simulation. Numbers of steps grow large beside scaled values, so the way that
has them is scaled once more. Prints the accuracy and the log loss on test data, the mean over
the seeds, as a table in Markdown. Takes about three minutes.
"""

import argparse

import numpy as np
from sklearn.impute import SimpleImputer
from sklearn.metrics import log_loss
from sklearn.preprocessing import StandardScaler

from skseq import RNNClassifier, make_pipeline
from skseq.compose import EachStep
from skseq.datasets import load_japanese_vowels
from skseq.preprocessing import ForwardFillImputer

WAYS = {
    "`EachStep(SimpleImputer())`": EachStep(SimpleImputer()),
    "`EachStep(SimpleImputer(add_indicator=True))`": EachStep(SimpleImputer(add_indicator=True)),
    "`ForwardFillImputer()`": ForwardFillImputer(),
    "`ForwardFillImputer(add_indicator=True)`": ForwardFillImputer(add_indicator=True),
    "`ForwardFillImputer(add_indicator=True, add_elapsed=True)`, scaled after": make_pipeline(
        ForwardFillImputer(add_indicator=True, add_elapsed=True), EachStep(StandardScaler())
    ),
}
NETWORK = {"pooling": "last", "batch_size": 32, "learning_rate_init": 0.005, "learning_rate": "cosine"}


def with_gaps(X, missing, seed):
    """Return copies of the sequences with a share of their values missing at random."""
    rng = np.random.RandomState(seed)
    copies = [x.copy() for x in X]
    for x in copies:
        x[rng.uniform(size=x.shape) < missing] = np.nan
    return copies


def vowels(missing, seed):
    """Return training and test data of Japanese Vowels with gaps."""
    X_train, y_train = load_japanese_vowels(subset="train", return_X_y=True)
    X_test, y_test = load_japanese_vowels(subset="test", return_X_y=True)
    return with_gaps(X_train, missing, seed), y_train, with_gaps(X_test, missing, 1000 + seed), y_test


def make_monitored(n, seed):
    """Return n sequences of three measurements, and whether they are missing singly (0) or in gaps (1).

    A value is missing with probability 0.7. In class 1 a value is missing or not as the one before it with probability
    0.5, otherwise drawn. The measurements return slowly to a mean, which is 0 in class 0 and 0.4 in class 1.
    """
    rng = np.random.RandomState(seed)
    X, y = [], np.arange(n) % 2
    for label in y:
        steps = rng.randint(15, 31)
        values = rng.standard_normal((steps, 3))
        missing = rng.uniform(size=(steps, 3)) < 0.7
        repeated = rng.uniform(size=(steps, 3)) < 0.5 * label
        for step in range(1, steps):
            values[step] = 0.95 * values[step - 1] + 0.3 * values[step]
            missing[step] = np.where(repeated[step], missing[step - 1], missing[step])
        values += 0.4 * label
        values[missing] = np.nan
        X.append(values)
    return X, y


def monitored(seed):
    """Return training and test data of simulated measurements."""
    return *make_monitored(600, seed), *make_monitored(1000, 1000 + seed)


#: By name, how to get the data, and the epochs of the network.
TASKS = {
    "Vowels, 50 % missing": (lambda seed: vowels(0.5, seed), 40),
    "Vowels, 80 % missing": (lambda seed: vowels(0.8, seed), 40),
    "timing tells the class": (monitored, 15),
}


def scores(way, task, seed):
    """Return the accuracy and the log loss of one fit on test data."""
    data, epochs = TASKS[task]
    X_train, y_train, X_test, y_test = data(seed)
    network = RNNClassifier(**NETWORK, max_iter=epochs, random_state=seed)
    model = make_pipeline(EachStep(StandardScaler()), way, network).fit(X_train, y_train)
    proba = model.predict_proba(X_test)
    return np.mean(model.classes_[proba.argmax(axis=1)] == y_test), log_loss(y_test, proba)


def main():
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3)
    seeds = range(parser.parse_args().seeds)
    print("| accuracy / log loss | " + " | ".join(TASKS) + " |")
    print("| --- | " + " | ".join("---" for _ in TASKS) + " |")
    for name, way in WAYS.items():
        found = [np.mean([scores(way, task, seed) for seed in seeds], axis=0) for task in TASKS]
        print(
            f"| {name} | " + " | ".join(f"{accuracy:.3f} / {loss:.3f}" for accuracy, loss in found) + " |", flush=True
        )


if __name__ == "__main__":
    main()
