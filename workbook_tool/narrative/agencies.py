"""Which agency a clause speaks of: the report's own, or another whose figures are not its."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbook_tool.narrative.tokens import Token

_REGIONS = "省市区县旗州盟"
_WHOLE = ("人民政府", "政府")
_SMALL = ("街道", "镇", "乡")
_SHORTEST = 3
_OFFICES = ("办公室", "办公厅", "办")
"""What is the office of an agency speaks for it."""


def names_another(tokens: Sequence[Token], text: str, agency: str) -> bool:
    """Whether `tokens` name an agency that is not `agency`, or speak of a whole region that is not its."""
    if any(token.kind == "scope" for token in tokens) and not _is_of_a_region(agency):
        return True
    return any(not is_ours(name, agency) for name in _names(tokens, text))


def is_ours(name: str, agency: str) -> bool:
    """Whether `name` is how people call `agency`: without the regions before it, or a part of it."""
    plain, own = (word.replace("人民政府", "政府") for word in (name, agency))
    for office in _OFFICES:
        if plain.endswith(office) and len(plain) - len(office) >= _SHORTEST:
            plain = plain.removesuffix(office)
            break
    return plain in own or plain.lstrip("我本" + _REGIONS) in own


def _is_of_a_region(agency: str) -> bool:
    """Whether the agency answers for a region: a government, or the office of one."""
    return any(word in agency for word in _WHOLE) and not any(word in agency for word in _SMALL)


def _names(tokens: Sequence[Token], text: str) -> Iterator[str]:
    """The names in `tokens`: unknown words, or regions, up to a word such as 局."""
    start = None
    for token in tokens:
        if token.kind == "agency":
            first = token.start if start is None else start
            name = "".join(text[first : token.end].split())
            if name[-1] not in _REGIONS and len(name) >= _SHORTEST:
                yield name
            start = first
        elif token.kind == "text":
            start = token.start if start is None else start
        else:
            start = None
