"""Measures that say what happens to the rare class."""

from skseq.metrics._contingency_table import ContingencyTable, contingency_table
from skseq.metrics._contingency_table_display import ContingencyTableDisplay
from skseq.metrics._expected_cost import expected_cost, make_cost_scorer
from skseq.metrics._geometric_mean import geometric_mean_score
from skseq.metrics._imbalance_report import imbalance_report

__all__ = [
    "ContingencyTable",
    "ContingencyTableDisplay",
    "contingency_table",
    "expected_cost",
    "geometric_mean_score",
    "imbalance_report",
    "make_cost_scorer",
]
