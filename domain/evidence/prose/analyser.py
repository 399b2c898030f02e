"""Documents and free text: headings, steps, commands, versions, codes and dates; what people say of a fault are reports, never facts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.evidence import telling
from domain.evidence.clocks import parse_time
from domain.evidence.logs.deeds import is_deed
from domain.evidence.prose.talk import Said, thread, words_of
from domain.evidence.reading import Reading, beginning, fold
from domain.evidence.values import Certainty, Context, Document, Parsed, Text

HEADING = re.compile(r"^(#{1,6}) +(.{1,200})$")
UNDERLINE = re.compile(r"^(?:={3,}|-{3,})$")
STEP = re.compile(r"^\s{0,8}(?:[Ss]tep )?(\d{1,3}[.):]|[a-z][.)]) +(\S.{0,400})$")
FENCE = re.compile(r"^\s{0,8}(?:```|~~~)\s*(\w*)")
SHELL = frozenset({"", "sh", "bash", "shell", "console", "zsh", "terminal", "powershell"})
PROMPT = re.compile(r"^\s{0,8}(?:\$|#|>|PS [^>]{0,80}>|[\w.\-]{1,40}@[\w.\-]{1,60}[:~/\w.\-]{0,80}[$#]) +(\S.{0,400})$")
INLINE = re.compile(r"`([a-z][\w.\-]{1,30} [^`\n]{1,200})`")
VERSION = re.compile(r"\b(?:v(?=\d)|version |release )?(\d{1,4}\.\d{1,5}\.\d{1,6}(?:[-+][\w.]{1,30})?)\b(?![\d.])")
CODE = re.compile(
    r"\b(?:[A-Z]{2,10}-\d{2,6}|E[A-Z]{3,12}|0x[0-9a-fA-F]{4,8}|HTTP \d{3}|ERR_[A-Z_]{3,40}|ORA-\d{5}|SQLSTATE\W{0,3}\w{5})\b"
)
LINES = 100
"""Telling lines kept."""
NAMED = 200
"""Headings, steps, commands, versions, codes and messages kept, of each."""
SOFT = 1.5
"""What a sentence about a fault weighs less than the fault's own line."""
REPORTED = "user_report"
"""Kind of what people say: trusted less than what machines do."""


@dataclass(slots=True)
class _Page:
    """What was met so far."""

    reading: Reading
    talk: tuple[Said, ...]
    observed_at: datetime | None
    headings: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    fence: str | None = None
    """Language of the fence that a line stands in."""

    def name(self, kind: str, name: str, number: int, **fields: str) -> None:
        """Keep a named piece of the document, at most `NAMED` of a kind."""
        self.counts[kind] = self.counts.get(kind, 0) + 1
        if self.counts[kind] <= NAMED:
            self.reading.observe(kind, fold(name)[:120], number, fields)

    def speaker(self, number: int) -> Said | None:
        """Return whose message a line belongs to."""
        return next((said for said in self.talk if said.first <= number <= said.last), None)


def analyse(text: Text, document: Document, context: Context) -> Parsed:
    """Return what a document is made of, and what its sentences report."""
    reading = Reading(document=document, lines=text.lines)
    if not any(line.strip() for line in text.lines):
        reading.find("empty", "", 1, 0.5, "no content")
        return reading.parsed("empty", 0.0)
    observed = document.observed_at or context.observed_at
    page = _Page(reading=reading, talk=thread(text.lines, observed), observed_at=observed)
    for number, said in enumerate(page.talk, start=1):
        page.name("message", str(number), said.first, by=said.who, at=said.time.isoformat() if said.time else "")
    for number, line in enumerate(text.lines, start=1):
        _line(page, number, beginning(line))
    times = [said.time for said in page.talk if said.time]
    first, last = (min(times), max(times)) if times else (None, None)
    return replace(reading.parsed(_summary(page)), first_time=first, last_time=last)


def _line(page: _Page, number: int, line: str) -> None:
    """Read one line: fence, heading, step, command, sentence."""
    if fence := FENCE.match(line):
        page.fence = fence.group(1).lower() if page.fence is None else None
    elif page.fence is not None:
        _fenced(page, number, line)
    elif not _heading(page, number, line):
        if step := STEP.match(line):
            page.name("step", f"{page.counts.get('step', 0) + 1}", number, text=fold(step.group(2)))
        _names(page, number, line)
        _sentence(page, number, line)


def _fenced(page: _Page, number: int, line: str) -> None:
    """A fenced line is a command or an excerpt; what an excerpt tells is reported as well."""
    prompt = PROMPT.match(line)
    if line.strip() and (prompt or page.fence in SHELL - {""}) and not line.lstrip().startswith("# "):
        page.name("command", prompt.group(1) if prompt else line, number)
    else:
        _sentence(page, number, line)


def _heading(page: _Page, number: int, line: str) -> bool:
    title = ""
    if found := HEADING.match(line):
        title = found.group(2)
    elif UNDERLINE.match(line) and number > 1:
        title = page.reading.line(number - 1).strip()[:200]
    if title:
        page.headings.append(title)
        page.name("section", title, number if HEADING.match(line) else number - 1)
    return bool(title)


def _names(page: _Page, number: int, line: str) -> None:
    """Keep commands within the text, versions and codes."""
    if (prompt := PROMPT.match(line)) and not line.startswith((">", "#")):
        page.name("command", prompt.group(1), number)
    for found in INLINE.finditer(line):
        page.name("command", found.group(1), number)
    for version in VERSION.finditer(line):
        page.name("version", version.group(1), number)
    for code in CODE.finditer(line):
        page.name("code", code.group(), number)


def _sentence(page: _Page, number: int, line: str) -> None:
    """A sentence that tells of a fault or a change is a report, with the time that it names or was written at."""
    code = CODE.search(line)
    severity, deed = telling.words(line), is_deed(line)
    if not severity and not code and not deed:
        return
    said = page.speaker(number)
    if (severity or code) and len(page.reading.findings) < LINES:
        facts = {
            "message": line.strip(),
            "code": code.group() if code else "",
            "source": "reported",
            "by": said.who if said else "",
        }
        page.reading.find(REPORTED, "", number, max(1.0, severity - SOFT), line, **facts)
    if severity or deed:
        moment, certainty = _when(page, line, said)
        who = f" by {said.who}" if said else ""
        page.reading.happened(number, f"{REPORTED}{who}: {words_of(line)}", "", moment, max(0.5, severity - SOFT))
        page.reading.events[-1] = replace(page.reading.events[-1], certainty=certainty)


def _when(page: _Page, line: str, said: Said | None) -> tuple[datetime | None, Certainty]:
    """Return the time that a sentence names, else that of its message."""
    known = parse_time(line, page.observed_at)
    if known is not None:
        return known.time, known.certainty
    return (said.time, said.certainty) if said else (None, "order only")


def _summary(page: _Page) -> str:
    told = f"{len(page.reading.lines)} lines"
    if page.talk:
        people = dict.fromkeys(said.who for said in page.talk)
        told += f", {len(page.talk)} messages of {', '.join([*people][:6])}"
    return told + (f": {'; '.join(page.headings[:12])}" if page.headings else "")
