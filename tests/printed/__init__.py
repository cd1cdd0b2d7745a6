"""Reports as others print them: random ones, with irregularities, in many notations."""

from tests.printed import in_figures, in_labels, in_order, in_places, in_rows
from tests.printed.irregular import IRREGULARITIES, for_kind
from tests.printed.page import Printed, printed
from tests.printed.reports import random_report

__all__ = [
    "IRREGULARITIES",
    "Printed",
    "for_kind",
    "in_figures",
    "in_labels",
    "in_order",
    "in_places",
    "in_rows",
    "printed",
    "random_report",
]
