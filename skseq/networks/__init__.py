"""Layers put together. Nothing here knows of scikit-learn."""

from ._encoder_decoder import EncoderDecoder
from ._recurrent import RecurrentNetwork

__all__ = ["EncoderDecoder", "RecurrentNetwork"]
