"""Networks for sequences, as scikit-learn estimators."""

from ._rnn_classifier import RNNClassifier
from ._rnn_generator import RNNGenerator
from ._rnn_regressor import RNNRegressor
from ._rnn_tagger import RNNTagger
from ._rnn_translator import RNNTranslator
from ._transformer_classifier import TransformerClassifier

__all__ = ["RNNClassifier", "RNNGenerator", "RNNRegressor", "RNNTagger", "RNNTranslator", "TransformerClassifier"]
