"""Records of what was run: one line of JSON each, so that a run that was cut off can go on."""

import json
from contextlib import suppress
from functools import partial


def read(path):
    """Return the records of a file, an empty list if there is none; lines that were cut off are left out."""
    records = []
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            with suppress(json.JSONDecodeError):
                records.append(json.loads(line))
    return records


def append(path, record):
    """Add a record to a file, on a line of its own even if the one before was cut off."""
    path.parent.mkdir(parents=True, exist_ok=True)
    cut_off = path.exists() and not path.read_bytes().endswith(b"\n")
    with open(path, "a", encoding="utf-8") as file:
        file.write("\n" * cut_off + json.dumps(record) + "\n")


def write(path, records):
    """Write a file of records."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


def only(records, units):
    """Return the records of these units, in their order; those that are missing are left out."""
    found = {key(record["unit"]): record for record in records}
    return [found[key(unit)] for unit in units if key(unit) in found]


def key(unit):
    """Return what tells a unit from another."""
    return json.dumps(unit, sort_keys=True)


def choice(judged, **where):
    """Return the candidate with the greatest mean score among the judgements that agree with ``where``."""
    return max(mean_scores(judged, **where).items(), key=lambda pair: pair[1])[0]


def chooser(judged):
    """Return the function ``chosen`` of these judgements."""
    return partial(choice, judged)


def mean_scores(judged, **where):
    """Return {candidate: mean score}."""
    scores = {}
    for record in judged:
        if where.items() <= record["unit"].items():
            scores.setdefault(record["unit"]["candidate"], []).append(record["figures"]["score"])
    if not scores:
        of_what = f" for {where}" if where else ""
        raise SystemExit(f"No candidate was judged{of_what}: run reproduce.py with --choose first.")
    return {candidate: sum(found) / len(found) for candidate, found in scores.items()}
