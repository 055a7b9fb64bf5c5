"""Layers put together. Nothing here knows of scikit-learn."""

from ._beam_search import beam_search
from ._encoder_decoder import EncoderDecoder
from ._recurrent import RecurrentNetwork
from ._step_decoder import StepDecoder
from ._transformer import TransformerNetwork

__all__ = ["EncoderDecoder", "RecurrentNetwork", "StepDecoder", "TransformerNetwork", "beam_search"]
