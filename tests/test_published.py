"""How published results are reproduced: records, choices, the page, and one task on tiny data."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import reproduce
from published import TASKS, _records
from published._digits import nudged, with_noise
from published._page import write_page
from published._task import Row, in_double, load, mean_and_range, of, values
from published.trajectories import features, moved_otherwise
from published.vowels import said_otherwise

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "published"


def record(score=0.0, **unit):
    return {"unit": unit, "settings": None, "figures": {"score": score}, "seconds": 1.0}


def in_this_process(*settings, **more):
    """Take the place of joblib's Parallel."""
    return lambda jobs: (function(*arguments) for function, arguments, _ in jobs)


def test_records_are_kept_one_by_one_and_a_line_that_was_cut_off_is_forgotten(tmp_path):
    path = tmp_path / "new" / "task.jsonl"
    assert _records.read(path) == []
    kept = [record(0.5, seed=0), record(0.25, seed=1)]
    for each in kept:
        _records.append(path, each)
    for cut_off in ('{"unit": {"seed": 2}, "fig', '{"unit": {"seed": 2}'):
        with open(path, "a") as file:
            file.write(cut_off)
        assert _records.read(path) == kept
        kept.append(record(0.75, seed=len(kept)))
        _records.append(path, kept[-1])
        assert _records.read(path) == kept
    kept = kept[:2]
    assert _records.only(kept, [{"seed": 1}, {"seed": 7}, {"seed": 0}]) == kept[::-1]


def test_the_candidate_with_the_best_mean_is_chosen_where_it_was_judged():
    judged = [
        record(0.1, candidate="a", fold=0),
        record(0.9, candidate="b", fold=0),
        record(0.8, candidate="a", fold=1),
        record(0.2, candidate="b", fold=1),
        record(0.3, candidate="b", fold=1),
    ]
    chosen = _records.chooser(judged)
    assert (chosen(fold=0), chosen(fold=1), chosen()) == ("b", "a", "b")
    with pytest.raises(SystemExit, match=r"run reproduce\.py with --choose first"):
        chosen(fold=2)


def test_what_was_done_before_is_not_done_again(tmp_path, monkeypatch, capsys):
    done = []

    def run_one(task, what, unit, smoke):
        done.append(unit)
        return record(seed=unit["seed"])

    monkeypatch.setattr(reproduce, "run_one", run_one)
    monkeypatch.setattr(reproduce, "Parallel", in_this_process)
    monkeypatch.setattr(reproduce, "settings_of", lambda task, unit: None)
    units, path = [{"seed": seed} for seed in range(3)], tmp_path / "task.jsonl"
    _records.append(path, record(seed=1))
    _records.append(path, record(seed=2) | {"settings": {"alpha": 0.1}})  # the candidate has changed
    found = reproduce.run_all("task", "run", units, path, False)
    assert done == [{"seed": 0}, {"seed": 2}]
    assert found == _records.only(_records.read(path), units) == [record(seed=seed) for seed in range(3)]
    assert "1 of 3 were done before" in capsys.readouterr().out


def test_a_finished_command_runs_again_and_what_an_earlier_one_measured_keeps_its_origin(tmp_path, monkeypatch):
    monkeypatch.setattr(reproduce, "Parallel", in_this_process)
    monkeypatch.setattr(reproduce, "run_one", lambda task, what, unit, smoke: done.append(unit) or record(**unit))
    monkeypatch.setattr(reproduce, "record_origin", lambda folder, name: origins.append(name))
    monkeypatch.setattr(reproduce, "write_page", lambda results, docs: None)
    monkeypatch.setattr(reproduce, "STATE", tmp_path / "state")
    monkeypatch.setattr(sys, "argv", ["reproduce.py", "vowels_defaults", "--results", str(tmp_path / "results")])
    done, origins = [], []
    for times in (1, 2):
        reproduce.main()
        assert len(done) == 10 * times
        assert not list((tmp_path / "state").iterdir())
    assert origins == ["vowels_defaults"]  # the same figures again


def test_figures_by_unit():
    records = [record(0.5, cell="gru", seed=0), record(0.25, cell="lstm", seed=0)]
    assert of(records, "score", cell="lstm") == [0.25]
    assert values(records, "cell") == ["gru", "lstm"]
    assert mean_and_range([0.981, 0.989], 1, 100) == "98.5 (98.1 to 98.9)"
    np.testing.assert_allclose(in_double(np.float32([[0.2, 0.3]])).sum(axis=1), 1, rtol=1e-15)


@pytest.mark.parametrize("task", TASKS)
def test_each_task_has_what_a_task_is_made_of(task):
    module = load(task)
    title, _, text = module.__doc__.partition("\n")
    assert title.endswith(".")
    assert text.strip()
    judged = hasattr(module, "judgements")
    units = module.units(lambda **where: next(iter(module.CANDIDATES)), False)
    for some in (units, module.judgements(False) if judged else []):
        keys = [_records.key(unit) for unit in some]
        assert len(set(keys)) == len(keys)
        assert [json.loads(key) for key in keys] == some
    seeds = {unit["seed"] for unit in units if "seed" in unit} or {unit["resample"] for unit in units}
    assert len(seeds) >= 3
    if judged:
        assert {unit["candidate"] for unit in module.judgements(False)} <= set(module.CANDIDATES)
    assert callable(module.run)


@pytest.mark.parametrize("task", TASKS)
def test_the_records_that_are_kept_are_of_the_units_and_of_the_best_candidates(task):
    module = load(task)
    judged = _records.read(RESULTS / f"{task}.choices.jsonl")
    if hasattr(module, "judgements"):
        assert [each["unit"] for each in judged] == module.judgements(False)
    records = _records.read(RESULTS / f"{task}.jsonl")
    assert [each["unit"] for each in records] == module.units(_records.chooser(judged), False)
    for each in judged + records:
        assert each["settings"] == reproduce.settings_of(task, each["unit"])
    for row in module.rows(records):
        assert isinstance(row, Row)
        assert isinstance(row.reached, bool)


def test_the_page_is_made_of_the_records(tmp_path):
    write_page(RESULTS, tmp_path)
    assert (tmp_path / "published.md").read_text() == (ROOT / "docs" / "published.md").read_text()


@pytest.mark.slow
def test_a_task_runs_as_a_user_would_run_it(tmp_path):
    command = [sys.executable, ROOT / "benchmarks" / "reproduce.py", "vowels_defaults", "--smoke", "--docs", tmp_path]
    result = subprocess.run([*command, "--results", tmp_path], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert "vowels_defaults 1/1" in result.stdout
    page = (tmp_path / "published.md").read_text()
    assert "| Japanese Vowels, defaults |" in page
    assert "    python benchmarks/reproduce.py vowels_defaults\n" in page
    wrong = subprocess.run([*command[:2], "speech"], capture_output=True, text=True)
    assert "there is no task speech; the tasks are vowels" in wrong.stderr


def test_pictures_are_nudged_by_one_pixel():
    picture = np.arange(1.0, 65.0).reshape(1, 64)
    X, y = nudged(picture, np.array([3]))
    grids = X.reshape(5, 8, 8)
    np.testing.assert_array_equal(grids[0], picture.reshape(8, 8))
    np.testing.assert_array_equal(y, [3] * 5)
    moved = {(int(shift[0]), int(shift[1])) for shift in (np.argwhere(grid == 28)[0] - [3, 3] for grid in grids)}
    assert moved == {(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)}
    assert (grids[1:] == 0).sum(axis=(1, 2)).tolist() == [8] * 4


def test_pictures_are_given_noise_of_their_own():
    X, y = with_noise(np.zeros((500, 64), np.float32), np.arange(500), 0.1, 2, np.random.RandomState(0))
    assert X.dtype == np.float32
    assert y.tolist() == [*range(500)] * 2
    assert abs(X.std() - 0.1) < 0.002
    assert abs(np.corrcoef(X[:500].ravel(), X[500:].ravel())[0, 1]) < 0.02


def test_movements_and_utterances_are_changed_but_keep_their_form():
    rng = np.random.RandomState(0)
    line = np.stack([np.linspace(0.3, 0.7, 45), np.full(45, 0.5)], axis=1)[np.newaxis].repeat(20, axis=0)
    moved = moved_otherwise(line, rng)
    assert moved.shape == line.shape
    ends = moved[:, -1] - moved[:, 0]
    lengths = np.hypot(*ends.T)
    assert (np.abs(lengths - 0.4) < 0.13).all()
    assert (np.abs(np.arctan2(ends[:, 1], ends[:, 0])) < 0.4).all()
    assert features(line).shape == (20, 45, 6)
    X = [rng.standard_normal((steps, 3)).astype(np.float32) for steps in (5, 20)]
    made, y = said_otherwise(X, np.array(["a", "b"]), 3, rng)
    assert y.tolist() == ["a", "b"] * 4
    assert all(
        0.75 * len(X[k % 2]) <= len(x) <= 1.25 * len(X[k % 2]) and x.dtype == np.float32 for k, x in enumerate(made)
    )
