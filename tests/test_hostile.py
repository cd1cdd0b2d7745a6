"""Files made to hurt: each is refused, or read with a warning, at once and in little memory, and says why."""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.editing import sample_report
from workbook_tool.excel import limits
from workbook_tool.excel.build import workbook_bytes
from workbook_tool.ooxml import limits as any_limits
from workbook_tool.sources import read_report

SHEET = "xl/worksheets/sheet5.xml"
WORKBOOK = "xl/workbook.xml"
STRINGS = "xl/sharedStrings.xml"
STYLES = "xl/styles.xml"
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
PROBE = """
import json, pathlib, re, sys, time
from workbook_tool.sources import open_report
from workbook_tool.checks import check
start = time.perf_counter()
found = list(check(open_report(sys.argv[1])))
seconds = time.perf_counter() - start
status = pathlib.Path("/proc/self/status")
peak = int(re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1]) / 1024 if status.exists() else 0
print(json.dumps([[[f.rule, f.case, f.message()] for f in found], seconds, peak]))
"""


def _good() -> bytes:
    return workbook_bytes(sample_report())


def _rezip(
    data: bytes, change: Callable[[str, bytes], bytes], extra: dict[str, bytes] | None = None
) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            new.writestr(member.filename, change(member.filename, old.read(member)))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a part that stands twice is one of the cases
            for name, content in (extra or {}).items():
                new.writestr(name, content)
    return stream.getvalue()


def _in(part: str, old: str, new: str) -> bytes:
    def change(name: str, content: bytes) -> bytes:
        if name != part:
            return content
        text = content.decode()
        assert old in text, (part, old)
        return text.replace(old, new, 1).encode()

    return _rezip(_good(), change)


def _doctype(part: str, declaration: str, use: str) -> bytes:
    def change(name: str, content: bytes) -> bytes:
        if name != part:
            return content
        head, _, rest = content.decode().partition("?>")
        first = rest.index(">", rest.index("<")) + 1
        return f"{head}?>{declaration}{rest[:first]}{use}{rest[first:]}".encode()

    return _rezip(_good(), change)


def _with(**extra: bytes) -> bytes:
    return _rezip(_good(), lambda _, content: content, {k.replace("__", "/"): v for k, v in extra.items()})


def _rows(number: int) -> str:
    return "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(100, number))


def _many(pattern: str, number: int) -> str:
    """Many of one thing, each a little different, so that they do not inflate too well."""
    draw = random.Random(1)
    return "".join(pattern.format(draw.randrange(10**9)) for _ in range(number))


def _strings(number: int) -> bytes:
    many = f"<sst>{_many('<si><t>{}</t></si>', number)}</sst>".encode()
    return _rezip(_good(), lambda name, content: many if name == STRINGS else content)


def _flip_crc(data: bytes) -> bytes:
    place = data.index(b"PK\x01\x02") + 16
    return data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :]


def _lie_about_sizes(data: bytes) -> bytes:
    """Say in the directory that the largest sheet is 100 bytes."""
    at = data.index(b"PK\x01\x02")
    while SHEET.encode() not in data[at + 46 : at + 46 + 60]:
        at = data.index(b"PK\x01\x02", at + 4)
    return data[: at + 24] + (100).to_bytes(4, "little") + data[at + 28 :]


def _encrypted_flag(data: bytes) -> bytes:
    at = data.index(b"PK\x01\x02")
    return data[: at + 8] + b"\x01\x00" + data[at + 10 :]


def _absolute_member() -> bytes:
    stream = io.BytesIO(_good())
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(zipfile.ZipInfo("/etc/passwd.xml"), b"<x/>")
    return stream.getvalue()


DATA = "</sheetData>"
HOSTILE: dict[str, tuple[Callable[[], bytes], tuple[str, str, str]]] = {
    "billion laughs in a sheet": (lambda: _doctype(SHEET, LAUGHS, "&i;"), ("W-01", "unsafe", "文档类型")),
    "billion laughs in the workbook": (
        lambda: _doctype(WORKBOOK, LAUGHS, "&i;"),
        ("W-01", "unsafe", "文档类型"),
    ),
    "billion laughs in the strings": (
        lambda: _doctype(STRINGS, LAUGHS, "&i;"),
        ("W-01", "unsafe", "文档类型"),
    ),
    "quadratic entity": (
        lambda: _doctype(SHEET, f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]>', "&a;" * 1000),
        ("W-01", "unsafe", "文档类型"),
    ),
    "external entity": (
        lambda: _doctype(SHEET, '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>', "&a;"),
        ("W-01", "unsafe", "文档类型"),
    ),
    "external document type": (
        lambda: _doctype(SHEET, '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">', ""),
        ("W-01", "unsafe", "文档类型"),
    ),
    "merge of the whole sheet": (
        lambda: _in(
            SHEET, "<mergeCells", '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells><mergeCells'
        ),
        ("W-01", "unsafe", "合并"),
    ),
    "merge of the whole sheet behind a prefix": (
        lambda: _in(
            SHEET,
            "<mergeCells",
            '<x:mergeCell xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
            "ref='A1:XFD1048576'/><mergeCells",
        ),
        ("W-01", "unsafe", "合并"),
    ),
    "very many merges": (
        lambda: _in(SHEET, "<mergeCells", "<y>" + "<mergeCell ref='A1:B1'/>" * 6_000 + "</y><mergeCells"),
        ("W-01", "unsafe", "合并"),
    ),
    "a cell far below": (
        lambda: _in(SHEET, DATA, f'<row r="1048576"><c r="A1048576"><v>1</v></c></row>{DATA}'),
        ("W-01", "unsafe", "A1048576"),
    ),
    "a cell far to the right": (
        lambda: _in(SHEET, DATA, f'<row r="90"><c r="XFD90"><v>1</v></c></row>{DATA}'),
        ("W-01", "unsafe", "XFD90"),
    ),
    "zip bomb": (lambda: _with(xl__media__x=b" " * (80 * 2**20)), ("W-01", "unsafe", "展开")),
    "a part inflated a thousandfold": (
        lambda: _with(**{"xl__x.xml": b" " * (40 * 2**20)}),
        ("W-01", "unsafe", "压缩比"),
    ),
    "a zip in a zip": (lambda: _zip({"inner.zip": _good()}), ("W-01", "archive", "压缩包")),
    "lying sizes": (lambda: _lie_about_sizes(_good()), ("W-01", "truncated", "")),
    "300,000 styles": (
        lambda: _in(
            STYLES, "<cellXfs", "<cellXfs>" + _many("<xf numFmtId='{}'/>", 300_000) + "</cellXfs><cellXfs"
        ),
        ("W-01", "unsafe", "格式"),
    ),
    "a million rows": (lambda: _in(SHEET, DATA, _rows(1_000_000) + DATA), ("W-01", "unsafe", "行")),
    "a million empty rows": (
        lambda: _in(SHEET, DATA, "".join(f'<row r="{n}"/>' for n in range(100, 1_000_000)) + DATA),
        ("W-01", "unsafe", "行"),
    ),
    "a million strings": (lambda: _strings(1_000_000), ("W-01", "unsafe", "文本")),
    "path traversal": (lambda: _with(**{"..__..__x.xml": b"<x/>"}), ("W-01", "unsafe", "路径")),
    "absolute path": (_absolute_member, ("W-01", "unsafe", "路径")),
    "a part that stands twice": (lambda: _with(**{WORKBOOK: b"<workbook/>"}), ("W-01", "unsafe", "同名")),
    "very many parts": (
        lambda: _with(**{f"xl__media__{n}": b"x" for n in range(1_100)}),
        ("W-01", "unsafe", "部件"),
    ),
    "very many names": (
        lambda: _in(
            WORKBOOK,
            "<definedNames>",
            "<definedNames>"
            + "".join(f'<definedName name="n{n}">A!$A$1</definedName>' for n in range(30_000)),
        ),
        ("W-01", "unsafe", "名称"),
    ),
    "an overlong string": (
        lambda: _in(
            SHEET,
            DATA,
            f'<row r="90"><c r="A90" t="inlineStr"><is><t>{"长" * 40_000}</t></is></c></row>{DATA}',
        ),
        ("W-01", "unsafe", "字符"),
    ),
    "an overlong formula": (
        lambda: _in(SHEET, DATA, f'<row r="90"><c r="A90"><f>{"1+" * 20_000}1</f></c></row>{DATA}'),
        ("W-01", "unsafe", "公式"),
    ),
    "very large array formulas": (
        lambda: _in(
            SHEET,
            DATA,
            '<row r="90">'
            + "".join(f'<c r="A90"><f t="array" ref="A90:Z9000">{n}</f></c>' for n in range(3))
            + f"</row>{DATA}",
        ),
        ("W-01", "unsafe", "数组公式"),
    ),
    "very many hidden columns": (
        lambda: _in(
            SHEET,
            "<sheetData>",
            "<cols>" + "<col min='1' max='200' hidden='1'/>" * 60_000 + "</cols><sheetData>",
        ),
        ("W-08", "hidden", "隐藏"),
    ),
    "wrong checksum": (lambda: _flip_crc(_good()), ("W-01", "truncated", "CRC")),
    "cut in half": (lambda: _good()[:9_000], ("W-01", "truncated", "")),
    "encrypted parts": (lambda: _encrypted_flag(_good()), ("W-01", "encrypted", "密码")),
    "elements nested deep": (
        lambda: _in(SHEET, DATA, DATA + "<a>" * 200_000 + "</a>" * 200_000),
        ("W-01", "unsafe", "压缩比"),
    ),
    "not well-formed": (lambda: _in(SHEET, DATA, "</sheetDat>"), ("W-01", "truncated", "XML")),
    "no such string": (
        lambda: _in(SHEET, DATA, f'<row r="90"><c r="A90" t="s"><v>999999</v></c></row>{DATA}'),
        ("W-01", "truncated", ""),
    ),
    "a number that is none": (
        lambda: _in(SHEET, DATA, f'<row r="90"><c r="A90"><v>十二</v></c></row>{DATA}'),
        ("W-01", "truncated", ""),
    ),
    "macros": (lambda: _with(**{"xl__vbaProject.bin": b"x"}), ("W-09", "", "宏")),
    "XLM macro sheet": (lambda: _with(**{"xl__macrosheets__sheet1.xml": b"<x/>"}), ("W-09", "", "宏表")),
    "external link": (
        lambda: _with(**{"xl__externalLinks__externalLink1.xml": b"<x/>"}),
        ("W-09", "", "外部链接"),
    ),
    "DDE": (
        lambda: _in(SHEET, DATA, f'<row r="90"><c r="A90"><f>cmd|\'/C calc\'!A0</f></c></row>{DATA}'),
        ("W-09", "", "公式调用"),
    ),
    "web service": (
        lambda: _in(SHEET, DATA, f'<row r="90"><c r="A90"><f>WEBSERVICE("http://x")</f></c></row>{DATA}'),
        ("W-09", "", "公式调用"),
    ),
}


def _zip(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def test_very_many_small_array_formulas_are_read_at_once() -> None:
    draw = random.Random(2)
    rows = "".join(
        f'<row r="{row}">'
        + "".join(f'<c r="{c}{row}"><f t="array" ref="{c}{row}">{draw.random()}</f></c>' for c in "ABCDE")
        + "</row>"
        for row in range(100, 4_100)
    )

    reading = read_report(_in(SHEET, DATA, rows + DATA))

    assert reading.report is not None
    assert reading.report == sample_report()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_met_at_once_with_its_reason(name: str, tmp_path: Path) -> None:
    make, (rule, case, words) = HOSTILE[name]
    path = tmp_path / "hostile.xlsx"
    path.write_bytes(make())

    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(path)], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    findings, seconds, peak = json.loads(done.stdout)
    own = [finding for finding in findings if finding[0] == rule]
    assert own, findings
    assert own[0][1] == case
    assert words in own[0][2]
    assert peak < 200, f"{peak:.0f} MiB"
    assert seconds < 5, "far above what it takes, so that a slow machine does not matter"
    print(f"{name}: {seconds:.2f} s, {peak:.0f} MiB")


def test_the_limits_stand_in_the_docs_as_they_are() -> None:
    page = (Path(__file__).parent.parent / "docs" / "reading.md").read_text(encoding="utf-8")
    both = (*vars(any_limits).values(), *vars(limits).values())
    table = [limit for limit in both if isinstance(limit, any_limits.Limit)]

    assert len(table) >= 13
    for limit in table:
        amount = f"{limit.most >> 20} MiB" if limit is any_limits.INFLATED else f"{limit.most:,}"
        assert f"| {amount} |" in page, limit


def test_there_are_enough_of_them() -> None:
    assert len(HOSTILE) >= 25
