"""Kind of evidence from its content; a name or a command only breaks ties."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import filterfalse
from re import Pattern
from string import ascii_letters, digits

from domain.evidence.kinds import classify_data, command_marks, fingerprints, grammars, prompts, stack_marks
from domain.evidence.kinds.classify_data import Vote
from domain.evidence.prose.talk import is_thread
from domain.evidence.structure import aligned, languages
from domain.evidence.values import Classification, Hint, Kind

SAMPLE = 64 * 1024
"""Bytes that are looked at, over head, middle and tail."""
LINES = 200
"""Lines of them that patterns see."""
FEW = 12
"""Lines up to which the last words of a process do not look like a log: a usage, an error of its loader, a banner."""
REMARKED = 3
"""Lines of comments from which on a file's settings are looked at alone."""
NOT_TEXT = 0.30
"""Share of control bytes above which bytes are no text (evidence.md 5)."""
PLAIN = {"properties", "directives"}
"""Languages without a mark of their own: what a command is known to print outdoes them."""
NULS = 0.02
"""Share of NUL bytes up to which lines are text: a log that was open when its machine crashed holds some."""
CONTROL = bytes(set(range(32)) - {9, 10, 12, 13, 27})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Whole lines of head, middle and tail, at most 4 KiB of each, blank lines left out."""

    text: str
    """The head, for readers of whole documents."""
    lines: tuple[str, ...]

    def share(self, *patterns: Pattern[str]) -> float:
        """Return the share of lines that match one of the patterns."""
        rest = self.lines
        for pattern in patterns:
            rest = tuple(filterfalse(pattern.match, rest))
        return (len(self.lines) - len(rest)) / max(1, len(self.lines))


def classify(head: bytes, middle: bytes, tail: bytes, hint: Hint) -> Classification:
    """Return the kind, its margin over the runner-up, and up to three others."""
    if hint.chosen is not None:
        return Classification(kind=hint.chosen, confidence=1.0, format="chosen")
    if found := by_bytes(head):
        return found
    sample = _sample(head, middle, tail)
    if not sample.lines:
        return Classification(kind=Kind.TEXT, confidence=1.0, format="empty")
    return _settle([*_typed(sample, hint.command), *_votes(sample), *_hinted(hint)])


def _typed(sample: Sample, command: str) -> Iterator[Vote]:
    """Yield what a command is known to print, however little of it there is."""
    if command_marks.TYPED.match(command):
        yield Vote(Kind.COMMAND_OUTPUT, "typed", 0.8)
    elif command_marks.LOGGED.match(command) and len(sample.lines) <= FEW and not command_marks.NO_WORDS.match(sample.lines[0]):
        yield Vote(Kind.LOGS, "lines", 0.8)


def by_bytes(head: bytes) -> Classification | None:
    """Return what the first bytes of an image or of a binary tell; None for a text."""
    vote = _bytes(head)
    return Classification(kind=vote.kind, confidence=vote.strength, format=vote.format) if vote else None


def _settle(votes: list[Vote]) -> Classification:
    """Return the first vote; its margin is what the strongest other kind leaves of it."""
    first, *others = votes
    rivals = sorted((v for v in others if v.kind != first.kind), key=lambda v: -v.strength)
    margin = first.strength - (rivals[0].strength if rivals else 0.0) / 4
    kinds = tuple(dict.fromkeys(v.kind for v in rivals))
    return Classification(
        kind=first.kind, confidence=round(min(1.0, max(0.3, margin)), 2), format=first.format, alternatives=kinds[:3]
    )


def _bytes(head: bytes) -> Vote | None:
    """Return what magic numbers or control bytes say."""
    control = len(head) - len(head.translate(None, CONTROL)) if head else 0
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff")) or _is_utf16(head)
    for magic, name, image in fingerprints.MAGIC:
        if head.startswith(magic) and (len(magic) > 2 or control):
            return Vote(Kind.IMAGE if image else Kind.BINARY, name, 1.0)
    if not wide and head and (control > NOT_TEXT * len(head) or _garbled(head, control)):
        return Vote(Kind.BINARY, "bytes", 0.9)
    return None


def _is_utf16(head: bytes) -> bool:
    """Return whether every other byte is NUL."""
    piece = head[:1024]
    first, second = (piece[start::2].count(0) / max(1, len(piece) // 2) for start in (0, 1))
    return len(piece) > 3 and max(first, second) > 0.7 and min(first, second) < 0.1


def _garbled(head: bytes, control: int) -> bool:
    """Return whether short bytes are neither UTF-8 nor text of one byte per letter."""
    try:
        head[:SAMPLE].decode()
    except UnicodeDecodeError as error:
        cut = error.start >= len(head) - 4
        high = sum(byte > 127 for byte in head[:4096])
        return not cut and (control > 0.02 * len(head) or high > 0.3 * min(len(head), 4096))
    return head.count(0) > NULS * len(head) or (b"\x00" in head and b"\n" not in head)


def _text(piece: bytes) -> str:
    if piece.startswith((b"\xff\xfe", b"\xfe\xff")):
        return piece.decode("utf-16", errors="replace")
    if _is_utf16(piece):
        return piece.decode("utf-16-le" if piece[1::2].count(0) > piece[::2].count(0) else "utf-16-be", errors="replace")
    return piece.decode(errors="replace")


def _sample(head: bytes, middle: bytes, tail: bytes) -> Sample:
    lines: list[str] = []
    text = _text(head[:SAMPLE]).replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    for piece, clean in ((text, True), (_text(middle), False), (_text(tail), False)):
        whole = piece.split("\n")
        lines += whole if clean else whole[1:-1]
    plain = [line for line in lines if not ENCODED.match(line[: fingerprints.PIECE])]
    lines = plain if len(plain) > 2 else lines
    kept = [line[: fingerprints.PIECE] for line in lines if line.strip() and line.strip() not in {"stdout:", "stderr:"}]
    if len(kept) > LINES:
        half = len(kept) // 2
        kept = [*kept[: LINES // 2], *kept[half : half + LINES // 4], *kept[-LINES // 4 :]]
    return Sample(text=text, lines=tuple(kept))


def _votes(sample: Sample) -> Iterator[Vote]:
    """Yield what each grammar says, in the order in which the first wins (evidence.md 5)."""
    yield from classify_data.json_votes(sample.text, sample.lines)
    yield from _terminal(sample)
    dated, levelled = sample.share(fingerprints.DATED), sample.share(fingerprints.LEVELLED)
    clocks = dated * len(sample.lines)
    frames = stack_marks.share(sample.lines)
    undated = clocks < 3 or (frames >= 0.6 and stack_marks.ticked(sample.lines))
    if frames >= 0.4 and undated and stack_marks.spoken(sample.lines) < 0.05:
        yield Vote(Kind.ERROR_REPORT, "stack trace", 0.6 + frames / 3)
    if is_thread(sample.lines):
        yield Vote(Kind.TEXT, "thread", 0.9)
    yield from _commented(sample, dated)
    yield from _markdown(sample)
    yield from _spans(sample)
    yield from _profile(sample)
    yield from classify_data.table_votes(sample.lines)
    if sample.share(fingerprints.EXPOSITION, fingerprints.INFLUX) >= 0.6:
        yield Vote(Kind.METRICS, "exposition", 0.95)
    language = "" if dated else languages.certain(sample.lines)
    if language and language not in PLAIN:
        yield Vote(Kind.CONFIG, language, 0.85)
    yield from _command(sample, dated)
    if language in PLAIN:
        yield Vote(Kind.CONFIG, language, 0.85)
    if sample.share(fingerprints.HUNK) and any(line.startswith("+++ ") for line in sample.lines):
        yield Vote(Kind.SOURCE_CODE, "diff", 0.9)
    yield from _plain(sample, max(dated, levelled, sample.share(fingerprints.LOGFMT)), frames)


def _terminal(sample: Sample) -> Iterator[Vote]:
    """Yield commands and what they printed, and dumps of threads, whose stacks are no error."""
    if prompts.pasted(sample.lines) and not any(line.startswith("```") for line in sample.lines):
        yield Vote(Kind.COMMAND_OUTPUT, "paste", 0.9)
    elif any(line.startswith(("Full thread dump ", "   java.lang.Thread.State: ")) for line in sample.lines):
        yield Vote(Kind.COMMAND_OUTPUT, "thread dump", 0.9)


def _plain(sample: Sample, logged: float, frames: float) -> Iterator[Vote]:
    """Yield configuration, logs, code and prose, which share most of their marks."""
    settings, code, prose = (sample.share(p) for p in (fingerprints.SETTING, fingerprints.CODE, fingerprints.PROSE))
    marks = sample.share(fingerprints.HEADING)
    written = sample.share(fingerprints.KEYWORD)
    if settings >= 0.6 and written < 0.1 and logged < 0.25 and prose < 0.25 and marks < 0.4 + settings / 4:
        yield Vote(Kind.CONFIG, languages.language(sample.lines), 0.4 + settings / 2)
    if logged >= 0.25:
        yield Vote(Kind.LOGS, "lines", 0.6 + logged / 3)
    if code >= 0.25 and code > prose and written > 0.02:
        yield Vote(Kind.SOURCE_CODE, "code", 0.5 + code / 3)
    if (alike := _alike(sample.lines)) >= 0.6:
        yield Vote(Kind.LOGS, "lines", 0.5 + alike / 4)
    if _is_log_like(sample, max(logged, frames), spoken=marks >= 0.2 or prose >= 0.5):
        yield Vote(Kind.LOGS, "lines", 0.7)
    if marks >= 0.12 and any(line.startswith(("#", "==", "--", "```")) for line in sample.lines):
        yield Vote(Kind.DOCUMENTATION, "markdown", 0.6 + marks / 3)
    yield Vote(Kind.TEXT, "prose", 0.4 + prose / 2)


def _is_log_like(sample: Sample, marked: float, *, spoken: bool) -> bool:
    """Return whether some lines are dated, levelled, of a stack or name an error, and few read like sentences."""
    console = sample.share(fingerprints.CONSOLE)
    if spoken or console >= 0.5:
        return console >= 0.5
    words = sum(any(word in low for word in ("error", "warning", "failed", "exception")) for low in map(str.lower, sample.lines))
    return marked >= 0.1 or console >= 0.15 or words >= 0.15 * len(sample.lines)


def _commented(sample: Sample, dated: float) -> Iterator[Vote]:
    """Yield configuration where comments are many and nearly all between them are settings, as files are shipped."""
    body = tuple(line for line in sample.lines if not line.lstrip().startswith(("#", ";")))
    fenced = any(line.startswith(("```", "- ", "* ")) for line in body)
    if dated or fenced or not REMARKED < len(sample.lines) - len(body) < len(sample.lines) - 2:
        return
    settings = sum(bool(fingerprints.SETTING.match(line)) and not fingerprints.PROSE.match(line) for line in body)
    if settings >= 0.9 * len(body) or languages.certain(body):
        yield Vote(Kind.CONFIG, languages.language(body), 0.85)


def _markdown(sample: Sample) -> Iterator[Vote]:
    """Yield documentation where headings of several levels or front matter stand."""
    headings = sum(line.startswith(("## ", "### ", "#### ")) for line in sample.lines)
    if headings >= 2 or (headings and sample.text.startswith("---")):
        yield Vote(Kind.DOCUMENTATION, "markdown", 0.9)


def _spans(sample: Sample) -> Iterator[Vote]:
    """Yield a trace that was printed as a tree or a list."""
    spans = sum(bool(fingerprints.SPANS.match(line)) for line in sample.lines if "─ " in line or "=" in line)
    if spans and (
        spans >= 0.4 * len(sample.lines) or any("─ " in line and fingerprints.SPANS.match(line) for line in sample.lines[:3])
    ):
        yield Vote(Kind.TRACE, "span tree", 0.9)


def _profile(sample: Sample) -> Iterator[Vote]:
    if sample.share(fingerprints.PROFILE) >= 0.4 or sample.share(fingerprints.FOLDED) >= 0.8:
        yield Vote(Kind.PROFILE, "profile", 0.9)


def _command(sample: Sample, dated: float) -> Iterator[Vote]:
    """Yield the command whose fingerprints are met most; a table header is one, too."""
    name, hits = grammars.command(sample.lines, dated=dated >= 0.6)
    if name:
        yield Vote(Kind.COMMAND_OUTPUT, name, min(0.95, 0.6 + hits / 8))
    elif dated < 0.25 and any(fingerprints.HEADER.match(line) for line in sample.lines[:6]):
        yield Vote(Kind.COMMAND_OUTPUT, "table", 0.75)
    elif dated < 0.25 and sample.share(ROW) >= 0.9:
        yield Vote(Kind.COMMAND_OUTPUT, "kubectl get", 0.7)
    elif dated < 0.25 and aligned.share(sample.lines) >= ALIGNED:
        yield Vote(Kind.COMMAND_OUTPUT, "table", 0.7)


ALIGNED = 0.9
"""Share of lines that stand below a header in columns, from which on a text is a table."""
ROW = re.compile(
    r"^(?:\S++\s++\S++\s++\d++/\d++\s++[A-Z]\w++\s++\d+.*\s\d+[smhdwy]|(?:\S++\s++)?\d++[smhdy]\w*+(?:\s\([^)]*\))?\s++(?:Normal|Warning)\s++[A-Z]\w++\s++\w++/\S+)"
)
"""A row of pods or events whose header was cut off by a search or by `tail`."""
ALNUM = re.compile(r"[^\W_]+")
PLAIN_ALNUM = (ascii_letters + digits).encode()
ENCODED = re.compile(r"^\s*[A-Za-z0-9+/=]{40,}$")
"""A line of base64 inside another text, which says nothing about its kind."""


def _alike(lines: tuple[str, ...]) -> float:
    """Return the share of the five most frequent shapes among at least 20 lines."""
    if len(lines) < 20:
        return 0.0
    shapes = Counter(map(_shape, lines))
    return sum(n for _, n in shapes.most_common(5)) / len(lines)


def _shape(line: str) -> str:
    """Return the marks and blanks at the beginning of a line."""
    head = line[:80]
    return head.encode().translate(None, PLAIN_ALNUM).decode() if head.isascii() else ALNUM.sub("", head)


def _hinted(hint: Hint) -> Iterator[Vote]:
    """Yield the weak votes of a file name."""
    ends = {
        ".log": Kind.LOGS,
        ".csv": Kind.METRICS,
        ".md": Kind.DOCUMENTATION,
        ".yaml": Kind.CONFIG,
        ".yml": Kind.CONFIG,
        ".txt": Kind.TEXT,
    }
    yield from (Vote(kind, "name", 0.3) for end, kind in ends.items() if hint.name.lower().endswith(end))
