"""Bytes that are no text: type by magic, what the type's header tells, entropy, telling strings, and what to send instead."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import islice

from domain.evidence.binary import archives, captures, databases, programs, strings
from domain.evidence.checks import QuoteCheck
from domain.evidence.decoding.inflate import Reading as Inflating
from domain.evidence.decoding.inflate import inflate
from domain.evidence.extracts import Extract
from domain.evidence.kinds import fingerprints
from domain.evidence.reading import QUOTE, Reading, fold
from domain.evidence.values import Citation, Context, Document, ObservedObject, Parsed, Text

MOST_BYTES = 64 << 20
"""Bytes looked at; a larger file does not come here (`analyse.WHOLE`)."""
PIECES = 1 << 20
"""Pieces of a file that are joined; empty ones count."""
DENSE = 7.5
"""Bits per byte above which bytes are packed or encrypted: programs have 5 to 6.5."""
Teller = Callable[[Reading, bytes], str]
TELLERS: Mapping[str, Teller] = {
    "elf": programs.tell_elf,
    "java class": programs.tell_class,
    "java heap dump": programs.tell_heap_dump,
    "zip": archives.tell_zip,
    "tar": archives.tell_tar,
    "sqlite": databases.tell_sqlite,
    "pcap": captures.tell_pcap,
    "pcapng": captures.tell_pcapng,
}
"""Each returns one phrase about the file, "" where its header is broken."""
INSTEAD: Mapping[str, str] = {
    "elf": "send its stack: gdb -batch -ex 'thread apply all bt' PROGRAM CORE, or the log of its last run",
    "java class": "send the stack trace or the source",
    "java heap dump": "send its class histogram: jmap -histo PID, or a report of your heap analyser as text",
    "zip": "send its members as files of their own",
    "tar": "send its members as files of their own",
    "sqlite": "send the output of sqlite3 FILE .schema and of your queries",
    "pcap": "for what packets carry, send tcpdump -nr FILE as text",
    "pcapng": "for what packets carry, send tcpdump -nr FILE as text",
    "pdf": "send its text",
    "office document": "save it as DOCX, PDF or CSV",
}
OTHERWISE = "send text: a log, the output of a command, or the export of the tool that wrote it"
BROKEN = (struct.error, IndexError, ValueError, OverflowError)


def analyse(_text: Text, document: Document, _context: Context) -> Parsed:
    """Return what type the bytes are and what they tell, in lines of its own that citations name."""
    data = _bytes(document.chunks)
    name = kind_of(data)
    reading = Reading(document=document, lines=("",), notes=list(document.extract.notes if document.extract else ()))
    told = _told(name, reading, data)
    bits = strings.entropy(data)
    kept = strings.tell(reading, data)
    dense = ", packed or encrypted" if bits > DENSE and not told else ""
    reading.notes.append(f"{name}: not read as text; {INSTEAD.get(name, OTHERWISE)}")
    listed = f", strings: {'; '.join(kept[:8])}" if kept else ""
    parsed = reading.parsed(f"{name}{told and ', ' + told}, entropy {bits:.1f} bits per byte{dense}{listed}", 0.0)
    return _in_lines(parsed, document.evidence, kept)


def _in_lines(parsed: Parsed, evidence: str, kept: list[str]) -> Parsed:
    """Return the same, every piece citing the line that tells it: bytes have none that a person could read."""
    lines = [parsed.summary]

    def cited(text: str) -> Citation:
        lines.append(fold(text))
        return Citation(evidence=evidence, first=len(lines), last=len(lines), quote=lines[-1][:QUOTE])

    findings = tuple(
        replace(one, citations=(cited(one.statement),), text=one.statement, check=QuoteCheck(text=one.statement))
        for one in parsed.findings
    )
    objects = tuple(replace(one, citation=cited(_fields(one))) for one in parsed.objects)
    events = tuple(replace(one, citation=cited(f"{one.time:%Y-%m-%dT%H:%M:%SZ} {one.what}")) for one in parsed.events)
    lines += kept
    extract = Extract(text="\n".join(lines) + "\n", by="its header and strings", share_read=0.0)
    return replace(parsed, findings=findings, objects=objects, events=events, extract=extract)


def _fields(one: ObservedObject) -> str:
    return " ".join((one.id, *(f"{name}={value}" for name, value in one.fields.items())))


def kind_of(data: bytes) -> str:
    """Return the type that the first bytes name."""
    if data[257:262] == b"ustar":
        return "tar"
    return next((name for magic, name, _ in fingerprints.MAGIC if data.startswith(magic)), "unknown bytes")


def _told(name: str, reading: Reading, data: bytes) -> str:
    """Return the phrase of the type's own reader; a broken header is a finding."""
    teller = TELLERS.get(name)
    if teller is None:
        return ""
    try:
        return teller(reading, data)
    except BROKEN:
        reading.find("resource", f"file/{name}", 1, 2.0, f"the {name} file is cut off or damaged: its header cannot be followed")
        return "damaged"


def _bytes(chunks: Iterable[bytes]) -> bytes:
    """Return the bytes, unpacked where they are one packed stream."""
    joined = b""
    pieces: list[bytes] = []
    size = 0
    for piece in islice(inflate(inflate(chunks, Inflating()), Inflating()), PIECES):
        pieces.append(piece)
        size += len(piece)
        if size >= MOST_BYTES:
            break
    return joined.join(pieces)[:MOST_BYTES]
