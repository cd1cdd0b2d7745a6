"""The names in a mail, as its sender meant them: attachments, subjects, members of archives.

The mail programs of Chinese offices write names in a dozen manners, half of them against the standards, and
the standard library loses the rarer characters. So the raw bytes of a header are taken from a message that
was parsed by the ``compat32`` policy and decoded here. Nothing in this module raises on any input, and all
of it takes time in proportion to the length of the header.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
import unicodedata
from email.header import Header
from itertools import groupby, islice
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote_to_bytes

from workbook_tool.archives import decoded_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

__all__ = ["LONGEST", "attachment_name", "decoded", "decoded_bytes", "safe_name"]

LONGEST = 200
"""The most characters of a safe name. File systems stop at 255 bytes; names in use stay below 100."""

_LABELS = {
    # GB18030 holds all of GB2312 and GBK, and what is labelled as these holds its characters.
    "gb18030": (
        "gb18030 gb180302000 gb180302005 gbk xgbk gb gb2312 xgb2312 gb231280 csgb2312 csiso58gb231280 "
        "isoir58 chinese euccn xeuccn cngb cp936 xcp936 ms936 windows936 936"
    ),
    "utf-8": "utf8 xutf8 utf8mb4 unicode11utf8 cp65001 65001",
    "big5hkscs": "big5 xbig5 cnbig5 csbig5 big5hkscs cp950 windows950 950",
    "hz": "hz hzgb2312",
    "cp932": "shiftjis sjis xsjis cp932 windows31j",
    "iso2022_jp": "iso2022jp",
    "euc_jp": "eucjp",
    "cp949": "euckr ksc56011987 cp949",
}
_CODECS = {label: codec for codec, labels in _LABELS.items() for label in labels.split()}
"""Charset labels, without their punctuation, to codecs. Any other label says nothing about Chinese bytes."""

_WORD = re.compile(r"=\?([\w.:+-]{1,40})(?:\*[\w-]{0,20})?\?([bBqQ])\?", re.ASCII)
_KEY = r"[A-Za-z][A-Za-z0-9_.+-]{0,40}(?:\*[0-9]{1,5})?\*?\s*="
_PARAMETER = re.compile(r"(?:^|(?<=[;\s]))([A-Za-z][A-Za-z0-9_.+-]{0,40})(?:\*([0-9]{1,5}))?(\*?)\s*=\s*+")
_QUOTED = re.compile(r'"([^"\\]*+(?:\\.[^"\\]*+)*+)"(?=\s*(?:;|\Z))', re.DOTALL)
_QUOTED_END = re.compile(rf'"(?=\s*(?:;|\Z)|\s+{_KEY})|(?=;\s*{_KEY})')
_PLAIN_END = re.compile(rf"(?=;\s*{_KEY})")
_ESCAPED = re.compile(r"\\([^\w\s.])")
_CHARSET = re.compile(r"([\w.:+-]{0,40})'([A-Za-z]{0,8}(?:-[A-Za-z0-9]{1,8}){0,3})'", re.ASCII)
_ENTITY = re.compile(r"&#(?:[0-9]{1,7}|[xX][0-9a-fA-F]{1,6});")
_LONE = re.compile("[\ud800-\udc7f\udd00-\udfff]")
_BREAKS = re.compile(r"[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+")
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})
_SPACES = ". \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_EXTENSION = 20
_CANDIDATES = 50
_RESERVED = str.maketrans(dict.fromkeys('<>:"|?*', "_"))


class _Parameter(NamedTuple):
    """One parameter of a header: `name*number*=value`, the last star being `extended`."""

    name: str
    number: int | None
    extended: bool
    value: str


class _Piece(NamedTuple):
    """An encoded word, its codec "" where the label says nothing; or plain text, which has no encoding."""

    codec: str
    encoding: str
    text: str


def attachment_name(part: Message) -> str:
    """The safe file name of a MIME part, "" where it has none.

    The first undamaged one of ``filename*``, ``filename`` and the content type's ``name*`` and ``name``.
    """
    damaged = ""
    for name in map(safe_name, islice(_candidates(part), _CANDIDATES)):
        if name and "\ufffd" not in name:
            return name
        damaged = damaged or name
    return damaged


def decoded(value: str | Header) -> str:
    """The text of an unstructured header, without control characters.

    For an address, split it from its words first: a decoded word may itself look like an address.
    """
    return _visible(_words_decoded(_text(value))).strip()


def safe_name(text: str) -> str:
    """The last component of a path, fit to be shown and compared, though never to be a path itself.

    No control, bidi or zero-width characters, none that Windows reserves, NFC, at most `LONGEST` characters.
    """
    name = _visible(re.split(r"[/\\]", text)[-1]).strip(_SPACES)
    # Composing is quadratic in a run of accents, so it is given no more than it takes to fill a name.
    name = unicodedata.normalize("NFC", _cut(name, 2 * LONGEST))
    return _cut(name.translate(_RESERVED).strip(_SPACES), LONGEST)


def _candidates(part: Message) -> Iterator[str]:
    """Every name that the headers of a part give, the best one first."""
    headers: dict[str, list[_Parameter]] = {"content-disposition": [], "content-type": []}
    for key, value in part.raw_items():
        if key.lower() in headers:
            headers[key.lower()] += _parameters(_text(value))
    for name, other in (("filename", "name"), ("name", "filename")):
        for key, wanted in zip(headers, (name, other), strict=True):
            yield from _values([parameter for parameter in headers[key] if parameter.name == wanted])


def _values(parameters: list[_Parameter]) -> Iterator[str]:
    """The values of a parameter's several forms: extended, continued, plain."""
    yield from (_extended([p]) for p in parameters if p.number is None and p.extended)
    segments: dict[int, _Parameter] = {}
    for parameter in parameters:
        if parameter.number is not None:
            segments.setdefault(parameter.number, parameter)
    if segments:
        yield _extended([segments[number] for number in sorted(segments)])
    yield from (_unwrapped(p.value) for p in parameters if p.number is None and not p.extended)


def _parameters(text: str) -> Iterator[_Parameter]:
    """The parameters of a header, whether or not it keeps to the grammar."""
    place = 0
    while match := _PARAMETER.search(text, place):
        name, number, star = match.groups()
        value, place = _value(text, match.end())
        yield _Parameter(name.lower(), int(number) if number else None, bool(star), value)


def _value(text: str, start: int) -> tuple[str, int]:
    """The value that begins at `start`, and where it ends.

    A quote closes only before a semicolon, the end or another parameter, since senders leave quotes within
    a name as they are; a semicolon ends a value without quotes only before another parameter.
    """
    quoted = text.startswith('"', start)
    if quoted and (match := _QUOTED.match(text, start)):
        return _ESCAPED.sub(r"\1", match[1]), match.end()
    pattern = _QUOTED_END if quoted else _PLAIN_END
    match = pattern.search(text, start + quoted)
    stop = match.start() if match else len(text)
    value = text[start:stop].strip().strip('"')
    return _ESCAPED.sub(r"\1", value) if quoted else value, match.end() if match else stop


def _extended(segments: list[_Parameter]) -> str:
    """The value of RFC 2231 segments in their order; their bytes are joined before they are decoded."""
    if not any(segment.extended for segment in segments):
        return _unwrapped("".join(segment.value for segment in segments))
    first = segments[0].value
    match = _CHARSET.match(first) if segments[0].extended else None
    codec = _CODECS.get(_bare(match[1]), "") if match else ""
    # An unknown label with a language and nothing encoded is a name with two apostrophes.
    known = match and (codec or not match[1] or not match[2] or "%" in first)
    prefix = match[0] if match and known else ""
    encoded = "".join(
        value.removeprefix(prefix) if extended else value.replace("%", "%25")
        for _, _, extended, value in segments
    )
    return _unwrapped(_labelled(unquote_to_bytes(_encoded(encoded, codec)), codec))


def _unwrapped(value: str) -> str:
    """A value out of what it should not have been written in, but was: words, percent signs, entities."""
    text = _words_decoded(value)
    if "%" in text and text.isascii():
        data = unquote_to_bytes(text)
        plain = _strict(data, "utf-8") or _strict(data, "gb18030")
        text = plain if plain and not plain.isascii() else text
    return _ENTITY.sub(lambda match: html.unescape(match[0]), text)


def _words_decoded(text: str) -> str:
    """A text with its encoded words decoded, adjacent ones of one charset as one run of bytes."""
    runs = groupby(_pieces(text), key=lambda piece: (piece.codec, bool(piece.encoding)))
    return "".join(_run_text([*run]) for _, run in runs)


def _pieces(text: str) -> Iterator[_Piece]:
    """The encoded words of a text and what stands between; a word without end goes to the next or the end."""
    done = 0
    starts = [*_WORD.finditer(text)]
    stops = [*(match.start() for match in starts[1:]), len(text)]
    for match, stop in zip(starts, stops, strict=False):
        codec = _CODECS.get(_bare(match[1]))
        end = text.find("?=", match.end(), stop)
        if codec is None and end < 0:
            continue
        gap = text[done : match.start()]
        if gap.strip() or not done:
            yield _Piece("", "", gap)
        yield _Piece(codec or "", match[2].upper(), text[match.end() : stop if end < 0 else end])
        done = stop if end < 0 else end + 2
    yield _Piece("", "", text[done:])


def _run_text(run: list[_Piece]) -> str:
    """The text of adjacent pieces of one kind."""
    texts = [piece.text for piece in run]
    if not run[0].encoding:
        return "".join(texts)
    codec = run[0].codec
    data = b"".join(_unbase64(t) if e == "B" else _unquoted_printable(t, codec) for _, e, t in run)
    if (
        len(run) > 1
        and all(piece.encoding == "B" for piece in run)
        and _strict(data, codec or "utf-8") is None
    ):
        # Some senders cut the base64 itself, between any two of its letters.
        joined = _strict(_unbase64("".join(texts)), codec or "utf-8")
        if joined is not None:
            return joined
    return _labelled(data, codec)


def _unbase64(text: str) -> bytes:
    """The bytes of base64 with anything strange in it left out, its padding right or not."""
    letters = re.sub(r"[^A-Za-z0-9+/=]+", "", text.translate({ord("-"): "+", ord("_"): "/"}))
    whole = ((run, len(run) % 4) for run in letters.split("=") if run)
    return b"".join(
        base64.b64decode(run[:-1] if over == 1 else run + "=" * (-over % 4)) for run, over in whole
    )


def _unquoted_printable(text: str, codec: str) -> bytes:
    """The bytes of the Q encoding; a character that stands there unencoded is one of the charset."""
    return binascii.a2b_qp(_encoded(text, codec), header=True)


def _labelled(data: bytes, codec: str) -> str:
    """The text of bytes by their label, unless they contradict it; cut at the end they do not."""
    for guess in filter(None, (codec, "utf-8")):
        text = _strict(data, guess)
        if text is not None:
            return text
    if codec and _cut_short(data, codec):
        return data.decode(codec, "replace")
    if codec and _strict(data, "gb18030") is None:
        return data.decode(codec, "replace")
    return decoded_bytes(data)


def _cut_short(data: bytes, codec: str) -> bool:
    """Whether only the last character of the bytes is wrong, as where a sender cut the name."""
    try:
        data.decode(codec)
    except UnicodeDecodeError as e:
        return 0 < e.start < e.end == len(data)
    return False


def _strict(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _encoded(text: str, codec: str) -> bytes:
    return text.encode("ascii" if text.isascii() else codec or "utf-8", "replace")


def _bare(label: str) -> str:
    """A charset label as in `_CODECS`."""
    return re.sub(r"[\W_]+", "", label).lower()


def _text(value: str | Header) -> str:
    """A header's raw value on one line: its bytes are those that the parser could not read as ASCII."""
    if isinstance(value, Header):
        # The public ways out of a header lose raw bytes, or raise.
        chunks = value._chunks  # type: ignore[attr-defined]  # noqa: SLF001  # see above
        raw = any(str(charset) == "unknown-8bit" for _, charset in chunks)
        value = "".join(chunk for chunk, _ in chunks) if raw else str(value)
    text = decoded_bytes(_LONE.sub("", value).encode("utf-8", "surrogateescape"))
    return re.sub(r"[\r\n]+[ \t]*", " ", text).strip()


def _visible(text: str) -> str:
    """A text on one line, without the characters that cannot be seen but change what is."""
    return "".join(c for c in _BREAKS.sub(" ", text) if unicodedata.category(c) not in _UNSEEN)


def _cut(name: str, most: int) -> str:
    """A name of at most `most` characters that keeps its extension."""
    if len(name) <= most:
        return name
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension) > _EXTENSION:
        return name[:most]
    return stem[: most - len(extension) - 1] + dot + extension
