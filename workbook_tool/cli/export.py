"""``wb-tool export``: the figures and texts of one report, or many reports as a data set, for machines."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbook_tool.cli.options import (
    BY_SUFFIX,
    FOUND,
    Engine,
    Force,
    Lang,
    Language,
    Output,
    PasswordFile,
    counted,
    format_for,
    named,
    opening_of,
    read_or_exit,
    see_to_output,
    warn,
    write_text,
)
from workbook_tool.cli.prior import Lexicon, Prior, Profile, against_of, files_beside
from workbook_tool.errors import WorkbookToolError
from workbook_tool.places.addresses import is_remote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from workbook_tool.batch import Record, Task
    from workbook_tool.dataset import Units


class ExportFormat(StrEnum):
    """The formats for machines."""

    JSON = "json"
    CSV = "csv"


def export_command(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE...",
            help="工作簿或已发布的报告；- 为标准输入；--to 时可以多个，也可以是文件夹。"
            " A workbook or a published report; with --to several, or folders.",
        ),
    ],
    as_format: Annotated[
        ExportFormat | None, typer.Option("-f", "--format", help=" | ".join(ExportFormat) + BY_SUFFIX)
    ] = None,
    output: Output = "-",
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="DATA",
            callback=named,
            help="导出为数据集: .parquet | .duckdb | .sqlite | .csv,或网址 s3://…(Parquet)。"
            " Write all of them as a data set, to a file or an address.",
        ),
    ] = None,
    roster: Annotated[
        Path | None,
        typer.Option(
            "--roster", callback=named, help="花名册：上级单位，以及谁没有报告。 The roster, for --to."
        ),
    ] = None,
    prior: Prior = None,
    profile: Profile = None,
    lexicon: Lexicon = None,
    engine: Engine = "local",
    password_file: PasswordFile = None,
    force: Force = False,
    lang: Lang = Language.ZH,
) -> None:
    """导出数据。 Export the figures and texts, or a data set of many reports."""
    if to is None:
        if roster or prior or profile or lexicon:
            message = "--roster、--prior、--profile、--lexicon 要与 --to 一起用 (only with --to)"
            raise WorkbookToolError(message)
        as_format = format_for(output, as_format, ExportFormat)
        _export_one(sources, as_format, output, password_file, lang, force=force)
        return
    if as_format or output != "-":
        message = "--to 不能与 -f、-o 一起用 (--to excludes -f and -o)"
        raise WorkbookToolError(message)
    from workbook_tool.batch import expand, record_task  # noqa: PLC0415
    from workbook_tool.dataset import see_to_data_set  # noqa: PLC0415
    from workbook_tool.files import inputs_of  # noqa: PLC0415

    files = expand(sources)
    if not files:
        message = f"文件夹里没有可导出的文件 (nothing to export in): {' '.join(sources)}"
        raise WorkbookToolError(message)
    beside = [password_file, roster, *files_beside(prior, profile, lexicon)]
    if not is_remote(to):
        see_to_data_set(Path(to), force=force, inputs=inputs_of([*files, *beside]))
    units = _units(roster) if roster else None
    opening = opening_of(password_file)
    against = against_of(prior, profile, lexicon, files, opening)
    write = _write_parts if is_remote(to) else _write_data_set
    unread = write(to, files, record_task(opening, against, lang.value), units, engine, force=force)
    typer.echo(to)
    if unread:
        count = f"not readable, see the table reports: {len(unread)} of {len(files)}"
        noted = f"{len(files)} 个文件里有 {len(unread)} 个读不出报告，见 reports 表"
        typer.echo(count if lang is Language.EN else noted, err=True)
        raise typer.Exit(FOUND)


def _write_data_set(
    to: str, files: Sequence[str], task: Task, units: Units | None, engine: str, *, force: bool
) -> list[str]:
    """Write the data set to a file or a folder; the sources that cannot be read."""
    from workbook_tool.batch import each  # noqa: PLC0415
    from workbook_tool.dataset import batches, write_data_set  # noqa: PLC0415

    unread: list[str] = []
    made = counted(each(task.work, files, task.lost, engine), len(files), shown=True)
    write_data_set(Path(to), batches(_noting(made, unread), units), force=force)
    return unread


def _write_parts(
    to: str, files: Sequence[str], task: Task, units: Units | None, engine: str, *, force: bool
) -> list[str]:
    """Have the workers write the data set to an address; the sources that cannot be read."""
    from workbook_tool.dataset.partitions import see_to_parts, write_partitions  # noqa: PLC0415

    see_to_parts(to, force=force)
    unread: list[str] = []
    for part in write_partitions(files, to, task, units, engine):
        unread += part.unread
    return unread


def _export_one(
    sources: list[str],
    as_format: ExportFormat,
    output: str,
    password_file: Path | None,
    lang: Language,
    *,
    force: bool,
) -> None:
    from workbook_tool.renderers.data import export_csv, export_json  # noqa: PLC0415

    if len(sources) > 1 or (sources[0] and Path(sources[0]).is_dir()):
        message = (
            "多个文件或文件夹请用 --to 导出为数据集，如 --to data.sqlite (several: name a data set with --to)"
        )
        raise WorkbookToolError(message)
    source = sources[0]
    see_to_output(output, [source, password_file], force=force)
    report, _ = read_or_exit(source, lang, opening_of(password_file))
    left_out = len(report.form.cells) - len(report.values)
    if left_out:
        warn(
            f"有 {left_out} 格的数读不出或不能确定，没有导出，请用 wb-tool check 核对"
            f" ({left_out} figures are left out): {source}"
        )
    text = export_json(report) if as_format is ExportFormat.JSON else export_csv(report, lang.value)
    write_text(text, output, force=force)


def _units(roster: Path) -> Units:
    from workbook_tool.dataset import Unit, Units  # noqa: PLC0415
    from workbook_tool.round.roster import read_roster  # noqa: PLC0415

    return Units(Unit(unit.code, unit.agency, unit.level, unit.parent) for unit in read_roster(roster).units)


def _noting(records: Iterable[Record], unread: list[str]) -> Iterator[Record]:
    """`records`, with the sources that cannot be read added to `unread` as they pass."""
    for record in records:
        if not record.is_readable:
            unread.append(record.source)
        yield record
