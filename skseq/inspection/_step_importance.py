"""Which steps and features a prediction rests on."""

import warnings
from numbers import Integral
from typing import NamedTuple

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import Bunch
from sklearn.utils.validation import check_is_fitted

from skseq._validation import check_number, check_option
from skseq.networks import RecurrentNetwork, TransformerNetwork
from skseq.sequences import Sequences
from skseq.training import Parameters, integrated_gradients

from ._inner_network import inner_network
from ._responses import LogOdds, Number, Probability

#: Part of a prediction that its contributions may be off by, before it is integrated again with so many times the
#: points; and part of it that they may be off by at last, before a warning says so.
SMALL_GAP, FINER, LARGE_GAP = 0.01, (4, 16), 0.02


def step_importance(estimator, X, *, target=None, response="probability", baseline="zero", step=-1, n_points=64):
    r"""Return how much each step and feature contributes to a prediction, by integrated gradients [1]_.

    The contribution of value j of a sequence x is

    .. math:: a_j = (x_j - b_j) \int_0^1 \frac{\partial F(b + s (x - b))}{\partial x_j} ds

    where F is the prediction and b a baseline, a sequence of the same length that says nothing. The contributions of
    all values of a sequence add up to F(x) - F(b): nothing is left over, nothing counts twice (completeness).

    Parameters
    ----------
    estimator : fitted estimator
        ``RNNClassifier``, ``RNNRegressor``, ``RNNTagger`` or ``TransformerClassifier``; or a pipeline, search or
        meta-estimator of one.
    X : array-like or list of sequences
        Sequences to explain, as in the estimator's ``predict``.
    target : class label, array-like of shape (n,) of class labels, or int, default=None
        The class whose prediction is explained, for all sequences or for each; None for the class that is predicted. Of
        a regressor, the number of the output; None for the first.
    response : {"probability", "log_odds"}, default="probability"
        For classes: explain the probability p of the class, or ln p / (1 - p), which does not saturate.
    baseline : {"zero", "mean"} or array-like of shape (features,), default="zero"
        What each step of b holds, as the network reads it: zeros, which are the means of standardised features; the
        mean step of X; or a step of your own. For token ids, vectors of the embedding.
    step : int, default=-1
        Of a tagger, the step whose class is explained; negative ones are counted from the end of each sequence.
    n_points : int, default=64
        Points at which the gradient is computed. Sequences whose contributions do not add up with so many get four or
        sixteen times as many.

    Returns
    -------
    :class:`~sklearn.utils.Bunch`
        With the attributes

        contributions : array or list of arrays
            In the form of X as the network reads it, after the steps of a pipeline: (n, steps, features), a list of
            (steps_i, features), or (n, columns). Of token ids, one number for each.
        predictions : ndarray of shape (n,), float64
            F(x): the probability, the log-odds, or the target of a regressor.
        baseline_predictions : ndarray of shape (n,), float64
            F(b).
        gaps : ndarray of shape (n,), float64
            The error: the sum of the contributions less F(x) - F(b).
        targets : ndarray of shape (n,)
            The class, or the output, that is explained.

    Raises
    ------
    TypeError
        If there is no such network inside the estimator. Language models and translators are none.
    ValueError
        If an argument is not valid, or a sequence is too short to have ``step``.

    Warns
    -----
    ConvergenceWarning
        If the contributions do not add up, which more points cure.

    See Also
    --------
    StepImportanceDisplay : Draws the contributions.

    References
    ----------
    .. [1] M. Sundararajan, A. Taly and Q. Yan, "Axiomatic attribution for deep networks", ICML 2017.

    Examples
    --------
    Only the last step matters here, and of it the first feature:

    >>> import numpy as np
    >>> from skseq import RNNRegressor
    >>> from skseq.inspection import step_importance
    >>> X = np.random.RandomState(0).standard_normal((200, 4, 2))
    >>> y = X[:, -1, 0]
    >>> model = RNNRegressor(16, learning_rate_init=0.02, max_iter=100, random_state=0).fit(X, y)
    >>> importance = step_importance(model, X)
    >>> importance.contributions.shape
    (200, 4, 2)
    >>> np.abs(importance.contributions).mean(axis=0).round(1)
    array([[0. , 0. ],
           [0. , 0. ],
           [0. , 0. ],
           [0.8, 0. ]])
    """
    found = explain(estimator, X, target=target, response=response, baseline=baseline, step=step, n_points=n_points)
    return Bunch(
        contributions=found.sequences.with_values(found.contributions).unpack(),
        predictions=found.after,
        baseline_predictions=found.before,
        gaps=found.gaps,
        targets=found.targets,
    )


class Explanation(NamedTuple):
    """What :func:`explain` returns.

    Attributes
    ----------
    sequences : Sequences
        As the network reads them.
    contributions : ndarray of shape (total_steps, features), or (total_steps,) of token ids
    before, after, gaps, targets : ndarray of shape (n,)
        As in :func:`step_importance`.
    response : str
        What the contributions add up to.
    """

    sequences: Sequences
    contributions: np.ndarray
    before: np.ndarray
    after: np.ndarray
    gaps: np.ndarray
    targets: np.ndarray
    response: str


def explain(estimator, X, *, target, response, baseline, step, n_points):
    """Return the :class:`Explanation` of predictions; the parameters are those of :func:`step_importance`."""
    check_number("n_points", n_points, Integral, low=1)
    check_number("step", step, Integral)
    check_option("response", response, ("probability", "log_odds"))
    estimator, X = inner_network(estimator, X)
    check_is_fitted(estimator)
    network = estimator._trainer.network
    predicts_classes, predicts_numbers = hasattr(estimator, "classes_"), hasattr(estimator, "_scaling")
    if not (isinstance(network, (RecurrentNetwork, TransformerNetwork)) and (predicts_classes or predicts_numbers)):
        raise TypeError(
            f"The predictions of {type(estimator).__name__} cannot be taken apart. Give an RNNClassifier, "
            "RNNRegressor, RNNTagger or TransformerClassifier, or a pipeline that ends in one."
        )
    sequences = estimator._read(X, reset=False)
    steps = _steps(sequences, step) if network.every_step else None
    fitted = estimator._trainer.parameters
    parameters = Parameters(fitted.shapes, np.float64, fitted.flat.astype(np.float64))
    vectors = sequences
    if network.embedding is not None:
        vectors = sequences.with_values(parameters.of("embedding")["table"][sequences.values])
    make = _response_to_class if predicts_classes else _response_number
    respond, targets, name = make(estimator, sequences, target, response, steps)
    explained = _Integration(network.without_embedding(), parameters, vectors, _baseline(baseline, vectors), steps)
    contributions, before, after, gaps = explained.refine(respond, int(n_points))
    _warn_of_gaps(gaps, before, after, n_points)
    if network.embedding is not None:
        contributions = contributions.sum(axis=1)
    return Explanation(sequences, contributions, before, after, gaps, targets, name)


def _steps(sequences, step):
    """Return the place of ``step`` in each sequence."""
    steps = sequences.lengths + step if step < 0 else np.full(len(sequences), step)
    outside = (steps < 0) | (steps >= sequences.lengths)
    if outside.any():
        row = int(np.flatnonzero(outside)[0])
        raise ValueError(
            f"X[{row}] has {sequences.lengths[row]} steps, so it has no step={step}. Leave it out, or give a step that "
            "all sequences have; -1 is the last one of each."
        )
    return steps


def _baseline(baseline, sequences):
    """Return what each step of the baseline holds, (features,)."""
    if isinstance(baseline, str):
        check_option("baseline", baseline, ("zero", "mean"))
        mean = sequences.values.mean(axis=0, dtype=np.float64)
        return mean if baseline == "mean" else np.zeros_like(mean)
    try:
        step = np.asarray(baseline, dtype=np.float64)
    except (TypeError, ValueError):
        step = np.zeros(0)
    if step.shape != (sequences.n_features,) or not np.isfinite(step).all():
        raise ValueError(
            f"baseline must be 'zero', 'mean' or {sequences.n_features} finite numbers, one for each feature of a step "
            f"as the network reads it, got {baseline!r}."
        )
    return step


def _response_to_class(estimator, sequences, target, response, steps):
    """Return the response of a classifier, the label that each sequence is explained for, and its name."""
    classes = estimator.classes_
    shift = estimator._correct(np.zeros((1, len(classes))))[0] if estimator.prior_correction else np.zeros(len(classes))
    if target is None:
        logits = estimator._outputs_of(sequences)
        if steps is not None:
            logits = logits[sequences.starts + steps]
        codes = (logits + shift).argmax(axis=1)
    else:
        labels = np.asarray(target)
        if labels.shape not in ((), (len(sequences),)):
            raise ValueError(
                f"target has shape {labels.shape}. Give one class label, or one for each of the {len(sequences)} "
                "sequences."
            )
        unknown = np.setdiff1d(labels, classes)
        if len(unknown):
            raise ValueError(f"target={unknown.tolist()[0]!r} is not a class; the classes are {classes.tolist()}.")
        codes = np.broadcast_to(np.searchsorted(classes, labels), (len(sequences),))
    kind, name = (Probability, "probability") if response == "probability" else (LogOdds, "log-odds")
    one = len(np.unique(codes)) == 1
    return kind(codes, shift), classes[codes], f"{name} of {classes[codes[0]] if one else 'the class'}"


def _response_number(estimator, sequences, target, response, steps):
    """Return the response of a regressor, the output that each sequence is explained for, and its name."""
    scaling = estimator._scaling
    place = 0 if target is None else target
    check_number("target", place, Integral, low=0, high=len(scaling.mean) - 1)
    number = Number(place, scaling.deviation[place] * scaling.unit[place], scaling.mean[place] * scaling.unit[place])
    return number, np.full(len(sequences), place), "prediction, in units of y"


class _Integration(NamedTuple):
    """Integrates gradients with as many points as each sequence needs."""

    network: RecurrentNetwork | TransformerNetwork
    parameters: Parameters
    sequences: Sequences
    baseline: np.ndarray
    steps: np.ndarray | None

    def refine(self, response, n_points):
        """Return contributions, F(b), F(x) and gaps; what does not add up is done again, with more points."""
        rows = np.arange(len(self.sequences))
        contributions, before, after, gaps = self._integrate(response, rows, n_points)
        for finer in FINER:
            rows = np.flatnonzero(np.abs(gaps) > SMALL_GAP * _scales(before, after))
            if not len(rows):
                break
            places = self.sequences.step_rows(rows)
            contributions[places], _, _, gaps[rows] = self._integrate(response.of(rows), rows, finer * n_points)
        return contributions, before, after, gaps

    def _integrate(self, response, rows, n_points):
        sequences = self.sequences.take(rows)
        steps = None if self.steps is None else self.steps[rows]
        contributions, (before, after) = integrated_gradients(
            self.network, self.parameters, sequences, self.baseline, response, n_points, steps
        )
        sums = np.add.reduceat(contributions.sum(axis=1), sequences.starts)
        return contributions, before, after, sums - (after - before)


def _scales(before, after):
    """Return what gaps are small beside, for each sequence."""
    return np.maximum(np.maximum(np.abs(before), np.abs(after)), np.abs(after - before))


def _warn_of_gaps(gaps, before, after, n_points):
    if not np.isfinite(gaps).all():
        raise ValueError("The hidden states overflow on the way from the baseline. Scale X as the training data were.")
    wrong = np.abs(gaps) > LARGE_GAP * _scales(before, after)
    if wrong.any():
        row = int(np.argmax(np.abs(gaps) * wrong))
        warnings.warn(
            f"The contributions to {wrong.sum()} of {len(gaps)} predictions do not add up: those of X[{row}] are off "
            f"by {abs(gaps[row]):.2g}, while it differs from that of the baseline by {after[row] - before[row]:.2g}. "
            f"Raise n_points={n_points}.",
            ConvergenceWarning,
            stacklevel=4,
        )
