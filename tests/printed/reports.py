"""Random reports whose totals are right, with texts such as offices write, of every form there is."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from workbook_tool.forms import forms
from workbook_tool.report import Report, with_totals

if TYPE_CHECKING:
    from random import Random

    from workbook_tool.forms import Cell

_AGENCIES = ("示例县教育局", "甲市乙区丙街道办事处", "某省人民政府办公厅", "东山镇人民政府", "市场监督管理局")
_SENTENCES = (
    "2025年，本机关认真贯彻落实《中华人民共和国政府信息公开条例》，全年主动公开政府信息1,234条。",
    "(一)主动公开情况。",
    "1.强化组织领导。全年收到政府信息公开申请12件，办结10件，结转下年度2件。",
    "一是公开内容不够丰富；二是队伍建设有待加强。",
    "其他",
    "总计公开政府信息56条，其中通过网站公开40条、通过政务新媒体公开16条。",
    "本年度未收取信息处理费。无其他需要报告的事项。",
    "行政许可 12 件，行政处罚 3 件。",
    "(五)监督保障",
)


def random_report(random: Random) -> Report:
    """A report of any form, without blanks."""
    known = random.choice(forms())
    size = random.choice([3, 50, 900_000])
    values = {cell: _figure(cell, random, size) for cell in known.cells.values() if not cell.is_total}
    return Report(
        form=known,
        agency=random.choice(_AGENCIES),
        year=known.last_year or known.first_year + random.randint(0, 5),
        values=with_totals(known, values, known.sums),
        narratives={
            section.id: "\n".join(random.choices(_SENTENCES, k=random.randint(1, 4)))
            for section in known.narratives
        },
        opening=known.opening,
    )


def _figure(cell: Cell, random: Random, size: int) -> int | Decimal | None:
    if cell.kind == "money":
        return random.choice([Decimal(0), Decimal(random.randint(0, 10**9)) / 10**4]).normalize()
    if random.random() < 0.5:
        return 0
    return random.randint(-size if cell.kind == "change" else 0, random.choice([9, size]))
