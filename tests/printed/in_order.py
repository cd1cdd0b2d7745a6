"""What stands where it should not, or twice."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.printed.irregular import irregularity
from tests.printed.page import Paragraph, Sheet, Slot, printed

if TYPE_CHECKING:
    from random import Random

    from tests.printed.page import Printed

_LIKE_HEADINGS = (
    "二、主动公开政府信息情况",
    "二、主动公开工作情况",
    "三、收到和处理政府信息公开申请情况",
    "六、其他需要报告的事项",
    "(二)依申请公开情况",
    "四、政府信息公开行政复议、行政诉讼情况",
)
_OTHER_TABLE = (
    ("渠道", "数量"),
    ("行政许可", "35"),
    ("行政处罚", "17"),
    ("总计", "52"),
)


@irregularity(harmless="grid book ragged sheet")
def contents(page: Printed, random: Random) -> None:
    """A table of contents stands before the text."""
    tail = random.choice(["", "……1", "\t3", "…… 12"])
    lines = [Paragraph(f"{s.heading}{tail}", "contents") for s in page.report.form.sections]
    if random.random() < 0.5:
        lines.insert(0, Paragraph("目录", "contents"))
    page.blocks[1:1] = lines
    page.narratives.pop("opening", None)


@irregularity(harmless="grid book ragged sheet stream")
def other_order(page: Printed, random: Random) -> None:
    """Two sections have changed places."""
    starts = [
        number for number, b in enumerate(page.blocks) if isinstance(b, Paragraph) and b.role == "heading"
    ]
    parts = [page.blocks[start:end] for start, end in zip(starts, [*starts[1:], None], strict=True)]
    one, other = random.sample(range(len(parts)), 2)
    parts[one], parts[other] = parts[other], parts[one]
    page.blocks[starts[0] :] = [block for part in parts for block in part]


@irregularity()
def heading_in_text(page: Printed, random: Random) -> None:
    """A paragraph reads like the heading of a section."""
    texts = [block for block in page.paragraphs if block.role == "text" and block.section]
    at = page.blocks.index(random.choice(texts))
    page.blocks.insert(at, Paragraph(random.choice(_LIKE_HEADINGS), "text"))
    page.narratives.clear()


@irregularity()
def table_in_text(page: Printed, random: Random) -> None:
    """A table that is none of the form's stands in the prose."""
    texts = [block for block in page.paragraphs if block.role == "text" and block.section]
    block = random.choice(texts)
    rows = random.choice([_OTHER_TABLE, _OTHER_TABLE[:1] + _OTHER_TABLE[2:]])
    slots = [
        Slot(text, row, column, 1, 1, "value" if row and column else "column")
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    ]
    page.blocks.insert(page.blocks.index(block) + 1, Sheet(slots))
    page.narratives.clear()


@irregularity()
def several(page: Printed, random: Random) -> None:
    """Another report follows."""
    other = _another(page, random)
    page.blocks += other.blocks
    page.is_single = False


@irregularity("grid")
def side_by_side(page: Printed, random: Random) -> None:
    """Another report stands beside this one."""
    page.beside = _another(page, random)
    page.is_single = False


def _another(page: Printed, random: Random) -> Printed:
    """Another report, and what is true of both: nothing but what they share."""
    change = random.choice([1, 1, 0])
    values = {
        cell: figure + change if figure is not None and random.random() < 0.5 else figure
        for cell, figure in page.report.values.items()
    }
    year = (page.report.year or 0) + random.choice([0, 1])
    other = printed(replace(page.report, values=values, year=year))
    shared = {cell: figure for cell, figure in page.truth.items() if other.truth.get(cell, ...) == figure}
    page.truth.clear()
    page.truth.update(shared)
    page.narratives.clear()
    return other
