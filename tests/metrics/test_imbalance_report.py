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
