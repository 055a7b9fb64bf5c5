"""Over-sampling: new rows for the rare classes, for tables, sparse matrices, data frames and sequences."""

from ._adasyn import ADASYN
from ._borderline_smote import BorderlineSMOTE
from ._families import row_families
from ._random_over_sampler import RandomOverSampler
from ._smote import SMOTE
from ._smotenc import SMOTENC

__all__ = ["ADASYN", "SMOTE", "SMOTENC", "BorderlineSMOTE", "RandomOverSampler", "row_families"]
