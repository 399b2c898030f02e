"""From signals to candidates, and from candidates to chains."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from operator import itemgetter

from domain.diagnosis.catalogue.families import BY_ID
from domain.diagnosis.graph import Graph
from domain.diagnosis.health import contradicts, replaced
from domain.diagnosis.matching import Hit, Matched
from domain.diagnosis.presence import exists
from domain.diagnosis.ranking import scored
from domain.diagnosis.signals import LOG_KINDS, signal, unescaped
from domain.diagnosis.statements import names_something, statement
from domain.diagnosis.subjects import POD_HASH, named_in, owner, split, spoken
from domain.diagnosis.values import Candidate, Family, Signal

OUTCOMES = frozenset({"crash_loop", "init_failed", "unready", "job_failed", "rollout_stuck"})
"""Families that only say that a thing failed: what it said before comes first."""
PROBED, PROBE = "probe_failing", "probe"
"""The family that says so for a probe, and the word that its lines hold."""
EVERYWHERE = frozenset({"scheduler_down", "resolver_down"})
"""Families of what a whole cluster needs: what waits for it may be anywhere."""
SIGNALS_KEPT = 24
"""Per candidate, decisive ones first."""
TELLING = 0.7
"""Weight from which on a supporting sign is worth a line before a decisive one that says the same again."""
ABROAD = "dependency_down"
"""The family by which others feel that a thing is down."""
MEASURED = frozenset({"vital", "suspect"})
"""Kinds of finding that name series and their values, whatever the title of the family says."""
CHAINED = 200
"""Candidates that are held against each other, best first: five are shown."""

Around = Mapping[str, frozenset[str]]
"""Owner → the owners that it is joined to, itself among them."""


def candidates(
    found: Iterable[Matched], graph: Graph, question: str
) -> tuple[tuple[Candidate, ...], tuple[tuple[str, str], ...]]:
    """Return the scored candidates, unordered, and the excluded families with the reason."""
    kept: list[Candidate] = []
    excluded: list[tuple[str, str]] = []
    for item in found:
        refuting = _by_owner(item.refutes)
        for group in _groups(item.decisive):
            against = _against(refuting, group)
            if against:
                excluded.append((item.family.id, f"{against.rule.meaning}: {against.observation.finding.text[:160]}"))
            elif contradicts(_shown_as(item.family.id, group), _subject(group), graph):
                excluded.append((item.family.id, f"{spoken(_subject(group))} is now Running and Ready, after {_said(group[0])}"))
            elif replaced(_subject(group), graph):
                excluded.append((
                    item.family.id,
                    f"{spoken(_subject(group))} is being taken away or gone, and its successor is ready",
                ))
            elif there := next(
                (name for hit in group if (name := exists(item.family.id, _subject(group), hit.pieces, graph))), ""
            ):
                excluded.append((item.family.id, f"{there} exists"))
            else:
                kept.append(_candidate(item, group, graph, question))
    return tuple(kept), tuple(dict.fromkeys(excluded))


def _shown_as(family: str, group: Sequence[Hit]) -> str:
    """Return the family whose end ends this one: what only probes say is over when the container is ready."""
    return PROBED if all(f"{PROBE} failed" in hit.observation.lowered for hit in group) else family


def _groups(hits: Sequence[Hit]) -> tuple[tuple[Hit, ...], ...]:
    """Return the hits by owner of their subject; those without subject join the only other group, else stand alone."""
    groups: dict[str, list[Hit]] = {}
    shown = next((owner(hit.observation.subject) for hit in hits if hit.observation.finding.kind == "vital"), "")
    for hit in hits:
        if shown and hit.observation.finding.kind != "vital":
            groups.setdefault(shown, []).append(hit)  # words about a fault that gauges show belong to it
            continue
        groups.setdefault(owner(hit.observation.subject), []).append(hit)
    if len(groups) == 2 and "" in groups:
        loose = groups.pop("")
        next(iter(groups.values())).extend(loose)
    return tuple(tuple(group) for group in groups.values())


WORDS = LOG_KINDS | {"event"}
"""What was said at some time: it does not refute what the newest state shows."""


def _by_owner(refutes: Sequence[Hit]) -> Mapping[str, list[tuple[int, Hit]]]:
    """Return owner → its trusted refuting hits, each with its place among all."""
    found: dict[str, list[tuple[int, Hit]]] = {}
    for place, hit in enumerate(refutes):
        if not hit.observation.untrusted:
            found.setdefault(owner(hit.observation.subject), []).append((place, hit))
    return found


def _against(refuting: Mapping[str, list[tuple[int, Hit]]], group: Sequence[Hit]) -> Hit | None:
    """Return the first refuting hit that concerns the group's subject, or that names none; any concerns a group without subject."""
    names = {owner(hit.observation.subject) for hit in group} | {""}
    concerned = (placed for name in names for placed in refuting.get(name, ()))
    if not owner(group[0].observation.subject):
        concerned = (placed for several in refuting.values() for placed in several)
    state = any(hit.observation.finding.kind == "integrity" for hit in group)
    fit = (
        (place, hit)
        for place, hit in concerned
        if (not state or hit.observation.finding.kind not in WORDS)
        and not _sibling(hit.observation.subject, group)
        and (not hit.rule.later or _later(hit, group))
    )
    return min(fit, key=itemgetter(0), default=(0, None))[1]


def _later(hit: Hit, group: Sequence[Hit]) -> bool:
    """Tell whether a hit stands behind every sign of a group in the same file: behind its first line, and not before its last."""
    end = hit.observation.finding.last_time
    ends = (one.observation.finding.last_time for one in group)
    if end and any(last and last > end for last in ends):
        return False
    cited = hit.observation.finding.citations
    signs = (one.observation.finding.citations[0] for one in group)
    return all(one.first < max(place.last for place in cited) for one in signs if one.evidence == cited[0].evidence)


def _sibling(subject: str, group: Sequence[Hit]) -> bool:
    """Tell whether a pod is another one of the same owner: what happened to it says nothing about this one."""
    pods = {hit.observation.subject for hit in group if hit.observation.subject.startswith("pod/")}
    return subject.startswith("pod/") and bool(pods) and subject not in pods and POD_HASH.search(subject) is not None


def _candidate(item: Matched, group: Sequence[Hit], graph: Graph, question: str) -> Candidate:
    """Return one family at one subject."""
    family = item.family
    subject = _subject(group)
    name = owner(subject)
    near = _beside(item.supports, name, group, graph)
    best = max(group, key=lambda hit: (hit.rule.weight, len(hit.pieces), len(hit.observation.finding.citations)))
    pieces = _pieces(best, [*group, *near], subject)
    ordered = sorted(group, key=lambda hit: (hit is not best, -hit.rule.weight, hit.observation.finding.time is None))
    signals = (
        *(signal(hit.rule, hit.observation, decisive=True) for hit in ordered),
        *(signal(hit.rule, hit.observation, decisive=False) for hit in near),
    )
    plain = Candidate(
        family=family.id,
        category=family.category,
        subject=subject,
        statement=_statement(best, pieces, family),
        signals=_once(signals)[:SIGNALS_KEPT],
        depth=family.depth,
        score=0.0,
        onset=min((hit.observation.finding.time for hit in group if hit.observation.finding.time), default=None),
        attributes=pieces,
        focus=named_in(subject, question),
    )
    return scored(plain, specific=names_something(family.title, pieces) or best.observation.finding.kind in MEASURED)


def _statement(best: Hit, pieces: Mapping[str, str], family: Family) -> str:
    """Return the title with the decisive words; what gauges show together is a sentence of its own."""
    finding = best.observation.finding
    if finding.kind == "vital":
        return finding.statement
    message = finding.attributes.get("message", "") if finding.text.startswith('"') else ""
    return statement(family.title, pieces, message if message in unescaped(finding.text) and message else finding.text)


def _said(hit: Hit) -> str:
    """Return the decisive words of a hit."""
    finding = hit.observation.finding
    return (finding.attributes.get("message") or finding.text)[:120]


def _beside(supports: Sequence[Hit], name: str, group: Sequence[Hit], graph: Graph) -> list[Hit]:
    """Return the supporting hits of the same thing: same owner, joined to it, or without subject in the same file."""
    if not name:
        files = {one.observation.finding.citations[0].evidence for one in group}
        return [
            hit
            for hit in supports
            if not owner(hit.observation.subject) or hit.observation.finding.citations[0].evidence in files
        ]
    around = graph.around(name) | {""} if supports else frozenset()
    return [hit for hit in supports if owner(hit.observation.subject) in around]


def _subject(group: Sequence[Hit]) -> str:
    """Return the subject of most hits; the first in evidence order among equals."""
    if shown := next((hit for hit in group if hit.observation.finding.kind == "vital"), None):
        return shown.observation.subject
    subjects = Counter(hit.observation.subject for hit in group if hit.observation.subject)
    return max(subjects, key=subjects.__getitem__, default="")


def _pieces(best: Hit, others: Sequence[Hit], subject: str) -> dict[str, str]:
    """Return what the statement may name: the best hit's pieces first."""
    pieces: dict[str, str] = {}
    for hit in (best, *others):
        known = {
            name: value
            for name, value in hit.observation.finding.attributes.items()
            if name in {"service", "operation", "duration", "statement", "exit_code", "value", "exception"}
        }
        span = hit.observation.finding.attributes.get("duration_ms", "")
        pieces = {**known, **({"duration": span} if span else {}), **hit.pieces, **pieces}
    file = best.observation.name.rsplit("/", 1)[-1]
    pieces["subject"] = spoken(subject, f"the service behind {file}" if file else "")
    pieces.setdefault("service", pieces["subject"])
    if "selector" not in pieces and "=" in pieces.get("value", ""):
        pieces["selector"] = pieces["value"]
    return pieces


def _once(signals: Iterable[Signal]) -> tuple[Signal, ...]:
    """Return each cited line once, and equal texts after the first behind the rest."""
    by_line: dict[tuple[str, int], Signal] = {}
    for one in signals:
        by_line.setdefault((one.evidence, one.citation.first), one)
    seen: set[str] = set()
    first: list[Signal] = []
    later: list[Signal] = []
    for one in by_line.values():
        (later if one.text in seen else first).append(one)
        seen.add(one.text)
    return (*_varied(first), *later)


def _varied(signals: Sequence[Signal]) -> tuple[Signal, ...]:
    """Return one sign of every meaning before a second of any: three lines are read, and should tell three things."""
    meant: set[str] = set()
    new: list[Signal] = []
    again: list[Signal] = []
    for one in signals:
        told = one.meaning in meant or (not one.decisive and one.weight < TELLING)
        (again if told else new).append(one)
        meant.add(one.meaning)
    return (*new, *again)


def strongest(found: Sequence[Candidate]) -> list[Candidate]:
    """Return candidates in the order in which they are held against each other."""
    return sorted(found, key=lambda one: (-one.score, one.family, one.subject))


def chained(found: Sequence[Candidate], graph: Graph) -> tuple[Candidate, ...]:
    """Fold every candidate that a deeper one explains into the chain of the best such candidate about the same or joined things.

    What explains disjoint things stays apart (diagnosis.md 6.2), also where a candidate without subject could join them.
    """
    by_score = strongest(found)[:CHAINED]
    around = {name: graph.around(name) for name in {owner(one.subject) for one in by_score} - {""}}
    roots: dict[int, Candidate] = {}
    folded: dict[int, list[Candidate]] = {}
    for one in by_score:
        if (root := _root(one, by_score, around, roots)) is not one:
            folded.setdefault(id(root), []).append(one)
    return tuple(_with_chain(one, folded.get(id(one), [])) for one in by_score if roots[id(one)] is one)


def _root(one: Candidate, found: Sequence[Candidate], around: Around, known: dict[int, Candidate]) -> Candidate:
    """Follow explanations to a candidate that nothing explains and that still speaks of the same; of a ring, the first that was asked."""
    if id(one) not in known:
        known[id(one)] = one
        causes = (other for other in found if other is not one and _explains(other, one, around))
        above = (_root(cause, found, around, known) for cause in causes)
        known[id(one)] = next((root for root in above if _together(root, one, around)), one)
    return known[id(one)]


def _explains(cause: Candidate, effect: Candidate, around: Around) -> bool:
    """Tell whether the cause's family has that effect and the subjects belong together."""
    if effect.family not in effects_of(cause.family):
        return False
    name = owner(cause.subject)
    home = bool(name) and name == owner(effect.subject)
    if home and effect.family not in effects_of(cause.family, home=True):
        return False
    if cause.family in effects_of(effect.family) and not _outranks(cause, effect):
        return False
    return _together(cause, effect, around)


def _together(cause: Candidate, effect: Candidate, around: Around) -> bool:
    """Tell whether two speak of one thing, or of things that are joined; one without subject may be about anything."""
    left, right = owner(cause.subject), owner(effect.subject)
    if cause.family in EVERYWHERE or split(cause.subject)[0] in {"quota", "resourcequota", "namespace"}:
        return True
    return not left or not right or right in around[left]


def _outranks(cause: Candidate, effect: Candidate) -> bool:
    """Tell which of two that could explain each other does: of one thing, what it said before that it crashed or was not ready."""
    generic = (_is_outcome(cause, effect), _is_outcome(effect, cause))
    if owner(cause.subject) == owner(effect.subject) and generic[0] != generic[1]:
        return generic[1]
    return _weight(cause) > _weight(effect)


def _is_outcome(one: Candidate, other: Candidate) -> bool:
    """Tell whether a candidate only says that a thing failed; a probe does where the other rests on more than the probe's own words."""
    return one.family in OUTCOMES or (one.family == PROBED and any(PROBE not in sign.text.lower() for sign in other.signals))


def _weight(one: Candidate) -> tuple[int, float, str, str]:
    """Return what decides between two that could explain each other; a strict order, so that chains end."""
    return (one.depth, one.score, one.family, one.subject)


@lru_cache(maxsize=512)
def effects_of(family: str, *, home: bool = False) -> frozenset[str]:
    """Return the families that one explains, directly or through others; never itself.

    At `home`, in the same thing, nothing follows from its being down for others.
    """
    reach: set[str] = set()
    waiting = list(BY_ID[family].effects) if family in BY_ID else []
    while waiting:
        name = waiting.pop()
        if name in reach or name == family or name not in BY_ID:
            continue
        reach.add(name)
        waiting.extend(() if home and name == ABROAD else BY_ID[name].effects)
    return frozenset(reach)


def _with_chain(head: Candidate, effects: Sequence[Candidate]) -> Candidate:
    """Return the head with what it explains; it inherits the focus of the question."""
    if not effects:
        return head
    below = sorted(effects, key=lambda one: -one.depth)
    chain = tuple(dict.fromkeys(one.family for one in below))
    signs = {one.family: one.signals[0] for one in reversed(below) if one.signals}
    return replace(
        head,
        chain=chain,
        shown_in=tuple(signs[name] for name in chain if name in signs),
        focus=head.focus or any(one.focus for one in effects),
    )
