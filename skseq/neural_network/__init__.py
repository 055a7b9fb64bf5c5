"""Networks for sequences, as scikit-learn estimators."""

from ._rnn_classifier import RNNClassifier
from ._rnn_generator import RNNGenerator
from ._rnn_regressor import RNNRegressor

__all__ = ["RNNClassifier", "RNNGenerator", "RNNRegressor"]
