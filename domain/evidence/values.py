"""The values between uploaded bytes and findings; all frozen, all small enough to store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from domain.evidence.checks import Check
from domain.evidence.extracts import Extract
from domain.evidence.levels import Level
from domain.evidence.linting import Lint


class Kind(StrEnum):
    """What a piece of evidence is; the names of the API."""

    LOGS = "logs_and_errors"
    ERROR_REPORT = "error_report"
    TRACE = "trace_data"
    COMMAND_OUTPUT = "command_output"
    METRICS = "metrics_and_performance"
    PROFILE = "profiling_data"
    CONFIG = "structured_config"
    SOURCE_CODE = "source_code"
    TEXT = "unstructured_text"
    DOCUMENTATION = "documentation"
    IMAGE = "visual_evidence"
    BINARY = "unanalyzable"
    UNKNOWN = "unknown"

    @classmethod
    def _missing_(cls, value: object) -> Kind:
        return cls.UNKNOWN


Certainty = Literal["exact", "zone assumed", "bucket", "order only", "weak"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """A kind with the margin to its runner-up."""

    kind: Kind
    confidence: float
    """0..1."""
    format: str = ""
    """For example "json lines", "kubectl describe", "otlp"."""
    alternatives: tuple[Kind, ...] = ()
    """At most three, likeliest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """What is known about a piece of evidence besides its bytes; weaker than content unless `chosen`."""

    name: str = ""
    command: str = ""
    """What printed it, if known."""
    chosen: Kind | None = None
    """A person's choice, which always wins."""
    origin: str = ""
    """file, page_capture or paste."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One piece of evidence as it is read: `chunks` may be iterated more than once."""

    evidence: str
    """Its id, which citations carry."""
    name: str
    """Display text, never trusted."""
    chunks: Iterable[bytes]
    """Raw bytes, any sizes."""
    size: int = 0
    observed_at: datetime | None = None
    """When a person took the evidence."""
    command: str = ""
    hint: Hint = Hint()
    extract: Extract | None = None
    """Its text, where it is a picture or a document whose bytes are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What an analyser may know besides its document."""

    question: str = ""
    observed_at: datetime | None = None
    baseline: Document | None = None
    """The same evidence from another time or place: what it lacks is new here."""
    baseline_good: bool = True
    """All was well there: errors that it has, too, are noise."""
    lint: Lint | None = None
    """Looks at a Python source; None where no linter is at hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """Lines of one piece of evidence, 1-based and inclusive."""

    evidence: str
    first: int
    last: int
    hash: str = ""
    """First 16 hex digits of SHA-256 of those raw lines joined by LF; empty where not yet sealed."""
    quote: str = ""
    """Line `first`, verbatim, at most 300 characters, white space folded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A number that stands behind the same literal in many lines of one key."""

    literal: str
    unit: str = ""
    count: int = 0
    minimum: float = 0.0
    median: float = 0.0
    p95: float = 0.0
    maximum: float = 0.0
    first_value: float = 0.0
    last_value: float = 0.0
    line_of_maximum: int = 0
    values: tuple[tuple[str, int], ...] = ()
    """(value, count), at most 16, when few are distinct."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyStat:
    """One kind of line: how often, where, how severe."""

    key: str
    """16 hex digits that name the key within its file."""
    template: str
    count: int
    first: int
    last: int
    samples: tuple[tuple[int, str], ...] = ()
    """At most five (line number, raw line), lowest lines first."""
    severity: float = 0.0
    alert: float = 0.0
    """How suspicious, by words, level, storm and rarity together: an alert from 4.5 on."""
    first_time: datetime | None = None
    last_time: datetime | None = None
    burst: tuple[datetime, datetime, int, float] | None = None
    """Start, end, lines in the peak bucket, ratio of peak to median."""
    slots: tuple[Slot, ...] = ()
    new: bool = False
    """Absent in the baseline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened, on the time-line."""

    time: datetime | None
    certainty: Certainty
    what: str
    subject: str
    citation: Citation
    severity: float = 0.0
    change: bool = False
    """True for a deployment, scaling, configuration or flag change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One statement that code derived from cited lines and can derive again."""

    id: str
    """Stable within its Analysis: `kind:line` or `kind:subject`."""
    kind: str
    """One of a closed set of words such as burst, first_seen, silence, restart, unhealthy_object, event, exit, limit, reference."""
    subject: str
    """`pod/x`, `service/x`, `node/x`, `file:key`, or empty."""
    statement: str
    """At most 300 characters."""
    severity: float
    """0..5."""
    citations: tuple[Citation, ...]
    """At least one, the decisive line first."""
    time: datetime | None = None
    last_time: datetime | None = None
    numbers: Mapping[str, float] = field(default_factory=dict)
    text: str = ""
    """The decisive raw line or message, ≤ 1 000 characters: what signatures read."""
    attributes: Mapping[str, str] = field(default_factory=dict)
    """Typed pieces such as reason, exit_code, exception, image, host, port, field, value."""
    check: Check | None = None
    untrusted: bool = False
    """The statement rests only on fields that an outsider can write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedObject:
    """A parsed thing: pod, node, service, deployment, claim, host, span service, database."""

    id: str
    """`kind/name` in lower case."""
    fields: Mapping[str, str]
    citation: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A relation that was read: owns, selects, mounts, runs on, routes to, calls, depends on."""

    source: str
    relation: str
    target: str
    citation: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """How many lines a log holds in each of at most 240 stretches of equal length, by severity."""

    start: datetime | None
    """Of the first stretch; None where lines carry no time: then stretches are counted in lines."""
    width: float
    """Seconds of a stretch, or its lines on average where `start` is None: such stretches are of equal bytes."""
    counts: tuple[tuple[int, int, int, int, int, int], ...]
    """Of each stretch, in order: lines of severity 0, 1, 2, 3, 4 and 5, rounded down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One measured quantity over time, thinned to at most 480 points for showing; findings come from all points."""

    name: str
    labels: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""
    times: tuple[float, ...] = ()
    """Seconds since the epoch, rising; point numbers where the document carries no time."""
    values: tuple[float, ...] = ()
    """A counter is shown as its rate per second, resets corrected."""
    changes: tuple[int, ...] = ()
    """Places in `values` at which a new level begins."""
    citation: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Where a log first names a request."""

    name: str
    """16 hex digits of the request's name."""
    seconds: float
    """Since the epoch, by the log's own clock."""
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much was read and what was left out."""

    bytes: int
    lines: int
    share_read: float = 1.0
    share_parsed: float = 1.0
    notes: tuple[str, ...] = ()
    """What was cut and why, warnings, assumed zone."""
    encoding: str = "utf-8"
    assumed_zone: str | None = None
    first_time: datetime | None = None
    last_time: datetime | None = None
    times_certain: Certainty = "exact"


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """Everything that was computed from one piece of evidence."""

    evidence: str
    name: str
    version: str
    """Analyser version: an Analysis of another version is made again."""
    classification: Classification
    coverage: Coverage
    keys: tuple[KeyStat, ...] = ()
    events: tuple[Event, ...] = ()
    findings: tuple[Finding, ...] = ()
    """At most 500, most severe first."""
    objects: tuple[ObservedObject, ...] = ()
    edges: tuple[Edge, ...] = ()
    volume: Volume | None = None
    """Of logs only."""
    curves: tuple[Curve, ...] = ()
    """At most 100, most moved first."""
    levels: tuple[Level, ...] = ()
    """Of metrics, at most 2,000."""
    marks: tuple[Mark, ...] = ()
    """At most 128: what tells this clock from those of other evidence."""
    summary: str = ""
    """At most 500 characters."""
    command: str = ""
    extract: Extract | None = None
    """The text that citations name lines of, where the bytes are none."""
    observed_at: datetime | None = None
    """When a person took the evidence, where that is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestLine:
    """A candidate for the digest: raw from `pick`, safe once its text was redacted."""

    evidence: str
    name: str
    first: int
    last: int
    count: int
    text: str
    statement: str = ""
    """What a structured finding says; printed before the quote."""
    time: datetime | None = None
    score: float = 0.0
    severity: float = 0.0
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What the digest says about one piece of evidence as a whole."""

    evidence: str
    name: str
    kind: Kind
    confidence: float
    coverage: Coverage


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What fits a token budget."""

    text: str
    tokens: int
    lines: tuple[DigestLine, ...]
    """Those printed, in print order."""
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Onset:
    """When the fault began."""

    time: datetime | None
    certainty: Certainty
    text: str = ""
    citation: Citation | None = None
    precision_s: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A decoded document that is small enough to be parsed whole."""

    lines: tuple[str, ...]
    """Line n stands at index n - 1; without line ends, control sequences kept."""
    encoding: str = "utf-8"
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What one analyser read from a `Text`; `analyse` makes an Analysis of it."""

    findings: tuple[Finding, ...] = ()
    events: tuple[Event, ...] = ()
    objects: tuple[ObservedObject, ...] = ()
    edges: tuple[Edge, ...] = ()
    keys: tuple[KeyStat, ...] = ()
    volume: Volume | None = None
    curves: tuple[Curve, ...] = ()
    levels: tuple[Level, ...] = ()
    marks: tuple[Mark, ...] = ()
    summary: str = ""
    share_parsed: float = 1.0
    notes: tuple[str, ...] = ()
    first_time: datetime | None = None
    last_time: datetime | None = None
    times_certain: Certainty = "exact"
    assumed_zone: str | None = None
    extract: Extract | None = None
    """What the citations name lines of, where it is not the `Text`: bytes are told in lines of their own."""
