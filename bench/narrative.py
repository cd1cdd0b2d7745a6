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

_LONG, _TURNS = 10_000, 40
_LOOP = compile("x = 0\nfor i in range(10**6): x += i", "loop", "exec")
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


def time_taken() -> tuple[float, float, float]:
    """The milliseconds that every check takes of 10,000 characters of prose, and of none, and a loop takes.

    The prose is that of the sample over again, each paragraph different. The loop is of a million additions,
    by which machines can be compared. Each is the shortest of many turns, taken by turns, of the processor.
    """
    report = open_report(resource("samples/report.txt")).report
    if report is None:
        message = "the sample cannot be read"
        raise RuntimeError(message)
    paragraphs = report.narratives["s1"].split("\n")
    text = "\n".join(f"{turn}.{each}" for turn in range(100) for each in paragraphs)[:_LONG]
    long = replace(report, narratives={**report.narratives, "s1": text})
    bare = replace(report, narratives=dict.fromkeys(report.narratives, ""))
    turns = [(_time(long), _time(bare), _time_of_loop()) for _ in range(_TURNS)]
    with_prose, without, loop = (min(times) for times in zip(*turns, strict=True))
    return with_prose, without, loop


def _time(report: Report) -> float:
    for cached in (facts_in, clauses_of, compact):
        cached.cache_clear()
    start = time.process_time()
    for _ in check(Reading(report)):
        pass
    return (time.process_time() - start) * 1000


def _time_of_loop() -> float:
    start = time.process_time()
    exec(_LOOP, {})  # noqa: S102  # as a script runs it, its names looked up
    return (time.process_time() - start) * 1000


def _print(half: str, *, misses: bool) -> None:
    right, wrong, stated = measure(half, misses=misses)
    print(f"{half}: precision {right / (right + wrong or 1):.3f}, recall {right / stated:.3f}")
    print(f"  {stated} facts, {right} found, {wrong} false")


if __name__ == "__main__":
    for name in ("tuning", "more", "kept"):
        _print(name, misses="--misses" in sys.argv and name != "kept")
    prose, none, loop = time_taken()
    print(f"every check, 10,000 characters of prose: {prose:.1f} ms; none: {none:.1f} ms")
    print(f"a million additions: {loop:.1f} ms; ratio {prose / loop:.2f}")
