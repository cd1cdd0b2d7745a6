"""Many reports as tables for machines: Parquet, DuckDB, SQLite or CSV."""

from workbook_tool.dataset.schema import TABLES, Column, Table, table

__all__ = ["TABLES", "Column", "Table", "table"]
