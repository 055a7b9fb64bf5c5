"""Losses: value and gradient for a batch of outputs (outputs, batch)."""

import numpy as np


class SoftmaxCrossEntropy:
    """l_i = -ln p_i[y_i] with p_i = softmax(z_i)."""

    #: Standard errors by which fewer epochs must be better in a cross-validation to be preferred. Classes are often
    #: told apart better after the loss has begun to rise, which calibration mends.
    refit_errors = 2.0

    def dispersion(self, loss):
        """Return by what twice a sum of l_i must be divided to be a deviance; ``loss`` is their mean."""
        return 1.0

    def value_and_gradient(self, outputs, targets, weights):
        """Return (sum_i w_i l_i, its gradient (classes, batch)).

        Parameters
        ----------
        outputs : ndarray of shape (classes, batch)
            The logits z; overwritten by the gradient.
        targets : ndarray of shape (batch,), intp
        weights : ndarray of shape (batch,)
        """
        columns = np.arange(outputs.shape[1])
        outputs -= outputs.max(axis=0)
        chosen = outputs[targets, columns]
        np.exp(outputs, out=outputs)
        totals = outputs.sum(axis=0)
        losses = np.log(totals) - chosen
        outputs /= totals
        outputs[targets, columns] -= 1
        outputs *= weights
        return float(np.dot(losses.astype(np.float64), weights)), outputs

    def losses(self, outputs, targets):
        """Return l_i of each column, (batch,); ``outputs`` stay as they are."""
        shifted = outputs - outputs.max(axis=0)
        return np.log(np.exp(shifted).sum(axis=0)) - shifted[targets, np.arange(outputs.shape[1])]

    def guess(self, targets, weights, n_outputs):
        """Return sum_i w_i l_i of a guess that holds all classes equally likely."""
        return float(np.log(n_outputs) * weights.sum(dtype=np.float64))

    def constant(self, targets, weights, n_outputs):
        """Return sum_i w_i l_i of the best outputs that are the same for all: the frequencies of the classes."""
        totals = np.bincount(targets, weights, minlength=n_outputs)
        totals = totals[totals > 0]
        return float(-np.dot(totals, np.log(totals / totals.sum())))

    def answers(self, outputs):
        """Return what a score needs of outputs: the class of the largest, (batch,)."""
        return outputs.argmax(axis=0)

    def score(self, answers, targets, weights):
        """Return the share, by weight, of the columns whose largest output is at the target."""
        return float(np.average(answers == targets, weights=weights))


class SequenceCrossEntropy(SoftmaxCrossEntropy):
    """The same for each token of sequences that stand one after another, each ending with the token 0."""

    def score(self, answers, targets, weights):
        """Return the share, by weight, of the sequences all of whose tokens are right.

        As every token is predicted from the right ones before it, these are the sequences that greedy decoding, token
        after token, gets right.
        """
        ends = np.flatnonzero(targets == 0)
        right = np.logical_and.reduceat(answers == targets, np.concatenate([[0], ends[:-1] + 1]))
        return float(np.average(right, weights=weights[ends]))
