"""The benchmarks' own arithmetic and report; nothing here depends on how long anything takes."""

import csv
import subprocess
import sys
from pathlib import Path

import _grid
import _results
import numpy as np
import pytest
from _comparison import HEADER
from _grid import CELLS, GRID, faster, geometric_mean, in_turn, make_data, paired
from _markdown import grid_table, means_table
from _sections import SECTIONS, Section
from run_all import RUNS
from scaling import slope

BENCHMARKS = Path(_grid.__file__).parent


class Clock:
    """A clock that stands still but for what runs and rests say they take."""

    def __init__(self, monkeypatch):
        self.now, self.log = 0.0, []
        monkeypatch.setattr(_grid, "perf_counter", lambda: self.now)
        monkeypatch.setattr(_grid, "sleep", self.sleep)

    def sleep(self, seconds):
        self.now += seconds
        self.log.append("rest")

    def run(self, name, *durations):
        """Return a function that takes so long, once for each duration; the last one holds from then on."""
        left = list(durations)

        def run():
            self.now += left.pop(0) if len(left) > 1 else left[0]
            self.log.append(name)

        return run


def test_the_order_changes_from_pair_to_pair(monkeypatch):
    clock = Clock(monkeypatch)
    times = in_turn([clock.run("a", 1.0), clock.run("b", 2.0), clock.run("c", 4.0)], 3, 0.0)
    rounds = ["c", "b", "a", "a", "b", "c", "c", "b", "a"]
    assert clock.log == ["a", "b", "c"] + [name for run in rounds for name in ("rest", run)]
    np.testing.assert_allclose(times, [[1, 2, 4]] * 3)


def test_rounds_go_on_until_the_time_is_over(monkeypatch):
    clock = Clock(monkeypatch)
    round_seconds = 1.0 + 3.0 + 2 * _grid.REST
    times = in_turn([clock.run("a", 1.0), clock.run("b", 3.0)], 2, 9.5 * round_seconds)
    assert len(times) == 10


def test_paired_returns_medians_of_times_and_of_ratios(monkeypatch):
    clock = Clock(monkeypatch)
    # The first run warms up. The median ratio is that of the pairs, not the ratio of the medians.
    ours = clock.run("ours", 50.0, 1.0, 4.0, 2.0)
    theirs = clock.run("theirs", 50.0, 8.0, 4.0, 10.0)
    np.testing.assert_allclose(paired(ours, theirs, 3, 0.0), [2.0, 8.0, np.median([1 / 8, 4 / 4, 2 / 10])])


def test_short_runs_are_repeated(monkeypatch):
    clock = Clock(monkeypatch)
    short, long = _grid.BURST / 4, _grid.BURST * 3
    times = in_turn([clock.run("short", short), clock.run("long", long)], 2, 0.0)
    np.testing.assert_allclose(times, [[short, long]] * 2)
    assert clock.log.count("short") == 2 + 2 * 4
    assert clock.log.count("long") == 1 + 2


def test_the_faster_function_is_chosen(monkeypatch):
    clock = Clock(monkeypatch)
    slow, fast = clock.run("slow", 1.0, 2.0), clock.run("fast", 9.0, 1.5)
    assert faster([slow, fast]) is fast


def test_geometric_mean():
    assert geometric_mean([0.5, 2.0, 8.0]) == pytest.approx(2.0)


@pytest.mark.parametrize("power", [0, 1, 1.7])
def test_slope_of_a_power_law(power):
    values = np.array([10, 20, 40, 160])
    assert slope(values, 3e-4 * values**power) == pytest.approx(power, abs=1e-12)


def test_data_have_two_classes():
    X, y = make_data(16, 3, 2)
    assert X.shape == (16, 3, 2)
    assert X.dtype == np.float32
    assert set(y) == {0, 1}


def test_tables_are_read_as_they_were_written(tmp_path):
    _results.write_rows(tmp_path / "new", "one", ["who", "n", "seconds"], [("us", 3, 0.123456), ("they", 40, 2.0)])
    assert _results.read_rows(tmp_path / "new", "one") == [
        {"who": "us", "n": 3, "seconds": 0.1235},
        {"who": "they", "n": 40, "seconds": 2},
    ]
    assert _results.read_rows(tmp_path, "other") is None
    found = _results.read_machine(tmp_path / "new")
    assert found["numpy"] == np.__version__
    assert found["cores"] >= 1
    assert found == _results.read_machine(tmp_path / "new", "one")
    assert _results.read_machine(tmp_path / "new", "other") is None
    assert _results.read_machine(tmp_path) is None


def test_a_table_of_another_machine_says_so(tmp_path, monkeypatch):
    section = Section("Title", "Text.", "one.py", "one", lambda rows: ["a line"])
    header, rows = ["n"], [(1,)]
    for name in ("two", "three", "one"):
        _results.write_rows(tmp_path, name, header, rows)
    assert not [line for line in section.write(tmp_path) if "Measured on" in line]
    other = {**_results.machine(), "processor": "Another"}
    monkeypatch.setattr(_results, "machine", lambda: other)
    _results.write_rows(tmp_path, "one", header, rows)
    assert [line for line in section.write(tmp_path) if line.startswith("Measured on: Another")]
    assert _results.read_machine(tmp_path)["processor"] != "Another"


def comparison(what, peer, ratios):
    """Return rows of a comparison, one for each cell and ratio."""
    return [
        (what, peer, cell, threads, *shape, 0.5 * ratio, 0.5, ratio)
        for threads in (1, 2)
        for cell in CELLS
        for shape, ratio in zip(GRID, ratios)
    ]


def as_dicts(rows):
    return [dict(zip(HEADER, row)) for row in rows]


def test_ratios_above_one_are_bold():
    rows = as_dicts(comparison("fit", "torch", [0.5, 2.0]))[:2]
    assert grid_table(rows) == [
        "| batch x steps x features x units | rnn |",
        "| --- | --- |",
        "| 32 x 50 x 4 x 16 | 0.50 (250 / 500) |",
        "| 32 x 100 x 8 x 32 | **2.00** (1000 / 500) |",
        "| geometric mean | 1.00 |",
    ]


def test_means_say_how_often_the_peer_is_faster():
    lines = means_table(as_dicts(comparison("fit", "torch", [0.5, 4.0, 4.0])))
    assert lines[0] == "| what | against | threads | rnn | gru | lstm | above 1 |"
    assert lines[2:] == [f"| fit | torch | {n} | **2.00** | **2.00** | **2.00** | 6 of 9 |" for n in (1, 2)]


def run_script(script, *arguments):
    result = subprocess.run([sys.executable, BENCHMARKS / script, *arguments], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return result.stdout


def write_table(folder, name, header, rows):
    with open(folder / f"{name}.csv", "w", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def test_report_without_any_table(tmp_path):
    run_script("report.py", "--results", tmp_path / "nothing", "--docs", tmp_path)
    page = (tmp_path / "benchmarks.md").read_text()
    assert page.count("Not measured yet: run `python benchmarks/") == len(SECTIONS)
    assert "![" not in page
    assert not (tmp_path / "images").exists()


def test_report_of_some_tables(tmp_path):
    rows = comparison("fit", "torch", [0.5] * 8) + comparison("predict_proba", "torch", [1.25] * 8)
    write_table(tmp_path, "fit_and_predict", HEADER, rows)
    header = ["cell", "batch", "steps", "features", "units", "epoch_s", "products", "tanh", "other_passes", "rest"]
    row = ["gru", 32, 50, 4, 16, 0.0125, 0.375, 0.25, 0.3, 0.075, 0.005, 2.5]
    write_table(tmp_path, "where_time_goes", [*header, "floor_s", "ratio_to_floor"], [row])
    run_script("report.py", "--results", tmp_path, "--docs", tmp_path)
    page = (tmp_path / "benchmarks.md").read_text()
    assert page.count("Not measured yet") == len(SECTIONS) - 2
    assert "| predict_proba | PyTorch | 2 | **1.25** | **1.25** | **1.25** | 24 of 24 |" in page
    assert "| gru | (32, 50, 4, 16) | 12.5 | 38% | 25% | 30% | 8% | 2.5 |" in page
    assert "](images/benchmarks.png)" in page
    assert (tmp_path / "images" / "benchmarks.png").stat().st_size > 20_000


@pytest.mark.slow
@pytest.mark.parametrize(
    ("script", "rows"),
    # With one cell; memory and startup have a line more for each package of others that is installed.
    [
        ("startup", 5),
        ("scaling", 12),
        ("memory", 4),
        ("grid_search", 1),
        ("where_time_goes", 1),
        ("smote", 1),
        ("long_tables", 9),
    ],
)
def test_scripts_that_need_no_pytorch(script, rows, tmp_path):
    cells = [] if script in ("startup", "smote", "long_tables") else ["--cells", "gru"]
    run_script(f"{script}.py", "--smoke", *cells, "--results", tmp_path)
    assert len(_results.read_rows(tmp_path, script)) >= rows
    run_script("report.py", "--results", tmp_path, "--docs", tmp_path)
    page = (tmp_path / "benchmarks.md").read_text()
    written = sum(section.script.split()[0] == f"{script}.py" for section in SECTIONS)
    assert page.count("Not measured yet") == len(SECTIONS) - written
    # The command that was run, not the one that make bench would run.
    assert f"    python benchmarks/{' '.join([f'{script}.py', '--smoke', *cells])}\n" in page


def test_every_table_of_the_page_is_measured_by_make_bench():
    commands = {" ".join(run) for run in RUNS}
    assert {section.script for section in SECTIONS} <= commands


@pytest.mark.parametrize("path", sorted(BENCHMARKS.glob("*.py")), ids=lambda path: path.name)
def test_no_benchmark_has_more_than_250_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) < 250
