"""
=======================================
Padded arrays and other containers of X
=======================================

Collections of time series often come as one array (sequences, channels, time), the shorter sequences padded with NaN.
`from_padded` cuts the padding and puts the steps before the channels, as networks read them. The same sequences may
stand in a long table, a list column or a list of data frames: the network is the same.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from skseq import RNNClassifier
from skseq.sequences import from_long, from_padded, to_long

rng = np.random.RandomState(0)
y = np.arange(40) % 2
padded = np.full((40, 2, 30), np.nan)  # sequences, channels, time
for sequence, label in zip(padded, y):
    steps = rng.randint(5, 31)
    sequence[:, :steps] = np.cumsum(rng.standard_normal((2, steps)) + 0.3 * label, axis=1)

X = from_padded(padded, channels_first=True)
print(f"{padded.shape} padded, {len(X)} sequences of {min(map(len, X))} to {max(map(len, X))} steps")

# The same as a long table, one row per step, and back to sequences.
long = pd.concat(
    [pd.DataFrame(x, columns=["a", "b"]).assign(id=i, time=range(len(x)), y=y[i]) for i, x in enumerate(X)]
)
X_long, y_long, keys = from_long(long.sample(frac=1, random_state=0), by="id", sort="time", y="y")

# A list column, and a list of data frames, whose names are checked at predict.
containers = {
    "list of arrays": X,
    "long table": X_long,
    "list column": pd.Series([x.tolist() for x in X]),
    "data frames": [pd.DataFrame(x, columns=["a", "b"]) for x in X],
}
for name, sequences in containers.items():
    model = RNNClassifier(8, max_iter=20, random_state=0).fit(sequences, y_long)
    print(f"{name:15} probability of class 1 of the first: {model.predict_proba(sequences[:1])[0, 1]:.6f}")

# Probabilities of whole sequences, beside their ids.
print(
    to_long(RNNClassifier(8, max_iter=20, random_state=0).fit(X, y).predict_proba(X), keys, names=["p0", "p1"]).head(3)
)

figure, axes = plt.subplots(1, 2, figsize=(9, 3.6), sharey=True, layout="constrained")
axes[0].imshow(padded[:, 0], aspect="auto", cmap="viridis", interpolation="nearest")
axes[0].set(title="padded: channel 0 of (sequences, channels, time)", xlabel="time", ylabel="sequence")
axes[1].barh(range(len(X)), [len(x) for x in X], color="#0072B2")
axes[1].set(title="from_padded: sequences of their own lengths", xlabel="steps")

path = Path("padded_arrays.png").resolve()
figure.savefig(path, dpi=110)
print(f"\nPicture: {path}")
