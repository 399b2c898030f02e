"""From observations to the families whose rules they match; a text is searched only for what it holds a needed word of."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from domain.diagnosis.catalogue.families import FAMILIES
from domain.diagnosis.graph import Graph
from domain.diagnosis.integrity.addresses import databases, servers
from domain.diagnosis.signals import Observation, match
from domain.diagnosis.subjects import owner
from domain.diagnosis.values import Family, Rule
from domain.evidence.needed import Clause, needed, small

OF_CLIENT = frozenset({"db_credentials"})
"""Families whose words a server repeats and whose subject is the client."""
OF_SERVER = frozenset({"db_connections", "db_read_only"})
"""Families whose words a client repeats and whose subject is the server."""
WORD = re.compile(r"[a-z]{2,}|[^\x00-\x7f]")
"""Letters side by side; a letter or mark of another script stands for itself."""
PLAIN = re.compile(r"[A-Za-z0-9_ -]+(?:\|[A-Za-z0-9_ -]+)*")
"""An expression that is a word, or one of several."""


RULES = tuple(rule for family in FAMILIES for rule in (*family.decisive, *family.supports, *family.refutes))

Places = frozenset[int]
NOWHERE: Places = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One observation that matched one rule."""

    observation: Observation
    rule: Rule
    pieces: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """All hits of one family."""

    family: Family
    decisive: tuple[Hit, ...]
    supports: tuple[Hit, ...]
    refutes: tuple[Hit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """Observations by what rules ask for; places count from 0, in evidence order."""

    observations: tuple[Observation, ...]
    every: Places
    kinds: Mapping[str, Places]
    """Kind of finding → where."""
    facts: Mapping[tuple[str, str], Places]
    """Attribute and its value in small letters → where."""
    letters: Mapping[str, Places]
    """Letters that rules need side by side → where they stand in the text, also inside of a longer word."""

    def places(self, rule: Rule) -> Places:
        """Return where a rule may match: a superset of where it does."""
        kinds = (self.kinds.get(kind, NOWHERE) for kind in rule.kinds)
        among = NOWHERE.union(*kinds) if rule.kinds else self.every
        for name, words in rule.attributes.items():
            if PLAIN.fullmatch(words):
                among &= NOWHERE.union(*(self.facts.get((name, word), NOWHERE) for word in words.lower().split("|")))
        return NOWHERE.union(*(self._narrowed(among, clauses) for clauses in needed(rule.pattern)))

    def _narrowed(self, among: Places, clauses: Iterable[Clause]) -> Places:
        """Return those of some places where each clause may hold; one with a part of no letters may hold anywhere."""
        for clause in clauses:
            parts = [WORD.findall(part) for part in clause]
            if among and all(parts):
                among = NOWHERE.union(*(among.intersection(*map(self.letters.__getitem__, part)) for part in parts))
        return among


def index(observations: Sequence[Observation], rules: Sequence[Rule]) -> Index:
    """Return the observations by kind, and by the letters that the rules need."""
    kinds: defaultdict[str, list[int]] = defaultdict(list)
    facts: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    words: defaultdict[str, list[int]] = defaultdict(list)
    names = {name for rule in rules for name in rule.attributes}
    for place, item in enumerate(observations):
        kinds[item.finding.kind].append(place)
        for name in names & item.finding.attributes.keys():
            facts[name, small(item.finding.attributes[name])].append(place)
        for word in set(WORD.findall(item.lowered or small(item.text))):
            words[word].append(place)
    lines = "".join(f"{word}\n" for word in words)
    wanted = {letters for rule in rules for clauses in needed(rule.pattern) for clause in clauses for letters in _letters(clause)}
    return Index(
        observations=tuple(observations),
        every=frozenset(range(len(observations))),
        kinds={kind: frozenset(found) for kind, found in kinds.items()},
        facts={fact: frozenset(found) for fact, found in facts.items()},
        letters={letters: NOWHERE.union(*map(words.__getitem__, _holding(letters, lines))) for letters in wanted},
    )


def _letters(clause: Clause) -> Iterator[str]:
    return (letters for part in clause for letters in WORD.findall(part))


def _holding(letters: str, lines: str) -> Iterator[str]:
    """Yield the lines that hold some letters."""
    at = lines.find(letters)
    while at >= 0:
        end = lines.index("\n", at)
        yield lines[lines.rfind("\n", 0, at) + 1 : end]
        at = lines.find(letters, end)


def matched(observations: Sequence[Observation]) -> tuple[Matched, ...]:
    """Return the families with at least one trusted decisive hit."""
    seen = index(observations, RULES)
    trusted = frozenset(place for place in seen.every if not observations[place].untrusted)
    # an alert tells the symptom that its rule saw: it decides only where nothing else is known
    deciding = trusted - seen.kinds.get("alert", NOWHERE) or trusted
    return tuple(
        Matched(
            family=family,
            decisive=decisive,
            supports=_hits(family.supports, seen, seen.every),
            refutes=_hits(family.refutes, seen, seen.every),
        )
        for family in FAMILIES
        if (decisive := _hits(family.decisive, seen, deciding))
    )


def at_servers(found: Iterable[Matched], graph: Graph) -> tuple[Matched, ...]:
    """Return the families, with what a client says about its server moved to the server where its settings name it, and not the other way."""
    told = tuple(found)
    if OF_CLIENT.isdisjoint(names := {item.family.id for item in told}) and OF_SERVER.isdisjoint(names):
        return told
    used = databases(graph)
    every = servers(graph) | {owner(one) for one in used.values()}
    return tuple(_placed(item, used, every) for item in told)


def _placed(item: Matched, used: Mapping[str, str], known: frozenset[str]) -> Matched:
    if item.family.id in OF_SERVER:
        return replace(item, decisive=tuple(_moved(hit, used) for hit in item.decisive))
    return replace(item, decisive=_own(item.decisive, known)) if item.family.id in OF_CLIENT else item


def _own(hits: tuple[Hit, ...], known: frozenset[str]) -> tuple[Hit, ...]:
    """Return what the clients say themselves, and only without that what their servers say."""
    return tuple(hit for hit in hits if owner(hit.observation.subject) not in known) or hits


def _moved(hit: Hit, used: Mapping[str, str]) -> Hit:
    there = used.get(owner(hit.observation.subject), hit.observation.subject)
    return replace(hit, observation=replace(hit.observation, subject=there))


def _hits(rules: Sequence[Rule], seen: Index, among: Places) -> tuple[Hit, ...]:
    """Return the first matching rule of each of these observations."""
    found: dict[int, Hit] = {}
    for rule in rules:
        for place in (seen.places(rule) & among) - found.keys():
            if (pieces := match(rule, seen.observations[place])) is not None:
                found[place] = Hit(observation=seen.observations[place], rule=rule, pieces=pieces)
    return tuple(found[place] for place in sorted(found))
