"""Names in mails come out as their senders meant them, whatever the mail program made of them."""

from __future__ import annotations

import base64
import email
import random
import tomllib
import unicodedata
from email import policy
from email.header import Header
from email.message import EmailMessage, Message
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workbook_tool.round.names import LONGEST, attachment_name, decoded, decoded_bytes, safe_name

CASES = tomllib.loads((Path(__file__).parent / "mail_names.toml").read_text(encoding="utf-8"))
MUTATIONS = 200
ACCIDENTS = [b'"', b";", b"=?", b"?=", b"%", b"\\", b"\0", b"*", b"'", b"\xe5"]
FORBIDDEN = set('<>:"|?*/\\\u200b\u200c\u200d\u2060\ufeff')
LETTERS = st.sampled_from("年度报表街道镇局𬭼䶮龦（）()-_ 1'%;,&=#") | st.characters(
    min_codepoint=0x4E00, max_codepoint=0x9FA5
)
NAMES = st.builds("报{}{}.xlsx".format, st.text(LETTERS, max_size=40), st.just("表"))


def _bytes(case: dict[str, str]) -> bytes:
    return case["headers"].encode(case.get("encoding", "utf-8")).replace(b"\n", b"\r\n") + b"\r\n"


def _name(headers: bytes) -> str:
    return attachment_name(email.message_from_bytes(headers, policy=policy.compat32))


def _assert_safe(name: str) -> None:
    assert len(name) <= LONGEST
    assert not FORBIDDEN & set(name)
    assert not {"Cc", "Cf", "Cs"} & {unicodedata.category(c) for c in name}
    assert name == name.strip(". \u3000")
    assert unicodedata.is_normalized("NFC", name)


def _mutated(data: bytes, draw: random.Random) -> bytes:
    """The bytes of some headers after one to five accidents."""
    changed = bytearray(data)
    for _ in range(draw.randint(1, 5)):
        at = draw.randrange(len(changed) + 1)
        end = at + draw.randint(1, 12)
        match draw.randrange(5):
            case 0:
                del changed[end * 3 :]
            case 1:
                changed[at : at + 1] = bytes([draw.randrange(256)])
            case 2:
                changed[at:at] = draw.choice(
                    [b'"', b";", b"=?", b"?=", b"%", b"\\", b"\0", b"*", b"'", b"\xe5"]
                )
            case 3:
                del changed[at:end]
            case _:
                changed[at:at] = changed[at:end]
    return bytes(changed)


def _words(data: bytes, label: str, draw: random.Random) -> str:
    """Encoded words over the bytes, cut anywhere, each in either encoding."""
    words = []
    while data:
        size = draw.randint(1, 30)
        piece, data = data[:size], data[size:]
        if draw.random() < 0.5:
            words.append(f"=?{label}?B?{base64.b64encode(piece).decode()}?=")
        else:
            words.append(f"=?{label}?Q?{''.join(f'={byte:02X}' for byte in piece)}?=")
    return draw.choice([" ", "\r\n ", "\r\n\t", ""]).join(words)


@pytest.mark.parametrize("name", CASES)
def test_a_name_is_what_its_sender_meant(name: str) -> None:
    assert _name(_bytes(CASES[name])) == CASES[name]["name"]


@pytest.mark.parametrize("name", CASES)
def test_damaged_headers_give_a_safe_name(name: str) -> None:
    draw = random.Random(name)
    original = _bytes(CASES[name])

    for _ in range(MUTATIONS):
        _assert_safe(_name(_mutated(original, draw)))


@given(NAMES)
def test_a_name_written_by_the_email_package_comes_back(name: str) -> None:
    message = EmailMessage()
    message.add_attachment(b"x", maintype="application", subtype="octet-stream", filename=name)
    part = email.message_from_bytes(message.as_bytes(), policy=policy.compat32)
    parts = [*part.walk()]

    assert attachment_name(parts[-1]) == name


@given(NAMES)
def test_a_name_in_a_message_just_made_comes_back(name: str) -> None:
    message = Message()
    message.add_header("Content-Disposition", "attachment", filename=("gb18030", "zh-cn", name))

    assert attachment_name(message) == name


@given(
    NAMES,
    st.sampled_from(["utf-8 UTF-8", "gb18030 GB2312", "gb18030 gb18030", "gb18030 x-gbk"]),
    st.sampled_from(['filename="{}"', "filename={}", "FILENAME = {} ; size=3"]),
    st.randoms(use_true_random=False),
)
def test_encoded_words_cut_anywhere_are_joined(
    name: str, charset: str, form: str, draw: random.Random
) -> None:
    codec, label = charset.split()
    words = _words(name.encode(codec), label, draw)

    assert _name(f"Content-Disposition: attachment; {form.format(words)}\r\n\r\n".encode()) == name
    assert decoded(words) == name


@given(st.binary() | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_header_gives_a_safe_name(value: bytes) -> None:
    _assert_safe(_name(b"Content-Disposition: attachment; filename=" + value))
    _assert_safe(_name(b"Content-Type: a/b; name*=gbk''" + value))


@given(st.text(st.characters(exclude_categories=[]), max_size=300))
@example("\ud800/\udcff年\u202e.xlsx")
@example("e\u0301" * 1000)
@example("\u0344" * 250 + ".xlsx")
@example("年" * 190 + " " * 20 + ".xlsx")
def test_a_safe_name_is_safe_and_stays_as_it_is(text: str) -> None:
    name = safe_name(text)

    _assert_safe(name)
    assert safe_name(name) == name


def test_a_long_name_keeps_its_extension() -> None:
    assert safe_name("年" * 300 + ".xlsx") == "年" * 195 + ".xlsx"
    assert safe_name("年" * 300) == "年" * 200
    assert safe_name("a." + "年" * 300) == "a." + "年" * 198


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("年报𬭼䶮.xlsx".encode(), "年报𬭼䶮.xlsx"),
        ("年报𬭼䶮.xlsx".encode("gb18030"), "年报𬭼䶮.xlsx"),
        (b"plain.xlsx", "plain.xlsx"),
        (b"", ""),
        (b"a\xff\xfe.xlsx", "a\ufffd\ufffd.xlsx"),
    ],
)
def test_bytes_without_a_label(data: bytes, text: str) -> None:
    assert decoded_bytes(data) == text


@given(st.binary())
def test_any_bytes_give_a_text(data: bytes) -> None:
    decoded_bytes(data).encode()
    decoded(data.decode("ascii", "surrogateescape")).encode()


@pytest.mark.parametrize(
    ("header", "text"),
    [
        (b"=?gb18030?B?u9i4tKO6MjAyNcTqsag=?=", "回复：2025年报"),
        (b"Re: =?utf-8?Q?=E5=B9=B4?=\r\n =?utf-8?Q?=E6=8A=A5?= (2)", "Re: 年报 (2)"),
        (b'"=?GBK?Q?=D5=C5=C8=FD?=" <z@x.cn>', '"张三" <z@x.cn>'),
        ("回复: 2025 年报".encode("gbk"), "回复: 2025 年报"),
        ("回复: 2025\r\n 年报".encode(), "回复: 2025 年报"),
        (
            b"a =?utf-8?Q?b=0D=0ABcc:_c?= =?x?y?z?= 50%E5 &#24180;",
            "a b Bcc: c =?x?y?z?= 50%E5 &#24180;",
        ),
        (b"=?utf-8?Q?=E2=80=AEa?=", "a"),
    ],
)
def test_a_subject_is_decoded(header: bytes, text: str) -> None:
    message = email.message_from_bytes(b"Subject: " + header + b"\r\n\r\n", policy=policy.compat32)

    assert [decoded(value) for _, value in message.raw_items()] == [text]
    assert decoded(message["subject"]) == text


def test_a_header_that_was_made_is_decoded() -> None:
    assert decoded(Header("年报", "gb2312")) == "年报"
    assert decoded(Header("年报", "unknown-8bit")) == "年报"


def test_a_header_object_on_a_part_is_decoded() -> None:
    part = Message()
    part["Content-Type"] = Header('application/octet-stream; name="年报.xlsx"', "utf-8")  # type: ignore[assignment]

    assert attachment_name(part) == "年报.xlsx"


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 36
