"""Layers: one a file, each with a forward and a backward pass vectorised over the batch.

Inside a network the batch is the last axis: states are (units, batch), so that each gate is a contiguous block
of rows and every elementwise call runs over contiguous memory. Nothing here knows of scikit-learn.
"""

from ._additive_attention import AdditiveAttention
from ._attention import SelfAttention
from ._blocks import Block, BlockMemory, plan_blocks
from ._dense import Dense
from ._dropout import Dropout
from ._embedding import Embedding
from ._feed_forward import FeedForward
from ._gru_cell import GRUCell
from ._initial_state import InitialState
from ._lstm_cell import LSTMCell
from ._memory import StepMemory
from ._normalization import EPSILON as LAYER_NORM_EPSILON
from ._normalization import LayerNormalization
from ._pooling import POOLINGS, EveryStep
from ._positions import LONGEST_WAVE, ClassToken, LearnedPositions, SinusoidalPositions
from ._products import add_products, product_chunks
from ._recurrence import Recurrence
from ._steps import Segment, StepBatch, Workspace, plan_segments
from ._vanilla_cell import VanillaCell

CELLS = {"rnn": VanillaCell, "lstm": LSTMCell, "gru": GRUCell}

__all__ = [
    "CELLS",
    "LAYER_NORM_EPSILON",
    "LONGEST_WAVE",
    "POOLINGS",
    "AdditiveAttention",
    "Block",
    "BlockMemory",
    "ClassToken",
    "Dense",
    "Dropout",
    "Embedding",
    "EveryStep",
    "FeedForward",
    "GRUCell",
    "InitialState",
    "LSTMCell",
    "LayerNormalization",
    "LearnedPositions",
    "Recurrence",
    "Segment",
    "SelfAttention",
    "SinusoidalPositions",
    "StepBatch",
    "StepMemory",
    "VanillaCell",
    "Workspace",
    "add_products",
    "plan_blocks",
    "plan_segments",
    "product_chunks",
]
