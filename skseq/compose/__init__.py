"""Meta-estimators that put samplers, costs and 2-D transformers where scikit-learn has no place for them."""

from ._each_step import EachStep
from ._ensemble_classifier import EnsembleClassifier
from ._minimum_cost_classifier import MinimumCostClassifier
from ._resampled_classifier import ResampledClassifier

__all__ = ["EachStep", "EnsembleClassifier", "MinimumCostClassifier", "ResampledClassifier"]
