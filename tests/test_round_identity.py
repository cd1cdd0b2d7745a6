"""Whose a workbook is: what speaks for a unit must agree, or a person decides."""

from __future__ import annotations

import pytest

from workbook_tool.round.identify import Attribution, Evidence, Identifier
from workbook_tool.round.roster import Unit
from workbook_tool.round.tokens import is_genuine, make_token, parse_token

KEY = bytes(range(32))
UNITS = {
    "A1": Unit("A1", "青河区财政局", addresses=("a@x.cn",)),
    "b2": Unit("b2", "青河区教育局", addresses=("b@x.cn", "shared@x.cn")),
    "C3": Unit("C3", "青河区柳湾街道办事处", addresses=("shared@x.cn",)),
}
LETTERS = {"to-a@office": "A1", "to-b@office": "b2"}
A, B = (str(make_token(KEY, 2025, code, 1)) for code in ("A1", "b2"))
OLD = str(make_token(KEY, 2024, "A1", 1))
FOREIGN = str(make_token(bytes(32), 2025, "A1", 1))
GONE = str(make_token(KEY, 2025, "Z9", 1))

CASES: dict[str, tuple[Evidence, Attribution]] = {
    "token alone": (Evidence(tokens=(A,), year=2025), Attribution("A1", "token")),
    "token of a second issue": (
        Evidence(tokens=(str(make_token(KEY, 2025, "A1", 2)),)),
        Attribution("A1", "token"),
    ),
    "token, from a clerk's own mailbox": (
        Evidence(tokens=(A,), sender="who@qq.com"),
        Attribution("A1", "token"),
    ),
    "code in other letters": (Evidence(codes=("B2",), year=2025), Attribution("b2", "code")),
    "answer alone": (Evidence(answers=("x@y", "to-a@office")), Attribution("A1", "answer")),
    "address alone": (Evidence(sender="a@x.cn"), Attribution("A1", "address")),
    "shared address, and the name tells": (
        Evidence(sender="shared@x.cn", agency="青河区 教育局"),
        Attribution("b2", "address"),
    ),
    "shared address alone": (
        Evidence(sender="shared@x.cn"),
        Attribution(None, reason="unknown-unit", candidates=("C3", "b2")),
    ),
    "a name alone is too little": (
        Evidence(agency="青河区财政局"),
        Attribution(None, reason="unknown-unit", candidates=("A1",)),
    ),
    "a file name only suggests": (
        Evidence(words="青河区柳湾街道办事处年报.xlsx"),
        Attribution(None, reason="unknown-unit", candidates=("C3",)),
    ),
    "nothing": (Evidence(), Attribution(None, reason="unknown-unit")),
    "token against code": (
        Evidence(tokens=(A,), codes=("B2",)),
        Attribution(None, reason="ambiguous", candidates=("A1", "b2")),
    ),
    "token against sender": (
        Evidence(tokens=(A,), codes=("A1",), sender="b@x.cn"),
        Attribution(None, reason="ambiguous", candidates=("A1", "b2")),
    ),
    "token against answer": (
        Evidence(tokens=(A,), answers=("to-b@office",)),
        Attribution(None, reason="ambiguous", candidates=("A1", "b2")),
    ),
    "token against name": (
        Evidence(tokens=(A,), agency="青河区教育局"),
        Attribution(None, reason="ambiguous", candidates=("A1", "b2")),
    ),
    "codes on the cover and in the properties differ": (
        Evidence(codes=("A1", "B2"), sender="a@x.cn"),
        Attribution(None, reason="ambiguous", candidates=("A1", "b2")),
    ),
    "a code that nobody has": (
        Evidence(codes=("Q7",), sender="a@x.cn"),
        Attribution(None, reason="ambiguous", candidates=("A1",)),
    ),
    "two tokens": (
        Evidence(tokens=(A, B)),
        Attribution(None, reason="ambiguous", candidates=("A1", "b2")),
    ),
    "last year's token": (
        Evidence(tokens=(OLD,), sender="a@x.cn", year=2024),
        Attribution(None, reason="wrong-year", candidates=("A1",)),
    ),
    "last year's workbook without a token": (
        Evidence(codes=("A1",), year=2024),
        Attribution(None, reason="wrong-year", candidates=("A1",)),
    ),
    "this year's token on a workbook whose year was changed": (
        Evidence(tokens=(A,), year=2024),
        Attribution("A1", "token"),
    ),
    "another round's token": (
        Evidence(tokens=(FOREIGN,), sender="a@x.cn"),
        Attribution(None, reason="wrong-token", candidates=("A1",)),
    ),
    "a token with a typing error": (
        Evidence(tokens=(A[:-1] + ("0" if A[-1] != "0" else "1"),), codes=("A1",)),
        Attribution(None, reason="wrong-token", candidates=("A1",)),
    ),
    "a unit that is not on the roster": (
        Evidence(tokens=(GONE,), sender="a@x.cn"),
        Attribution(None, reason="unknown-unit", candidates=("A1",)),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_whose_it_is(name: str) -> None:
    evidence, expected = CASES[name]

    assert Identifier(KEY, 2025, UNITS, LETTERS).attribute(evidence) == expected


def test_the_writer_of_a_message_is_a_unit_only_where_the_address_is_one_unit_s() -> None:
    identifier = Identifier(KEY, 2025, UNITS, LETTERS)

    assert [identifier.writer(sender) for sender in ("a@x.cn", "shared@x.cn", "who@qq.com", "")] == [
        "A1",
        None,
        None,
        None,
    ]


@pytest.mark.parametrize("code", ["A1", "11330100MB000001-X", "a_b-c"])
def test_a_token_says_what_it_was_made_of_and_any_change_is_seen(code: str) -> None:
    token = make_token(KEY, 2025, code, 3)

    assert parse_token(str(token)) == token
    assert is_genuine(KEY, token)
    assert not is_genuine(bytes(32), token)
    for changed in (
        token._replace(year=2026),
        token._replace(code=f"{token.code}1"),
        token._replace(number=4),
        token._replace(mac=token.mac[::-1] + "0"),
    ):
        assert not is_genuine(KEY, changed)
