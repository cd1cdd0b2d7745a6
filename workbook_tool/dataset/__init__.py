"""Many reports as tables for machines: Parquet, DuckDB, SQLite or CSV."""

from workbook_tool.dataset.rows import Unit, Units, batches
from workbook_tool.dataset.schema import TABLES, Column, Table, table
from workbook_tool.dataset.write import see_to_data_set, write_data_set

__all__ = [
    "TABLES",
    "Column",
    "Table",
    "Unit",
    "Units",
    "batches",
    "see_to_data_set",
    "table",
    "write_data_set",
]
