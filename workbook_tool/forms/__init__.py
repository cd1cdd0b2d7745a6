"""The official form as data: `Form` and what it is made of, and the editions that are shipped."""

from workbook_tool.forms.catalogue import edition_for, editions, form, forms
from workbook_tool.forms.cover import (
    CoverField,
    Level,
    cover_fields,
    cover_words,
    levels,
    period,
    workbook_data,
)
from workbook_tool.forms.layout import Box, Layout, lay_out
from workbook_tool.forms.load import load_form
from workbook_tool.forms.model import Axis, Block, Cell, Form, Identity, Line, Section, Table

__all__ = [
    "Axis",
    "Block",
    "Box",
    "Cell",
    "CoverField",
    "Form",
    "Identity",
    "Layout",
    "Level",
    "Line",
    "Section",
    "Table",
    "cover_fields",
    "cover_words",
    "edition_for",
    "editions",
    "form",
    "forms",
    "lay_out",
    "levels",
    "load_form",
    "period",
    "workbook_data",
]
