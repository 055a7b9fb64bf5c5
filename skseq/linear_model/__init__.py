"""Linear models for classes that differ in cost or in size."""

from ._cost_sensitive_logistic_regression import CostSensitiveLogisticRegression

__all__ = ["CostSensitiveLogisticRegression"]
