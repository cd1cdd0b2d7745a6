"""Archives and wrappings as the mail brings them, and as somebody who means harm would make them."""

from __future__ import annotations

import bz2
import random
import shutil
import struct
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.archives import (
    Attached,
    Entry,
    compound,
    message,
    overlapping,
    rar_3,
    rar_5,
    rar_5_encrypted_header,
    rar_5_file,
    rar_5_record,
    renamed_in_7z,
    seven_zipped,
    tnef,
    tnef_that_counts,
    unicode_path,
    zipped,
)
from workbook_tool.round.archives import Allowance, Member, Refused, archive_kind, members
from workbook_tool.round.packed import CHILDREN, read_packed

NAME = "报表/某县.xlsx"
GBK = NAME.encode("gbk")
BOOK = random.Random(1).randbytes(9_000)
MIB = 2**20
PROBLEMS = {"", "encrypted", "unsafe", "corrupt", "unsupported-format"}
CAN_UNRAR = any(shutil.which(program) for program in ("unar", "unrar", "bsdtar"))


def _read(data: bytes, allowance: Allowance | None = None) -> list[Member]:
    return list(members(data, archive_kind(data), allowance or Allowance()))


def _refusal(data: bytes, allowance: Allowance | None = None) -> Refused:
    with pytest.raises(Refused) as caught:
        _read(data, allowance)
    return caught.value


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (zipped(Entry(b"a", b"a")), "zip"),
        (zipped(), "zip"),
        (b"7z\xbc\xaf\x27\x1c\0\4", "7z"),
        (rar_3(), "rar"),
        (rar_5(), "rar"),
        (tnef(), "tnef"),
        (compound(message()), "msg"),
        (compound(message())[:700], ""),
        (compound({"Workbook": BOOK}), ""),
        (b"PK", ""),
        (b"", ""),
    ],
)
def test_the_kind_is_seen_by_content(data: bytes, kind: str) -> None:
    assert archive_kind(data) == kind


def test_a_message_that_lost_its_end_is_still_known_as_one() -> None:
    data = compound(message(Attached(BOOK, long_name=NAME)))
    shortened = data[: data.index("__properties_version1.0".encode("utf-16-le")) + 100]

    assert archive_kind(shortened) == "msg"
    assert _refusal(shortened).reason == "corrupt"


def test_another_file_with_a_message_in_it_is_of_no_supported_format() -> None:
    assert _refusal(compound({"WordDocument": compound(message())})).reason == "unsupported-format"


def test_an_unknown_kind_is_refused() -> None:
    assert _refusal(b"something else").reason == "unsupported-format"


@pytest.mark.parametrize(
    "entry",
    [
        Entry(GBK, BOOK),
        Entry(NAME.encode(), BOOK),
        Entry(NAME.encode(), BOOK, flags=0x800),
        Entry(GBK, BOOK, flags=0x800),
        Entry(b"??/??.xlsx", BOOK, extra=unicode_path(b"??/??.xlsx", NAME)),
        Entry(GBK, BOOK, extra=struct.pack("<HH4x", 0xCAFE, 4) + unicode_path(b"renamed since", "old.xlsx")),
        Entry(GBK, BOOK, method=0),
    ],
    ids=["GBK", "UTF-8", "UTF-8 declared", "GBK declared as UTF-8", "Unicode field", "stale field", "stored"],
)
@pytest.mark.parametrize("zip_64", [False, True])
def test_a_zip_gives_its_names_and_contents(entry: Entry, zip_64: bool) -> None:
    other = Entry(b"note.txt", b"n")

    assert _read(zipped(entry, other, zip_64=zip_64)) == [Member(NAME, BOOK), Member("note.txt", b"n")]


@pytest.mark.parametrize(
    "name", ["表\\某县.xlsx", "../../etc/passwd", "C:\\表.xlsx", "/表.xlsx", "\u202exslx.exe"]
)
def test_names_are_given_as_they_are(name: str) -> None:
    assert [member.name for member in _read(zipped(Entry(name.encode("gb18030"), b"x")))] == [name]


def test_a_zip_behind_other_bytes_is_read() -> None:
    data = zipped(Entry(GBK, BOOK, flags=0x800))

    assert list(members(b"#!/bin/sh\n" + data, "zip", Allowance())) == [Member(NAME, BOOK)]


def test_folders_links_and_what_systems_leave_are_passed_over() -> None:
    data = zipped(
        Entry("表/".encode("gbk"), b""),
        Entry("表\\".encode("gbk"), b""),
        Entry(b"folder", b"", attributes=0x10),
        Entry(b"link", b"/etc/passwd", attributes=0o120777 << 16),
        Entry(b"__MACOSX/._a.xlsx", b"x"),
        Entry(b"a/.DS_Store", b"x"),
        Entry(b"a\\thumbs.db", b"x"),
        Entry(b"file", b"x", attributes=0o100644 << 16),
    )

    assert _read(data) == [Member("file", b"x")]


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        (Entry(GBK, BOOK, flags=0x1), "encrypted"),
        (Entry(GBK, BOOK, flags=0x1, method=99), "encrypted"),
        (Entry(GBK, BOOK, checksum=1), "corrupt"),
        (Entry(GBK, BOOK, method=9), "unsupported-format"),
        (Entry(GBK, bz2.compress(bytes(MIB)), method=12), "unsupported-format"),
        (Entry(GBK, bytes(10 * MIB)), "unsafe"),
        (Entry(GBK, BOOK, declared=100), "unsafe"),
        (Entry(GBK, BOOK, declared=100, checksum=zlib.crc32(BOOK[:100])), "unsafe"),
        (Entry(GBK, bytes(5 * MIB), declared=100), "unsafe"),
        (Entry(GBK, BOOK, declared=10_000), "unsafe"),
        (Entry(GBK, BOOK, method=0, declared=10), "unsafe"),
    ],
)
def test_a_bad_entry_of_a_zip_does_not_hide_the_good_ones(entry: Entry, problem: str) -> None:
    good = Entry(b"good.xlsx", BOOK)

    assert _read(zipped(good, entry, good)) == [
        Member("good.xlsx", BOOK),
        Member(NAME, b"", problem),
        Member("good.xlsx", BOOK),
    ]


def test_an_entry_that_lies_about_its_place_is_damaged() -> None:
    data = zipped(Entry(b"far", BOOK, extra=struct.pack("<HHQ", 1, 8, 2**63)))
    data = _patched(data, data.index(b"PK\1\2") + 42, 0xFFFFFFFF)

    assert _read(data) == [Member("far", b"", "corrupt")]


def test_what_compresses_well_and_is_small_is_no_bomb() -> None:
    assert _read(zipped(Entry(b"a", bytes(MIB)))) == [Member("a", bytes(MIB))]


@pytest.mark.parametrize(
    "make",
    [
        lambda: zipped(*[Entry(b"0", bytes(10 * MIB))] * 250),
        lambda: overlapping(20_001, 10 * MIB),
        lambda: overlapping(5_000, 10 * MIB),
        lambda: overlapping(250, MIB),
        lambda: zipped(*[Entry(b"%d" % n, b"") for n in range(1_000)]),
        lambda: zipped(*[Entry(b"0", BOOK * 200)] * 150, zip_64=True),
    ],
    ids=["zeros", "very many", "overlapping", "overlapping within the ratio", "empty", "just too much"],
)
def test_a_bomb_ends_at_the_allowance(make: Callable[[], bytes]) -> None:
    data = make()
    start = time.perf_counter()
    tracemalloc.start()

    sizes, refusal = _drained(members(data, "zip", Allowance()))

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refusal is not None
    assert refusal.reason == "unsafe"
    assert len(sizes) <= 200
    assert sum(sizes) <= 200 * MIB
    assert peak < 3 * len(data) + 40 * MIB
    assert time.perf_counter() - start < 20, "far above what it takes, so that a slow machine does not matter"


def test_the_allowance_is_shared_and_what_is_too_much_takes_nothing_from_it() -> None:
    allowance = Allowance(members=3, size=20_000)

    assert _read(zipped(Entry(b"a", BOOK)), allowance) == [Member("a", BOOK)]
    assert _refusal(zipped(Entry(b"b", BOOK * 2)), allowance).reason == "unsafe"
    assert _read(seven_zipped({"c": BOOK}), allowance) == [Member("c", BOOK)]
    assert _refusal(tnef(Attached(BOOK, b"d")), allowance).reason == "unsafe"
    assert _read(compound(message(Attached(b"e", long_name="e"))), allowance) == [Member("e", b"e")]
    assert _refusal(zipped(Entry(b"f", b"")), allowance).reason == "unsafe"
    assert (allowance.members, allowance.size) == (0, 20_000 - 2 * len(BOOK) - 1)


def test_a_negative_size_is_not_taken() -> None:
    with pytest.raises(Refused):
        Allowance().take(-1)


def test_a_7z_gives_its_files() -> None:
    files = {NAME: BOOK, "空.txt": b"", "__MACOSX/._a": b"x", "深/深/二.xlsx": BOOK[::-1]}

    assert sorted(_read(seven_zipped(files))) == sorted(
        Member(name, content) for name, content in files.items() if "MACOSX" not in name
    )


@pytest.mark.parametrize("header", [False, True])
def test_a_7z_with_a_password_is_refused(header: bool) -> None:
    assert _refusal(seven_zipped({NAME: BOOK}, "密码", header=header)).reason == "encrypted"


@pytest.mark.parametrize("name", ["../a.xlsx", "C:/a.xlsx", "b/../a.xlx", "/../a.xlsx"])
def test_a_7z_with_a_bad_name_still_gives_the_others(name: str) -> None:
    placeholder = "p" * len(name)
    data = renamed_in_7z(seven_zipped({"good.xlsx": BOOK, placeholder: b"x"}), placeholder, name)

    assert _read(data) == [Member("good.xlsx", BOOK), Member(name, b"", "unsafe")]


def test_a_7z_with_a_name_twice_gives_neither() -> None:
    data = renamed_in_7z(seven_zipped({"a": BOOK, "b": b"2", "c": b"3"}), "b", "a")

    assert _read(data) == [Member("a", b"", "unsafe"), Member("a", b"", "unsafe"), Member("c", b"3")]


def test_a_7z_too_large_is_refused_by_its_listing() -> None:
    start = time.perf_counter()

    assert _refusal(seven_zipped({"a": bytes(30 * MIB)}), Allowance(size=MIB)).reason == "unsafe"
    assert _refusal(seven_zipped({str(n): b"x" for n in range(20)}), Allowance(members=10)).reason == "unsafe"
    assert time.perf_counter() - start < 20


@pytest.fixture
def _surroundings() -> Iterator[None]:
    """Variables set by the test reach the child, which takes on those that there are when it starts."""
    CHILDREN.stop()
    yield
    CHILDREN.stop()


@pytest.mark.usefixtures("_surroundings")
@pytest.mark.parametrize(
    ("library", "data"),
    [
        ("py7zr", seven_zipped({"a": b"a"})),
        ("rarfile", rar_3((b"a", b"a"))),
        ("tnefparse", tnef(Attached(b"a", b"a"))),
        ("olefile", compound(message(Attached(b"a", long_name="a")))),
    ],
)
def test_without_its_library_a_refusal_says_what_to_install(
    library: str, data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / f"{library}.py").write_text("raise ImportError", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    refusal = _refusal(data)

    assert refusal.reason == "unsupported-format"
    assert all("wb-tool[archives]" in words for words in refusal.why)


@pytest.mark.parametrize("name", [GBK, NAME.encode()])
def test_an_old_rar_gives_its_files(name: bytes) -> None:
    assert _read(rar_3((name, BOOK), (b"a\\b.txt", b""))) == [Member(NAME, BOOK), Member("a\\b.txt", b"")]


def test_a_new_rar_gives_its_files_and_no_links() -> None:
    link = rar_5_record(5, b"\1\0\x0b/etc/passwd")
    data = rar_5(rar_5_file(NAME, BOOK), rar_5_file("link", b"", extra=link), rar_5_file("Thumbs.db", b"x"))

    assert _read(data) == [Member(NAME, BOOK)]


@pytest.mark.skipif(not CAN_UNRAR, reason="needs unar, unrar or bsdtar")
@pytest.mark.usefixtures("_surroundings")
@pytest.mark.parametrize("name", [NAME, "../../a.xlsx", "*.xlsx", "-o.xlsx"])
def test_a_compressed_rar_is_inflated_by_another_program(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))

    assert _read(rar_5(rar_5_file("一.xlsx", b"1"), rar_5_file(name, BOOK, method=3))) == [
        Member("一.xlsx", b"1"),
        Member(name, BOOK),
    ]
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("_surroundings")
def test_without_such_a_program_a_refusal_names_it_after_what_is_merely_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    data = rar_5(rar_5_file("一.xlsx", b"1"), rar_5_file("二.xlsx", BOOK, method=3))
    found: list[Member] = []

    with pytest.raises(Refused) as caught:
        found.extend(iter(members(data, "rar", Allowance())))

    assert caught.value.reason == "unsupported-format"
    assert all("unar" in words for words in caught.value.why)
    assert found == [Member("一.xlsx", b"1")]


def test_what_is_wrong_with_a_rar_is_told_apart() -> None:
    encrypted = rar_5_record(1, b"\0\0\x0f" + bytes(32))
    mixed = rar_5(rar_5_file("a", BOOK, extra=encrypted), rar_5_file("b", BOOK), rar_5_file("b", b"other"))
    torn = rar_5(rar_5_file(NAME, BOOK))
    spoilt = torn.replace(BOOK, BOOK[::-1])

    assert _read(mixed) == [Member("a", b"", "encrypted"), Member("b", b"", "unsafe"), Member("b", b"other")]
    assert _read(spoilt) == [Member(NAME, b"", "corrupt")]
    assert _refusal(rar_5(prefix=rar_5_encrypted_header())).reason == "encrypted"
    assert "分卷" in _refusal(rar_5(rar_5_file("a", BOOK, flags=0x10))).why.zh
    assert "分卷" in _refusal(rar_5(rar_5_file("a", BOOK, flags=0x08), end=False)).why.zh
    assert _refusal(rar_5(rar_5_file("a", BOOK), end=False)).reason == "corrupt"
    assert _refusal(rar_5(rar_5_file("a", BOOK)), Allowance(size=100)).reason == "unsafe"
    assert _refusal(rar_5(*[rar_5_file("a", b"")] * 20_001)).reason == "unsafe"


def test_a_winmail_gives_its_attachments() -> None:
    inner = tnef(Attached(b"inner", "内.xls".encode("gbk")))
    data = tnef(
        Attached(BOOK, GBK),
        Attached(BOOK, b"BAOBIA~1.XLS", long_name=NAME),
        Attached(BOOK, b"BAOBIA~1.XLS", ansi_name=GBK),
        Attached(message=inner),
        Attached(long_name="no content"),
        Attached(b"", b"empty"),
    )

    assert _read(data) == [Member(NAME, BOOK)] * 3 + [Member("内.xls", b"inner"), Member("empty", b"")]
    assert _read(data + b"\r\n") == _read(data)


def test_a_winmail_gives_its_attachments_whatever_its_subject_is_encoded_in() -> None:
    assert _read(tnef(Attached(BOOK, GBK), subject="𬭼䶮".encode("gb18030"))) == [Member(NAME, BOOK)]


def test_an_attached_message_keeps_the_zeros_at_its_end() -> None:
    inner = tnef(Attached(BOOK, b"a", properties=False), Attached(bytes(1), b"b", properties=False))

    assert _read(tnef(Attached(message=inner))) == [Member("a", BOOK), Member("b", bytes(1))]


def test_what_is_wrong_with_a_winmail_is_told_apart() -> None:
    data = tnef(Attached(BOOK, GBK))
    nested = tnef(Attached(b"x", b"x"))
    for _ in range(6):
        nested = tnef(Attached(message=nested))
    spoilt = tnef(Attached(message=tnef(Attached(b"x", b"x"))), Attached(BOOK, GBK))
    spoilt = spoilt.replace(bytes.fromhex("0703020000000000c0"), bytes(9))

    assert _read(data.replace(BOOK, bytes(len(BOOK)))) == [Member(NAME, b"", "corrupt")]
    assert _read(spoilt) == [Member("", b"", "corrupt"), Member(NAME, BOOK)]
    assert _refusal(data[:-500]).reason == "corrupt"
    assert _refusal(data[:6]).reason == "corrupt"
    assert _refusal(nested).reason == "unsafe"


def test_what_never_ends_is_refused_and_the_next_is_read() -> None:
    with pytest.raises(Refused) as caught:
        list(read_packed(tnef_that_counts(0xFFFFFFFF), "tnef", Allowance(), seconds=1))

    assert caught.value.reason == "unsafe"
    assert _read(tnef(Attached(BOOK, GBK))) == [Member(NAME, BOOK)]


def test_a_message_gives_its_attachments() -> None:
    data = compound(
        message(
            Attached(BOOK, long_name=NAME),
            Attached(b"small", ansi_name=GBK),
            Attached(message=message(Attached(BOOK, long_name="内.xlsx"))),
            Attached(long_name="云端.xlsx"),
            Attached(b"", long_name="empty"),
        )
    )

    assert _read(data) == [
        Member(NAME, BOOK),
        Member(NAME, b"small"),
        Member("内.xlsx", BOOK),
        Member("云端.xlsx", b"", "unsupported-format"),
        Member("empty", b""),
    ]


@pytest.mark.parametrize("size", [1, 4_095, 4_096, 3 * MIB])
def test_an_attachment_of_any_size_comes_out_of_a_message(size: int) -> None:
    content = random.Random(2).randbytes(size)
    data = compound(message(Attached(content, long_name="大.zip"), Attached(b"small", long_name="s")))

    assert _read(data) == [Member("大.zip", content), Member("s", b"small")]


def test_messages_nested_very_deep_are_refused() -> None:
    nested = message(Attached(b"x", long_name="x"))
    for _ in range(6):
        nested = message(Attached(message=nested))

    assert _refusal(compound(nested)).reason == "unsafe"


def _patched(data: bytes, at: int, *numbers: int) -> bytes:
    new = struct.pack(f"<{len(numbers)}I", *numbers)
    return data[:at] + new + data[at + len(new) :]


@pytest.mark.parametrize(
    ("at", "number"),
    [
        *[
            (at, number)
            for at in (44, 48, 60, 64, 68, 72, 76)
            for number in (0, 1, 5, 0xFFFFFFF0, 0xFFFFFFFF)
        ],
        (30, 0x0006001F),
    ],
)
def test_a_message_whose_header_lies_is_met_at_once(at: int, number: int) -> None:
    data = _patched(compound(message(Attached(BOOK, long_name=NAME))), at, number)

    _holds(data, "msg")


def test_a_message_whose_chains_turn_in_circles_is_met_at_once() -> None:
    data = compound(message(Attached(BOOK, long_name=NAME)))
    table = 512 * (1 + struct.unpack_from("<I", data, 76)[0])
    for sector in range(40):
        for target in (0, sector):
            turning = _patched(data, table + 4 * sector, target)
            _holds(turning, "msg")


def _drained(found: Iterator[Member]) -> tuple[list[int], Refused | None]:
    """How large the members are that come, and the refusal in which that ends, if it does."""
    sizes = []
    try:
        for member in found:
            assert member.problem in PROBLEMS
            assert not (member.problem and member.content)
            sizes.append(len(member.content))
    except Refused as refused:
        return sizes, refused
    return sizes, None


def _holds(data: bytes, kind: str, *, most: int = 200, size: int = 200 * MIB, seconds: float = 5) -> None:
    """What may come of any bytes at all: members or a refusal, within the allowance and the time."""
    # One winmail in thirty that is damaged keeps its library busy until it is stopped.
    read = partial(read_packed, seconds=1) if kind == "tnef" else members
    start = time.perf_counter()

    sizes, refusal = _drained(read(data, kind, Allowance(most, size)))

    assert len(sizes) <= most
    assert sum(sizes) <= size
    assert refusal is None or (refusal.reason in PROBLEMS - {""} and all(refusal.why))
    assert time.perf_counter() - start < seconds


KINDS = {
    "zip": "zip",
    "zip64": "zip",
    "7z": "7z",
    "rar 3": "rar",
    "rar 5": "rar",
    "tnef": "tnef",
    "msg": "msg",
}
SAMPLES = {
    "zip": (
        zipped(Entry(GBK, BOOK), Entry(NAME.encode(), BOOK, flags=0x800), Entry(b"a", b"a", method=0)),
        300,
    ),
    "zip64": (zipped(Entry(GBK, BOOK, extra=unicode_path(GBK, NAME)), zip_64=True), 200),
    "7z": (seven_zipped({NAME: BOOK[:300], "二": b"2"}), 12),
    "rar 3": (rar_3((GBK, BOOK[:300]), (b"a", b"a")), 20),
    "rar 5": (rar_5(rar_5_file(NAME, BOOK[:300]), rar_5_file("二", BOOK[:300], method=3)), 20),
    "tnef": (
        tnef(Attached(BOOK[:300], GBK, long_name=NAME), Attached(message=tnef(Attached(b"x", b"x")))),
        60,
    ),
    "msg": (
        compound(message(Attached(BOOK, long_name=NAME), Attached(message=message(Attached(b"x"))))),
        300,
    ),
}


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_sample_is_sound_before_it_is_damaged(sample: str) -> None:
    data, _ = SAMPLES[sample]
    if sample == "rar 5" and not CAN_UNRAR:
        pytest.skip("needs unar, unrar or bsdtar")

    assert {member.problem for member in _read(data)} == {""}


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_truncated_archive_gives_members_or_a_refusal(sample: str) -> None:
    data, _ = SAMPLES[sample]
    for tenth in range(10):
        _holds(data[: len(data) * tenth // 10], KINDS[sample], seconds=60)


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_damaged_archive_gives_members_or_a_refusal(sample: str) -> None:
    data, times = SAMPLES[sample]
    draw = random.Random(sample)
    for _ in range(times):
        damaged = bytearray(data)
        for _ in range(draw.randint(1, 3)):
            damaged[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
        _holds(bytes(damaged), KINDS[sample], most=3, size=50_000, seconds=60)
