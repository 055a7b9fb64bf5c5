"""
=================================================
From one vector to a sequence: digits spelled out
=================================================

An image goes in, a word comes out, letter by letter: "seven". ``RNNGenerator`` takes a vector for each sequence, which
sets the first hidden state of the network, as an image begins its caption in Vinyals et al. (2015). After that, the
network only reads the letters it has written so far.

A classifier would do for ten names. Here one sees what a network does that has to write them: where it is in doubt,
and that a doubt about the digit is a doubt about one letter.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skseq import RNNGenerator

NAMES = np.array(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"])
images, digits = load_digits(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(images, NAMES[digits], stratify=digits, random_state=0)
print(f"{len(X_train)} images of 8 x 8 to learn from, {len(X_test)} to spell; the first is a {y_train[0]}")

# %%
# Images in, words out
# --------------------
# A text is a sequence of characters. The scaler acts on the images; the words pass it as y.

model = make_pipeline(StandardScaler(), RNNGenerator(64, embedding_dim=16, learning_rate_init=0.01, random_state=0))
model.fit(X_train, y_train)
spelled = model.predict(X_test)
linear = make_pipeline(StandardScaler(), LogisticRegression()).fit(X_train, y_train)
print(f"\n{'logistic regression':20} right {linear.score(X_test, y_test):6.1%}, chosen from ten classes")
print(f"{'spelled out':20} right {np.mean(spelled == y_test):6.1%}, written freely")
print(f"{'':20} perplexity by letter {np.exp(-model.score(X_test, y_test)):.3f}")
odd = sorted(set(spelled) - set(NAMES))
print(f"words that are no digit: {', '.join(odd) or 'none'}")

# %%
# In doubt
# --------
# ``score_samples`` gives the probability of any word for any image, here of the ten names. The rest belongs to all
# other words.

scaler, speller = model[0], model[-1]
vectors = scaler.transform(X_test)
log_p = np.array([speller.score_samples(vectors, [name] * len(vectors)) for name in NAMES])
probabilities = np.exp(log_p)
doubtful = np.argsort(probabilities.max(axis=0))[:3]
for i in doubtful:
    best = np.argsort(-probabilities[:, i])[:3]
    print(f"a {y_test[i]:6}", "  ".join(f"{NAMES[k]} {probabilities[k, i]:.1%}" for k in best))
print(speller.sample(8, X=vectors[doubtful[:1]], random_state=0))
print(speller.next_tokens("", X=vectors[doubtful[0]], n=4))

# %%
# One picture
# -----------
# Above the images, below the probability of each letter (and of the end) after the letters before it. Three images that
# are clear, and the three that are least so.

shown = [*(probabilities[digit].argmax() for digit in (3, 7, 8)), *doubtful]
tokens = list(speller.vocabulary_)
names = ["end" if token is None else token for token in tokens]
figure, axes = plt.subplots(2, 6, figsize=(14, 6.5), height_ratios=[1, 2.4], layout="constrained")
for (image, letters), i in zip(axes.T, shown):
    word = spelled[i]
    image.imshow(X_test[i].reshape(8, 8), cmap="gray_r")
    image.set(xticks=[], yticks=[])
    image.set_title(f'"{word}"' + ("" if word == y_test[i] else f"\n(it is a {y_test[i]})"))
    prefixes = [word[:end] for end in range(len(word) + 1)]
    p = speller.predict_next_proba(np.repeat(vectors[[i]], len(prefixes), axis=0), prefixes)
    heat = letters.imshow(p.T, vmin=0, vmax=1, cmap="Blues", aspect="auto")
    for step, row in enumerate(map(tokens.index, [*word, None])):
        color = "white" if p[step, row] > 0.6 else "black"
        letters.text(step, row, f"{p[step, row]:.2f}", ha="center", va="center", fontsize=8, color=color)
    letters.set_xticks(range(len(prefixes)), [*word, "end"])
    letters.set_yticks(range(len(tokens)), names if letters is axes[1, 0] else [])
    letters.set_xlabel("letter written")
axes[1, 0].set_ylabel("letter that might come")
figure.colorbar(heat, ax=axes[1], label="probability")

path = Path("spelled_digits.png").resolve()
figure.savefig(path, dpi=110)
print(f"\nPicture: {path}")
