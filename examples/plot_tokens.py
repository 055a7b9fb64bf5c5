"""
===================================================
Texts in: names to sex, and DNA to splice junctions
===================================================

A network reads numbers. ``TokenEncoder`` gives every character, word or k-mer of a text an id, and the network learns a
vector for each id (``embedding_dim``). As the encoder is the first step of a pipeline, texts go in and classes come
out, in cross-validation and grid searches too.

Which tokens to take is a question of the data: here characters and 3-mers stand beside linear models.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.base import clone
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import GroupShuffleSplit

from skseq import RNNClassifier, make_pipeline
from skseq.datasets import load_first_names, load_splice_junctions
from skseq.preprocessing import TokenEncoder

# %%
# Two data sets of texts
# ----------------------
# 5,494 first names, 1,219 of them male; some are both. 3,190 windows of 60 DNA bases, with a border from exon to intron
# in the middle (EI), one from intron to exon (IE) or none (N). Equal texts stay on one side of the split.


def split(load):
    """Return texts and classes to train on, and others to test on."""
    X, y = load(return_X_y=True)
    train, test = next(GroupShuffleSplit(1, test_size=0.25, random_state=0).split(X, y, groups=X))
    return X[train], y[train], X[test], y[test]


DATA = {"first names": split(load_first_names), "DNA windows": split(load_splice_junctions)}
print(DATA["first names"][0][:4], DATA["DNA windows"][0][:1])

# %%
# Three lines each
# ----------------
# Names are read in lower case and weighted by class. The baselines count the 3-mers of a text and forget where they
# stood.

read_name = RNNClassifier(32, embedding_dim=12, bidirectional=True, class_weight="balanced", random_state=0)
read_name.set_params(learning_rate="cosine", learning_rate_init=0.01, max_iter=12, batch_size=100)
names = make_pipeline(TokenEncoder(lowercase=True), read_name)

read_dna = RNNClassifier(32, embedding_dim=8, bidirectional=True, pooling="max", random_state=0)
read_dna.set_params(learning_rate="cosine", learning_rate_init=0.01, max_iter=10, batch_size=32)
junctions = make_pipeline(TokenEncoder(), read_dna)

count = CountVectorizer(analyzer="char", ngram_range=(3, 3))
counts = make_pipeline(count, LogisticRegression(max_iter=1000, class_weight="balanced"))

# %%
# What they reach
# ---------------
# The encoder's parameters are those of any step. A 3-mer that occurs once in training stands for those that never do.

KMERS = {"tokenencoder__level": "kmer", "tokenencoder__k": 3, "tokenencoder__min_frequency": 2}
accuracies = {}
for title, model in {"first names": names, "DNA windows": junctions}.items():
    X_train, y_train, X_test, y_test = DATA[title]
    ways = {
        "counts of 3-mers, linear": counts,
        "3-mers, network": clone(model).set_params(**KMERS),
        "characters, network": model,
    }
    for way, pipeline in ways.items():
        pipeline.fit(X_train, y_train)
        accuracies[title, way] = balanced_accuracy_score(y_test, pipeline.predict(X_test))
        print(f"{title:12} {way:25} balanced accuracy {accuracies[title, way]:.3f}")

# %%
# Reading on
# ----------
# What the network makes of a name, letter by letter. "?" was in no name: it gets the id of the unknown token, and back
# comes the sign for it.

SHOWN = ["Alexander", "Alexandra", "Michael", "Michaela"]
female = list(names.classes_).index("female")
readings = {name: names.predict_proba([name[:end] for end in range(1, len(name) + 1)])[:, female] for name in SHOWN}
encoder = names[0]
ids = encoder.transform(["Eva?"])
print(f"\nEva? is {ids[0]} of {encoder.n_tokens_} tokens, and back: {encoder.inverse_transform(ids)[0]!a}")

# %%
# One picture
# -----------

COLORS = ["#999999", "#E69F00", "#0072B2"]  # told apart by the colour-blind too
figure, (bars, lines) = plt.subplots(1, 2, figsize=(14, 5), width_ratios=[1, 1.5], layout="constrained")
for shift, (way, color) in enumerate(zip(ways, COLORS)):
    heights = [accuracies[title, way] for title in DATA]
    drawn = bars.bar(np.arange(len(DATA)) + (shift - 1) * 0.27, heights, width=0.25, color=color, label=way)
    bars.bar_label(drawn, fmt="%.2f")
bars.set(xticks=range(len(DATA)), xticklabels=DATA, ylabel="balanced accuracy on texts held out", ylim=(0, 1.25))
bars.set_yticks(np.linspace(0, 1, 6))
bars.legend(ncols=1, loc="upper center", fontsize=9)
bars.set_title("Which tokens?")
for line, (name, probability) in enumerate(readings.items()):
    steps = np.arange(1, len(name) + 1)
    color, dashes = ["#0072B2", "#D55E00"][line // 2], ["--", "-"][line % 2]
    lines.plot(steps, probability, marker="o", label=name, color=color, linestyle=dashes)
    beside = (-4, -15) if line // 2 else (5, 4)  # the letters of the two pairs stand on different sides
    for step, letter in zip(steps, name):
        at = (step, probability[step - 1])
        lines.annotate(letter, at, beside, textcoords="offset points", fontsize=9, color=color)
lines.axhline(0.5, color="gray", linewidth=0.8)
lines.set(xlabel="letters read", ylabel="probability of female", ylim=(-0.05, 1.08))
lines.legend(fontsize=9, loc="center left", bbox_to_anchor=(1, 0.5))
lines.set_title("A name, letter by letter")

path = Path("tokens.png").resolve()
figure.savefig(path, dpi=110)
print(f"\nPicture: {path}")
