"""Seconds per prediction: predict_proba beside onnxruntime on the exported network.

    python benchmarks/serving.py [--quick]

One sequence at a time, as a server gets them, and 256 together, of 50 steps of 8 features in float32; one thread for
both. The runs take turns. onnxruntime keeps its memory between calls; so does a server.
"""

from itertools import product

import numpy as np
import onnxruntime
from _grid import blas_threads, make_data, paired
from _options import read_options
from _results import write_rows

from skseq import RNNClassifier, TransformerClassifier
from skseq.export import to_onnx

STEPS, FEATURES = 50, 8
HEADER = ["model", "batch", "skseq_s", "onnxruntime_s", "ratio"]
MODELS = {
    "GRU, 64 units": RNNClassifier(64, cell="gru", max_iter=1),
    "LSTM, 64 units": RNNClassifier(64, cell="lstm", max_iter=1),
    "GRU, 2 x 64 units, two directions": RNNClassifier((64, 64), bidirectional=True, max_iter=1),
    "Transformer, width 64, 2 layers": TransformerClassifier(max_iter=1),
}


def session_of(model):
    """Return a session of onnxruntime with one thread."""
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = settings.inter_op_num_threads = 1
    graph = to_onnx(model).SerializeToString()
    return onnxruntime.InferenceSession(graph, settings, providers=["CPUExecutionProvider"])


def measure(model, batch, options):
    """Return (median seconds of skseq, of onnxruntime, median ratio) for predictions of ``batch`` sequences."""
    X, _ = make_data(batch, STEPS, FEATURES, seed=1)
    session, feeds = session_of(model), {"X": X, "lengths": np.full(batch, STEPS)}
    np.testing.assert_allclose(session.run(["probabilities"], feeds)[0], model.predict_proba(X), atol=1e-5)
    return paired(
        lambda: model.predict_proba(X),
        lambda: session.run(None, feeds),
        min_pairs=options.rounds,
        seconds=options.seconds,
    )


def main():
    """Print and write the table."""
    options = read_options(__doc__, cells=None)
    rows = []
    with blas_threads(1):
        for (name, model), batch in product(MODELS.items(), (1, 256)):
            model.set_params(random_state=0).fit(*make_data(64, STEPS, FEATURES))
            rows.append((name, batch, *measure(model, batch, options)))
            print("{}, {} at once: skseq {:.3g} s, onnxruntime {:.3g} s, ratio {:.2f}".format(*rows[-1]), flush=True)
    write_rows(options.results, "serving", HEADER, rows)


if __name__ == "__main__":
    main()
