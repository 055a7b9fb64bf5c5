"""Sequences and rare classes inside scikit-learn.

The names below are imported when they are first used, so that ``import skseq`` costs next to nothing.
"""

from importlib import import_module

__version__ = "0.1.0"

_HOMES = {
    "RNNClassifier": "skseq.neural_network",
    "RNNGenerator": "skseq.neural_network",
    "RNNRegressor": "skseq.neural_network",
    "RNNTagger": "skseq.neural_network",
    "RNNTranslator": "skseq.neural_network",
    "TransformerClassifier": "skseq.neural_network",
    "CostSensitiveLogisticRegression": "skseq.linear_model",
    "SMOTE": "skseq.over_sampling",
    "Pipeline": "skseq.pipeline",
    "make_pipeline": "skseq.pipeline",
}

__all__ = [
    "SMOTE",
    "CostSensitiveLogisticRegression",
    "Pipeline",
    "RNNClassifier",
    "RNNGenerator",
    "RNNRegressor",
    "RNNTagger",
    "RNNTranslator",
    "TransformerClassifier",
    "make_pipeline",
]


def __getattr__(name):
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'skseq' has no attribute {name!r}")


def __dir__():
    return sorted([*globals(), *__all__])
