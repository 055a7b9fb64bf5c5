"""scikit-learn's checks as test parameters."""

import pytest
from sklearn.utils.estimator_checks import estimator_checks_generator


def parametrize_checks(*estimators, slow=()):
    """Parametrize a test over (estimator, check); no check is skipped or expected to fail.

    The checks of the estimators in ``slow`` are marked as slow tests.

    This is scikit-learn's ``parametrize_with_checks`` for any version of pytest: older ones of scikit-learn hand
    pytest a generator, which it no longer takes.
    """
    pairs = [pair for estimator in estimators for pair in estimator_checks_generator(estimator)]
    for estimator in slow:
        pairs += [pytest.param(*pair, marks=pytest.mark.slow) for pair in estimator_checks_generator(estimator)]
    return pytest.mark.parametrize(("estimator", "check"), pairs, ids=_name)


def _name(value):
    function = getattr(value, "func", value)
    settings = "".join(f"-{key}={setting}" for key, setting in getattr(value, "keywords", {}).items())
    return getattr(function, "__name__", None) + settings if hasattr(function, "__name__") else str(value)
