"""The gate in front of all reading: bytes → `Book` in one pass, or a refusal that says why.

Our own reader over zip and expat: it keeps what a report needs and nothing else. Limits are in
`limits`. Formats that a library must open are opened in a child process (`isolated`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.errors import SourceError
from workbook_tool.excel import limits
from workbook_tool.excel.book import Book, Sheet
from workbook_tool.excel.formulas import calls_out
from workbook_tool.excel.notation import spot_of, unescaped
from workbook_tool.excel.plain import RUN, WORDS, plainly, take_out, written
from workbook_tool.excel.rollup_layout import Mode, mode_in, tab
from workbook_tool.excel.strings import read_strings
from workbook_tool.excel.styles import read_formats
from workbook_tool.excel.worksheet import Shared, read_worksheet
from workbook_tool.ooxml.package import Package, open_package
from workbook_tool.ooxml.xml import ByLocalName, Handlers, parse
from workbook_tool.phrase import Phrase
from workbook_tool.remembering import remembered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workbook_tool.excel.layout import Spot

_TARGET = re.compile(r"^=?(?:'((?:[^']|'')+)'|([^'!]+))!(\$?[A-Z]{1,3}\$?\d{1,7})$")
_CONSTANT = re.compile(r'^="((?:[^"]|"")*)"$')
_KINDS = ByLocalName({"sheet": "sheet", "definedName": "name", RUN: RUN})
_NAME = re.compile(rf'<definedName name="([\w.]++)"(?: hidden="1")?+>({WORDS})</definedName>')
_NAMES = re.compile(rf"(?:{_NAME.pattern})++")
_SHORT = 2**16
"""Length of a workbook part that is kept: ours have 30,000."""

_DDE = Phrase("公式调用外部程序或文件", "formulas that call outside")


def open_book(data: bytes) -> Book:
    """The workbook in `data`; a `SourceError` if it may not or cannot be opened."""
    try:
        package = open_package(data)
        try:
            return _read(package)
        except (SourceError, LookupError, ValueError, ArithmeticError):
            return _read(package, by_parser=True)  # what is wrong, and where, the parser says of the whole
    except (LookupError, ValueError, ArithmeticError) as error:
        # A part that is well-formed but does not say what the format promises.
        raise SourceError("truncated", {"problem": f"{type(error).__name__}: {error}"[:200]}) from error


def _read(package: Package, *, by_parser: bool = False) -> Book:
    start = next(
        (part for kind, part in package.related("").values() if kind == "officeDocument"), "xl/workbook.xml"
    )
    content = package.part(start)
    if content is None:
        raise SourceError("truncated", {"problem": start})
    related = package.related(start)
    workbook = _workbook(content, by_parser=by_parser)
    by_kind = dict(related.values())
    strings = package.part(by_kind.get("sharedStrings", ""))
    shared = Shared(
        strings=read_strings(strings if strings is None or by_parser else plainly(strings)),
        formats=read_formats(package.part(by_kind.get("styles", ""))),
        tally=limits.Tally(),
        by_parser=by_parser,
    )
    properties = _properties(package.part("docProps/custom.xml"))
    mode = mode_in(properties)
    if mode is Mode.FORMULAS:
        shared.tally.most_filled = limits.FILLED_IN_ROLL_UP
    limits.SHEETS.hold(len(workbook.sheets))
    sheets: list[Sheet] = []
    for title, relation, hidden in workbook.sheets:
        if mode in (Mode.VALUES, Mode.APART) and title == tab("units"):
            continue  # a million cells that nothing hangs on
        kind, part = related.get(relation, ("", ""))
        sheet = package.part(part)
        if kind == "worksheet" and sheet is not None:
            sheets.append(read_worksheet(title, sheet, shared, hidden=hidden))
    if not sheets:
        raise SourceError("truncated", {"problem": Phrase("没有工作表", "no worksheet")})
    dangers = list(package.dangers)
    if any(
        stored.formula and calls_out(stored.formula) for sheet in sheets for stored in sheet.cells.values()
    ):
        dangers.append(_DDE)
    return Book(tuple(sheets), workbook.targets, workbook.constants, properties, tuple(dangers))


class _Contents(NamedTuple):
    """What the workbook part says."""

    sheets: Sequence[tuple[str, str, bool]]
    """Title, relationship and whether it is hidden, of each sheet."""
    targets: Mapping[str, tuple[str, Spot] | None]
    constants: Mapping[str, str]


@remembered(most=16, below=_SHORT)  # many workbooks share their names
def _workbook(part: bytes, *, by_parser: bool) -> _Contents:
    rest, runs = take_out(part if by_parser else plainly(part), _NAMES)
    reader = _Workbook(runs)
    parse(rest, Handlers(reader.start, reader.end, reader.text))
    return _Contents(reader.sheets, reader.targets(), reader.constants())


class _Workbook:
    """Sheets and names of the workbook part."""

    def __init__(self, runs: Sequence[str]) -> None:
        self.runs = runs
        self.sheets: list[tuple[str, str, bool]] = []
        self.names: dict[str, str] = {}
        self.name = ""
        self.local = False
        self.words: list[str] | None = None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        kind = _KINDS[tag]
        if kind == "sheet":
            relation = next((v for k, v in attributes.items() if k.endswith("}id")), "")
            hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append((attributes.get("name", ""), relation, hidden))
        elif kind == "name":
            self.name, self.words = attributes.get("name", ""), []
            self.local = "localSheetId" in attributes
        elif kind == RUN:
            self.take(self.runs[int(attributes["n"])])

    def take(self, run: str) -> None:
        if self.words is not None:
            message = "names within a name"
            raise ValueError(message)
        self.names |= {name: written(text) for name, text in _NAME.findall(run)}
        limits.NAMES.hold(len(self.names))

    def text(self, text: str) -> None:
        if self.words is not None:
            self.words.append(text)

    def end(self, tag: str) -> None:
        if self.words is not None and _KINDS[tag] == "name":
            # A name of the whole workbook wins over one that a copied sheet brought along.
            if not self.local or self.name not in self.names:
                self.names[self.name] = "".join(self.words)
            self.words = None
            limits.NAMES.hold(len(self.names))

    def targets(self) -> dict[str, tuple[str, Spot] | None]:
        return {name: _target(text.strip()) for name, text in self.names.items()}

    def constants(self) -> dict[str, str]:
        found = (
            (name, _CONSTANT.match(f"={text.strip().removeprefix('=')}")) for name, text in self.names.items()
        )
        return {name: text[1].replace('""', '"') for name, text in found if text}


@lru_cache(maxsize=4096)
def _target(text: str) -> tuple[str, Spot] | None:
    found = _TARGET.match(text)
    if not found:
        return None
    quoted, plain, address = found.groups()
    spot = spot_of(address)
    return (quoted.replace("''", "'") if quoted else plain, spot) if spot else None


def _properties(data: bytes | None) -> dict[str, str]:
    """The custom document properties as text."""
    properties: dict[str, str] = {}
    current: list[str] = []
    names: list[str] = []

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        if tag.rpartition("}")[2] == "property":
            names.append(attributes.get("name", ""))
            current.clear()

    def end(tag: str) -> None:
        if tag.rpartition("}")[2] == "property" and names:
            properties[names.pop()] = unescaped("".join(current).strip())

    if data is not None:
        parse(data, Handlers(start, end, current.append))
    return properties
