"""
===============================================
Sequences to sequences: written dates to ISO
===============================================

People write a date in many ways, computers in one: "Tuesday, 3 March 1987" is 1987-03-03. Source and target have other
lengths and another order, so no label belongs to one step. ``RNNTranslator`` reads the whole source, then writes the
target character by character. With attention it looks back at the characters it needs.
"""

from datetime import date
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from skseq.neural_network import RNNTranslator

# %%
# Dates
# -----
# From 1950 to 2049, so that '87 and '12 are unambiguous. The network is told none of it: not what a month is, nor in
# which century a year of two digits lies. No date is in both parts.

FORMATS = [
    "{d:%A}, {d.day} {d:%B} {d.year}",
    "{d:%B} {d.day}, {d.year}",
    "{d.day} {d:%b} '{d:%y}",
    "{d:%a} {d:%d}-{d:%b}-{d.year}",
    "{d.day}.{d.month}.{d.year}",
    "the {d.day}. of {d:%B} {d.year}",
]
rng = np.random.RandomState(0)
days = rng.permutation(np.arange(date(1950, 1, 1).toordinal(), date(2050, 1, 1).toordinal()))[:4000]
dates = [date.fromordinal(day) for day in days]
X = [FORMATS[rng.randint(len(FORMATS))].format(d=d) for d in dates]
y = [d.isoformat() for d in dates]
X_train, y_train, X_test, y_test = X[:3000], y[:3000], X[3000:], y[3000:]
for source, target in zip(X[:6], y):
    print(f"{source:32} {target}")

# %%
# With and without attention
# --------------------------
# Without it, the encoder's last state has to hold the whole date (Sutskever et al. 2014); with it, each step of the
# decoder looks at all states of the encoder (Bahdanau et al. 2015). Early stopping holds a part out, on which the exact
# match is taken after each epoch.

models = {}
for name, attention in {"attention": True, "no attention": False}.items():
    model = RNNTranslator(
        attention=attention, batch_size=100, max_iter=8, early_stopping=True, dtype="float32", random_state=0
    )
    models[name] = model.fit(X_train, y_train)
    print(f"{name:14} exact match on {len(X_test)} other dates: {model.score(X_test, y_test):.3f}")

# %%
# What is still wrong
# -------------------

translator = models["attention"]
found, attention = translator.predict_with_attention(X_test)
wrong = [(source, own, target) for source, own, target in zip(X_test, found, y_test) if own != target]
print(f"{len(wrong)} of {len(X_test)} are wrong{':' if wrong else '.'}")
for source, own, target in wrong[:5]:
    print(f"{source:32} {own}   should be {target}")

# %%
# One picture
# -----------
# Each row of the matrix is a character that was written, each column one that was read; dark is where it looked. The
# state of a character knows its neighbours, so that one look at a month's name may be enough.

SHOWN = "Tuesday, 3 March 1987"
(written,), (weights,) = translator.predict_with_attention([SHOWN])
figure, (curves, looks) = plt.subplots(1, 2, figsize=(13, 5), width_ratios=[1, 1.9], layout="constrained")
for (name, model), style, color in zip(models.items(), ["o-", "s--"], ["#0072B2", "#D55E00"]):
    score = model.validation_score_curve_
    curves.plot(range(1, len(score) + 1), score, style, color=color, label=name)
curves.axhline(0.98, color="gray", linewidth=1)
curves.text(1, 0.95, "0.98", color="gray", va="top")
curves.set(xlabel="epoch", ylabel="exact match on dates held out", ylim=(-0.03, 1.03))
curves.set_title("How they learn")
curves.legend(loc="center right")
image = looks.imshow(weights, cmap="Blues", vmin=0, vmax=1, aspect="auto")
looks.set_xticks(range(len(SHOWN)), [c if c != " " else "␣" for c in SHOWN])
looks.set_yticks(range(len(written)), written)
looks.set(xlabel="character read", ylabel="character written")
looks.set_title(f"Where each step of the decoder looks: {written}")
figure.colorbar(image, ax=looks, label="weight of the attention")

path = Path("dates.png").resolve()
figure.savefig(path, dpi=110)
print(f"\nPicture: {path}")
