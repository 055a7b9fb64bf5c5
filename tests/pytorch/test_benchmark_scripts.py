"""Benchmarks against PyTorch run; how fast, nobody asks here."""

import subprocess
import sys
from pathlib import Path

import pytest
from _results import read_rows

pytestmark = pytest.mark.torch

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


def run_script(script, *arguments):
    result = subprocess.run([sys.executable, BENCHMARKS / script, *arguments], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.mark.parametrize(
    ("script", "peers"),
    [
        ("fit_and_predict", {("fit", "torch"), ("predict_proba", "torch")}),
        ("whole_fit", {("whole fit", "skorch")}),
        (
            "ragged",
            {(what, peer) for what in ("fit", "predict_proba") for peer in ("equal lengths", "padded", "torch")}
            | {("fit, 5 epochs", "equal lengths"), ("fit, 5 epochs", "padded")},
        ),
    ],
)
def test_comparison(script, peers, tmp_path):
    if script == "whole_fit":
        pytest.importorskip("skorch")
    run_script(f"{script}.py", "--smoke", "--results", tmp_path)
    rows = read_rows(tmp_path, script)
    assert {(row["what"], row["peer"]) for row in rows} == peers
    assert {row["cell"] for row in rows} == {"rnn", "gru", "lstm"}
    assert all(row["ratio"] > 0 for row in rows)
    run_script("report.py", "--results", tmp_path, "--docs", tmp_path)
    assert "| geometric mean |" in (tmp_path / "benchmarks.md").read_text()


def test_flushed_denormals_have_a_table_of_their_own(tmp_path):
    run_script("fit_and_predict.py", "--smoke", "--flush-denormals", "--cells", "rnn", "--results", tmp_path)
    assert [row["what"] for row in read_rows(tmp_path, "fit_and_predict.flushed")] == ["fit"]
    assert read_rows(tmp_path, "fit_and_predict") is None


def test_memory_of_both(tmp_path):
    run_script("memory.py", "--smoke", "--cells", "rnn", "--results", tmp_path)
    assert {row["who"] for row in read_rows(tmp_path, "memory")} == {"skseq", "torch"}


def test_the_transformer(tmp_path):
    run_script("transformer.py", "--smoke", "--results", tmp_path)
    rows = read_rows(tmp_path, "transformer")
    measured = {(row["what"], row["data"]) for row in rows}
    assert measured == {(what, data) for what in ("training step", "predict_proba") for data in ("equal", "ragged")}
    assert all(row["ratio"] > 0 for row in rows)
    run_script("report.py", "--results", tmp_path, "--docs", tmp_path)
    assert "| training step | ragged | 1 | 8 x 6 x 4 x 2 x 1 |" in (tmp_path / "benchmarks.md").read_text()
