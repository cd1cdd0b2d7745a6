"""How well the prose is read: precision and recall of the facts in the phrase bank, and the time it takes.

Usage: ``python bench/narrative.py [--misses]``. The bank's kept half was written before the engine was
tuned and is for measuring only; ``--misses`` shows what went wrong in the others.
"""

from __future__ import annotations

import sys
import time
import tomllib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from workbook_tool.checks import check
from workbook_tool.forms import form
from workbook_tool.narrative.clauses import clauses_of
from workbook_tool.narrative.facts import Fact, facts_in
from workbook_tool.narrative.tokens import compact
from workbook_tool.report import Reading, Report
from workbook_tool.resources import resource
from workbook_tool.sources import open_report

_LONG = 10_000
BANK = Path(__file__).parent.parent / "tests" / "phrases"


def measure(half: str, *, misses: bool = False) -> tuple[int, int, int]:
    """How many facts of one half were found, how many that are none, and how many there are."""
    right = wrong = stated = 0
    for phrase in tomllib.loads((BANK / f"{half}.toml").read_text(encoding="utf-8"))["phrase"]:
        found = list(facts_in(phrase["text"], form(phrase.get("edition", "2021")), phrase.get("year", 2024)))
        wanted, optional = list(phrase["facts"]), list(phrase.get("optional", ()))
        missed, false = list(wanted), []
        for fact in found:
            entry = next((e for e in missed if is_same(fact, e)), None)
            if entry:
                missed.remove(entry)
            elif not any(is_same(fact, e) for e in (*optional, *wanted)):
                false.append(fact)
        right, wrong, stated = right + len(wanted) - len(missed), wrong + len(false), stated + len(wanted)
        if misses and (missed or false):
            print(phrase["text"])
            for entry in missed:
                print("   missed:", *entry)
            for fact in false:
                print("   false: ", fact.words, " | ".join(t.name for t in fact.targets), fact.value)
    return right, wrong, stated


def is_same(fact: Fact, entry: list[Any]) -> bool:
    """Whether `fact` is what was annotated: the words, the value, and one of the lines."""
    words, lines, value = entry
    names = {line.strip() for line in lines.split(" | ")}
    in_words = fact.is_absence or fact.words[0] in "均全都皆"
    says_same = words in fact.words or fact.words in words or in_words
    return says_same and Decimal(value) == fact.value and bool(names & {t.name for t in fact.targets})


def time_taken() -> tuple[float, float]:
    """The milliseconds that every check of a report with 10,000 characters of prose takes, and with none.

    The prose is that of the sample over again, each paragraph different, the shortest of nine turns.
    """
    report = open_report(resource("samples/report.txt")).report
    if report is None:
        message = "the sample cannot be read"
        raise RuntimeError(message)
    paragraphs = report.narratives["s1"].split("\n")
    text = "\n".join(f"{turn}.{each}" for turn in range(100) for each in paragraphs)[:_LONG]
    long = replace(report, narratives={**report.narratives, "s1": text})
    bare = replace(report, narratives=dict.fromkeys(report.narratives, ""))
    with_prose, without = ([_time(each) for each in turns] for turns in ([long] * 9, [bare] * 9))
    return min(with_prose), min(without)


def _time(report: Report) -> float:
    for cached in (facts_in, clauses_of, compact):
        cached.cache_clear()
    start = time.perf_counter()
    for _ in check(Reading(report)):
        pass
    return (time.perf_counter() - start) * 1000


def _print(half: str, *, misses: bool) -> None:
    right, wrong, stated = measure(half, misses=misses)
    print(f"{half}: precision {right / (right + wrong or 1):.3f}, recall {right / stated:.3f}")
    print(f"  {stated} facts, {right} found, {wrong} false")


if __name__ == "__main__":
    for name in ("tuning", "more", "kept"):
        _print(name, misses="--misses" in sys.argv and name != "kept")
    print("every check, 10,000 characters of prose: {:.1f} ms; none: {:.1f} ms".format(*time_taken()))
