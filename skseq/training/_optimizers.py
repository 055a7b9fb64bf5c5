"""Optimizers: each changes one flat vector in place, whatever the network."""

import numpy as np


class _Optimizer:
    """A rule for a step against the gradient, with decoupled weight decay (Loshchilov & Hutter 2019).

    Parameters
    ----------
    size : int
        Length of the vector of weights.
    dtype : dtype
    decay : float, default=0
        Each step shrinks the weights marked in ``decay_mask`` by ``learning_rate * decay``.
    decay_mask : ndarray of shape (size,), optional
    """

    def __init__(self, size, dtype, decay=0.0, decay_mask=None):
        self.decay = decay
        self.decay_mask = decay_mask if decay else None
        self._prepare(size, dtype)

    def step(self, weights, gradient, learning_rate):
        """Change ``weights`` in place; ``gradient`` is scratch afterwards."""
        if self.decay:
            weights *= 1 - (learning_rate * self.decay) * self.decay_mask
        self._update(weights, gradient, learning_rate)


class SGD(_Optimizer):
    """Gradient descent with Nesterov's momentum (Sutskever et al. 2013)."""

    momentum = 0.9

    def _prepare(self, size, dtype):
        self.velocity = np.zeros(size, dtype=dtype)

    def _update(self, weights, gradient, learning_rate):
        # v <- m v - lr g, then w <- w + m v - lr g: the gradient as seen from ahead.
        gradient *= -learning_rate
        self.velocity *= self.momentum
        self.velocity += gradient
        weights += gradient
        weights += self.momentum * self.velocity


class Adam(_Optimizer):
    """Adam (Kingma & Ba 2015), its bias corrections folded into the step's length."""

    beta_1, beta_2, epsilon = 0.9, 0.999, 1e-8

    def _prepare(self, size, dtype):
        self.steps = 0
        self.mean = np.zeros(size, dtype=dtype)
        self.square = np.zeros(size, dtype=dtype)

    def _update(self, weights, gradient, learning_rate):
        self.steps += 1
        self.mean *= self.beta_1
        self.mean += (1 - self.beta_1) * gradient
        self.square *= self.beta_2
        gradient *= gradient
        gradient *= 1 - self.beta_2
        self.square += gradient
        correction = np.sqrt(1 - self.beta_2**self.steps)
        np.sqrt(self.square, out=gradient)
        gradient += self.epsilon * correction
        np.divide(self.mean, gradient, out=gradient)
        gradient *= learning_rate * correction / (1 - self.beta_1**self.steps)
        weights -= gradient


class RMSprop(_Optimizer):
    """RMSprop (Tieleman & Hinton 2012)."""

    rho, epsilon = 0.9, 1e-8

    def _prepare(self, size, dtype):
        self.square = np.zeros(size, dtype=dtype)

    def _update(self, weights, gradient, learning_rate):
        self.square *= self.rho
        self.square += (1 - self.rho) * gradient * gradient
        gradient /= np.sqrt(self.square) + self.epsilon
        gradient *= learning_rate
        weights -= gradient


OPTIMIZERS = {"sgd": SGD, "adam": Adam, "rmsprop": RMSprop}


def clip_by_norm(gradient, max_norm):
    """Scale ``gradient`` in place to a norm of at most ``max_norm`` (Pascanu et al. 2013); return the norm before.

    The sum of squares is taken in float64, so that a large float32 gradient has a finite norm and is clipped.
    """
    norm = float(np.linalg.norm(gradient))
    if not np.isfinite(norm):
        norm = float(np.linalg.norm(gradient.astype(np.float64)))
    if max_norm is not None and norm > max_norm:
        gradient *= max_norm / norm
    return norm
