"""Findings as one page to read, print and pass on: no outside resources, everything escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbook_tool.phrase import Phrase
from workbook_tool.reporters.words import STATUS, about, summary
from workbook_tool.resources import page_template
from workbook_tool.rules import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workbook_tool.checks.verdict import Verdict

_WORDS = {
    "lang": Phrase("zh-CN", "en"),
    "title": Phrase(
        "政府信息公开工作年度报告 审核结果", "Annual report on open government information: check"
    ),
    "skip": Phrase("跳到审核结果", "Skip to the findings"),
    "overview": Phrase("各文件一览", "All files"),
}
_HEADS = (
    Phrase("文件", "file"),
    Phrase("单位", "agency"),
    Phrase("年度", "year"),
    Phrase("结果", "result"),
    *LEVELS.values(),
)


def report_page(drawn: Iterable[tuple[Verdict, str]], language: str) -> str:
    """The page on all verdicts, each with the drawing of its source (empty where there is nothing to see)."""
    # Made by our own template, in which everything was escaped.
    from markupsafe import Markup  # noqa: PLC0415

    counts = dict.fromkeys(STATUS, 0)
    files: list[dict[str, Any]] = []
    for number, (verdict, drawing) in enumerate(drawn, start=1):
        counts[verdict.status] += 1
        subject = verdict.subject
        levels = [sum(f.severity == name for f in verdict.findings) for name in LEVELS]
        files.append(
            {
                "number": number,
                "name": verdict.file,
                "agency": subject.agency if subject else "",
                "year": (subject.year if subject else None) or "",
                "status": STATUS[verdict.status].say(language),
                "subject": " · ".join(about(subject, language)) if subject else "",
                "drawing": Markup(drawing),  # noqa: S704  # see above
                **dict(zip(("errors", "warnings", "notices"), levels, strict=True)),
            }
        )
    words: dict[str, Any] = {name: phrase.say(language) for name, phrase in _WORDS.items()}
    words["overview_heads"] = [head.say(language) for head in _HEADS]
    page = page_template("findings.html.j2")
    return page.render(words=words, summary=summary(counts, language), files=files) + "\n"
