"""Documents, pictures and bytes."""

from __future__ import annotations

import random
import re

from domain.evidence.values import Kind
from tests import packed, papers, screens
from tests.unit.domain.evidence.formats.table import Format, Must

REPORT = "user_report"
TEXT = """\
The checkout has been slow since noon and people complain about it every few minutes.
Orders of the shop failed with HTTP 503 and code GAS-104 while the kiln was still warm.
1. Restart the oven and wait until it is warm again.
2. Look whether version 2.14.3 of the kiln is the one that runs.
"""
MARKDOWN = """\
# Cold kiln

## Meaning
The gas refused to open, code GAS-104.

## Steps
1. Check the valve with `valve status --id 7`.
2. Open it:

```sh
$ valve open --id 7
```

Since version 2.14.3 this is safe.
"""
MARKDOWN_ROWS = {
    "section/cold kiln": 1,
    "section/meaning": 3,
    "section/steps": 6,
    "step/1": 7,
    "step/2": 8,
    "command/valve status --id 7": 7,
    "command/valve open --id 7": 11,
    "version/2.14.3": 14,
    "code/gas-104": 4,
}
CHAT = """\
Dana Fox  10:42 AM
checkout fails since we deployed the new kiln
Kim Lee  10:44 AM
I see connection refused from the pool of the database
Dana Fox  11:02 AM
rolled back to 2.14.2 and it works again
"""
BRIEF = """\
[10:42] dana: the kiln crashed again this morning
[10:43] kim: who opened the valve? I did not
[10:50] dana: nobody, it failed by itself
"""
MAIL = """\
From: Dana Fox <dana@example.org>
Date: Mon, 4 May 2026 10:42:00 +0000
Subject: checkout is down

The store failed at ten and the kiln with it.

On Mon, May 4, 2026 at 10:12 AM Kim Lee <kim@example.org> wrote:
> all pods were evicted from node a-1
"""
TICKET = """\
Checkout is slow for everybody in the shop
Dana Fox added a comment - 04/May/26 10:42 AM
Users report that the checkout timed out again.
Kim Lee added a comment - 04/May/26 10:55 AM
The disk of the store is full, no space left on it.
"""


PAGE = re.sub(r"<pre>[^<]*</pre>\n", "", papers.HTML).encode()


def _shot(name: str) -> bytes:
    return screens.drawn(next(one for one in screens.screens() if one.name == name))


def _pods() -> bytes:
    return _shot("pods")


def _stack() -> bytes:
    return _shot("java")


def _scan() -> bytes:
    return papers.scanned_pdf(_shot("df"))


PEERS = (
    Must(what="a question without an answer", kind="connection", line=3, subject="host/10.0.0.2", says="5432"),
    Must(what="a refused connection", kind="connection", line=2, subject="host/10.0.0.3", says="refused 1 times"),
)
TALKERS = {"host/10.0.0.1": 4, "host/10.0.0.3": 5, "host/10.0.0.9": 6}

FORMATS: tuple[Format, ...] = (
    Format(
        name="plain text",
        kind=Kind.TEXT,
        example=TEXT,
        source="as people write it",
        rows={"step/1": 3, "step/2": 4, "version/2.14.3": 4, "code/gas-104": 2},
        must=(Must(what="what the writer reports, as a report", kind=REPORT, line=2, says="GAS-104"),),
    ),
    Format(
        name="Markdown",
        kind=Kind.DOCUMENTATION,
        example=MARKDOWN,
        source="CommonMark 0.31",
        rows=MARKDOWN_ROWS,
        must=(Must(what="what a document says of a fault, as a report", kind=REPORT, line=4, says="refused"),),
    ),
    Format(
        name="a chat, copied",
        kind=Kind.TEXT,
        example=CHAT,
        source="as chat programs copy it",
        rows={"message/1": 1, "message/2": 3, "message/3": 5, "version/2.14.2": 6},
        must=(Must(what="who reported what", kind=REPORT, line=4, says="Kim Lee"),),
    ),
    Format(
        name="a chat, a line each",
        kind=Kind.TEXT,
        example=BRIEF,
        source="as chat programs export it",
        rows={"message/1": 1, "message/2": 2, "message/3": 3},
        must=(Must(what="who reported what", kind=REPORT, line=3, says="dana"),),
    ),
    Format(
        name="mails",
        kind=Kind.TEXT,
        example=MAIL,
        source="RFC 5322 and quotations of mail programs",
        rows={"message/1": 1, "message/2": 7},
        must=(Must(what="what a quoted mail reports", kind=REPORT, line=8, says="Kim Lee"),),
    ),
    Format(
        name="comments of a ticket",
        kind=Kind.TEXT,
        example=TICKET,
        source="as issue trackers show it",
        rows={"message/1": 2, "message/2": 4},
        must=(Must(what="who reported what", kind=REPORT, line=5, says="Kim Lee"),),
    ),
    Format(
        name="HTML",
        kind=Kind.DOCUMENTATION,
        example=PAGE,
        source="HTML standard",
        rows={"section/cold kiln": 1, "section/meaning": 3, "code/gas-104": 6},
        must=(
            Must(what="what is written, with its paragraph", kind=REPORT, line=5, says="paragraph 2"),
            Must(what="hidden text, as untrusted", kind=REPORT, line=8, says="hidden from readers"),
        ),
    ),
    Format(
        name="PDF",
        kind=Kind.DOCUMENTATION,
        example=papers.pdf(),
        source="ISO 32000-1",
        rows={"section/cold kiln 2.14.3": 1, "step/1": 6, "step/2": 7, "command/valve open --id 7": 9, "code/gas-104": 4},
        must=(Must(what="what is written, with page and paragraph", kind=REPORT, line=3, says="page 1, paragraph 2"),),
    ),
    Format(
        name="scanned PDF",
        kind=Kind.COMMAND_OUTPUT,
        example=_scan,
        source="drawn, ISO 32000-1",
        rows={"filesystem//": 5, "filesystem//var/lib/postgresql": 6},
        must=(Must(what="what the scanned table says, with its page", kind="resource", line=5, says="page 1, scanned"),),
    ),
    Format(
        name="DOCX",
        kind=Kind.DOCUMENTATION,
        example=papers.word(),
        source="ECMA-376",
        rows={"section/cold kiln": 1, "code/gas-104": 4},
        must=(Must(what="what is written, with its paragraph", kind=REPORT, line=3, says="paragraph 2"),),
    ),
    Format(
        name="screenshot of a table (PNG)",
        kind=Kind.IMAGE,
        example=_pods,
        source="drawn",
        rows={
            "pod/cart-7c9d8b6f5d-x2k4q": 3,
            "pod/checkout-5f6b7c8d9f-9wzl7": 4,
            "pod/frontend-66d4f9c7b8-jv8tn": 5,
            "pod/payment-84b5c6d7e9-qq5rs": 6,
            "pod/redis-0": 7,
        },
        must=(Must(what="a pod that crashes, with its block", kind="unhealthy_object", line=4, says="block 1"),),
    ),
    Format(
        name="screenshot of a stack trace",
        kind=Kind.IMAGE,
        example=_stack,
        source="drawn",
        must=(Must(what="the root exception", kind="exception", says="SocketTimeoutException"),),
    ),
    Format(
        name="pcap",
        kind=Kind.BINARY,
        example=packed.pcap(),
        source="draft-ietf-opsawg-pcap",
        rows=TALKERS,
        must=PEERS,
    ),
    Format(
        name="pcap of another byte order",
        kind=Kind.BINARY,
        example=packed.pcap(">"),
        source="draft-ietf-opsawg-pcap",
        rows=TALKERS,
        must=PEERS,
    ),
    Format(
        name="pcapng",
        kind=Kind.BINARY,
        example=packed.pcapng(),
        source="draft-ietf-opsawg-pcapng",
        rows=TALKERS,
        must=PEERS,
    ),
    Format(
        name="core dump",
        kind=Kind.BINARY,
        example=packed.core(),
        source="System V ABI, elf.h",
        rows={"process/kilnd": 3},
        must=(Must(what="the program and its signal", kind="exit", line=2, subject="process/kilnd", says="SIGSEGV"),),
    ),
    Format(
        name="Java class",
        kind=Kind.BINARY,
        example=packed.class_file(),
        source="Java virtual machine specification, 4",
        rows={"class/com.example.oven": 2},
    ),
    Format(
        name="Java heap dump",
        kind=Kind.BINARY,
        example=packed.heap_dump(),
        source="HPROF binary format",
    ),
    Format(
        name="zip of several files",
        kind=Kind.BINARY,
        example=packed.zipped(),
        source="APPNOTE.TXT 6.3",
        rows={"member/logs/kiln.log": 5, "member/logs/oven.log": 6},
    ),
    Format(
        name="tar",
        kind=Kind.BINARY,
        example=packed.tarred(),
        source="POSIX.1-1988",
        rows={"member/logs/kiln.log": 2, "member/logs/oven.log": 3},
    ),
    Format(
        name="SQLite database",
        kind=Kind.BINARY,
        example=packed.database()[:-512],
        source="SQLite file format",
        rows={"database/sqlite": 3},
        must=(Must(what="missing pages", kind="resource", line=2, says="cut off"),),
    ),
    Format(
        name="unknown bytes",
        kind=Kind.BINARY,
        example=random.Random(7).randbytes(4_000) + b"\0cannot open the brick store: no such file\0",
        source="made",
        must=(Must(what="a string that tells of a fault", kind="field", says="no such file"),),
    ),
)
