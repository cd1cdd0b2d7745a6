"""``wb-tool diff``: what changed from one report to another."""

from __future__ import annotations

import typer

from workbook_tool.cli.options import Lang, Language, Source, read_or_exit
from workbook_tool.errors import WorkbookToolError


def diff_command(before: Source, after: Source, lang: Lang = Language.ZH) -> None:
    """比较两份报告。 Compare two reports, figure by figure and paragraph by paragraph."""
    from workbook_tool.changes import compare  # noqa: PLC0415

    if before == after == "-":
        message = "标准输入只能读一次 (standard input can be read only once)"
        raise WorkbookToolError(message)
    old, new = read_or_exit(before, lang)[0], read_or_exit(after, lang)[0]
    texts = {section.id for section in (*old.form.narratives, *new.form.narratives)}
    blank = "(blank)" if lang is Language.EN else "(空白)"
    number = 0
    for number, difference in enumerate(  # noqa: B007  # counted
        compare(old, new), start=1
    ):
        place = f"{difference.id}  {difference.place.say(lang.value)}"
        if difference.id not in texts:
            typer.echo(f"{place}: {difference.before or blank} → {difference.after or blank}")
            continue
        typer.echo(f"{place}:")
        for mark, text in (("-", difference.before), ("+", difference.after)):
            for line in text.split("\n") if text else ():
                typer.echo(f"  {mark} {line}")
    if lang is Language.EN:
        typer.echo(f"Differences: {number}." if number else "No difference.")
    else:
        typer.echo(f"共 {number} 处不同。" if number else "没有不同。")
