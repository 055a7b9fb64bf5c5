"""
==================================
The next word: Elman's sentences
==================================

"The boy ate a ___": a language model says how probable each word is to come next. ``RNNGenerator`` learns it from
sentences. Those of Elman (1991) come from a small grammar whose entropy is known exactly, so that one can say how good
a model is: no model whatever has a lower perplexity than the grammar itself.

To be that good, it must keep the number of a subject over a whole relative clause: "boys who dog chases *see* cats".
"""

from collections import Counter
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from skseq import RNNGenerator
from skseq.datasets import elman_grammar_entropy, make_elman_sentences

X_train = make_elman_sentences(20_000, random_state=0)
X_test = make_elman_sentences(5_000, random_state=1)
floor = elman_grammar_entropy().perplexity
for sentence in X_train[:4]:
    print(" ".join(sentence))
print(f"The lowest perplexity by word that any model can have is {floor:.3f}.")

# %%
# A baseline that sees the last word only
# ---------------------------------------
# It counts which word follows which.

pairs = Counter(pair for sentence in X_train for pair in zip([None, *sentence], sentence))
firsts = Counter(word for sentence in X_train for word in [None, *sentence[:-1]])
logs = [np.log((pairs[a, b] + 0.01) / (firsts[a] + 0.24)) for s in X_test for a, b in zip([None, *s], s)]
by_pairs = np.exp(-np.mean(logs))
print(f"\n{'pairs of words':20} perplexity {by_pairs:.3f}, {by_pairs / floor - 1:6.1%} above the floor")

# %%
# Two networks
# ------------
# ``partial_fit`` runs one epoch, after which the perplexity on other sentences is noted; ten calls go along one
# cosine of the learning rate, as a single ``fit`` would. The end of a sentence is certain after its full stop. As in
# the floor, it does not count as a word.

EPOCHS = 10
models, curves = {}, {}
for cell in ("rnn", "lstm"):
    models[cell] = RNNGenerator(32, cell=cell, embedding_dim=16, batch_size=100, max_iter=EPOCHS, random_state=0)
    models[cell].set_params(learning_rate="cosine", learning_rate_init=0.01)
    curves[cell] = []
    for _ in range(EPOCHS):
        models[cell].partial_fit(X_train)
        curves[cell].append(models[cell].perplexity(X_test, count_end=False))
    print(f"cell={cell!r:15} perplexity {curves[cell][-1]:.3f}, {curves[cell][-1] / floor - 1:6.1%} above the floor")
model = models["lstm"]

# %%
# The next word
# -------------
# By the grammar, a noun has a clause of its own ("who") with probability 1/4. If it has none, the clause of the boys
# ends here, and one of six plural verbs follows, all equally likely.

prompt = ["boys", "who", "chase", "dog"]
table = model.next_tokens(prompt, n=9)
print(f"\n{table}\n")
plural = ["chase", "feed", "see", "hear", "walk", "live"]
singular = [verb + "s" for verb in plural]
exact = {"who": 1 / 4} | dict.fromkeys(plural, 3 / 4 / 6)

# %%
# Agreement in number
# -------------------
# The verb agrees with the first noun, not with the last one. Inside are clauses that say otherwise.

prompts = [
    "boy who cats chase",
    "boys who cat chases",
    "boys who cat who John feeds chases",
    "boy who cats who dogs feed chase",
    "boys who see girl who John feeds",
]
probabilities = model.predict_next_proba([text.split() for text in prompts])
shares = {
    name: probabilities[:, [model.vocabulary_[verb] for verb in verbs]].sum(axis=1)
    for name, verbs in {"singular verbs": singular, "plural verbs": plural}.items()
}
shares["other words"] = 1 - sum(shares.values())
for text, one, many in zip(prompts, shares["singular verbs"], shares["plural verbs"]):
    print(f"{text:36} ___  singular {one:6.1%}  plural {many:6.1%}")

# %%
# Sentences that nobody wrote
# ---------------------------

print("\nDrawn:")
for sentence in model.sample(5, prompt=["girls", "who"], random_state=0):
    print(" ".join(sentence))

# %%
# One picture
# -----------

COLORS = {"rnn": "#D55E00", "lstm": "#0072B2", "other words": "#BBBBBB"}  # told apart by the colour-blind too
COLORS |= {"singular verbs": "#E69F00", "plural verbs": "#0072B2"}
figure, (learning, words, agreement) = plt.subplots(
    1, 3, figsize=(15, 4.8), layout="constrained", width_ratios=[4, 4, 5]
)
for cell, style in (("rnn", "o--"), ("lstm", "s-")):
    learning.plot(range(1, EPOCHS + 1), curves[cell], style, color=COLORS[cell], markersize=5, label=f'cell="{cell}"')
learning.axhline(by_pairs, color="gray", linestyle=":", label="pairs of words")
learning.axhline(floor, color="black", linewidth=1, label="floor: the grammar's entropy")
learning.set(xlabel="epoch", ylabel="perplexity by word on 5,000 other sentences", ylim=(5.4, 9))
learning.set_title("How they learn")
learning.legend()
places = np.arange(len(table))
words.barh(places, table.probabilities, color="#56B4E9", label="the LSTM")
words.plot([exact.get(word, 0) for word in table.tokens], places, "D", color="black", markersize=5, label="exact")
words.set_yticks(places, table.tokens)
words.invert_yaxis()
words.set(xlabel="probability")
words.set_title(f"{' '.join(prompt)} ___")
words.legend(loc="lower right")
left = np.zeros(len(prompts))
for name, share in shares.items():
    agreement.barh(np.arange(len(prompts)), share, left=left, color=COLORS[name], edgecolor="white", label=name)
    left += share
agreement.set_yticks(np.arange(len(prompts)), [f"{text} ___".replace("who ", "who\n", 1) for text in prompts])
agreement.invert_yaxis()
agreement.set(xlabel="probability of the next word", xlim=(0, 1))
agreement.set_title("Agreement over clauses", pad=28)
agreement.legend(ncols=3, loc="lower center", bbox_to_anchor=(0.5, 1), fontsize=9, frameon=False)

path = Path("next_word.png").resolve()
figure.savefig(path, dpi=110)
print(f"\nPicture: {path}")
