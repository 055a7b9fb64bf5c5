"""Meta-estimators that put samplers, costs and 2-D transformers where scikit-learn has no place for them."""

from skseq.compose._each_step import EachStep
from skseq.compose._minimum_cost_classifier import MinimumCostClassifier
from skseq.compose._resampled_classifier import ResampledClassifier

__all__ = ["EachStep", "MinimumCostClassifier", "ResampledClassifier"]
