"""Over-sampling: new rows for the rare classes, for tables, sparse matrices, data frames and sequences."""

from ._smote import SMOTE

__all__ = ["SMOTE"]
