import json

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, balanced_accuracy_score, classification_report, recall_score

from skseq.metrics import expected_cost, geometric_mean_score, imbalance_report

COSTS = [[0, 1, 2], [3, 0, 1], [20, 10, 0]]


@pytest.fixture(params=[False, True], ids=["rows", "weights"])
def data(request):
    rng = np.random.default_rng(0)
    y_true = rng.choice(3, 300, p=[0.6, 0.35, 0.05])
    y_pred = np.where(rng.random(300) < 0.7, y_true, rng.integers(0, 3, 300))
    return {"y_true": y_true, "y_pred": y_pred, "sample_weight": rng.random(300) if request.param else None}


def test_each_class_agrees_with_the_known_measures(data):
    report = imbalance_report(**data, cost_matrix=COSTS, output="dict")
    known = classification_report(**data, output_dict=True)
    for k in range(3):
        row, other = report["classes"][k], known[str(k)]
        assert row["support"] == pytest.approx(other["support"])
        assert row["recall"] == pytest.approx(other["recall"])
        assert row["precision"] == pytest.approx(other["precision"])
        assert row["f1"] == pytest.approx(other["f1-score"])
        others_found = recall_score(data["y_true"] != k, data["y_pred"] != k, sample_weight=data["sample_weight"])
        assert row["specificity"] == pytest.approx(others_found)
        assert row["g_mean"] == pytest.approx(np.sqrt(row["recall"] * row["specificity"]))
        rows = data["y_true"] == k
        weights = None if data["sample_weight"] is None else data["sample_weight"][rows]
        cost = expected_cost(data["y_true"][rows], data["y_pred"][rows], COSTS, labels=[0, 1, 2], sample_weight=weights)
        assert row["cost"] == pytest.approx(cost)


def test_overall_agrees_with_the_known_measures(data):
    report = imbalance_report(**data, cost_matrix=COSTS, output="dict")
    weights = data["sample_weight"]
    assert report["accuracy"] == pytest.approx(accuracy_score(**data))
    assert report["mean"]["recall"] == pytest.approx(balanced_accuracy_score(**data))
    assert report["geometric_mean"] == pytest.approx(geometric_mean_score(**data))
    assert report["expected_cost"] == pytest.approx(expected_cost(**data, cost_matrix=COSTS))
    assert report["mean"]["cost"] == report["expected_cost"]
    assert report["mean"]["support"] == pytest.approx(300 if weights is None else weights.sum())


def test_dict_holds_plain_numbers(data):
    report = imbalance_report(**data, output="dict")
    assert json.loads(json.dumps(report))["accuracy"] == report["accuracy"]
    assert "cost" not in report["mean"]
    assert "expected_cost" not in report


def test_frame_holds_the_dict(data):
    frame = imbalance_report(**data, cost_matrix=COSTS, output="frame")
    report = imbalance_report(**data, cost_matrix=COSTS, output="dict")
    assert frame.index.tolist() == [0, 1, 2, "mean"]
    for k in range(3):
        assert frame.loc[k].to_dict() == pytest.approx(report["classes"][k])
    assert frame.attrs == {key: report[key] for key in ("accuracy", "geometric_mean", "expected_cost")}


def test_text_is_aligned():
    text = imbalance_report(["no"] * 8 + ["yes"] * 2, ["no"] * 7 + ["yes"] * 2 + ["no"], labels=["yes", "no"])
    lines = text.splitlines()
    assert lines[0].split() == ["support", "recall", "specificity", "precision", "f1", "g_mean"]
    assert lines[1].split() == ["yes", "2", "0.500", "0.875", "0.500", "0.500", "0.661"]
    assert lines[2].split()[:2] == ["no", "8"]
    assert lines[3].split()[:2] == ["mean", "10"]
    assert len({len(line) for line in lines[:4]}) == 1
    assert lines[-1] == "accuracy 0.800   geometric mean 0.661"


def test_classes_without_rows_are_zero_and_not_averaged():
    report = imbalance_report([0, 0, 1], [0, 0, 2], labels=[0, 1, 2, 3], output="dict")
    assert report["classes"][3] == {
        "support": 0, "recall": 0.0, "specificity": 1.0, "precision": 0.0, "f1": 0.0, "g_mean": 0.0,
    }  # fmt: skip
    assert report["mean"]["recall"] == 0.5
    assert report["geometric_mean"] == 0.0


def test_one_class():
    report = imbalance_report(["a", "a"], ["a", "a"], output="dict")
    assert report["classes"]["a"]["recall"] == 1.0
    assert report["classes"]["a"]["specificity"] == 0.0


def test_errors():
    with pytest.raises(ValueError, match=r"output='json'.*'text', 'dict', 'frame'"):
        imbalance_report([0, 1], [0, 1], output="json")
    with pytest.raises(ValueError, match=r"y_true holds \[1\], not among labels=\[0\]"):
        imbalance_report([0, 1], [0, 1], labels=[0])
    with pytest.raises(ValueError, match=r"cost_matrix has shape \(1, 1\)"):
        imbalance_report([0, 1], [0, 1], cost_matrix=[[0]])


def test_frame_without_pandas_says_what_to_do(monkeypatch):
    def no_pandas(name):
        raise ModuleNotFoundError(name)

    monkeypatch.setattr("skseq._optional.import_module", no_pandas)
    with pytest.raises(ImportError, match=r"output='frame' needs pandas.*output='text' or 'dict'"):
        imbalance_report([0, 1], [0, 1], output="frame")
    imbalance_report([0, 1], [0, 1])


def test_a_class_may_be_called_mean():
    y = ["mean", "mean", "rare"]
    assert list(imbalance_report(y, y, output="frame").index) == ["mean", "rare", "mean"]
    assert len([line for line in imbalance_report(y, y).splitlines() if line.startswith("mean")]) == 2


def test_weights_whose_sums_are_not_exact():
    weights = [0.5488135, 0.71518937, 0.60276338, 0.54488318, 0.4236548]
    report = imbalance_report([0, 1, 0, 1, 1], [1, 1, 1, 0, 0], sample_weight=weights, output="dict")
    assert report["classes"][0]["specificity"] == pytest.approx(0.71518937 / (0.71518937 + 0.54488318 + 0.4236548))
    assert report["classes"][1]["specificity"] == 0.0
    assert report["classes"][0]["g_mean"] == report["classes"][1]["g_mean"] == 0.0


@pytest.mark.parametrize("seed", range(20))
def test_measures_stay_between_zero_and_one(seed):
    rng = np.random.default_rng(seed)
    y_true, y_pred = rng.integers(0, 3, (2, 6))
    report = imbalance_report(y_true, y_pred, sample_weight=rng.random(6), output="dict")
    values = [value for row in report["classes"].values() for key, value in row.items() if key != "support"]
    assert all(0 <= value <= 1 for value in [*values, report["accuracy"], report["geometric_mean"]])


@pytest.mark.parametrize("factor", [1e307, 1e-300])
def test_huge_and_tiny_weights_change_no_measure(data, factor):
    weights = np.linspace(1, 2, 300)
    data = {**data, "sample_weight": weights}
    expected = imbalance_report(**data, cost_matrix=COSTS, output="dict")
    scaled = imbalance_report(
        **{**data, "sample_weight": weights / weights.sum() * factor}, cost_matrix=COSTS, output="dict"
    )
    for k in range(3):
        for key in set(expected["classes"][k]) - {"support"}:
            assert scaled["classes"][k][key] == pytest.approx(expected["classes"][k][key])
    for key in ("accuracy", "geometric_mean", "expected_cost"):
        assert scaled[key] == pytest.approx(expected[key])


def test_a_cost_for_each_row(data):
    costs = np.random.default_rng(1).random((300, 3, 3))
    each = costs[np.arange(300), data["y_true"], data["y_pred"]]
    report = imbalance_report(**data, cost_matrix=costs, output="dict")
    assert report["expected_cost"] == pytest.approx(np.average(each, weights=data["sample_weight"]))
    for k in range(3):
        rows = data["y_true"] == k
        weights = None if data["sample_weight"] is None else data["sample_weight"][rows]
        assert report["classes"][k]["cost"] == pytest.approx(np.average(each[rows], weights=weights))
    with pytest.raises(ValueError, match="holds 200 matrices, but there are 300 rows"):
        imbalance_report(**data, cost_matrix=costs[:200])


def test_costs_by_name():
    y_true, y_pred = ["rare", "other", "other"], ["other", "other", "rare"]
    costs = {"rare": {"other": 10}, "other": {"rare": 1}}
    report = imbalance_report(y_true, y_pred, labels=["rare", "other"], cost_matrix=costs, output="dict")
    assert report["classes"]["rare"]["cost"] == 10
    assert report["expected_cost"] == pytest.approx(11 / 3)
