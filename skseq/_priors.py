r"""Probabilities of a model trained at one class prior, mapped to another.

A model trained on resampled or weighted data has learnt the class frequencies of those data, the *effective*
prior. As long as the density of X within each class is the same, Bayes' rule gives

.. math:: p_k \propto \hat p_k \, \frac{\pi_k}{\tilde\pi_k}

with :math:`\hat p` the model's probabilities, :math:`\pi` the prior wanted and :math:`\tilde\pi` the
effective one [1]_, [2]_.

References
----------
.. [1] M. Saerens, P. Latinne & C. Decaestecker (2002). Adjusting the outputs of a classifier to new a priori
   probabilities: a simple procedure. Neural Computation 14(1), 21-41, equation 2.4.
.. [2] C. Elkan (2001). The foundations of cost-sensitive learning. IJCAI 17, 973-978, theorem 2.
"""

import numpy as np


def correct_priors(proba, prior, effective_prior):
    """Return the probabilities that the model would give at ``prior``.

    Parameters
    ----------
    proba : ndarray of shape (n, n_classes)
        Probabilities of a model trained at ``effective_prior``.
    prior : array-like of shape (n_classes,)
        Class frequencies wanted, positive; only their proportions count.
    effective_prior : array-like of shape (n_classes,)
        Class frequencies (total weights) that the model was trained on, positive; only their proportions
        count.

    Returns
    -------
    ndarray of shape (n, n_classes)
        Rows that sum to 1, in the dtype of ``proba``. A zero stays exactly zero.

    Raises
    ------
    ValueError
        If a prior is not positive and finite, or their shapes do not fit.
    """
    shifts = _log_ratios(prior, effective_prior, np.shape(proba)[-1])
    # Each row has a probability of at least 1/K; the bound keeps its product above zero.
    weighted = proba * np.exp(np.maximum(shifts - shifts.max(), -700.0))
    weighted /= weighted.sum(axis=1, keepdims=True)
    return weighted.astype(proba.dtype, copy=False)


def correct_prior_logits(logits, prior, effective_prior):
    """Return the logits that the model would give at ``prior``: ``logits + log(prior / effective_prior)``.

    Parameters
    ----------
    logits : ndarray of shape (n, n_classes) or (n,)
        Logits or log-probabilities of each class; or, for two classes, the log-odds of the second one.
    prior, effective_prior : array-like of shape (n_classes,)
        As in :func:`correct_priors`.

    Returns
    -------
    ndarray of the shape and dtype of ``logits``
        Not normalised.
    """
    log_odds = np.ndim(logits) == 1
    shifts = _log_ratios(prior, effective_prior, 2 if log_odds else np.shape(logits)[-1])
    shift = shifts[1] - shifts[0] if log_odds else shifts
    return (logits + shift).astype(logits.dtype, copy=False)


def _log_ratios(prior, effective_prior, n_classes):
    """Return log(prior_k / effective_prior_k), up to a constant."""
    logs = []
    for name, values in (("prior", prior), ("effective_prior", effective_prior)):
        values = np.asarray(values, dtype=np.float64)
        if values.shape != (n_classes,):
            raise ValueError(f"{name} has shape {values.shape}, expected ({n_classes},): one frequency for each class.")
        if not (np.isfinite(values).all() and (values > 0).all()):
            raise ValueError(
                f"{name} must be positive and finite for each class, got {values.tolist()}. Without rows "
                "(or weight) in every class the probabilities cannot be corrected: add rows, or set "
                "prior_correction=False."
            )
        logs.append(np.log(values))
    return logs[0] - logs[1]
