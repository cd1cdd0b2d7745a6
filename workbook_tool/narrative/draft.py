"""Paragraphs proposed for the texts of a report: the facts of its tables, with fields in place of figures.

The words are data, ``templates/draft.toml``, where the notation is described.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from workbook_tool.narrative.fields import fields_in, figures
from workbook_tool.narrative.names import resolve
from workbook_tool.narrative.stated import facts_of
from workbook_tool.narrative.targets import FEE
from workbook_tool.phrase import Phrase
from workbook_tool.report import Paragraph
from workbook_tool.resources import read_toml, resource

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from workbook_tool.forms import Cell, Form
    from workbook_tool.narrative.fields import Figures
    from workbook_tool.report import Report

_NO_YEAR = "本年度，"

FEES = "fees"
"""The block of the 信息处理费."""


class Draft(NamedTuple):
    """A paragraph proposed for a block of a section."""

    section: str
    block: str
    text: str
    remark: Phrase | None = None
    """What whoever takes it over has to see to."""


def draft(report: Report) -> Iterator[Draft]:
    """The paragraphs that the figures of `report` allow; what would need a blank cell is left out."""
    data = read_toml(resource("templates/draft.toml"))
    look_up = _settled(report)
    words = {
        "year": f"{report.year}年，" if report.year else _NO_YEAR,
        "we": next(entry["word"] for entry in data["we"] if report.agency.endswith(entry["ending"])),
    }
    blocks = {(section.id, block.id) for section in report.form.narratives for block in section.blocks}
    for entry in data["paragraph"]:
        if (entry["section"], entry["block"]) not in blocks:
            continue
        said = [_sentence(sentence, look_up) for sentence in entry["sentence"]]
        text = _once_a_year("".join(f"{sentence}。" for sentence in said if sentence), words)
        if text:
            remark = Phrase(**entry["remark"]) if "remark" in entry else None
            yield Draft(entry["section"], entry["block"], entry["start"] + text, remark)


def placed(report: Report, drafts: Iterable[Draft]) -> tuple[Report, tuple[Draft, ...]]:
    """`report` with `drafts` in those of its blocks that are empty, and the drafts that found no room.

    The report must have been read from a workbook, which knows its blocks.
    """
    left: list[Draft] = []
    room: dict[str, dict[str, list[Paragraph]]] = {}
    for section in report.form.narratives:
        stood = report.paragraphs.get(section.id, ())
        room[section.id] = {block.id: [p for p in stood if p.block == block.id] for block in section.blocks}
    empty = {(s, block) for s, blocks in room.items() for block, stood in blocks.items() if not stood}
    for proposed in drafts:
        if (proposed.section, proposed.block) in empty:
            room[proposed.section][proposed.block].append(
                Paragraph(proposed.block, proposed.text, "", is_read=True)
            )
        else:
            left.append(proposed)
    paragraphs = {s: tuple(p for stood in blocks.values() for p in stood) for s, blocks in room.items()}
    narratives = {s: "\n".join(str(p.content) for p in found if p.is_read) for s, found in paragraphs.items()}
    return (
        replace(report, narratives=narratives, paragraphs={**report.paragraphs, **paragraphs}),
        tuple(left),
    )


def states_fee(report: Report) -> bool:
    """Whether the texts state anything of the 信息处理费, wherever."""
    return any(
        target.name.startswith(f"{FEE}.") for stated in facts_of(report) for target in stated.fact.targets
    )


def _once_a_year(text: str, words: Mapping[str, str]) -> str:
    """`text` with year and agency named in its first sentence; the others go on without."""
    first, mark, rest = text.partition("。")
    for name, word in words.items():
        first, rest = first.replace(f"{{{name}}}", word), rest.replace(f"{{{name}}}", "")
    return first + mark + rest


def _settled(report: Report) -> Figures:
    """The figures of which no part is blank: nothing is said of a sum that may still grow."""
    look_up = figures(report)

    def settled(name: str) -> int | Decimal | None:
        cells = resolve(report.form, name) or ()
        blank = any(report.values.get(leaf) is None for cell in cells for leaf in _leaves(report.form, cell))
        return None if blank else look_up(name)

    return settled


def _leaves(form: Form, cell: Cell) -> Iterator[Cell]:
    """The entries that make up the figure of `cell`: itself, or what a total adds up."""
    if cell not in form.sums:
        yield cell
        return
    for part in form.sums[cell].left:
        yield from _leaves(form, part)


def _sentence(sentence: Mapping[str, Any], look_up: Figures) -> str:
    """The sentence without its full stop; empty where it has nothing to say or cannot know what."""
    clauses: list[str] = []
    for variants in sentence["clauses"]:
        said = next((text for variant in variants if (text := _variant(variant, look_up)) is not None), None)
        if said is None:
            return ""
        clauses.append(said)
    joint: str = sentence.get("joint", "")
    return joint.join(filter(None, clauses))


def _variant(variant: Mapping[str, Any], look_up: Figures) -> str | None:
    """The words of `variant`; ``None`` where it does not hold or that cannot be known."""
    some, zero = ([look_up(name) for name in variant.get(key, ())] for key in ("some", "zero"))
    if not all(some) or any(figure is None or figure for figure in zero):
        return None
    if "list" in variant:
        return _listed(variant, look_up)
    text: str = variant["text"]
    return None if any(look_up(field.name) is None for field in fields_in(text)) else text


def _listed(variant: Mapping[str, Any], look_up: Figures) -> str | None:
    """The words of a variant with its parts listed; ``None`` where they do not add up."""
    parts: Sequence[Mapping[str, str]] = variant["list"]
    counts = [look_up(part["field"]) for part in parts]
    if any(count is None for count in counts):
        return None
    stated = [part for part, count in zip(parts, counts, strict=True) if count]
    total = sum(count or 0 for count in counts)
    if not stated or ("of" in variant and total != look_up(variant["of"])):
        return None
    if len(stated) == 1 and "alone" in variant:
        alone = variant["alone"].replace("{alone}", stated[0].get("alone", stated[0]["say"]))
        return str(alone.replace("{all}", "均" if total > 1 else ""))
    unit = variant.get("unit", "件")
    listed = "、".join(f"{part['say']}【{part['field']}】{unit}" for part in stated)
    return str(variant["text"].replace("{list}", listed))
