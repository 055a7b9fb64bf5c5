"""What a fit does, told to scikit-learn's callbacks (:mod:`sklearn.callback`, since 1.9 and experimental).

Nothing depends on that module: without it, estimators have no ``set_callbacks``, and tasks are told to nobody. A fit is
a task, and each of its iterations one below it. A progress bar that is set on a grid search then shows the epochs of a
network under the folds, and a monitor scores the network after each of them.
"""

from contextlib import contextmanager, nullcontext
from functools import partial, wraps
from inspect import signature
from numbers import Integral

try:
    from sklearn.callback import CallbackSupportMixin, with_callbacks
except ImportError:  # older than 1.9

    class CallbackSupportMixin:
        """Supports nothing."""

    with_callbacks = None


def tells_callbacks(fit=None, *, n_tasks=None):
    """Decorate the method ``fit(X, y, ...)`` of an estimator that has :class:`CallbackSupportMixin` among its bases.

    Inside, :func:`fit_tasks` gives what to tell the tasks below it to: ``n_tasks`` of them, or at the most ``max_iter``
    of the estimator, where it has that.
    """
    if fit is None:
        return partial(tells_callbacks, n_tasks=n_tasks)
    if with_callbacks is None:
        return fit
    parameters = signature(fit)

    @with_callbacks
    @wraps(fit)
    def fit_and_tell(self, *args, **kwargs):
        given = parameters.bind_partial(self, *args, **kwargs).arguments
        # Before anything else can fail, so that callbacks are torn down again: see with_callbacks.
        self._fit_tasks = tasks = _FitTasks(self, given, _most_iterations(self) if n_tasks is None else n_tasks)
        try:
            result = fit(self, *args, **kwargs)
        finally:
            del self._fit_tasks
        tasks.end()
        return result

    return fit_and_tell


def fit_tasks(estimator):
    """Return the tasks of the fit that ``estimator`` is in."""
    return getattr(estimator, "_fit_tasks", None) or _NOBODY


class _FitTasks:
    """The task of a fit, and those below it.

    Parameters
    ----------
    estimator : estimator
    given : dict
        The arguments of its fit.
    n_tasks : int or None
        The most tasks below it.
    """

    def __init__(self, estimator, given, n_tasks):
        self._context = estimator._init_callback_context(max_subtasks=n_tasks)
        weights = given.get("sample_weight")
        self._told = {
            "estimator": estimator,
            "X": given.get("X"),
            "y": given.get("y"),
            "metadata": None if weights is None else {"sample_weight": weights},
        }
        self._context.call_on_fit_task_begin(**self._told)

    def begin(self, name):
        """Return the task that begins now."""
        context = self._context.subcontext(task_name=name)
        context.call_on_fit_task_begin(**self._told)
        return _Task(context, self._told)

    @contextmanager
    def around(self, name, estimator):
        """Return a context in which ``estimator`` is fitted, whose tasks are told below this one."""
        context = self._context.subcontext(task_name=name)
        with context.propagate_callback_context(estimator):
            context.call_on_fit_task_begin(**self._told)
            yield
            context.call_on_fit_task_end(**self._told)

    def end(self):
        """Tell that the estimator is fitted."""
        self._context.call_on_fit_task_end(**self._told, reconstruction_attributes=dict)


class _Task:
    def __init__(self, context, told):
        self._context = context
        self._told = told

    def end(self, attributes=None):
        """Tell that the task has ended; return whether a callback wants the iterations to stop.

        Parameters
        ----------
        attributes : callable, optional
            Returns the attributes that make the estimator fitted as it is now; called if a callback asks for it.
        """
        return self._context.call_on_fit_task_end(**self._told, reconstruction_attributes=attributes)


class _Nobody:
    """In the place of tasks and of a task, where there are no callbacks."""

    def begin(self, name):
        return self

    def around(self, name, estimator):
        return nullcontext()

    def end(self, attributes=None):
        return False


_NOBODY = _Nobody()


def _most_iterations(estimator):
    """Return ``max_iter``, None if it is not known; it has not been checked yet."""
    most = getattr(estimator, "max_iter", None)
    return int(most) if isinstance(most, Integral) and most > 0 else None
