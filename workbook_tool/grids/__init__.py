"""Tables as they stand in a source, and finding the form in them: `Grid`, `recognise`."""

from workbook_tool.grids.columns import is_group_heading
from workbook_tool.grids.grid import Grid, GridCell
from workbook_tool.grids.labels import label_key, line_keys, path_keys
from workbook_tool.grids.misprints import group_labels, is_near, misprinted_line, nearest
from workbook_tool.grids.missing import missing_finding, missing_section
from workbook_tool.grids.recognise import recognise
from workbook_tool.grids.recognition import Recognition
from workbook_tool.grids.runs import find_headings, has_labels, pieces
from workbook_tool.grids.streams import rows_in

__all__ = [
    "Grid",
    "GridCell",
    "Recognition",
    "find_headings",
    "group_labels",
    "has_labels",
    "is_group_heading",
    "is_near",
    "label_key",
    "line_keys",
    "misprinted_line",
    "missing_finding",
    "missing_section",
    "nearest",
    "path_keys",
    "pieces",
    "recognise",
    "rows_in",
]
