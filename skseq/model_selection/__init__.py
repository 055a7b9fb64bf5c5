"""Tools of scikit-learn's model selection, for estimators that answer at every step of a sequence."""

from ._cross_val_predict import cross_val_predict

__all__ = ["cross_val_predict"]
