"""The page docs/published.md and its pictures, made of the records."""

from _markdown import paragraph, table
from _results import describe, read_machine

from . import TASKS, _records
from ._task import load

TITLE = "# Published results, reproduced"
HEAD = (
    "Most tasks of this page have a figure in the literature; the others have a peer that was run here. "
    "`make reproduce` runs them all on two cores, in {minutes:.0f} minutes, and writes this page; "
    "`python benchmarks/reproduce.py TASK` runs one. Seeds are fixed, and figures stand as they came: a reach that was "
    "missed says so.",
    "No candidate was judged on test data. Where a configuration had to be chosen, candidates were judged on held-out "
    "parts of the training data, or on validation sequences of their own, with "
    "`python benchmarks/reproduce.py TASK --choose`; the judgements are in the section of the task. Some sections say "
    "what test data had a part in all the same: lists of candidates that changed after a first result (`vowels`, "
    "`names`, `digits_pixels`), a training that was made longer (`copy_memory`), and defaults (`elman_grammar`, "
    "`adding_problem`).",
)
MOST_CANDIDATES = 12


def write_page(results, docs):
    """Write the page and its pictures."""
    found = {task: _records.read(results / f"{task}.jsonl") for task in TASKS}
    found = {task: records for task, records in found.items() if records}
    if not found:
        return
    lines = [TITLE, ""]
    for text in HEAD:
        lines += [*paragraph(text.format(minutes=sum(map(minutes, found.values())))), ""]
    lines += [*main_table(found), ""]
    machine = read_machine(results)
    lines += [*paragraph(describe(machine)), ""] if machine else []
    for task, records in found.items():
        lines += section(task, records, results, docs)
    path = docs / "published.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
    print(f"Page: {path}")


def main_table(found):
    """Return the lines of the table of all tasks."""
    rows = []
    for task, records in found.items():
        once = [f"`{task}`", f"{minutes(records):.1f}"]
        for row in load(task).rows(records):
            outcome = "reached" if row.reached else "**missed**"
            rows.append([row.task, row.published, row.reach, row.ours, outcome, *once])
            once = ["", ""]
    return table(["task", "published", "reach", "ours", "", "TASK", "minutes"], rows)


def minutes(records):
    """Return how long the runs took on two cores."""
    return sum(record["seconds"] for record in records) / 120


def section(task, records, results, docs):
    """Return the lines of a task's section."""
    module = load(task)
    title, _, text = module.__doc__.partition("\n")
    lines = [f"## {title.rstrip('.')}", ""]
    for part in text.strip().split("\n\n"):
        lines += [*paragraph(" ".join(part.split())), ""]
    lines += [f"    python benchmarks/reproduce.py {task}", ""]
    judged = _records.read(results / f"{task}.choices.jsonl")
    if judged:
        lines += [*judgement_table(judged), ""]
    if hasattr(module, "lines"):
        lines += [*module.lines(records), ""]
    if hasattr(module, "draw"):
        path = docs / "images" / f"published_{task}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        module.draw(records).savefig(path, dpi=110)
        lines += [f"![{title.rstrip('.')}](images/{path.name})", ""]
    return lines


def judgement_table(judged):
    """Return the lines of the table of candidates, the best first."""
    scores = sorted(_records.mean_scores(judged).items(), key=lambda pair: -pair[1])
    settings = {record["unit"]["candidate"]: record["settings"] for record in judged}
    rows = [[name, f"`{settings[name]}`", f"{score:.4f}"] for name, score in scores[:MOST_CANDIDATES]]
    text = f"The candidates, by mean score in cross-validation ({minutes(judged):.0f} minutes)"
    left = len(scores) - len(rows)
    lines = paragraph(text + (f"; {left} worse ones are not shown:" if left else ":"))
    return [*lines, "", *table(["candidate", "settings", "score"], rows)]
