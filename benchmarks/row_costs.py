"""Decisions with a cost for each row, beside empulse's for the binary table (``pip install -e '.[bench]'``).

    python benchmarks/row_costs.py

Simulated fraud with log-normal amounts, ten seeds, one logistic regression: the savings of one matrix with the mean
amount, of a matrix for each row, and of empulse's ``CSThresholdClassifier`` with and without its own calibration.
Savings are 1 - cost / cost of checking nothing. A minute; prints a table.
"""

import numpy as np
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skseq import CostSensitiveLogisticRegression
from skseq.compose import MinimumCostClassifier
from skseq.metrics import expected_cost

CHECK = 5.0  # of a transaction, in euros


def draw(n, rng):
    """Return n transactions (columns, 1 for fraud, amounts); two in a hundred are fraud."""
    fraud = (rng.random(n) < 0.02).astype(int)
    amounts = rng.lognormal(3.0 + 0.7 * fraud, 1.4)
    return np.c_[rng.standard_normal((n, 5)) + 0.9 * fraud[:, None], np.log(amounts)], fraud, amounts


def costs_of(amounts):
    """Return the costs by name, of each row if ``amounts`` is an array."""
    return {1: {0: amounts, 1: CHECK}, 0: {1: CHECK}}


def savings(seed, n=4000):
    """Return the savings of each decision on one data set."""
    from empulse.models import CSThresholdClassifier

    rng = np.random.default_rng(seed)
    (X_train, y_train, train_amounts), (X, y, amounts) = draw(n, rng), draw(n, rng)
    plain = make_pipeline(StandardScaler(), CostSensitiveLogisticRegression(class_weight=None))
    ours = MinimumCostClassifier(plain).fit(X_train, y_train)
    given = {"fn_cost": amounts, "tp_cost": CHECK, "fp_cost": CHECK, "tn_cost": 0.0}
    predictions = {
        "most probable class": ours.predict(X),
        "one matrix": ours.predict(X, costs_of(train_amounts[y_train == 1].mean())),
        "a matrix for each row": ours.predict(X, costs_of(amounts)),
    }
    for name, calibrator in (("empulse, no calibration", None), ("empulse, sigmoid", "sigmoid")):
        theirs = CSThresholdClassifier(plain, calibrator=calibrator).fit(X_train, y_train)
        predictions[name] = theirs.predict(X, **given)
    nothing = expected_cost(y, np.zeros_like(y), costs_of(amounts))
    return {
        name: 1 - expected_cost(y, predicted, costs_of(amounts)) / nothing for name, predicted in predictions.items()
    }


def main():
    """Print mean, least and most over ten seeds."""
    runs = [savings(seed) for seed in range(10)]
    print(f"{'savings':26}{'mean':>8}{'least':>8}{'most':>8}")
    for name in runs[0]:
        values = [run[name] for run in runs]
        print(f"{name:26}{np.mean(values):8.3f}{min(values):8.3f}{max(values):8.3f}")


if __name__ == "__main__":
    main()
