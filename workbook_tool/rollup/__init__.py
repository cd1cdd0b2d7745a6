"""The roll-up of many reports: one sum, who is in it, who is not and why."""

from workbook_tool.rollup.roll_up import Named, Plan, RollUp, roll_up
from workbook_tool.rollup.summing import sum_records
from workbook_tool.rollup.units import Unit, unit_of

__all__ = ["Named", "Plan", "RollUp", "Unit", "roll_up", "sum_records", "unit_of"]
