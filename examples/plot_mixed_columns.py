"""
========================================
Synthetic rows with categories: SMOTE-NC
========================================

A shop wants to know who returns a parcel. Its table has numbers (price, age of the account), a count of items, and
categories (country, payment). SMOTE cannot interpolate between "card" and "invoice". Numbering the categories
makes it work, and makes up nonsense: half-way between two numbers lies a third category, or none at all.

SMOTENC interpolates the numbers, rounds the counts, and takes for each category the most frequent one among the
neighbours. Every column of the data frame comes back in the dtype in which it came. The vote has its price: it favours
categories that are common already.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, recall_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from skseq import SMOTE, make_pipeline
from skseq.over_sampling import SMOTENC

CATEGORICAL = ["country", "payment"]
PAYMENTS = ["advance", "card", "invoice"]

# %%
# The data. Parcels paid by invoice come back more often, and expensive ones do.


def make_orders(n, seed=0):
    """Return a data frame of orders and whether they were returned (about one in thirty)."""
    rng = np.random.default_rng(seed)
    X = pd.DataFrame(
        {
            "price": rng.lognormal(3.5, 0.7, n).round(2),
            "account years": rng.exponential(3.0, n),
            "items": rng.integers(1, 9, n),
            "country": pd.Categorical(rng.choice(["AT", "CH", "DE"], n, p=[0.2, 0.1, 0.7])),
            "payment": pd.Categorical(rng.choice(PAYMENTS, n, p=[0.3, 0.5, 0.2])),
        }
    )
    logit = -4.6 + 0.012 * X["price"] - 0.2 * X["account years"] + 2.2 * (X["payment"] == "invoice")
    return X, np.where(rng.random(n) < 1 / (1 + np.exp(-logit)), "returned", "kept")


X, y = make_orders(6000)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.5, stratify=y, random_state=0)
print(f"{np.mean(y_train == 'returned'):.1%} of the orders were returned")

# %%
# Two ways to make more of them: SMOTE on numbered categories, and SMOTENC on the data frame as it is.

numbered = X_train.assign(**{name: X_train[name].cat.codes.astype(float) for name in CATEGORICAL})
by_numbers, _ = SMOTE(random_state=0).fit_resample(numbered, y_train)
sampler = SMOTENC("auto", random_state=0)
X_resampled, y_resampled = sampler.fit_resample(X_train, y_train)
assert (X_resampled.dtypes == X_train.dtypes).all()

n = len(X_train)
new_numbers, new_rows = by_numbers["payment"][n:], X_resampled["payment"][n:]
nonsense = np.mean(new_numbers % 1 != 0)
print(f"{nonsense:.0%} of SMOTE's new rows have a payment between two payments, none of SMOTENC's")

# %%
# In a pipeline rows are resampled only while fitting. Distances are those of the numbers as they are, so numbers of
# very different scales are scaled before; the categories stay what they are until after the sampler. Weights are the
# simpler remedy: compare before choosing.

numbers = [name for name in X if name not in CATEGORICAL]
scaler = make_column_transformer(
    (StandardScaler(), numbers), remainder="passthrough", verbose_feature_names_out=False
).set_output(transform="pandas")
encoder = make_column_transformer((OneHotEncoder(), CATEGORICAL), remainder="passthrough")
models = {
    "no remedy": make_pipeline(scaler, encoder, LogisticRegression()),
    "class weights": make_pipeline(scaler, encoder, LogisticRegression(class_weight="balanced")),
    "SMOTENC": make_pipeline(scaler, SMOTENC(CATEGORICAL, random_state=0), encoder, LogisticRegression()),
}
scores = {}
for name, model in models.items():
    model.fit(X_train, y_train)
    probability = model.predict_proba(X_test)[:, list(model.classes_).index("returned")]
    recall = recall_score(y_test, model.predict(X_test), pos_label="returned")
    scores[name] = (recall, average_precision_score(y_test == "returned", probability))
    print(f"{name:14} recall {scores[name][0]:.2f}, average precision {scores[name][1]:.2f}")

# %%
# Here the vote makes "invoice" even more common among the new rows than among returned orders, and the model leans on
# it too much: weights find more of the returned orders, and rank them better.
#
# The picture: payments of the new rows, and where they lie between their parents.

figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.5), layout="constrained")
rare = X_train["payment"][y_train == "returned"].value_counts(normalize=True)[PAYMENTS]
new = new_rows.value_counts(normalize=True)[PAYMENTS]
left.hist(new_numbers, bins=np.arange(-0.05, 2.1, 0.1), weights=np.full(len(new_numbers), 1 / len(new_numbers)))
left.bar(np.arange(3) - 0.17, rare, 0.16, color="0.7", label="returned orders")
left.bar(np.arange(3) + 0.17, new, 0.16, color="#D55E00", label="new rows of SMOTENC")
left.patches[0].set_label("new rows of SMOTE on numbered payments")
left.set(xticks=range(3), xticklabels=PAYMENTS, ylabel="fraction", title="Payment")
left.legend()

i, j = sampler.parents_[:60].T
children = X_resampled[n : n + 60]
for first, second in zip(i, j):
    right.plot(*X_train.iloc[[first, second]][["price", "account years"]].to_numpy().T, color="0.8", zorder=1)
parents = X_train.iloc[np.unique([i, j])]
right.scatter(parents["price"], parents["account years"], s=20, color="0.4", label="parents", zorder=2)
for payment, color, marker in zip(PAYMENTS, ("#0072B2", "#000000", "#D55E00"), "s^o"):
    some = children[children["payment"] == payment]
    right.scatter(
        some["price"], some["account years"], s=24, color=color, marker=marker, label=f"new, {payment}", zorder=3
    )
right.set(xlabel="price", ylabel="age of the account in years", title="60 new rows of SMOTENC between their parents")
right.legend()
picture = Path("mixed_columns.png").resolve()
figure.savefig(picture, dpi=150)
print(f"Picture: {picture}")
