"""TOML → `Form`, refusing anything that does not describe one.

The notation is in docs/forms.md. A complaint always names the file and the key.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn, get_args

from workbook_tool.errors import FormError
from workbook_tool.forms.cover import workbook_data
from workbook_tool.forms.model import (
    Axis,
    Block,
    Cell,
    Form,
    Identity,
    Kind,
    Line,
    Relation,
    Section,
    Table,
    Variant,
)
from workbook_tool.phrase import Phrase
from workbook_tool.resources import read_toml

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

_REQUIRED: dict[str, dict[str, type]] = {
    "form": {
        "edition": str,
        "version": int,
        "first_year": int,
        "notice": str,
        "name": dict,
        "title": str,
        "opening": str,
        "section": list,
    },
    "section": {"id": str, "number": str, "title": str, "tab": str, "name": dict, "guide": str},
    "table": {"id": str, "columns": list},
    "line": {"id": str, "label": str, "en": str},
    "block": {"id": str, "label": str, "guide": str},
    "identity": {"rule": str, "table": str, "left": list, "right": list},
    "variant": {"section": str, "edition": str},
    "phrase": {"zh": str, "en": str},
}
_OPTIONAL: dict[str, dict[str, type]] = {
    "form": {"last_year": int, "identity": list, "variant": list},
    "section": {"also": list, "block": list, "table": list},
    "table": {"banner": str, "corner": str, "heading": str, "rows": list},
    "line": {
        "short": str,
        "kind": str,
        "sum": list,
        "rule": str,
        "prior": str,
        "power": str,
        "also": list,
        "field": str,
    },
    "block": {"free": bool},
    "identity": {"relation": str},
}

_SHEET_NAME = re.compile(r"(?!')[^\[\]:*?/\\]{1,31}(?<!')")


def load_form(path: Path, rules: Collection[str]) -> Form:
    """Read the edition file at `path`; `rules` are the rule ids that it may name."""
    known = _Loader(path.name, rules).form(read_toml(path))
    if known.edition != path.stem:
        raise FormError(path.name, "edition", f"must be {path.stem!r}, as the file is named")
    return known


class _Loader:
    """One reading of one file: carries the file's name and the known rules to every complaint."""

    def __init__(self, file: str, rules: Collection[str]) -> None:
        self.file = file
        self.rules = rules

    def refuse(self, key: str, problem: str) -> NoReturn:
        raise FormError(self.file, key, problem)

    def keys(self, what: str, raw: object, key: str) -> dict[str, Any]:
        """`raw` as a table with the keys of a `what`, every value of the right type."""
        if not isinstance(raw, dict):
            self.refuse(key, f"must be a table, not {type(raw).__name__}")
        for name in _REQUIRED[what]:
            if name not in raw:
                self.refuse(f"{key}.{name}", "is missing")
        types = _REQUIRED[what] | _OPTIONAL.get(what, {})
        for name, value in raw.items():
            wanted = types.get(name)
            if wanted is None:
                self.refuse(f"{key}.{name}", "is not a known key")
            if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
                self.refuse(f"{key}.{name}", f"must be of type {wanted.__name__}")
        return raw

    def unique(self, ids: list[str], key: str) -> None:
        for name in ids:
            if ids.count(name) > 1:
                self.refuse(key, f"id {name!r} stands twice")

    def form(self, raw: dict[str, Any]) -> Form:
        self.keys("form", raw, "(top)")
        sections = tuple(self.section(s, f"section[{i}]") for i, s in enumerate(raw["section"]))
        self.unique([section.id for section in sections], "section")
        self.unique([cell.id for section in sections for cell in section.cells], "section.table")
        self.unique([section.tab for section in sections], "section")
        if raw.get("last_year", raw["first_year"]) < raw["first_year"]:
            self.refuse("last_year", "is before first_year")
        tables = {table.id: table for section in sections for table in section.tables}
        self.unique([table.id for section in sections for table in section.tables], "section.table")
        identities = [identity for table in tables.values() for identity in self.sums(table)]
        for i, entry in enumerate(raw.get("identity", [])):
            identities += self.identity(entry, f"identity[{i}]", tables)
        return Form(
            edition=raw["edition"],
            version=raw["version"],
            first_year=raw["first_year"],
            last_year=raw.get("last_year"),
            notice=raw["notice"],
            name=self.phrase(raw["name"], "name"),
            title=raw["title"],
            opening=raw["opening"],
            sections=sections,
            identities=tuple(identities),
            variants=tuple(self.variants(raw.get("variant", []), sections)),
        )

    def variants(self, raw: list[object], sections: tuple[Section, ...]) -> Iterator[Variant]:
        """The sections that may stand as in another edition; that edition is loaded when it is asked for."""
        for i, entry in enumerate(raw):
            variant = Variant(**self.keys("variant", entry, f"variant[{i}]"))
            if variant.section not in {section.id for section in sections if section.tables}:
                self.refuse(f"variant[{i}].section", f"there is no section of tables {variant.section!r}")
            yield variant

    def phrase(self, raw: object, key: str) -> Phrase:
        return Phrase(**self.keys("phrase", raw, key))

    def section(self, raw: object, key: str) -> Section:
        fields = self.keys("section", raw, key)
        if not _SHEET_NAME.fullmatch(fields["tab"]):
            self.refuse(f"{key}.tab", "is not a name that a worksheet can have")
        if fields["tab"] in workbook_data()["sheets"].values():
            self.refuse(f"{key}.tab", "is the name of another sheet of the workbook")
        if bool(fields.get("block")) == bool(fields.get("table")):
            self.refuse(key, "needs either blocks (a narrative) or tables")
        name = self.phrase(fields["name"], f"{key}.name")
        blocks = [
            Block(**self.keys("block", entry, f"{key}.block[{i}]"))
            for i, entry in enumerate(fields.get("block", []))
        ]
        self.unique([block.id for block in blocks], f"{key}.block")
        if blocks and sum(block.free for block in blocks) != 1:
            self.refuse(f"{key}.block", "needs exactly one free block")
        tables = [
            self.table(entry, f"{key}.table[{i}]", fields["id"], name)
            for i, entry in enumerate(fields.get("table", []))
        ]
        return Section(
            id=fields["id"],
            number=fields["number"],
            title=fields["title"],
            tab=fields["tab"],
            name=name,
            guide=fields["guide"],
            also=tuple(fields.get("also", ())),
            blocks=tuple(blocks),
            tables=tuple(tables),
        )

    def table(self, raw: object, key: str, section: str, name: Phrase) -> Table:
        fields = self.keys("table", raw, key)
        table = Table(
            id=fields["id"],
            section=section,
            columns=self.axis(fields["columns"], f"{key}.columns"),
            rows=self.axis(fields.get("rows", []), f"{key}.rows"),
            banner=fields.get("banner"),
            corner=fields.get("corner"),
            heading=fields.get("heading"),
        )
        if not table.columns.lines:
            self.refuse(f"{key}.columns", "is empty")
        rows = table.rows.leaves or (None,)
        cells = (_cell(table, name, row, column) for row in rows for column in table.columns.leaves)
        return replace(table, cells=tuple(cells))

    def axis(self, raw: list[object], key: str) -> Axis:
        axis = Axis(tuple(self.line(entry, f"{key}[{i}]") for i, entry in enumerate(raw)))
        ids = [line.id for line in axis.lines]
        self.unique(ids, key)
        for line in axis.lines:
            parent = line.id.rpartition(".")[0]
            if parent and parent not in ids:
                self.refuse(f"{key}.{line.id}", f"has no parent line {parent!r}")
            if line.sum and axis.is_group(line):
                self.refuse(f"{key}.{line.id}", "is a group and cannot be a sum")
            if line.prior and line.prior not in ids:
                self.refuse(f"{key}.{line.id}.prior", f"there is no line {line.prior!r}")
            for pattern in line.sum:
                if not axis.members((pattern,)):
                    self.refuse(f"{key}.{line.id}.sum", f"{pattern!r} matches no line")
        return axis

    def line(self, raw: object, key: str) -> Line:
        fields = self.keys("line", raw, key)
        if fields.get("kind", "count") not in get_args(Kind):
            self.refuse(f"{key}.kind", f"must be one of {', '.join(get_args(Kind))}")
        if bool(fields.get("sum")) != bool(fields.get("rule")):
            self.refuse(key, "a sum needs a rule, and a rule needs a sum")
        self.known_rule(fields.get("rule"), f"{key}.rule")
        if not fields.get("field", "x").isalnum():
            self.refuse(f"{key}.field", "may only have letters and digits")
        return Line(
            **{
                "short": fields["label"],
                **fields,
                "sum": tuple(fields.get("sum", ())),
                "also": tuple(fields.get("also", ())),
            }
        )

    def known_rule(self, rule: str | None, key: str) -> None:
        if rule is not None and rule not in self.rules:
            self.refuse(key, f"rule {rule!r} is not in rules.toml")

    def sums(self, table: Table) -> Iterator[Identity]:
        """The identities that the `sum`s of a table's lines stand for, one on each crossing line."""
        grid = {(cell.row and cell.row.id, cell.column.id): cell for cell in table.cells}
        rows = table.rows.leaves or (None,)
        for column in table.columns.leaves:
            for row in rows if column.sum else ():
                parts = tuple(grid[row and row.id, m.id] for m in table.columns.members(column.sum))
                total = (grid[row and row.id, column.id],)
                yield Identity(column.rule or "", parts, total, "equal", "columns", is_sum=True)
        for line in table.rows.leaves:
            for column in table.columns.leaves if line.sum else ():
                parts = tuple(grid[m.id, column.id] for m in table.rows.members(line.sum))
                total = (grid[line.id, column.id],)
                yield Identity(line.rule or "", parts, total, "equal", "rows", is_sum=True)

    def identity(self, raw: object, key: str, tables: dict[str, Table]) -> Iterator[Identity]:
        """The identities of one ``[[identity]]``: its named lines, on every line that crosses them."""
        fields = self.keys("identity", raw, key)
        relation: Relation = fields.get("relation", "equal")
        if relation not in get_args(Relation):
            self.refuse(f"{key}.relation", f"must be one of {', '.join(get_args(Relation))}")
        self.known_rule(fields["rule"], f"{key}.rule")
        table = tables.get(fields["table"])
        if table is None:
            self.refuse(f"{key}.table", f"there is no table {fields['table']!r}")
        named = [*fields["left"], *fields["right"]]
        if not fields["left"] or not fields["right"]:
            self.refuse(key, "needs lines on both sides")
        row_ids, column_ids = ({line.id for line in axis.leaves} for axis in (table.rows, table.columns))
        on_rows = not row_ids.isdisjoint(named)
        for name in named:
            if name not in (row_ids if on_rows else column_ids):
                self.refuse(key, f"table {table.id!r} has no line {name!r}")
        by_line: dict[tuple[str, str], Cell] = {}
        for cell in table.cells:
            row = cell.row.id if cell.row else ""
            by_line[(row, cell.column.id) if on_rows else (cell.column.id, row)] = cell
        for other in dict.fromkeys(crossing for _, crossing in by_line):
            yield Identity(
                rule=fields["rule"],
                left=tuple(by_line[name, other] for name in fields["left"]),
                right=tuple(by_line[name, other] for name in fields["right"]),
                relation=relation,
                along="rows" if on_rows else "columns",
                is_sum=False,
            )


def _cell(table: Table, section: Phrase, row: Line | None, column: Line) -> Cell:
    parts = [table.section, row.id if row else "", column.id]
    parts = [part for part in parts if part]
    path = [section, *([row.name] if row else []), *(line.name for line in table.columns.path(column))]
    if row:
        path = [section, *(line.name for line in table.rows.path(row)[-2:]), column.name]
    lines = (row, column) if row else (column,)
    kinds = [line.kind for line in lines if line.kind != "count"]
    return Cell(
        id=".".join(parts),
        section=table.section,
        row=row,
        column=column,
        kind=kinds[0] if kinds else "count",
        where=Phrase(" · ".join(p.zh for p in path), " · ".join(p.en for p in path)),
        name="__".join(part.replace(".", "_") for part in parts),
    )
