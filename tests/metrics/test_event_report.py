import pickle

import numpy as np
import pandas as pd
import pytest

from skseq.metrics import event_report


def by_hand(true, predicted, tolerance):
    """Count step by step, without any of the code under test."""

    def runs(mask):
        found, start = [], None
        for t, positive in enumerate([*mask, False]):
            if positive and start is None:
                start = t
            if not positive and start is not None:
                found.append(range(start, t))
                start = None
        return found

    events, alarms = runs(true), runs(predicted)
    around = [range(event[0] - tolerance, event[-1] + tolerance + 1) for event in events]
    hits = [[t for t, positive in enumerate(predicted) if positive and t in window] for window in around]
    delays = [hit[0] - event[0] for hit, event in zip(hits, events) if hit]
    false = [alarm for alarm in alarms if not any(t in window for t in alarm for window in around)]
    return len(events), len(delays), len(events) - len(delays), len(alarms), len(false), delays


@pytest.mark.parametrize("tolerance", [0, 1, 3])
@pytest.mark.parametrize("seed", range(30))
def test_counts_step_by_step(seed, tolerance):
    rng = np.random.default_rng(seed)
    lengths = rng.integers(1, 25, 6)
    true, predicted = ([rng.random(n) < rng.random() for n in lengths] for _ in range(2))
    report = event_report(true, predicted, positive=True, tolerance=tolerance)
    expected = [by_hand(t, p, tolerance) for t, p in zip(true, predicted)]
    keys = ("events", "found", "missed", "alarms", "false_alarms")
    for counts, (*values, delays) in zip(report.per_sequence, expected):
        assert [counts[key] for key in keys] == values
        assert counts.delays.tolist() == delays
        assert counts.delay == (np.mean(delays) if delays else None)
    assert [report[key] for key in keys] == [sum(row[k] for row in expected) for k in range(5)]
    assert report.delays.tolist() == [delay for row in expected for delay in row[-1]]
    assert report.steps == lengths.sum()


def total(true, predicted, **options):
    report = event_report(list(map(int, true)), list(map(int, predicted)), positive=1, **options)
    return report.events, report.found, report.missed, report.alarms, report.false_alarms, report.delays.tolist()


@pytest.mark.parametrize(
    ("true", "predicted", "tolerance", "expected"),
    [
        ("0000", "0000", 0, (0, 0, 0, 0, 0, [])),
        ("1111", "1111", 0, (1, 1, 0, 1, 0, [0])),
        ("1", "1", 0, (1, 1, 0, 1, 0, [0])),
        ("0110", "0010", 0, (1, 1, 0, 1, 0, [1])),  # late
        ("0110", "1111", 0, (1, 1, 0, 1, 0, [0])),  # longer than the event on both sides
        ("0110", "0001", 0, (1, 0, 1, 1, 1, [])),  # just after the event
        ("0110", "0001", 1, (1, 1, 0, 1, 0, [2])),
        ("0010", "1000", 1, (1, 0, 1, 1, 1, [])),
        ("0010", "1000", 2, (1, 1, 0, 1, 0, [-2])),  # announced
        ("0010", "1110", 1, (1, 1, 0, 1, 0, [-1])),
        ("010010", "011110", 0, (2, 2, 0, 1, 0, [0, 0])),  # one alarm finds two events
        ("01110", "01010", 0, (1, 1, 0, 2, 0, [0])),  # two alarms find one event
        ("10001", "01110", 1, (2, 2, 0, 1, 0, [1, -1])),
        ("01010", "00100", 1, (2, 2, 0, 1, 0, [1, -1])),  # one step within the tolerance of both
        ("0100", "1010", 0, (1, 0, 1, 2, 2, [])),
    ],
)
def test_definitions(true, predicted, tolerance, expected):
    assert total(true, predicted, tolerance=tolerance) == expected


def test_a_tolerance_beyond_the_sequence_finds_every_event():
    for tolerance in (10, 2**62, 2**63 - 1):
        assert total("0100", "0001", tolerance=tolerance) == (1, 1, 0, 1, 0, [2])


def test_runs_end_with_their_sequence():
    report = event_report([[0, 1], [1, 0]], [[0, 0], [1, 0]], positive=1, tolerance=5)
    assert (report.events, report.found, report.alarms) == (2, 1, 1)


TRUE, PREDICTED = [["ok", "fault"], ["fault", "ok", "ok"]], [["ok", "fault"], ["ok", "ok", "fault"]]


def object_array(rows):
    array = np.empty(len(rows), dtype=object)
    array[:] = [np.array(row) for row in rows]
    return array


@pytest.mark.parametrize("container", [list, tuple, object_array, pd.Series])
def test_containers(container):
    report = event_report(container(TRUE), container(PREDICTED), positive="fault")
    assert (report.events, report.found, report.missed, report.alarms, report.false_alarms) == (2, 1, 1, 2, 1)
    assert pd.DataFrame(report.per_sequence)["found"].tolist() == [1, 0]


def test_arrays_and_single_sequences():
    true, predicted = np.array([[0, 1, 1], [1, 0, 0]]), np.array([[0, 0, 1], [0, 1, 1]])
    assert event_report(true, predicted, positive=1).found == 1
    assert [part.steps for part in event_report(true[:, :1], predicted[:, :1], positive=1).per_sequence] == [1, 1]
    for one, other in (
        (true[0], predicted[0]),
        (true[0].tolist(), predicted[0].tolist()),
        (true[0].astype(float),) * 2,
    ):
        report = event_report(one, other, positive=1)
        assert (report.found, len(report.per_sequence)) == (1, 1)


def test_text_and_pickle():
    report = event_report([[0, 1]] * 12, [[0, 1]] * 11 + [[0, 0]], positive=1)
    lines = repr(report).splitlines()
    assert lines[0].split() == ["events", "found", "missed", "alarms", "false", "alarms", "mean", "delay"]
    assert lines[1].split() == ["all", "12", "11", "1", "11", "0", "0.0"]
    assert len({len(line) for line in lines[:-1]}) == 1
    assert lines[-1] == "... and 2 sequences more"
    assert repr(pickle.loads(pickle.dumps(report))) == repr(report)


@pytest.mark.parametrize(
    ("true", "predicted", "options", "error", "message"),
    [
        ([], [], {}, ValueError, r"y_true(\[0\])? is empty"),
        ([[0, 1]], [[0, 1], [1]], {}, ValueError, "y_true has 1 sequences but y_pred has 2"),
        ([[0, 1], [1]], [[0, 1], [1, 1]], {}, ValueError, r"y_true\[1\] has 1 steps but y_pred\[1\] has 2"),
        ([[0, 1], []], [[0, 1], []], {}, ValueError, r"y_true\[1\] is empty"),
        ([[0, 1]], [np.ma.masked_equal([0, 1], 0)], {}, ValueError, r"y_pred\[0\] .*masked"),
        ([[0, 1]], [[0.2, 0.9]], {}, ValueError, r"y_pred\[0\] has .* Give labels, not probabilities"),
        ([[0, 1]], [np.eye(2)], {}, ValueError, r"y_pred\[0\] has shape \(2, 2\)"),
        (None, [[0, 1]], {}, ValueError, "y_true is None"),
        ("0011", "0011", {}, ValueError, "y_true is '0011'"),
        ([["a", "b"]], [["a", "b"]], {}, ValueError, r"positive=1 is of another kind than .* such as 'a'"),
        ([[0, 1]], [[0, 1]], {"positive": "1"}, ValueError, "positive='1' is of another kind"),
        ([["a", "b"]], [np.array(["a", 2], object)], {"positive": "b"}, ValueError, r"y_pred\[0\], such as 2"),
        ([["a", "b"]], [[0, 1]], {"positive": "b"}, ValueError, r"'b' is of another kind than .* y_pred\[0\]"),
        ([np.array(["a", "b"], object)], [["a", "b"]], {}, ValueError, r"positive=1 is of another .* y_true\[0\]"),
        ([[b"a", b"b"]], [[b"a", b"b"]], {"positive": "b"}, ValueError, "positive='b' is of another kind"),
        ([[0, 1]], [[0, 1]], {"positive": [1]}, ValueError, r"positive=\[1\] .* one label"),
        ([[0, 1]], [[0, 1]], {"positive": np.array([0, 1])}, ValueError, r"positive=array\(\[0, 1\]\) .* one label"),
        ([[0, 1]], [[0, 1]], {"positive": None}, ValueError, "positive=None .* one label"),
        ([[0, 1]], [[0, 1]], {"positive": np.nan}, ValueError, "positive=nan .* one label"),
        ([[0, 1], [0, None]], [[0, 1], [0, 1]], {}, ValueError, r"y_true\[1\] is None at step 1"),
        ([[0, 1]], [[0.0, np.nan]], {}, ValueError, r"y_pred\[0\] is nan at step 1"),
        ([[0, 1]], [[0, 1]], {"tolerance": -1}, ValueError, "tolerance"),
        ([[0, 1]], [[0, 1]], {"tolerance": 0.5}, TypeError, "tolerance"),
        ([[0, 1]], [[0, 1]], {"tolerance": True}, TypeError, "tolerance"),
    ],
)
def test_errors(true, predicted, options, error, message):
    with pytest.raises(error, match=message):
        event_report(true, predicted, **{"positive": 1, **options})
