"""Issuing: a workbook for each unit, with its token, and the letter that it goes with."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.batch import expand, read_source
from workbook_tool.errors import WorkbookToolError
from workbook_tool.excel.build import workbook_bytes
from workbook_tool.files import write_whole
from workbook_tool.forms import edition_for
from workbook_tool.grids import label_key
from workbook_tool.report import blank_report
from workbook_tool.round.ledger import Event
from workbook_tool.round.letters import Words
from workbook_tool.round.outbox import Attachment, Letter, draft, withdraw
from workbook_tool.round.tokens import make_token
from workbook_tool.sources import Opening

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from workbook_tool.report import Report
    from workbook_tool.round.folder import Round
    from workbook_tool.round.roster import Unit


class Issued(NamedTuple):
    """One unit's workbook; no letter where the unit has no address."""

    unit: Unit
    workbook: Path
    letter: str
    has_prior: bool


class Prior:
    """Last year's reports by the unit's code or name."""

    def __init__(self, year: int) -> None:
        """Have none yet, for a round on `year`."""
        self._year = year
        self._found: dict[str, Report] = {}
        self.problems: list[str] = []
        """Files of which no use could be made, and why."""

    def read(self, folder: Path) -> None:
        """Read every report in `folder`; of two that speak for one unit neither is used."""
        if not folder.is_dir():
            message = f"不是文件夹 (not a folder): {folder}"
            raise WorkbookToolError(message)
        doubtful: set[str] = set()
        for file in expand([str(folder)]):
            report = read_source(file, Opening(isolate=True)).report
            if report is None:
                self.problems.append(f"{file}: 读不出报告 (no report)")
            elif report.year != self._year - 1:
                self.problems.append(f"{file}: 是 {report.year} 年度的,不是上一年的 (not last year's)")
            else:
                for key in self._keys(report.cover.get("agency_code", ""), report.agency):
                    if self._found.setdefault(key, report) != report:
                        doubtful.add(key)
                        self.problems.append(f"{file}: 同一单位有两份不同的 (two reports of one unit)")
        for key in doubtful:
            del self._found[key]

    def of(self, unit: Unit) -> Report | None:
        """Last year's report of `unit`."""
        return next(
            (self._found[key] for key in self._keys(unit.code, unit.agency) if key in self._found), None
        )

    @staticmethod
    def _keys(code: str, agency: str) -> Iterator[str]:
        yield from (key for key in (code.upper(), label_key(agency)) if key)


def to_issue(place: Round, chosen: Sequence[str] = (), *, again: bool = False) -> list[Unit]:
    """The units that a workbook or its letter is still to be made for; those already served only `again`."""
    served = {row["unit"] for row in place.ledger.rows("SELECT unit FROM event WHERE kind = 'issued'")}
    lettered = {row["unit"] for row in place.ledger.rows("SELECT unit FROM letter WHERE kind = 'issue'")}
    units = place.ledger.units().values()
    wanted = [unit for unit in units if not chosen or unit.code in chosen]
    done = {
        unit.code for unit in units if unit.code in served and (unit.code in lettered or not unit.addresses)
    }
    return wanted if again else [unit for unit in wanted if unit.code not in done]


def issue(
    place: Round, units: Iterable[Unit], prior: Prior, today: date, password: str = ""
) -> Iterator[Issued]:
    """Issue a workbook to each of `units`."""
    words = Words(place.settings, today)
    year, form = place.settings.year, edition_for(place.settings.year)
    for unit in units:
        before = place.ledger.rows("SELECT 1 FROM event WHERE kind = 'issued' AND unit = ?", unit.code)
        letters = place.ledger.rows("SELECT * FROM letter WHERE kind = 'issue' AND unit = ?", unit.code)
        # A unit that had no address gets the letter for the workbook that it has.
        only_letter = len(before) > len(letters)
        number = len(before) + (not only_letter)
        token = make_token(place.ledger.key, year, unit.code, number)
        last = prior.of(unit)
        cover = {"agency_code": unit.code, "level": unit.level, "contact": unit.contact}
        blank = replace(
            blank_report(form, unit.agency, year, unit.code),
            cover={name: text for name, text in cover.items() if text},
            issued={"token": str(token)},
        )
        data = workbook_bytes(blank, prior=last, password=password)
        path = place.workbooks / f"{year}-{unit.code}-{number}.xlsx"
        write_whole(path, data, force=True)
        for row in letters:
            if row["status"] == "drafted" and row["about"] != str(number):
                withdraw(place, row)
        replaces = any(row["status"] != "drafted" and row["about"] != str(number) for row in letters)
        subject, body = words.write("issue", unit, again=words.phrase("again") if replaces else "")
        attachment = Attachment(words.phrase("workbook", agency=unit.agency), path.name, data)
        letter = draft(place, Letter("issue", unit, str(number), subject, body, (attachment,)))
        if not only_letter:
            with place.ledger.writing():
                place.ledger.record(Event("issued", unit.code, note=str(token)))
        yield Issued(unit, path, letter, last is not None)
