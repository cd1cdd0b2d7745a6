"""Taking in what came back: each message or file once, each change to the ledger whole or not at all."""

from __future__ import annotations

import email
import re
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from email.policy import compat32
from hashlib import sha256
from typing import TYPE_CHECKING

from workbook_tool.children import ChildDiedError, Children
from workbook_tool.phrase import Phrase
from workbook_tool.round.bookkeeping import Bookkeeper, Outcome
from workbook_tool.round.envelope import envelope_of
from workbook_tool.round.unpack import Unpacked, as_message
from workbook_tool.round.worker import Intake, Job, Part

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator
    from concurrent.futures import Future

    from workbook_tool.round.arrivals import Arrival
    from workbook_tool.round.folder import Round

_WORKERS = Children("workbook_tool.round.worker")
_PATIENCE = 300
_IN_FLIGHT = 4
_LONGEST_HEAD = 2**17
_BODY = re.compile(rb"\r?\n\r?\n")
_TOO_LARGE = Phrase("邮件太大", "too large a message")
_DIED = Phrase("拆开时出错，没有读完", "it could not be taken apart")


def collect(
    place: Round, found: Iterable[Arrival], passwords: tuple[str, ...] = (), workers: int = 1
) -> Iterator[Outcome]:
    """Take in everything `found`, in order; what was taken in before changes nothing.

    A run that was cut short goes on under the time at which it began, so that it ends as it would have.
    """
    ledger = place.ledger
    since = ledger.meta("collecting_since") or ledger.now()
    book = Bookkeeper(place, since)
    with ledger.writing():
        ledger.set_meta("collecting_since", since)
    with closing(_taken_in(place, found, book.knows, passwords, workers)) as results:
        for arrival, sha, data, intake in results:
            if intake is None or book.knows(sha):
                yield Outcome(arrival.source, is_new=False)
                continue
            place.keep_raw(sha, data)
            with ledger.writing():
                outcome = book.enter(arrival, sha, intake)
            yield outcome
    with ledger.writing():
        ledger.set_meta("collecting_since", "")


def message_hash(data: bytes) -> str:
    """What a message is known by: line ends do not count, since servers and files differ in them."""
    return sha256(data.replace(b"\r\n", b"\n").rstrip(b"\n")).hexdigest()


def _taken_in(
    place: Round,
    found: Iterable[Arrival],
    knows: Callable[[str], bool],
    passwords: tuple[str, ...],
    workers: int,
) -> Generator[tuple[Arrival, str, bytes, Intake | None]]:
    """Each arrival with its intake, in order; no intake for what it `knows`. Few are held at once."""
    limits = place.settings.limits
    most = limits.message_mib << 20
    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[tuple[Arrival, str, bytes, Future[Intake] | None]] = deque()
        try:
            for arrival in found:
                data = arrival.read(most)
                sha = message_hash(data)
                future = None
                if not knows(sha):
                    large = max(len(data), arrival.size) > most
                    job = Job(
                        _head(data) if large else data,
                        arrival.name,
                        place.parts,
                        limits,
                        passwords,
                    )
                    future = pool.submit(_ask, job, too_large=large)
                waiting.append((arrival, sha, data, future))
                if len(waiting) > workers * _IN_FLIGHT:
                    yield _settled(*waiting.popleft())
            while waiting:
                yield _settled(*waiting.popleft())
        finally:
            for *_, future in waiting:
                if future:
                    future.cancel()


def _settled(
    arrival: Arrival, sha: str, data: bytes, future: Future[Intake] | None
) -> tuple[Arrival, str, bytes, Intake | None]:
    return arrival, sha, data, future.result() if future else None


def _ask(job: Job, *, too_large: bool) -> Intake:
    if too_large:
        return _refused(_TOO_LARGE, job.data)
    try:
        with _WORKERS.lend() as child:
            intake = child.ask(job, _PATIENCE)
    except ChildDiedError:
        return _refused(_DIED, _head(job.data))
    return intake if isinstance(intake, Intake) else _refused(_DIED, _head(job.data))


def _head(data: bytes) -> bytes:
    """The headers of a message."""
    return _BODY.split(data[:_LONGEST_HEAD], maxsplit=1)[0]


def _refused(why: Phrase, head: bytes) -> Intake:
    """The intake of what is set aside unopened, by its headers."""
    message = as_message(head + b"\n\n")
    envelope = envelope_of(email.message_from_bytes(message or b"", policy=compat32))
    unpacked = Unpacked(envelope, is_message=message is not None)
    return Intake(unpacked, (Part("", "", "", "unknown", 0, unpacked.envelope, "unsafe", why),))
