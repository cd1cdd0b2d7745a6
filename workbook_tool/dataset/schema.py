"""The tables of the data set: every column's name, type and meaning. The one place where they are described.

Whatever writes a data set takes them from here, and docs/dataset.md is held against it.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from workbook_tool.phrase import Phrase

Kind = Literal["text", "integer", "decimal", "boolean"]
"""``decimal`` is exact: `DIGITS` digits, `PLACES` of them behind the point."""

PLACES = 6
"""Decimal places of an amount: those of a fen in units of 10,000 yuan, the smallest coin there is."""

DIGITS = 22
"""Digits of a figure in all; no figure is read that has more than 16 before the point."""


class Column(NamedTuple):
    """One column; empty (NULL) is allowed only where `may_be_empty`."""

    name: str
    kind: Kind
    meaning: Phrase
    may_be_empty: bool = True


class Table(NamedTuple):
    """One table: what a row of it is, and its columns in order."""

    name: str
    row: Phrase
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)


_SOURCE = Column(
    "source", "text", Phrase("来源文件", "the file that the report was read from"), may_be_empty=False
)
_SUBJECT = (
    Column("agency", "text", Phrase("单位名称,按报告所写", "the agency's name, as the report states it")),
    Column(
        "code",
        "text",
        Phrase(
            "单位代码;报告没有的,取花名册上同名单位的",
            "the unit's code; where the report states none, that of the roster's unit of the same name",
        ),
    ),
    Column(
        "level",
        "text",
        Phrase(
            "单位层级;报告没有的,取花名册的",
            "the unit's level of government; where the report states none, the roster's",
        ),
    ),
    Column("parent", "text", Phrase("上级单位,按花名册", "the unit above, as the roster says")),
    Column("year", "integer", Phrase("报告年度", "the year that the report is on")),
    Column(
        "edition",
        "text",
        Phrase("格式版本:2019 或 2021", "the edition of the form: `2019` or `2021`"),
    ),
)
_DIGEST = Column(
    "digest",
    "text",
    Phrase("内容指纹:相同即内容相同", "the report's fingerprint: files with the same one say the same"),
)

_REPORTS = Table(
    "reports",
    Phrase("每个来源文件一行,读不出的也在内", "one source, also one that cannot be read"),
    (
        _SOURCE,
        Column(
            "status",
            "text",
            Phrase(
                "审核结果:pass 通过、warn 有警告、fail 不通过、unreadable 读不出",
                "how it fares in `wb-tool check`: `pass`, `warn`, `fail`, `unreadable`",
            ),
            may_be_empty=False,
        ),
        *_SUBJECT,
        Column(
            "variant",
            "text",
            Phrase(
                "某一部分沿用旧格式的,是哪一部分、哪个版本",
                "the section that is printed as in another edition, and that edition: `t3 2019`",
            ),
        ),
        _DIGEST,
        Column("errors", "integer", Phrase("错误条数", "how many errors were found"), may_be_empty=False),
        Column("warnings", "integer", Phrase("警告条数", "how many warnings"), may_be_empty=False),
        Column("notices", "integer", Phrase("提示条数", "how many notices"), may_be_empty=False),
        Column(
            "explained",
            "integer",
            Phrase("警告中已说明的条数", "how many of the warnings the agency has explained"),
            may_be_empty=False,
        ),
    ),
)

_FIGURES = Table(
    "figures",
    Phrase(
        "每份报告的每一格一行;报告没有的格、不能确定的数不在内",
        "one cell of one report; what a report lacks, or what cannot be decided, is not there",
    ),
    (
        *_SUBJECT,
        Column(
            "cell_id",
            "text",
            Phrase("格的编号,各版本含义相同的编号相同", "the cell's id, the same in every edition"),
            may_be_empty=False,
        ),
        Column("section", "text", Phrase("表:t2、t3、t4", "`t2`, `t3` or `t4`"), may_be_empty=False),
        Column("row_id", "text", Phrase("行", "the row's part of the id; empty in a table of one row")),
        Column("column_id", "text", Phrase("列", "the column's part of the id"), may_be_empty=False),
        Column(
            "value",
            "decimal",
            Phrase(
                "数,按报告所写,总计也是;空白为空(NULL),不是 0;金额的单位是万元",
                "the figure as stated, totals too; empty for a blank, which is not 0;"
                " amounts are in units of 10,000 yuan",
            ),
        ),
        Column("is_blank", "boolean", Phrase("是否空白", "whether the cell is blank"), may_be_empty=False),
        _SOURCE,
        _DIGEST,
    ),
)

_FINDINGS = Table(
    "findings",
    Phrase("每条审核意见一行", "one finding of one source"),
    (
        _SOURCE,
        *_SUBJECT,
        Column("rule", "text", Phrase("规则编号", "the rule's id"), may_be_empty=False),
        Column("rule_case", "text", Phrase("规则的哪一种情形", "which case of the rule, if it has several")),
        Column(
            "severity",
            "text",
            Phrase("error 错误、warning 警告、notice 提示", "`error`, `warning` or `notice`"),
            may_be_empty=False,
        ),
        Column("place", "text", Phrase("位置", "where, in words")),
        Column("sheet", "text", Phrase("工作表", "the sheet, in a workbook")),
        Column("cell", "text", Phrase("单元格,如 D8", "the address on the sheet, such as `D8`")),
        Column("ids", "text", Phrase("涉及的格的编号,以空格分开", "the ids of the cells, a space between")),
        Column("expected", "text", Phrase("应为", "what should stand there")),
        Column("found", "text", Phrase("实为", "what stands there")),
        Column(
            "explained",
            "boolean",
            Phrase("单位是否已说明", "whether the agency has explained it"),
            may_be_empty=False,
        ),
        Column("message", "text", Phrase("意见全文", "the finding in words"), may_be_empty=False),
    ),
)

_UNITS = Table(
    "units",
    Phrase("花名册上每个单位一行;没有给花名册的为空表", "one unit of the roster; empty without a roster"),
    (
        Column("code", "text", Phrase("单位代码", "the unit's code"), may_be_empty=False),
        Column("agency", "text", Phrase("单位名称", "the unit's name"), may_be_empty=False),
        Column("level", "text", Phrase("单位层级", "its level of government")),
        Column("parent", "text", Phrase("上级单位", "the unit above: its code, or what the roster says")),
    ),
)

TABLES = (_REPORTS, _FIGURES, _FINDINGS, _UNITS)
"""Every table of a data set."""


def table(name: str) -> Table:
    """The table with this name."""
    return next(one for one in TABLES if one.name == name)
