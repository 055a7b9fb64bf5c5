"""The network of the recurrent estimators, from their hyperparameters."""

import numpy as np

from skseq.networks import RecurrentNetwork

from ._hyperparameters import check_recurrent_network, check_training, layer_sizes

#: Hyperparameters that say which network it is; an estimator may leave some of them out.
ARCHITECTURE = (
    "hidden_layer_sizes",
    "cell",
    "activation",
    "bidirectional",
    "pooling",
    "embedding_dim",
    "features_per_step",
)


class RecurrentEstimator:
    """Has the hyperparameters of a :class:`~skseq.networks.RecurrentNetwork`, and builds it."""

    #: Settings of the network that are not for the user of this estimator to choose.
    _fixed_settings = {}

    def _check_hyperparameters(self):
        check_recurrent_network(self)
        check_training(self)

    def _architecture_now(self):
        """Return the hyperparameters that a network cannot change any more, as they are set."""
        settings = {name: getattr(self, name) for name in ARCHITECTURE if hasattr(self, name)}
        return {**settings, "hidden_layer_sizes": layer_sizes(self.hidden_layer_sizes)}

    def _build_network(self, n_features, sequences, weights):
        """Return the network for so many features a step, or tokens, and for sequences of these lengths."""
        settings = {**self._architecture_now(), **self._fixed_settings}
        settings.pop("features_per_step", None)
        return RecurrentNetwork(
            n_features,
            self._n_outputs,
            recurrent_init=self.recurrent_init,
            memory_steps=_memory_steps(self.memory_steps, settings["pooling"], sequences, weights),
            dropout=self.dropout,
            **settings,
        )


def _memory_steps(setting, pooling, sequences, weights):
    """Return the longest memory of the initial gates, or None; "auto" depends on what the network answers."""
    if setting == "auto":
        # What counts for the answer at a step is mostly near it.
        setting = None if pooling == "none" else "mean"
    return mean_steps(sequences, weights) if setting == "mean" else setting


def mean_steps(sequences, weights):
    """Return the weighted mean length, so that a weight of two equals a sequence given twice.

    ``weights`` has one entry for each sequence or for each step, whose mean is then the weight of a sequence.
    """
    if len(weights) != len(sequences):
        weights = np.add.reduceat(weights, sequences.starts) / sequences.lengths
    return float(np.average(sequences.lengths, weights=weights))
