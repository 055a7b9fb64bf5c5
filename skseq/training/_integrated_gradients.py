"""Integrated gradients: how much each value of the inputs contributes to an output (Sundararajan, Taly & Yan 2017)."""

import numpy as np

from skseq._blas import one_blas_thread
from skseq.layers import Workspace

from ._batches import draw_batch, rows_in_order

#: Sequences that are run through the network together.
BATCH = 256


def integrated_gradients(network, parameters, sequences, baseline, response, n_points, step=None):
    r"""Return how much each value of the inputs contributes to a response, and the response itself.

    .. math:: a_j = (x_j - b_j) \int_0^1 \frac{\partial F(b + s (x - b))}{\partial x_j} ds

    by Gauss and Legendre's quadrature. The contributions of all values add up to F(x) - F(b), but for its error.

    Parameters
    ----------
    network : RecurrentNetwork or TransformerNetwork
        Without embedding.
    parameters : Parameters
    sequences : Sequences
        Of measurements, or of vectors of token ids.
    baseline : ndarray of shape (features,)
        What each step of b holds.
    response : object
        With ``value(outputs, rows)`` and ``gradient(outputs, rows)``, which take outputs (n_outputs, batch) of some
        rows and return F (batch,), and its gradient (n_outputs, batch).
    n_points : int
        Points of the quadrature.
    step : ndarray of shape (n,), optional
        For a network with outputs at every step: the step of each sequence that has the response.

    Returns
    -------
    contributions : ndarray of shape (total_steps, features)
    values : ndarray of shape (2, n)
        F(b) and F(x).
    """
    n = len(sequences.lengths)
    difference = sequences.values.astype(parameters.dtype) - baseline
    gradients = parameters.zeros_like()
    total = np.zeros_like(difference)
    values = np.empty((2, n), dtype=parameters.dtype)
    workspace = Workspace()
    points, weights = np.polynomial.legendre.leggauss(n_points)

    def each_batch(s, training):
        """Yield (rows, batch, tape, outputs, columns of the response) at b + s (x - b)."""
        moved = sequences.with_values(baseline + s * difference)
        for rows in rows_in_order(sequences.lengths, BATCH):
            batch, rows = draw_batch(moved, rows, workspace, parameters.dtype)
            pooled, tape = network.forward(parameters, batch, workspace, training=training)
            outputs = network.outputs(parameters, pooled)
            columns = slice(None) if step is None else _columns_of(batch, step[rows])
            yield rows, batch, tape, outputs, columns

    with np.errstate(over="ignore", invalid="ignore"), one_blas_thread:
        for place, s in enumerate((0.0, 1.0)):
            for rows, _, _, outputs, columns in each_batch(s, training=False):
                values[place, rows] = response.value(outputs[:, columns], rows)
        for point, weight in zip((1 + points) / 2, weights / 2):
            for rows, batch, tape, outputs, columns in each_batch(point, training=True):
                d_outputs = np.zeros_like(outputs)
                d_outputs[:, columns] = response.gradient(outputs[:, columns], rows)
                d_inputs = network.backward(parameters, gradients, tape, d_outputs, need_input=True)
                steps, places = batch.places
                total[sequences.starts[rows][places] + steps] += weight * d_inputs[steps, :, places]
        total *= difference
    return total, values


def _columns_of(batch, step):
    """Return where the outputs of one step of each sequence stand among those of all steps."""
    firsts = np.array([first for first, _ in batch.place_bounds])
    return firsts[step] + np.arange(batch.size)
