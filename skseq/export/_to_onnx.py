"""A fitted model as an ONNX graph."""

import numpy as np
import sklearn.pipeline
from sklearn.utils.validation import check_is_fitted

import skseq
from skseq._optional import import_optional
from skseq._resampling import is_absent, is_sampler
from skseq.compose import MinimumCostClassifier, ResampledClassifier
from skseq.linear_model import CostSensitiveLogisticRegression
from skseq.neural_network import RNNClassifier, RNNRegressor, RNNTagger, TransformerClassifier
from skseq.neural_network._fitted_network import describe

from ._flow import Rows, steps_of
from ._graph import Graph
from ._models import linear_answer, network_answer, wrapped
from ._transformers import transformed

NETWORKS = (RNNClassifier, RNNRegressor, RNNTagger, TransformerClassifier)
EXPORTED = (*NETWORKS, CostSensitiveLogisticRegression)


def to_onnx(model):
    """Return a fitted model as an ONNX graph.

    Parameters
    ----------
    model : fitted estimator
        RNNClassifier, RNNRegressor, RNNTagger, TransformerClassifier or CostSensitiveLogisticRegression; one of them
        inside MinimumCostClassifier or ResampledClassifier, at the end of a pipeline, or the best estimator of a
        search. Before it in a pipeline: samplers, which act while fitting only, ForwardFillImputer, EachStep or, for
        tables, StandardScaler, MinMaxScaler and SimpleImputer themselves. EachStep may hold one of these three.

    Returns
    -------
    onnx.ModelProto
        For sequences its inputs are ``X``, float (batch, steps, features), or int64 (batch, steps) for token ids, and
        ``lengths``, int64 (batch,), the number of valid steps of each sequence. X is padded behind them, with any
        values. A model that was fitted on tables (n, columns) has the input ``X``, float (batch, columns), alone.
        Classifiers have the outputs ``label`` and ``probabilities`` (batch, classes), regressors ``prediction``. A
        tagger has (batch, steps) labels and (batch, steps, classes) probabilities, whose values at the padding mean
        nothing. Batches may have any number of sequences and steps.

    Raises
    ------
    ImportError
        If the package onnx is not installed.
    TypeError
        If a part of the model cannot be exported; the message names it.
    sklearn.exceptions.NotFittedError
        If the model is not fitted.

    Notes
    -----
    The graph computes in float32, whatever the model was fitted in. Probabilities are within about 1e-6 of those of
    ``predict_proba`` where X is standardised; where columns have means far above their spread, scale X in float64
    before the graph, and give time stamps of a ForwardFillImputer a recent origin. Operators are of version 18 of ONNX
    [1]_; none beyond the standard ones are used.

    References
    ----------
    .. [1] Open Neural Network Exchange, "ONNX operators", https://onnx.ai/onnx/operators/.

    Examples
    --------
    >>> import numpy as np
    >>> import onnxruntime  # doctest: +SKIP
    >>> from skseq import RNNClassifier
    >>> from skseq.export import to_onnx
    >>> X = np.random.RandomState(0).standard_normal((20, 5, 3)).astype(np.float32)
    >>> model = RNNClassifier(8, max_iter=1, random_state=0).fit(X, [0, 1] * 10)
    >>> graph = to_onnx(model)  # doctest: +SKIP
    >>> session = onnxruntime.InferenceSession(graph.SerializeToString())  # doctest: +SKIP
    >>> feeds = {"X": X, "lengths": np.full(20, 5)}  # doctest: +SKIP
    >>> labels, probabilities = session.run(["label", "probabilities"], feeds)  # doctest: +SKIP
    """
    onnx = import_optional("onnx", "to_onnx", "Run 'pip install \"skseq[onnx]\"'.")
    import_optional("onnx.numpy_helper", "to_onnx", "Run 'pip install \"skseq[onnx]\"'.")
    check_is_fitted(model)
    transformers, wrappers, final = _parts(model)
    check_is_fitted(final)
    network = describe(final) if isinstance(final, NETWORKS) else None
    graph = Graph(onnx)
    inputs, flow = _inputs(graph, transformers, final, network)
    for name, transformer in transformers:
        flow = transformed(graph, name, transformer, flow)
    answer = linear_answer(graph, final, flow) if network is None else network_answer(graph, final, network, flow)
    for wrapper in reversed(wrappers):
        answer = wrapped(graph, wrapper, answer)
    return graph.model(inputs, _outputs(graph, answer), "skseq", skseq.__version__)


def _parts(model):
    """Return the transformers (name, transformer), the wrappers from outside in, and the model inside them."""
    transformers, wrappers = [], []
    while not isinstance(model, EXPORTED):
        if isinstance(model, sklearn.pipeline.Pipeline):
            steps = [(name, step) for name, step in model.steps[:-1] if not is_absent(step) and not is_sampler(step)]
            transformers += steps
            model = model.steps[-1][1]
        elif isinstance(model, (MinimumCostClassifier, ResampledClassifier)):
            wrappers.append(model)
            model = model.estimator_
        elif hasattr(model, "best_estimator_"):
            model = model.best_estimator_
        else:
            names = ", ".join(kind.__name__ for kind in EXPORTED)
            raise TypeError(
                f"{type(model).__name__} cannot be exported. Give {names}, or one of them in MinimumCostClassifier, "
                "ResampledClassifier, a pipeline or a search."
            )
    return transformers, wrappers, model


def _inputs(graph, transformers, final, network):
    """Return the inputs of the model (name, kind, shape), and what flows from them."""
    if network is None or network.form == "columns":
        n_columns = (transformers[0][1] if transformers else final).n_features_in_
        return [("X", "float", ["batch", n_columns])], Rows("X", n_columns)
    lengths = ("lengths", "int64", ["batch"])
    if network.settings["embedding_dim"] is not None:
        if transformers:
            name, transformer = transformers[0]
            raise TypeError(
                f"The step {name!r} ({type(transformer).__name__}) makes token ids, which cannot be exported. Export "
                "the network alone, model[-1], and give the graph the ids that the step returns."
            )
        return [("X", "int64", ["batch", "steps"]), lengths], steps_of(graph, "X", "lengths", tokens=True)
    first = transformers[0][1] if transformers else final
    shape = ["batch", "steps", first.n_features_in_]
    return [("X", "float", shape), lengths], steps_of(graph, "X", "lengths", tokens=False)


def _outputs(graph, answer):
    """Return the outputs of the model (name, kind, shape, value)."""
    if answer.prediction is not None:
        return [("prediction", "float", answer.shape, answer.prediction)]
    classes = np.asarray(answer.classes)
    kind = {"f": "float", "i": "int64", "u": "int64", "b": "bool"}.get(classes.dtype.kind, "string")
    label = graph.add("Gather", classes, answer.codes)
    shape = [*answer.shape, len(classes)]
    return [("label", kind, answer.shape, label), ("probabilities", "float", shape, answer.probabilities)]
