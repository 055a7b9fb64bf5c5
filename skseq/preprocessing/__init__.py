"""Texts to sequences of token ids."""

from ._token_encoder import TokenEncoder

__all__ = ["TokenEncoder"]
