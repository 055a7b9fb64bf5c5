"""Measures that say what happens to the rare class."""

from ._contingency_table import ContingencyTable, contingency_table
from ._contingency_table_display import ContingencyTableDisplay
from ._event_report import EventReport, event_report
from ._expected_cost import expected_cost, make_cost_scorer
from ._geometric_mean import geometric_mean_score
from ._imbalance_report import imbalance_report
from ._per_step_score import per_step_score

__all__ = [
    "ContingencyTable",
    "ContingencyTableDisplay",
    "EventReport",
    "contingency_table",
    "event_report",
    "expected_cost",
    "geometric_mean_score",
    "imbalance_report",
    "make_cost_scorer",
    "per_step_score",
]
