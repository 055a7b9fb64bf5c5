"""
==================================
Who speaks when: label every step
==================================

A recording of several speakers, and the question who speaks at each moment. ``RNNTagger`` gives every step a class: y
is a list of arrays, one label for each step of each sequence, and sequences may have any lengths.

The recordings are made of Japanese Vowels: utterances of nine speakers, joined end to end. Those to train on and those
to test on come from different utterances.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, balanced_accuracy_score
from sklearn.preprocessing import StandardScaler

from skseq import make_pipeline
from skseq.compose import EachStep
from skseq.datasets import load_japanese_vowels
from skseq.metrics import per_step_score
from skseq.neural_network import RNNTagger

# %%
# Recordings of three to eight turns
# ----------------------------------


def record(subset, n, seed):
    """Return n recordings (steps_i, 12) and who speaks at each of their steps."""
    utterances, speakers = load_japanese_vowels(subset=subset, return_X_y=True)
    random_state = np.random.RandomState(seed)
    X, y = [], []
    for _ in range(n):
        turns = random_state.choice(len(utterances), size=random_state.randint(3, 9))
        X.append(np.concatenate([utterances[turn] for turn in turns]).astype(np.float32))
        y.append(np.concatenate([np.full(len(utterances[turn]), speakers[turn]) for turn in turns]))
    return X, y


X_train, y_train = record("train", 400, seed=0)
X_test, y_test = record("test", 200, seed=1)
print(f"{len(X_train)} recordings to train on, of {min(map(len, X_train))} to {max(map(len, X_train))} steps")

# %%
# Three readers
# -------------
# Logistic regression sees one step at a time. A network with one direction knows what came before, as one that listens
# while people speak; with two directions, it knows the whole recording.

steps = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
steps.fit(np.concatenate(X_train), np.concatenate(y_train))

listening = RNNTagger(48, learning_rate_init=0.01, learning_rate="cosine", batch_size=20, max_iter=12, random_state=0)
readers = {"one step": steps}
for name, bidirectional in {"the past": False, "past and future": True}.items():
    tagger = RNNTagger(**{**listening.get_params(), "bidirectional": bidirectional})
    readers[name] = make_pipeline(EachStep(StandardScaler()), tagger).fit(X_train, y_train)

# %%
# Any metric of scikit-learn becomes a scorer of steps. They all count alike, whichever recording they belong to.

answers = {
    name: [model.predict(x) for x in X_test] if name == "one step" else model.predict(X_test)
    for name, model in readers.items()
}
accuracies = {
    name: accuracy_score(np.concatenate(y_test), np.concatenate(list(answer))) for name, answer in answers.items()
}
for name, accuracy in accuracies.items():
    print(f"knows {name:16} accuracy of the steps {accuracy:.3f}")
balanced = per_step_score(balanced_accuracy_score)
print(f"balanced accuracy of the last, by per_step_score: {balanced(readers['past and future'], X_test, y_test):.3f}")

# %%
# How long into a turn until a reader knows? The one that listens begins at every turn with the wrong speaker in mind.


def steps_into_turn(labels):
    """Return how many steps of the same speaker come just before each step."""
    begins = np.flatnonzero(np.r_[True, labels[1:] != labels[:-1]])
    return np.arange(len(labels)) - np.repeat(begins, np.diff(np.r_[begins, len(labels)]))


places = np.concatenate([steps_into_turn(labels) for labels in y_test])
right = {
    name: np.concatenate([own == labels for own, labels in zip(answer, y_test)]) for name, answer in answers.items()
}
LONGEST = 20
by_place = {name: [hit[places == place].mean() for place in range(LONGEST)] for name, hit in right.items()}

# %%
# One recording, step by step
# ---------------------------
# A hard one: of those with at least six turns, the one in which the reader that listens has most steps wrong.

wrong = [(own != labels).mean() for own, labels in zip(answers["the past"], y_test)]
turns = np.array([1 + np.count_nonzero(np.diff(labels)) for labels in y_test])
SHOWN = int(np.argmax(np.where(turns >= 6, wrong, 0)))
colors = plt.get_cmap("tab10").colors[:9]
lines = ["#999999", "#E69F00", "#0072B2"]
figure = plt.figure(figsize=(14, 6.5), layout="constrained")
axes = figure.subplot_mosaic([["who", "when"], ["past", "when"]], width_ratios=[1.7, 1], height_ratios=[1, 1.2])
rows = {"who speaks": y_test[SHOWN], **{f"knows {name}": answer[SHOWN] for name, answer in answers.items()}}
classes = list(readers["past and future"].classes_)
strip = np.array([[classes.index(label) for label in row] for row in rows.values()])
axes["who"].imshow([[colors[k] for k in row] for row in strip], aspect="auto", interpolation="nearest")
for turn in np.flatnonzero(np.diff(strip[0])):
    axes["who"].axvline(turn + 0.5, color="white", linewidth=1.5)
for row, codes in enumerate(strip):
    ends = np.r_[np.flatnonzero(np.diff(codes)) + 1, len(codes)]
    for begin, end in zip(np.r_[0, ends[:-1]], ends):
        number = {"ha": "center", "va": "center", "fontsize": 9, "color": "white", "fontweight": "bold"}
        axes["who"].text((begin + end - 1) / 2, row, classes[codes[begin]] if end - begin > 1 else "", **number)
axes["who"].set(yticks=range(len(rows)), yticklabels=rows, ylabel="colour and number: speaker")
axes["who"].tick_params(labelbottom=False)
axes["who"].set_title("Who speaks at each step, and who does each reader say?")

probability = readers["past and future"].predict_proba([X_test[SHOWN]])[0]
image = axes["past"].imshow(probability.T, aspect="auto", cmap="cividis", vmin=0, vmax=1, interpolation="nearest")
axes["past"].set(xlabel="step of the recording", ylabel="speaker", yticks=range(9), yticklabels=classes)
axes["past"].set_title("Probability of each speaker, knowing past and future")
figure.colorbar(image, ax=axes["past"], label="probability", pad=0.01)

for (name, curve), color in zip(by_place.items(), lines):
    label = f"knows {name}: {accuracies[name]:.2f} of all steps"
    axes["when"].plot(range(1, LONGEST + 1), curve, marker="o", color=color, label=label)
axes["when"].set(xlabel="step of the turn", ylabel="share of steps that are right", ylim=(0.7, 1.01))
axes["when"].set_xticks(range(1, LONGEST + 1, 3))
axes["when"].legend(loc="lower right")
axes["when"].set_title("How soon into a turn?")

path = Path("who_speaks.png").resolve()
figure.savefig(path, dpi=110)
print(f"\nPicture: {path}")
