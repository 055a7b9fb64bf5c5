"""Logistic regression whose rows weigh what a mistake on them costs."""

from numbers import Integral

import numpy as np
from scipy.sparse import issparse
from scipy.special import expit, log_expit, log_softmax, softmax
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from skseq._fit_tasks import CallbackSupportMixin, fit_tasks, tells_callbacks
from skseq._validation import (
    all_or_nothing,
    check_bool,
    check_classes,
    check_labels,
    check_number,
    check_option,
    check_sample_weight,
    encode_labels,
    refuse_masked,
    resolve_class_weight,
)

from ._class_totals import penalty_share, prior_shift, renumber, total_weights, with_absent_classes
from ._convergence import warn_unless_optimal
from ._coordinates import MAX_WHITENED
from ._newton_cg import minimize_newton_cg
from ._objective import WeightedLogLoss, penalty_of
from ._quasi_newton import minimize_lbfgs, minimize_newton_cholesky
from ._rows import reading
from ._stages import Solver, minimize_in_stages

SOLVERS = {
    "lbfgs": Solver(minimize_lbfgs, 5e-7),
    "newton-cholesky": Solver(minimize_newton_cholesky, 5e-7),
    "newton-cg": Solver(minimize_newton_cg, 1e-5),
}

#: The most coefficients, and of the most classes, for which "auto" takes Newton-Cholesky. Of K classes its Hessian has
#: K (K + 1) / 2 blocks.
FEW_COEFFICIENTS, FEW_CLASSES = 500, 50


def choose_solver(X, n_classes):
    """Return the solver for X (n, d) that was measured to be the fastest (``benchmarks/logistic.py``)."""
    d = X.shape[1]
    if d > MAX_WHITENED:
        return "newton-cg" if n_classes == 2 and not issparse(X) else "lbfgs"
    n_coefficients = d if n_classes == 2 else n_classes * d
    return "newton-cholesky" if n_coefficients <= FEW_COEFFICIENTS and n_classes <= FEW_CLASSES else "lbfgs"


class CostSensitiveLogisticRegression(CallbackSupportMixin, ClassifierMixin, BaseEstimator):
    r"""Logistic regression with a weight w_j on the log loss of each class j.

    For two classes it minimises

    .. math:: -\sum_i w_{y_i} [y_i \ln p_i + (1 - y_i) \ln(1 - p_i)] + \frac{1}{2C} \lVert\theta\rVert^2

    and for more the same with softmax probabilities: the objective of
    ``sklearn.linear_model.LogisticRegression(class_weight=class_weight, C=C)``. The intercept is not
    penalised.

    Parameters
    ----------
    class_weight : None, "balanced" or dict, default="balanced"
        The weights w_j. "balanced" is w_j = n / (K n_j) for K classes with n_j of the n rows each, sums of
        ``sample_weight`` in place of counts of rows; a dict maps classes to weights, 1 for those it leaves
        out; None is 1 for each. A dict that names every class of y may name others too.
    C : float, default=1.0
        Inverse strength of the penalty, positive. ``np.inf`` for none.
    fit_intercept : bool, default=True
        Whether to add an intercept.
    solver : {"auto", "lbfgs", "newton-cholesky", "newton-cg"}, default="auto"
        How the objective is minimised; the optimum is the same.

        - "newton-cholesky": Newton's method with a Cholesky factor of a Hessian, which serves for several steps while
          L-BFGS corrects it, for few parameters.
        - "newton-cg": Newton's method with conjugate gradients in a trust region, SciPy's, for two classes and
          wide dense X.
        - "lbfgs": L-BFGS, for all else.
        - "auto": "newton-cholesky" for up to 500 coefficients of up to 50 classes, "newton-cg" for two classes and
          dense X of more than 1,000 columns, else "lbfgs".
    tol : float, default=1e-6
        The solver stops when no entry of the gradient of the objective, divided by the sum of the weights, is
        larger. The gradient is that for columns scaled to equal curvature, so ``tol`` means the same
        whatever the units of X. "newton-cholesky" goes on until, by its Hessian, no coefficient times the spread of
        its column is further than 2 ``tol`` of the largest from its optimum, or the gradient is below ``tol`` / 1000.
    max_iter : int, default=1000
        Most iterations of the solver.
    prior_correction : bool, default=False
        Give the probabilities at the frequency of the classes in the data in place of those at the weighted
        frequency: p_k proportional to p_k * prior_k / effective_prior_k. The shift is added to ``intercept_``, so
        that ``decision_function``, ``predict_proba``, ``predict`` and any copy of the coefficients agree;
        ``predict`` then names the most probable class, which for a rare class undoes much of what the weights
        did. Decide by cost with :class:`~skseq.compose.MinimumCostClassifier` instead.
    warm_start : bool, default=False
        Start from the coefficients of the previous fit, if it had the same classes and number of columns.
    verbose : int, default=0
        1 prints how the solver ended, 2 also the objective after each iteration.

    Attributes
    ----------
    coef_ : ndarray of shape (1, n_features) or (n_classes, n_features), float64
        Coefficients; one row for two classes.
    intercept_ : ndarray of shape (1,) or (n_classes,), float64
        Intercepts, zero without ``fit_intercept``; with ``prior_correction=True``, the shift is added.
    classes_ : ndarray of shape (n_classes,)
        The classes.
    class_weight_ : ndarray of shape (n_classes,), float64
        The weights w_j in use, in the order of ``classes_``.
    n_iter_ : ndarray of shape (1,), int
        Iterations of the solver.
    solver_ : str
        The solver that was used.
    n_features_in_ : int
        Number of columns of X.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Names of the columns, if X had names that are all strings.

    See Also
    --------
    skseq.compose.MinimumCostClassifier : Predicts the class of least expected cost.
    skseq.over_sampling.SMOTE : Balances the classes with synthetic rows.

    Notes
    -----
    Weights and an intercept that is free to move shift the probabilities to what they would be if the
    classes had the weighted frequencies. Use them for ranking and deciding; for probabilities set
    ``prior_correction=True``.

    X is read as it is, float64 or float32, dense or CSR, and never changed. The columns are centred and scaled in the
    algebra of the solver, which does not move the optimum. Where there are rows enough, the solver begins with
    a sample, about one row in sixteen with the classes in equal parts. Dense X of 200,000 numbers or more then serves
    in float32, centred and scaled: the only copy that is made of it. In the end all rows of X serve in float64, until
    ``tol`` is reached. (Of float32 CSR the stored values are copied.)

    With ``C=np.inf`` and classes that a linear function separates there is no optimum: the coefficients grow
    until the solver stops. Complete separation of all classes raises a ConvergenceWarning.

    References
    ----------
    .. [1] G. King and L. Zeng, "Logistic regression in rare events data", Political Analysis 9 (2), pages
       137-163, 2001: the weighted log likelihood (section 4.2) and the prior correction (section 4.1).
    .. [2] D. C. Liu and J. Nocedal, "On the limited memory BFGS method for large scale optimization",
       Mathematical Programming 45, pages 503-528, 1989.
    .. [3] J. Nocedal and S. J. Wright, "Numerical Optimization", 2nd edition, 2006: Newton's method with
       line search and with trust regions (algorithms 3.2 and 7.2).

    Examples
    --------
    >>> from sklearn.datasets import load_breast_cancer
    >>> from skseq.linear_model import CostSensitiveLogisticRegression
    >>> X, y = load_breast_cancer(return_X_y=True)
    >>> model = CostSensitiveLogisticRegression().fit(X, y)
    >>> model.class_weight_.round(3)
    array([1.342, 0.797])
    >>> round(model.score(X, y), 2)
    0.96
    """

    def __init__(
        self,
        class_weight="balanced",
        *,
        C=1.0,
        fit_intercept=True,
        solver="auto",
        tol=1e-6,
        max_iter=1000,
        prior_correction=False,
        warm_start=False,
        verbose=0,
    ):
        self.class_weight = class_weight
        self.C = C
        self.fit_intercept = fit_intercept
        self.solver = solver
        self.tol = tol
        self.max_iter = max_iter
        self.prior_correction = prior_correction
        self.warm_start = warm_start
        self.verbose = verbose

    @tells_callbacks
    def fit(self, X, y, sample_weight=None):
        """Fit the coefficients.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n, n_features)
            Finite numbers. float32 is not converted; sparse formats other than CSR are.
        y : array-like of shape (n,)
            Class labels of two classes or more.
        sample_weight : array-like of shape (n,), default=None
            Weights of zero or more, one for each row; they multiply the class weights. A weight of two
            equals the row given twice. A class whose rows all have a weight of zero, as in a bag of
            ``BaggingClassifier`` that lacks it, gets probabilities near zero.

        Returns
        -------
        self : object
            Fitted estimator.

        Raises
        ------
        ValueError, TypeError
            If a parameter, X, y or ``sample_weight`` is not what is described here.

        Warns
        -----
        ConvergenceWarning
            If the solver stopped before ``tol`` was reached, or if there is no optimum.
        """
        with all_or_nothing(self):
            self._check_parameters()
            refuse_masked(X, "X")
            X = validate_data(self, X, accept_sparse="csr", dtype=[np.float64, np.float32])
            classes, codes = encode_labels(check_labels(y, X.shape[0]))
            check_classes(classes, type(self).__name__)
            sample_weight = check_sample_weight(sample_weight, X.shape[0])
            prior = np.bincount(codes, sample_weight, minlength=len(classes))
            class_weight = resolve_class_weight(self.class_weight, classes, prior)
            present = prior > 0
            effective_prior = total_weights(classes[present], class_weight[present], prior[present])
            solver = choose_solver(X, len(classes)) if self.solver == "auto" else self.solver
            previous = self._previous(classes, X.shape[1]) if present.all() else None
            weights = class_weight[codes] * sample_weight
            coef, intercept, n_iter = self._minimize(X, codes, weights, present, SOLVERS[solver], previous)
            self._shift = np.zeros(len(intercept))
            if self.prior_correction:
                self._shift = prior_shift(prior[present], effective_prior, present)
            self.coef_, self.intercept_, self.classes_ = coef, intercept + self._shift, classes
            self.class_weight_, self.solver_ = class_weight, solver
            self.n_iter_ = np.array([n_iter], dtype=np.int32)
        return self

    def decision_function(self, X):
        """Return the logits.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n, n_features)
            The rows.

        Returns
        -------
        ndarray of shape (n,) or (n, n_classes), float64
            For two classes ln p / (1 - p) of ``classes_[1]``, else one logit a class, whose softmax are the
            probabilities. It is ``X @ coef_.T + intercept_``, with ``prior_correction=True`` too.
        """
        check_is_fitted(self)
        refuse_masked(X, "X")
        X = validate_data(self, X, reset=False, accept_sparse="csr", dtype=[np.float64, np.float32])
        with reading(X) as rows:
            logits = rows.linear(self.coef_, self.intercept_).T
        if not np.isfinite(logits).all():
            row = int(np.flatnonzero(~np.isfinite(logits).all(axis=1))[0])
            raise ValueError(
                f"The logits of X[{row}] overflow: its values are far beyond those seen in fit. Check their units."
            )
        return logits[:, 0] if len(self.classes_) == 2 else logits

    def predict(self, X):
        """Return the class of the largest probability.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n, n_features)
            The rows.

        Returns
        -------
        ndarray of shape (n,)
            Class labels.
        """
        logits = self.decision_function(X)
        codes = (logits > 0).astype(np.intp) if logits.ndim == 1 else logits.argmax(axis=1)
        return self.classes_[codes]

    def predict_proba(self, X):
        """Return the probability of each class.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n, n_features)
            The rows.

        Returns
        -------
        ndarray of shape (n, n_classes), float64
            Probabilities in the order of ``classes_``; at the weighted frequencies of the classes unless
            ``prior_correction=True``.
        """
        logits = self.decision_function(X)
        if logits.ndim == 1:
            return np.column_stack([expit(-logits), expit(logits)])
        return softmax(logits, axis=1)

    def predict_log_proba(self, X):
        """Return the logarithm of the probability of each class, exact where the probability itself is 0 or
        1.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n, n_features)
            The rows.

        Returns
        -------
        ndarray of shape (n, n_classes), float64
            Log-probabilities in the order of ``classes_``.
        """
        logits = self.decision_function(X)
        if logits.ndim == 1:
            return np.column_stack([log_expit(-logits), log_expit(logits)])
        return log_softmax(logits, axis=1)

    def _check_parameters(self):
        check_number("C", self.C, low=0, bounds="neither")
        check_bool("fit_intercept", self.fit_intercept)
        check_option("solver", self.solver, ("auto", *SOLVERS))
        check_number("tol", self.tol, low=0, bounds="neither")
        check_number("max_iter", self.max_iter, Integral, low=1)
        check_bool("prior_correction", self.prior_correction)
        check_bool("warm_start", self.warm_start)
        if not isinstance(self.verbose, bool):
            check_number("verbose", self.verbose, Integral, low=0)

    def _previous(self, classes, d):
        """Return coefficients and intercept of the last fit, if it is to be gone on with and has these shapes."""
        if not (self.warm_start and hasattr(self, "coef_")):
            return None
        fits = self.coef_.shape[1] == d and np.array_equal(self.classes_, classes)
        return (self.coef_, self.intercept_ - self._shift) if fits else None

    def _minimize(self, X, codes, weights, present, solver, previous):
        """Return the coefficients and intercepts of all classes, and the number of iterations.

        ``present`` (n_classes,) tells which classes have rows with weight.
        """
        n_classes = int(present.sum())
        if n_classes == 1:  # nothing to tell apart
            return *with_absent_classes(np.zeros((1, X.shape[1])), np.zeros(1), present), 0
        penalty = penalty_of(self.C, weights.sum()) * penalty_share(present)
        with reading(X) as rows:
            objective = WeightedLogLoss(rows, renumber(codes, present), weights, n_classes, penalty)
            coef, intercept, minimum = minimize_in_stages(
                objective,
                bool(self.fit_intercept),
                solver,
                previous,
                tol=self.tol,
                max_iter=self.max_iter,
                report=self._report_iteration,
            )
            if n_classes > 2:
                coef, intercept = self._without_common_part(coef, intercept)
            self._print_end(minimum)
            warn_unless_optimal(objective, coef, intercept, minimum, C=self.C, tol=self.tol, max_iter=self.max_iter)
        return *with_absent_classes(coef, intercept, present), minimum.n_iter

    def _without_common_part(self, coef, intercept):
        """Take away what softmax does not see, so that equal models have equal numbers."""
        if np.isinf(self.C):
            coef -= coef.mean(axis=0)
        intercept -= intercept.mean()
        return coef, intercept

    def _report_iteration(self, value):
        """Tell of an iteration of the solver, after which the objective has this value."""
        fit_tasks(self).begin("iteration").end()
        if self.verbose > 1:
            self._print(f"objective {value:.10g}")

    def _print_end(self, minimum):
        if self.verbose:
            self._print(f"{minimum.n_iter} iterations, gradient {minimum.gradient_norm:.1e} (tol={self.tol:g})")

    def _print(self, line):
        print(f"{type(self).__name__}  {line}", flush=True)  # noqa: T201

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags
