"""
=========================
Serve a network with ONNX
=========================

A pipeline that imputes, scales, classifies and decides by costs becomes one ONNX graph. onnxruntime runs it without
skseq and without scikit-learn, and gives the same probabilities.
"""

from pathlib import Path
from tempfile import mkdtemp

import matplotlib.pyplot as plt
import numpy as np
import onnxruntime
from sklearn.preprocessing import StandardScaler

from skseq import RNNClassifier, make_pipeline
from skseq.compose import EachStep, MinimumCostClassifier
from skseq.datasets import load_japanese_vowels
from skseq.export import to_onnx
from skseq.preprocessing import ForwardFillImputer

# %%
# Utterances in which a fifth of the values is missing; one speaker of nine is to be found.
rng = np.random.RandomState(0)
X_train, speaker = load_japanese_vowels(subset="train", return_X_y=True)
X_test, speaker_test = load_japanese_vowels(subset="test", return_X_y=True)
X_train, X_test = (
    [np.where(rng.uniform(size=x.shape) < 0.2, np.nan, x).astype(np.float32) for x in X] for X in (X_train, X_test)
)
network = RNNClassifier(16, learning_rate_init=0.02, random_state=0)
model = make_pipeline(ForwardFillImputer(add_indicator=True), EachStep(StandardScaler()), network)
model = MinimumCostClassifier(model, [[0, 1], [10, 0]]).fit(X_train, speaker == 3)

# %%
# The whole model is one file.
file = Path(mkdtemp()) / "speaker.onnx"
file.write_bytes(to_onnx(model).SerializeToString())
print(f"{file.name}: {file.stat().st_size / 1024:.0f} kB")

# %%
# A server pads the sequences of a request, with any values, and passes their lengths.
session = onnxruntime.InferenceSession(file)


def answer(sequences):
    """Return labels and probabilities of a list of arrays (steps, features)."""
    lengths = np.array([len(x) for x in sequences])
    padded = np.zeros((len(sequences), lengths.max(), sequences[0].shape[1]), np.float32)
    for row, x in zip(padded, sequences):
        row[: len(x)] = x
    return session.run(["label", "probabilities"], {"X": padded, "lengths": lengths})


labels, probabilities = answer(X_test)
expected = model.predict_proba(X_test)
difference = np.abs(probabilities - expected).max(axis=1)
print(f"largest difference of a probability: {difference.max():.1e}")
print(f"same decisions: {np.array_equal(labels, model.predict(X_test))}")

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 4), layout="constrained")
for label, name, marker in ((False, "another speaker", "o"), (True, "the speaker", "^")):
    rows = (speaker_test == 3) == label
    left.scatter(expected[rows, 1], probabilities[rows, 1], s=24, marker=marker, alpha=0.7, label=name)
left.plot([0, 1], [0, 1], color="0.7", zorder=0)
left.set(xlabel="probability by skseq", ylabel="probability by onnxruntime", title="Same probabilities")
left.legend()
right.hist(np.log10(np.maximum(difference, 1e-10)), bins=25, color="C2")
right.set(
    xlabel="log10 of the largest difference of a row",
    ylabel="number of utterances",
    title="Differences are those of float32",
)

path = Path("serving.png").resolve()
figure.savefig(path, dpi=110)
print(f"Picture: {path}")
