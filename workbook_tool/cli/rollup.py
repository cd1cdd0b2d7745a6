"""``wb-tool rollup``: the sum of many reports, with the list of who is missing."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbook_tool.cli.options import (
    EARLIEST,
    FOUND,
    LATEST,
    Engine,
    Force,
    Lang,
    Language,
    PasswordFile,
    Workbook,
    counted,
    named,
    one_line,
    opening_of,
    read_or_exit,
    see_to_output,
    warn,
    write_workbook,
)
from workbook_tool.cli.prior import Lexicon, Prior, Profile, against_of, files_beside
from workbook_tool.errors import WorkbookToolError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook_tool.batch import Against
    from workbook_tool.report import Report
    from workbook_tool.rollup import Named, RollUp, Unit
    from workbook_tool.sources import Opening


class RollupFormat(StrEnum):
    """How the result is told."""

    TEXT = "text"
    JSON = "json"


def rollup_command(
    sources: Annotated[
        list[str],
        typer.Argument(
            help="各单位的文件或文件夹，收表的文件夹，下级的汇总表。 Files, folders, a round, or roll-ups.",
            metavar="SOURCE...",
        ),
    ],
    output: Workbook,
    agency: Annotated[
        str,
        typer.Option("--agency", help="汇总单位；不给的用 --own 或 --stated 的。 For whom; else of --own."),
    ] = "",
    agency_code: Annotated[str, typer.Option("--agency-code", help="汇总单位的代码。 Its code.")] = "",
    level: Annotated[str, typer.Option("--level", help="汇总单位的层级。 Its level of government.")] = "",
    year: Annotated[
        int | None,
        typer.Option("--year", min=EARLIEST, max=LATEST, help="年度；不给的按多数。 Else that of most."),
    ] = None,
    edition: Annotated[
        str, typer.Option("--edition", help="格式版本；不给的按多数。 Else that of most.")
    ] = "",
    roster: Annotated[
        Path | None,
        typer.Option("--roster", help="花名册，应当报送的单位。 Who should be in: .xlsx or CSV."),
    ] = None,
    own: Annotated[
        str | None,
        typer.Option("--own", callback=named, help="本级自己的报告，一并计入。 One's own report, added."),
    ] = None,
    stated: Annotated[
        str | None,
        typer.Option(
            "--stated",
            callback=named,
            help="已填的全区报告，逐格与汇总核对。 The district's report, held against the sum.",
        ),
    ] = None,
    include_failing: Annotated[
        bool,
        typer.Option("--include-failing", help="审核不通过的也计入。 Count those that fail as well."),
    ] = False,
    as_format: Annotated[RollupFormat, typer.Option("--format", help="text | json.")] = RollupFormat.TEXT,
    prior: Prior = None,
    profile: Profile = None,
    lexicon: Lexicon = None,
    password_file: PasswordFile = None,
    engine: Engine = "local",
    force: Force = False,
    lang: Lang = Language.ZH,
) -> None:
    """汇总各单位的报告。 Add up the reports of many units."""
    from workbook_tool.batch import expand  # noqa: PLC0415
    from workbook_tool.files import identities  # noqa: PLC0415
    from workbook_tool.forms import form  # noqa: PLC0415
    from workbook_tool.rollup import Plan, roll_up  # noqa: PLC0415

    beside = [password_file, roster, own, stated, *files_beside(prior, profile, lexicon)]
    sources, units_of_rounds, years = _of_rounds(sources)
    files = expand(sources) if sources else []
    if aside := identities([own, stated]):
        files = [file for file in files if not identities([file]) & aside]
    if not files:
        message = f"没有可汇总的文件 (nothing to roll up in): {' '.join(sources)}"
        raise WorkbookToolError(message)
    see_to_output(output, [*files, *beside], force=force, workbook=True)
    if edition:
        form(edition)
    opening = opening_of(password_file)
    district = read_or_exit(stated, lang, opening)[0] if stated else None
    units_of_roster = _named(roster) if roster else units_of_rounds
    against = against_of(prior, profile, lexicon, files, opening)
    units = [*_units(files, opening, against, lang, engine), *_own(own, opening, against, lang)]
    agency, agency_code = _subject(agency, agency_code, units, district)
    plan = Plan(
        agency,
        agency_code,
        _level(level),
        year or (district.year if district else None) or years,
        edition,
        units_of_roster,
        district,
        include_failing,
    )
    result = roll_up(units, plan)
    if result.counted:
        _write(result, output, force=force, quiet=as_format is RollupFormat.JSON)
    _tell(result, output, as_format, lang)
    if not (result.counted and result.is_sound):
        raise typer.Exit(FOUND)


def _of_rounds(sources: list[str]) -> tuple[list[str], tuple[Named, ...] | None, int | None]:
    """`sources` with what counts of it for each folder of a round, and who should be in and on which year."""
    from workbook_tool.rollup import Named  # noqa: PLC0415
    from workbook_tool.round import is_round  # noqa: PLC0415

    found: list[str] = []
    units: list[Named] = []
    years: set[int] = set()
    for source in sources:
        if not source or not is_round(Path(source)):
            found.append(source)
            continue
        from workbook_tool.cli.round.options import day  # noqa: PLC0415  # where there is a round
        from workbook_tool.round.current import current_files  # noqa: PLC0415

        intake = current_files(Path(source), day(None))
        found += map(str, intake.files)
        units += (Named(unit.code, unit.agency) for unit in intake.units)
        years.add(intake.year)
        if intake.undecided:
            names = "、".join(unit.agency for unit in intake.undecided)
            warn(f"要由人决定哪一份算数，没有计入 (for a person to decide, not counted): {names}")
    return found, tuple(units) if years else None, years.pop() if len(years) == 1 else None


def _units(
    files: list[str], opening: Opening, against: Against, lang: Language, engine: str
) -> Iterator[Unit]:
    from workbook_tool.batch import records  # noqa: PLC0415
    from workbook_tool.rollup import unit_of  # noqa: PLC0415

    for record in counted(records(files, opening, against, lang.value, engine), len(files), shown=True):
        yield unit_of(record)


def _own(own: str | None, opening: Opening, against: Against, lang: Language) -> Iterator[Unit]:
    for unit in _units([own], opening, against, lang, "local") if own else ():
        yield unit._replace(is_own=True)


def _named(roster: Path) -> tuple[Named, ...]:
    from workbook_tool.rollup import Named  # noqa: PLC0415
    from workbook_tool.round.roster import read_roster  # noqa: PLC0415

    return tuple(Named(unit.code, unit.agency) for unit in read_roster(roster).units)


def _subject(agency: str, code: str, units: list[Unit], stated: Report | None) -> tuple[str, str]:
    """For whom it is rolled up: as the options say, else whose the district's report or the own one is."""
    own = next((unit for unit in units if unit.is_own), None)
    known = [(stated.agency, stated.cover.get("agency_code", ""))] if stated else []
    known += [(own.agency, own.code)] if own else []
    name, its_code = next((pair for pair in known if pair[0]), ("", ""))
    agency = one_line("--agency", agency or name, required=True)
    return agency, one_line("--agency-code", code or (its_code if agency == name else ""))


def _level(level: str) -> str:
    from workbook_tool.forms import levels  # noqa: PLC0415

    if level and level not in levels():
        message = f"--level: 没有这个层级 (no such level): {level};应为 {' | '.join(levels())}"
        raise WorkbookToolError(message)
    return level


def _write(result: RollUp, output: Path, *, force: bool, quiet: bool) -> None:
    from workbook_tool.excel.build import workbook_bytes  # noqa: PLC0415
    from workbook_tool.files import write_whole  # noqa: PLC0415

    data = workbook_bytes(result.report, appendix=result.appendix)
    if quiet:
        write_whole(output, data, force=force)
    else:
        write_workbook(data, output, force=force)


def _tell(result: RollUp, output: Path, as_format: RollupFormat, lang: Language) -> None:
    from workbook_tool.rollup.telling import rollup_json, rollup_lines  # noqa: PLC0415

    if as_format is RollupFormat.JSON:
        typer.echo(rollup_json(result, str(output) if result.counted else "", lang.value), nl=False)
        return
    for line in rollup_lines(result, lang.value):
        typer.echo(line)
    if not result.counted:
        message = "没有可以计入的单位，没有写汇总表 (nobody counts, no workbook was written)"
        typer.echo(message, err=True)
