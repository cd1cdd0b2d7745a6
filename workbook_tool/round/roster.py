"""The roster: whom the round collects from. A sheet or a CSV file, a unit a row."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from datetime import date, datetime
from email.utils import getaddresses
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.errors import SourceError, WorkbookToolError
from workbook_tool.excel.book import Moment
from workbook_tool.excel.gate import open_book
from workbook_tool.excel.layout import Spot
from workbook_tool.files import ordinary
from workbook_tool.forms import levels
from workbook_tool.sources import decode, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from workbook_tool.excel.book import Sheet, Stored

_HEADINGS = {
    "agency": ("单位名称", "单位", "单位全称", "agency", "name"),
    "code": ("单位代码", "统一社会信用代码", "代码", "机构代码", "code"),
    "level": ("单位层级", "层级", "level"),
    "parent": ("上级单位", "上级单位代码", "上级", "parent"),
    "contact": ("联系人", "经办人", "contact"),
    "address": ("邮箱", "电子邮箱", "邮件地址", "电子邮件", "email", "e-mail", "mail"),
    "due": ("截止日期", "报送截止", "报送期限", "due", "duedate"),
}
_AS_WRITTEN = ("agency", "level", "parent", "contact")
_NEEDED = ("agency", "code")
_CODE = re.compile(r"[0-9A-Z][0-9A-Z_-]{0,39}", re.IGNORECASE)
ADDRESS = re.compile(
    r"[\w.!#$%&'*+/=?^`{|}~-]+@[A-Z0-9](?:[A-Z0-9.-]*[A-Z0-9])?\.[A-Z0-9-]{2,}", re.IGNORECASE | re.ASCII
)
"""An address as mail servers everywhere take it."""

_SEPARATORS = re.compile(r"[;,；，、\s]+")
_DATE = re.compile(r"(20\d{2})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]00:00(?::00)?)?")
_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_LOOKED_THROUGH = 20
_LONGEST = 100


class Unit(NamedTuple):
    """One unit of the roster."""

    code: str
    agency: str
    level: str = ""
    contact: str = ""
    addresses: tuple[str, ...] = ()
    due: date | None = None
    parent: str = ""
    """The unit above, if the roster says: its code or its name."""


class Roster(NamedTuple):
    """The units in the roster's order, and what looks odd but is no fault."""

    units: tuple[Unit, ...]
    doubts: tuple[str, ...] = ()


def read_roster(path: Path) -> Roster:
    """The roster at `path`: .xlsx, or CSV in UTF-8, UTF-16 or GB18030.

    A `WorkbookToolError` names every fault with its row.
    """
    for rows in _tables(path):
        for number, row in enumerate(rows[:_LOOKED_THROUGH]):
            columns = _columns(row)
            if all(name in columns for name in _NEEDED):
                return _roster(path, columns, rows[number + 1 :], number + 2)
    message = f"{path}: 没有找到表头，至少要有“单位名称”“单位代码”两列 (no headings: agency, code)"
    raise WorkbookToolError(message)


def _tables(path: Path) -> Iterator[list[list[str]]]:
    """The tables that the file may be meant as: each sheet, or the text cut at each separator."""
    data = ordinary(path).read_bytes()
    try:
        if kind_of(data) == "xlsx":
            yield from (_sheet_rows(sheet) for sheet in open_book(data).sheets)
            return
        text = decode(data)
    except SourceError as error:
        message = f"{path}: 花名册应为 .xlsx 或 CSV 文本 (roster: .xlsx or CSV), {error.case}"
        raise WorkbookToolError(message) from error
    problem = ""
    for separator in ",\t;":
        try:
            yield list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
        except csv.Error as error:
            problem = problem or str(error)
    if problem:
        message = f"{path}: 不是完好的 CSV,请检查引号 (not proper CSV, look at the quotes): {problem}"
        raise WorkbookToolError(message)


def _sheet_rows(sheet: Sheet) -> list[list[str]]:
    last = max((spot.row for spot in sheet.cells), default=-1)
    width = min(sheet.width, _LONGEST)
    return [[_stored(sheet[Spot(row, column)]) for column in range(width)] for row in range(last + 1)]


def _stored(stored: Stored) -> str:
    if stored.formula:
        return f"={stored.formula}"  # no result of a formula is trusted
    return stored.value.text if isinstance(stored.value, Moment) else stored.text


def _columns(row: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for column, text in enumerate(row):
        key = "".join(unicodedata.normalize("NFKC", text).split()).lower().partition("(")[0]
        for name, headings in _HEADINGS.items():
            if key in headings:
                found.setdefault(name, column)
    return found


def _roster(path: Path, columns: Mapping[str, int], rows: Sequence[Sequence[str]], first: int) -> Roster:
    units: list[Unit] = []
    faults: list[str] = []
    doubts: list[str] = []
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, start=first):
        cells = {name: _cell(row, column, name) for name, column in columns.items()}
        if not any(cells.values()):
            continue
        unit = _unit(cells, faults, doubts, f"第 {number} 行 (row {number})")
        for word in {unit.code.upper(), unit.agency} - {""}:
            if word in seen:
                faults.append(f"第 {number} 行 (row {number}): 与第 {seen[word]} 行重复 (twice): {word}")
            seen[word] = number
        units.append(unit)
    if not units:
        faults.append("没有单位 (no units)")
    if faults:
        raise WorkbookToolError("\n".join([f"{path}: 花名册有 {len(faults)} 处要改 (faults):", *faults]))
    return Roster(tuple(units), tuple(doubts))


def _cell(row: Sequence[str], column: int, name: str) -> str:
    text = row[column] if column < len(row) else ""
    if name not in _AS_WRITTEN:
        text = unicodedata.normalize("NFKC", text)
    return " ".join(text.split())


def _unit(cells: Mapping[str, str], faults: list[str], doubts: list[str], where: str) -> Unit:
    agency, code = cells["agency"], cells["code"]
    level, due, contact, parent = (cells.get(name, "") for name in ("level", "due", "contact", "parent"))
    if not agency:
        faults.append(f"{where}: 没有单位名称 (no agency)")
    elif len(agency) > _LONGEST or not agency.isprintable() or "|" in agency:
        faults.append(f"{where}: 单位名称太长或有不能用的字符 (agency too long or odd)")
    if not code:
        faults.append(f"{where}: 没有单位代码 (no code)")
    elif not _CODE.fullmatch(code):
        faults.append(f"{where}: 单位代码应为字母、数字，不超过 40 个 (code: letters and digits): “{code}”")
    elif len(code) == len(_WEIGHTS) + 1 and not _is_credit_code(code.upper()):
        doubts.append(f"{where}: 像统一社会信用代码，但校验位不对，请核对 (check digit): {code}")
    if level and level not in levels():
        faults.append(f"{where}: 没有这个单位层级 (unknown level): “{level}”；应为 {' | '.join(levels())}")
    faults += [
        f"{where}: {zh}太长或有不能用的字符 ({en} too long or odd)"
        for zh, en, text in (("联系人", "contact", contact), ("上级单位", "parent", parent))
        if len(text) > _LONGEST or not text.isprintable()
    ]
    addresses = tuple(dict.fromkeys(word.lower() for word in _addresses(cells.get("address", ""))))
    faults += [
        f"{where}: 不是邮箱地址 (no address): “{word}”" for word in addresses if not ADDRESS.fullmatch(word)
    ]
    if not addresses:
        doubts.append(f"{where}: 没有邮箱，不能发信 (no address): {agency}")
    day = _date(due)
    if due and not day:
        faults.append(f"{where}: 不是日期 (no date): “{due}”")
    return Unit(code, agency, level, contact, addresses, day, parent)


def _addresses(text: str) -> Iterator[str]:
    if "<" in text:
        yield from (address for _, address in getaddresses([text.replace(";", ",")]) if address)
    else:
        yield from filter(None, _SEPARATORS.split(text))


def _date(text: str) -> date | None:
    found = _DATE.fullmatch(text)
    try:
        return datetime(*map(int, found.groups())).date() if found else None  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        return None


def _is_credit_code(code: str) -> bool:
    """Whether the last of 18 characters is the check character of GB 32100-2015."""
    if any(character not in _CREDIT for character in code):
        return False
    total = sum(_CREDIT.index(c) * weight for c, weight in zip(code, _WEIGHTS, strict=False))
    return _CREDIT[-total % len(_CREDIT)] == code[-1]
