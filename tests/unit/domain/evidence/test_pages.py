"""Whole readings of logs of many forms with their digests, as pages."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.evidence.analyse import analyse
from domain.evidence.decoding.decode import decode
from domain.evidence.digest import digest, pick
from domain.evidence.search.source import source_of
from domain.evidence.search.words import find
from domain.evidence.values import Context, Document, Head, Hint, Kind, Volume
from tests.pages import kept, told

PAGES = Path(__file__).parent / "pages"
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
SEEN = datetime(2026, 3, 5, tzinfo=UTC)
STACK = (
    "java.lang.IllegalStateException: cart closed",
    "\tat shop.Cart.add(Cart.java:12)",
    "Caused by: java.net.SocketTimeoutException: read of db.internal:5432 timed out",
    "\t... 12 more",
)


def stamped(count: int, step: float, form: str, row: Callable[[int], str]) -> str:
    """Return one line per step, each with its time in that form."""
    times = (START + timedelta(seconds=step * n) for n in range(count))
    return "\n".join(f"{time.strftime(form)}{row(n)}" for n, time in enumerate(times))


ONCE = {
    0: "INFO [main] Starting server of shop",
    511: "INFO GET /cart/list 404",
    800: "\n".join(("ERROR [web] order 17 failed", *STACK)),
    900: "INFO [main] Starting server of shop",
    907: "INFO GET /cart/list 503",
    1_100: "WARN worker exited with code 137",
}


def shop(n: int) -> str:
    """Tell two hours of a shop: a burst, a stack, a heartbeat that ends, durations that rise, a restart, rare statuses."""
    if n in ONCE:
        return ONCE[n]
    if 700 <= n < 760:
        return f"ERROR [db] pool of db-{n % 3} exhausted, {n} waiting on 10.1.0.{n % 4}:5432"
    if n % 20 == 3 and n < 600:
        return "INFO heartbeat of shard 4"
    if n % 11 == 5:
        return "INFO GET /cart/list 200"
    return f"INFO [web] item {n} served took {20 + n % 7 if n < 650 else 400 + n % 9} ms"


def uptime() -> str:
    rows = [f"[{n * 0.75:12.6f}] usb 1-{n % 4}: new device number {n}" for n in range(90)]
    return "\n".join([
        *rows,
        "[   70.100000] blk_update_request: I/O error, dev sdb, sector 8812",
        "[   71.000000] Out of memory: Killed process 77 (java)",
    ])


def undated() -> str:
    rows = [f"worker {n % 3} took item {n}" for n in range(800)]
    rows[500:530] = [f"worker {n % 3} lost its lease, giving up item {n}" for n in range(30)]
    return "\n".join(rows)


def records() -> str:
    rows = [
        f'{{"level":"info","time":"2026-03-01T12:{n // 60:02}:{n % 60:02}Z","msg":"fine","user":"u{n}","took_ms":{n % 9}}}'
        for n in range(300)
    ]
    rows[250] = '{"level":"error","time":"2026-03-01T12:04:10Z","msg":"charge failed","error":"card service refused","code":502}'
    rows[251] = '{"level":"warn","time":"2026-03-01T12:04:11Z","log":"retrying","error":null}'
    return "\n".join(rows)


def pairs(n: int) -> str:
    said = 'level=error msg="charge broke" err="card refused"' if n == 205 else f'level=info msg="fine" took={n % 5}ms'
    return f"{said} host=pay-{n % 2} exit_code={1 if n == 205 else 0}"


def varied(n: int) -> str:
    dice = random.Random(n)
    return (
        f"INFO session user={''.join(dice.choices('ghijklmnopqrstuvwxyz', k=9))} opened"
        if n != 640
        else "ERROR session store unavailable"
    )


LOGS: dict[str, str | bytes] = {
    "shop": stamped(1_200, 6, "%Y-%m-%d %H:%M:%S ", shop),
    "syslog": stamped(
        400,
        300,
        "%b %d %H:%M:%S oak-1 ",
        lambda n: f"cron[{n}]: job {n % 5} {'failed: no such file' if n in {90, 91, 390} else 'done'}",
    ),
    "access": stamped(
        300, 2, "10.0.0.7 - - [%d/%b/%Y:%H:%M:%S +0000] ", lambda n: f'"GET /item/{n} HTTP/1.1" {500 if n > 280 else 200} {n * 3}'
    ),
    "days": stamped(
        900, 900, "%Y-%m-%dT%H:%M:%SZ ", lambda n: "ERROR backup failed: timeout" if n % 96 == 7 else f"INFO tick {n}"
    ),
    "cluster": stamped(60, 1, "I0301 %H:%M:%S.000000       1 a.go:1] ", lambda n: f"synced node {n}").replace(
        "I0301 12:00:40", "E0301 12:00:40"
    ),
    "uptime": uptime(),
    "undated": undated(),
    "records": records(),
    "pairs": stamped(300, 1, "ts=%Y-%m-%dT%H:%M:%SZ ", pairs),
    "varied": stamped(900, 1, "%Y-%m-%d %H:%M:%S ", varied),
    "latin": "2026-03-01 12:00:00 ERROR Größe überschritten\r\n2026-03-01 12:00:01 INFO weiter\r\n".encode("cp1252"),
    "back_in_time": stamped(120, -60, "%Y-%m-%d %H:%M:%S ", lambda n: f"WARN slow reply of mill-{n % 2}"),
}


def reading(name: str, question: str = "") -> str:
    """Return all that is read of a log: the analysis, what a digest of two sizes prints, and a search."""
    text = LOGS[name]
    data = text if isinstance(text, bytes) else text.encode()
    document = Document(
        evidence=name, name=f"{name}.log", chunks=(data,), size=len(data), observed_at=SEEN, hint=Hint(chosen=Kind.LOGS)
    )
    found = analyse(document, Context(question=question))
    head = Head(evidence=name, name=f"{name}.log", kind=Kind.LOGS, confidence=0.55, coverage=found.coverage)
    shown = [digest(pick(found), [head], budget, question) for budget in (90, 600)]
    source = source_of(name, b"".join(decode([data])))
    hits = (find(source, "failed", limit=2), find(source, "nowhere at all", limit=2))
    picked = "\n".join(f"{one.score:.4f} L{one.first} ×{one.count} {one.text}" for one in pick(found)[:12])
    prints = "\n\n".join(f"{one.tokens} tokens, {one.left_out} left out\n{one.text}" for one in shown)
    return "\n\n".join((told(replace(found, volume=None)), by_time(found.volume), picked, prints, *map(told, hits)))


def by_time(volume: Volume | None) -> str:
    """The volume in at most twelve rows."""
    assert volume is not None
    step = -(-len(volume.counts) // 12)
    rows = [[*map(sum, zip(*volume.counts[n : n + step], strict=True))] for n in range(0, len(volume.counts), step)]
    shown = "\n".join(f"  {row}" for row in rows)
    return f"volume from {volume.start} in {len(volume.counts)} stretches of {volume.width:g}, by severity\n{shown}"


@pytest.mark.parametrize("name", LOGS)
def test_a_log_is_read_as_its_page_says(name: str) -> None:
    kept(PAGES / f"{name}.txt", reading(name, "why is the cart of the shop slow?"))


def test_what_a_digest_of_all_logs_shows_fits_and_names_every_file() -> None:
    found = [
        analyse(Document(evidence=name, name=f"{name}.log", chunks=(data,), size=len(data)), Context())
        for name, text in LOGS.items()
        for data in [text if isinstance(text, bytes) else text.encode()]
    ]
    heads = [Head(evidence=one.evidence, name=one.name, kind=Kind.LOGS, confidence=0.9, coverage=one.coverage) for one in found]
    shown = [digest([line for one in found for line in pick(one)], heads, budget) for budget in (200, 900)]
    kept(PAGES / "digests.txt", "\n\n".join(f"{one.tokens} tokens, {one.left_out} left out\n{one.text}" for one in shown))
