"""Targets of an encoder-decoder for all sequences, batch by batch, and what its attention looks at."""

import numpy as np

from skseq._blas import one_blas_thread
from skseq._threads import Crew
from skseq.layers import Workspace
from skseq.networks import StepDecoder, beam_search

from ._batches import draw_batch, prediction_batches
from ._threads import PREDICTION_PAYS, parts_for


def decode(network, parameters, sequences, beam_width, max_steps):
    """Yield (rows, their targets as a list of arrays of token ids) until every sequence is translated.

    Parameters
    ----------
    network : EncoderDecoder
    parameters : Parameters
    sequences : Sequences
        The sources.
    beam_width : int
    max_steps : int
        The most tokens of a target.
    """

    def translate(rows, workspace):
        with np.errstate(over="ignore", invalid="ignore"):  # beam_search looks for what is not finite
            batch, rows = draw_batch(sequences, rows, workspace, parameters.dtype)
            decoder = StepDecoder(network, parameters, batch, workspace, beam_width)
            return rows, beam_search(decoder, len(rows), max_steps)

    attended = network.values_per_step + (beam_width - 1) * network.units
    per_row = beam_width * (4 * network.n_outputs + max_steps)
    yield from _in_batches(translate, network, sequences, beam_width, attended, per_row)


def attend(network, parameters, sequences):
    """Yield (rows, weights of the attention) for sources whose targets stand in the context.

    The weights are a list of arrays (target steps, source steps), those of the step that ends a target left out.
    """

    def look(rows, workspace):
        with np.errstate(over="ignore", invalid="ignore"):
            batch, rows = draw_batch(sequences, rows, workspace, parameters.dtype)
            _, tape = network.forward(parameters, batch, workspace)
        weights = network.attention_weights(tape)
        sizes = zip(sequences.context_lengths[rows] - 1, batch.lengths)
        return rows, [weights[:tokens, i, :steps].copy() for i, (tokens, steps) in enumerate(sizes)]

    longest = sequences.context.shape[1]
    values = network.values_per_step + longest  # of weights
    per_row = longest * network.values_per_context_step
    yield from _in_batches(look, network, sequences, 1, values, per_row)


def _in_batches(function, network, sequences, beams, values_per_step, values_per_row):
    """Yield ``function`` of the rows of each batch, by two threads if it pays."""
    parts = parts_for(network.multiplications(1) * beams * len(sequences), PREDICTION_PAYS)
    batches = prediction_batches(
        sequences, beams * network.units, values_per_step, parts, values_per_sequence=values_per_row
    )
    with Crew(parts) as crew, one_blas_thread:
        workspaces = [Workspace() for _ in range(crew.threads)]
        for first in range(0, len(batches), crew.threads):
            yield from crew.map(function, batches[first : first + crew.threads], workspaces)
