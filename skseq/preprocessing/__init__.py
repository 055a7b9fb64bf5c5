"""Transformers of sequences: missing values, and texts to token ids."""

from ._forward_fill_imputer import ForwardFillImputer
from ._token_encoder import TokenEncoder

__all__ = ["ForwardFillImputer", "TokenEncoder"]
