"""What the lines of logs say of each service: how many are severe, and how many were not said before, per minute."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter

from domain.evidence.levels import Level, Stand
from domain.evidence.metrics.names import REPLICA
from domain.evidence.values import Analysis, Citation, KeyStat

SEVERE = 3.0
WORD = re.compile(r"[\w.-]+")
HEAD = 240
"""Characters of a line in which the container or service is named that says it."""
KINDS = ("severe lines per minute", "new lines per minute", "lines about callees per minute")
MEASURES = ("said", "said", "passed on")
"""What each kind says: a line about a callee tells of the callee, whoever says it."""
CALLEES = re.compile(
    r"(?i)\bupstream\b|\bdownstream\b|deadline exceeded|econnrefused|connection refused|bad gateway|service unavailable|gateway time-?out"
    r"|\b(?:call|request|connection|rpc|invocation)s? (?:to|of|from) [\w./:-]{2,80} (?:failed|timed out|refused|returned)|failed to (?:call|reach|connect)"
)
"""How callers say that what they call does not answer (gRPC status codes, proxies and clients of HTTP)."""
MINUTE = 60.0


@dataclass(slots=True)
class Voices:
    """Kind and service → lines of one time, and the line that says it most often."""

    minutes: float
    counts: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    heard: set[str] = field(default_factory=set)
    """Services that said anything."""
    lines: dict[tuple[str, str], tuple[int, Citation]] = field(default_factory=dict)

    def hear(self, kind: str, service: str, key: KeyStat, evidence: str) -> None:
        """Count the lines of one template."""
        self.heard.add(service)
        self.counts[kind, service] += key.count
        number, raw = key.samples[0]
        cited = Citation(evidence=evidence, first=number, last=number, quote=" ".join(raw.split())[:300])
        self.lines[kind, service] = max(self.lines.get((kind, service), (0, cited)), (key.count, cited), key=itemgetter(0))

    def stand(self, kind: str, service: str) -> Stand:
        """Return lines per minute, and their error by the law of small numbers."""
        count = self.counts.get((kind, service), 0)
        return count / self.minutes, max(count, 1) ** 0.5 / self.minutes


def between(calm: Sequence[Analysis], fault: Sequence[Analysis], services: Collection[str]) -> tuple[Voices, Voices]:
    """Return what was said in a calm time and in that of the fault."""
    known = {key.template for one in calm for key in one.keys}
    before, after = Voices(_minutes(calm)), Voices(_minutes(fault))
    for voices, files in ((before, calm), (after, fault)):
        for evidence, key, service in _spoken(files, services):
            if CALLEES.search(key.samples[0][1]):
                voices.hear(KINDS[2], service, key, evidence)
                continue
            if key.severity >= SEVERE:
                voices.hear(KINDS[0], service, key, evidence)
            if key.template not in known:
                voices.hear(KINDS[1], service, key, evidence)
    return before, after


def since(files: Sequence[Analysis], onset: datetime, services: Collection[str]) -> tuple[Voices, Voices]:
    """Return the same of logs that hold both times: what is said from the onset on and was not before."""
    last = max((one.coverage.last_time for one in files if one.coverage.last_time), default=onset, key=datetime.timestamp)
    first = min((one.coverage.first_time for one in files if one.coverage.first_time), default=onset, key=datetime.timestamp)
    before = Voices(max((onset.timestamp() - first.timestamp()) / MINUTE, 1.0))
    after = Voices(max((last.timestamp() - onset.timestamp()) / MINUTE, 1.0))
    for evidence, key, service in _spoken(files, services):
        if key.first_time:
            kind = KINDS[2] if CALLEES.search(key.samples[0][1]) else KINDS[1]
            (after if key.first_time.timestamp() >= onset.timestamp() else before).hear(kind, service, key, evidence)
    return Voices(before.minutes, heard=before.heard), after


def levels(voices: Voices, services: Iterable[str]) -> Iterator[Level]:
    """Yield the levels of all services, those that are silent too."""
    for kind, measure in zip(KINDS, MEASURES, strict=True):
        for service in services:
            middle, scale = voices.stand(kind, service)
            yield Level(
                title=f"{kind}{{service={service}}}",
                name=kind,
                service=service,
                subject=f"service/{service}",
                measure=measure,
                alike=kind,
                middle=middle,
                scale=scale,
            )


def _minutes(files: Sequence[Analysis]) -> float:
    spans = [(one.coverage.first_time, one.coverage.last_time) for one in files]
    return max(1.0, sum((last - first).total_seconds() for first, last in spans if first and last) / MINUTE)


def _spoken(files: Sequence[Analysis], services: Collection[str]) -> Iterator[tuple[str, KeyStat, str]]:
    """Yield the templates of the services that are named before what they say."""
    for one in files:
        for key in one.keys:
            if key.samples and (service := speaker(key.samples[0][1], services)):
                yield one.evidence, key, service


def speaker(line: str, services: Collection[str]) -> str:
    """Return the first of these services that a line names before what it says, empty without one."""
    words = (word.lower() for word in WORD.findall(line[:HEAD]))
    return next((name for word in words for name in (word, REPLICA.sub("", word)) if name in services), "")


def cited(voices: Voices) -> Mapping[str, Citation]:
    """Return title of a level → the line that says it."""
    return {f"{kind}{{service={service}}}": citation for (kind, service), (_, citation) in voices.lines.items()}
