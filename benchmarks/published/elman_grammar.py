"""Elman's grammar.

Sentences with clauses in clauses (Elman 1991), to be predicted word by word. The probabilities of the grammar are known
here, so there is a perplexity that no model can be below; the perplexity on 20,000 new sentences is held against what
the grammar itself has on them. Learnt from are 20,000 sentences: with the defaults, ``RNNGenerator()``, and with
settings chosen by validation. The defaults are not independent of this task: a learning rate of .01 that falls along a
cosine took the place of a constant .005, with which the perplexity was 3.6 percent above the floor, and it spoke for
token vectors that begin small (see [defaults](defaults.md)).
"""

import numpy as np

from skseq import RNNGenerator
from skseq.datasets import elman_grammar_entropy, make_elman_sentences

from ._fresh import test_seed, training_seed, validation_seed
from ._task import Row, mean_and_range, of

SEEDS = 3
SENTENCES = 20_000
REACH = 2.0
SETTINGS = {"learning_rate": "cosine", "batch_size": 100, "embedding_dim": 16}
CANDIDATES = {
    "GRU, 32 units": {"hidden_layer_sizes": 32, "cell": "gru", "learning_rate_init": 0.01, "max_iter": 10},
    "LSTM, 32 units": {"hidden_layer_sizes": 32, "cell": "lstm", "learning_rate_init": 0.01, "max_iter": 10},
    "LSTM, 64 units": {"hidden_layer_sizes": 64, "cell": "lstm", "learning_rate_init": 0.01, "max_iter": 10},
    "vanilla, 32 units": {"hidden_layer_sizes": 32, "cell": "rnn", "learning_rate_init": 0.003, "max_iter": 10},
}


def judgements(smoke):
    """Return one unit a candidate."""
    return [{"candidate": candidate, "seed": 0} for candidate in CANDIDATES]


def judge(unit, smoke):
    """Return minus the percentage above the floor on validation sentences, learnt from sentences of other seeds."""
    model = RNNGenerator(random_state=unit["seed"], **SETTINGS, **CANDIDATES[unit["candidate"]])
    model.fit(make_elman_sentences(300 if smoke else SENTENCES, random_state=training_seed(100 + unit["seed"], 0)))
    return {"score": -percent_above(model, validation_seed(unit["seed"]), smoke)}


def units(chosen, smoke):
    """Return one unit a seed for the defaults, and one for what was chosen."""
    seeds = range(1 if smoke else SEEDS)
    return [{"candidate": what, "seed": seed} for what in ("defaults", chosen()) for seed in seeds]


def run(unit, smoke):
    """Return how much the perplexity on new sentences is above the floor, in percent."""
    settings = {} if unit["candidate"] == "defaults" else SETTINGS | CANDIDATES[unit["candidate"]]
    model = RNNGenerator(random_state=unit["seed"], **settings)
    model.fit(make_elman_sentences(300 if smoke else SENTENCES, random_state=training_seed(unit["seed"], 0)))
    return {"percent": percent_above(model, test_seed(unit["seed"]), smoke)}


def percent_above(model, seed, smoke):
    """Return by how many percent the perplexity on new sentences is above that of the grammar."""
    sentences, log_p = make_elman_sentences(300 if smoke else SENTENCES, return_log_probability=True, random_state=seed)
    floor = np.exp(-log_p.sum() / sum(map(len, sentences)))
    # The end is certain after the full stop; as in the floor, it is no word.
    return 100 * float(model.perplexity(sentences, count_end=False) / floor - 1)


def rows(records):
    """Return a row of the table for the defaults, and one for what was chosen."""
    floor = elman_grammar_entropy().perplexity
    found = []
    for what in dict.fromkeys(record["unit"]["candidate"] for record in records):
        percent = of(records, "percent", candidate=what)
        ours = f"{mean_and_range(percent, 2, unit=' %')} above, {len(percent)} seeds"
        found.append(
            Row(
                f"Elman's grammar, {what}",
                f"the exact floor: perplexity {floor:.3f}",
                f"within {REACH:g} %",
                ours,
                float(np.mean(percent)) <= REACH,
            )
        )
    return found
