"""Lines that tell why beside what the rules decided: they share a name with it, answer the question, or give a reason."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network
from itertools import pairwise

from domain.case.texts import words
from domain.diagnosis.candidates import OUTCOMES
from domain.diagnosis.signals import Observation, signal
from domain.diagnosis.subjects import owner, split
from domain.diagnosis.values import Candidate, Rule, Signal
from domain.evidence.logs.messages import read_message

BESIDE = Rule(weight=0.0, meaning="said beside it")
"""A line that is shown with a cause and weighs nothing for it."""
SAID = Rule(weight=0.5, meaning="what it said")
STATES = frozenset({"unhealthy_object", "alert"})
"""Findings that say again that something is not well."""
RESTRAINT = "restraint"
"""A setting that holds something back: shown where it names what fails, and never a sign by itself."""
SUMMED = frozenset({"user_report", "empty", "vital", "suspect", "silence"})
"""Findings that are no words of anything."""
WHY = re.compile(
    r"(?i)\b(?:because|due to|caused by|owing to|as a result of|reason\b[:=]?|(?:means|implies) that|which (?:typically |usually )?(?:means|implies)|this means|root cause"
    r"|exceed\w*|limit\w*|quota|not (?:allowed|permitted|authorized)|explicit deny|denied by|required|must (?:be|have|not)|unknown (?:field|column|key|option|flag))\b"
)
"""How a sentence gives a reason."""
HELD = re.compile(
    r"(?i)\b(?:not|no|nothing|never|none|without|skipp\w+|ignor\w+|refus\w+|dropp\w+|disabled?|false|stale|outdated|paused?|suspended|held|hold\w*|waiting|blocked|instead"
    r"|fall\w* back|fallback|closed|empty|limit\w*|den(?:y|ied)|declined|rejected|keeping|withheld|deferred|postponed|behind|late|already|unknown|reached|in use)\b"
)
"""How a calm line says that something was not done."""
AGAIN = re.compile(r"(?i)\bback-?off (?:restarting|pulling)\b")
"""An event of another attempt, which tells no reason."""
DENIED = re.compile(
    r"(?i)\b(?:cannot|can't|could not|couldn't|unable|failed|failure|error|refused|rejected|denied|forbidden|violate\w*|not found|no such)\b"
)
"""How a sentence says that something could not be done."""
SENSES = tuple(
    words(sense)
    for sense in (
        "login logon sign signin signon sso saml oidc oauth jwt session assertion audience authentication identity credentials",
        "mail email smtp message digest bounce newsletter",
        "payment paid pay charge capture refund merchant invoice card",
        "price rate total amount currency exchange eur usd chf gbp tariff discount",
        "upload attachment body payload multipart",
        "resolve dns name lookup nameserver resolver",
        "certificate tls ssl handshake x509",
        "grow scale scaling autoscaler replicas capacity",
        "deploy release rollout upgrade deployment",
        "slow latency timeout throttle throttled wait waiting duration",
    )
)
"""Words that operators and programs use for one thing; not for what is wrong with it."""
WORD = re.compile(r"[A-Za-z][a-z]+|[A-Z]{2,}")
STEM, JOINT = 5, 3
"""Letters by which words of one stem are known, and of words that may be one, such as `log in`."""
HEALTH = re.compile(r"(?i)^\W*(?:(?:is|are|was|were|does|do|did|has|have|how (?:is|are)|check|any(?:thing)?)\b(?!.*\bwhy\b)|$)")
"""A question that does not say that something is wrong."""
PLAIN = words(
    "about after again against alert always because before being cannot cause check coming could customers does doing done down error "
    "evening every fail from goes going happen have health here hour into investigate issue keep last late like long looks make many "
    "minute more morning most much need never next night nothing once only other over please pods problem question reach reason "
    "recent report request right running same seem service should show since slow some something start status still stop stuck system "
    "take tell than that their them then there these they thing this those time today took until user users were what when where "
    "which while will with work wrong yesterday your"
)
"""Words of questions that name nothing."""
NAME = re.compile(r"[A-Za-z0-9]\w{0,60}(?:[-_.:/@]\w{1,60}){1,12}")
SPEAKER, STAMP = re.compile(r"^(?:[A-Z]{4,8}\s+)?(?:\[[^\]]{1,60}\]\s*)?(?:[A-Z]{4,8}\s+)?[\w.$:-]{3,80}\s+[-:]\s+"), 60
"""What wrote a line, before its words; characters of a line before which its own time ends."""
CLOCK = re.compile(r"^\d[\d.:/TZ+_-]*$|^\d{4}-\d\d-\d\d")
ADDRESS = re.compile(r"(?<![\d.])(\d{1,3}(?:\.\d{1,3}){3})(/\d{1,2})?(?![\d.])")
LEAST_NAME, LEAST_PART = 6, 4
"""Letters of a name of parts, and of a part of a subject, that may join two lines."""
NEEDED, LINKED, HOME, REASON = 4.0, 2.0, 1.0, 1.0
"""What a line must reach to be shown, and what a shared name, the same thing and a reason add to its severity."""
ANSWER, MORE = 2.0, 1.0
"""What the first and the second word of the question add."""
CALM, WARNING = 1.5, 2.0
"""What a calm line that says that something was not done weighs, and a warning."""
SHOWN, NEAR = 2, 50
"""Lines that are shown beside a cause, and lines of its own thing that are read for names."""
USUAL = 8
"""Kinds of line that may hold a word of the question before it says nothing."""
TELLING = 0.5
"""Weight from which on a second sign of the leader comes before what was said beside it."""
SENTENCE = 4
"""Different words of a line that says something."""
ALIKE = 0.6
"""Share of the shorter line's words from which on two lines say the same."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the question is about, as stems; empty where it does not say that something is wrong."""

    stems: frozenset[str]

    def answered(self, text: str) -> float:
        """Return what the words that a line shares with the question add to it."""
        shared = len(self.stems & stems(text))
        return (ANSWER if shared else 0.0) + (MORE if shared > 1 else 0.0)


NOBODY = Asked(stems=frozenset())
"""Where nothing is asked."""


def asked(question: str, seen: Sequence[Observation]) -> Asked:
    """Return the stems of a complaint; one that most kinds of line hold says nothing."""
    if HEALTH.search(question):
        return NOBODY
    given = [word.lower() for word in re.findall(r"[A-Za-z]+", question)]
    joined = {a + b for a, b in pairwise(given) if max(len(a), len(b)) <= JOINT}
    named = {word for word in given if len(word) > 3 and not {word, word.rstrip("s")} & PLAIN} | {
        one for one in joined if one not in PLAIN
    }
    meant = {
        other for sense in SENSES if sense & (named | set(given) | joined | {w.rstrip("s") for w in given}) for other in sense
    }
    told = {_stem(word) for word in named | meant if len(word) > 3}
    lines = [stems(said(item.finding.text)) for item in seen]
    usual = {one for one in told if sum(one in line for line in lines) > max(USUAL, len(lines) // 2)}
    return Asked(stems=frozenset(told - usual))


def is_held(item: Observation, question: Asked) -> bool:
    """Tell whether a calm line answers the question by saying that something was not done."""
    text = said(item.finding.text)
    return bool(question.answered(text)) and (item.finding.severity >= WARNING or HELD.search(text) is not None)


def pull(item: Observation, question: Asked) -> float:
    """Return how much a line draws the look by itself: how bad it is, whether it gives a reason, and whether it answers."""
    told = WHY.search(item.text) is not None or DENIED.search(item.text) is not None or is_held(item, question)
    return item.finding.severity + question.answered(said(item.finding.text)) + (REASON / 2 if told else 0.0)


def varied(items: Iterable[Observation], known: Collection[str], most: int) -> list[Observation]:
    """Return the first lines of which each says something that neither the known texts nor an earlier one says."""
    told = [stems(said(text)) for text in known]
    found: list[Observation] = []
    for item in items:
        words = stems(said(item.finding.text))
        if len(found) < most and not any(_alike(words, other) for other in told):
            found.append(item)
            told.append(words)
    return found


def with_reasons(found: Sequence[Candidate], seen: Sequence[Observation], question: Asked) -> tuple[Candidate, ...]:
    """Show with the leader what else was said of the same names, where it tells why; it weighs nothing."""
    if not found:
        return ()
    leader = found[0]
    lines = [sign.text for sign in leader.signals[:3]]
    near = [item.finding.text for item in seen if owner(leader.subject) and owner(item.subject) == owner(leader.subject)]
    names = frozenset(_names([*lines, *near[:NEAR]])) | frozenset(_parts(leader.subject))
    ends = [sign for family, sign in zip(leader.chain, leader.shown_in, strict=False) if family in OUTCOMES]
    cited = {(sign.evidence, sign.citation.first) for sign in (*leader.signals, *ends)}
    other = [item for item in seen if _may_tell(item, leader, question) and _place(item) not in cited]
    weighed = [(_weight(item, leader, names, question), item) for item in _innermost(other)]
    best = sorted(((weight, item) for weight, item in weighed if weight >= NEEDED), key=lambda one: (-one[0], *_place(one[1])))
    words = tuple(signal(BESIDE, item, decisive=False) for item in varied((item for _, item in best), lines, SHOWN))
    own = _told_first(leader.signals)
    return (replace(leader, signals=(*leader.signals[:own], *words, *leader.signals[own:])), *found[1:])


def _innermost(items: Sequence[Observation]) -> list[Observation]:
    """Return the lines without the heads of messages of which a later line stands for itself: that one says why."""
    severe = {_place(item) for item in items if item.finding.severity >= WARNING}
    return [item for item in items if not any((_place(item)[0], n) in severe for n in _below(item))]


def _below(item: Observation) -> range:
    """Return the further lines of a message of several lines."""
    first = item.finding.citations[0].first
    return range(first + 1, min(max(one.last for one in item.finding.citations), first + NEAR) + 1)


def _told_first(signals: Sequence[Signal]) -> int:
    """Return how many of the leader's own signs come first: its own words all, else two where the second says more."""
    spoken = [place for place, one in enumerate(signals, start=1) if one.meaning == SAID.meaning]
    more = len({one.witness for one in signals[:2]}) > 1 and (signals[1].decisive or signals[1].weight >= TELLING)
    return max([2 if more else 1, *spoken])


def _may_tell(item: Observation, leader: Candidate, question: Asked) -> bool:
    """Tell whether a line may add something: it stands in another file than the leader's own, gives a reason, or answers the question."""
    far = item.finding.citations[0].evidence != leader.signals[0].evidence
    if item.finding.kind == RESTRAINT:
        return not item.untrusted
    if AGAIN.search(item.finding.text):
        return False
    worded = item.finding.kind not in STATES | SUMMED and len(stems(said(item.finding.text))) >= SENTENCE
    return (
        not item.untrusted
        and worded
        and (far or WHY.search(item.text) is not None or bool(question.answered(said(item.finding.text))))
    )


def _weight(item: Observation, leader: Candidate, names: frozenset[str], question: Asked) -> float:
    """Return how much a line tells beside the leader; nothing without a name or a thing in common."""
    held_back = item.finding.kind == RESTRAINT
    text = item.finding.statement if held_back else said(item.finding.text)
    own = bool(owner(leader.subject)) and owner(item.subject) == owner(leader.subject)
    linked = _shares(text, names) or owner(item.subject) in names
    answered = question.answered(text)
    if not (own or linked or answered):
        return 0.0
    bad = item.finding.severity
    base = WARNING if held_back else bad if bad >= WARNING else CALM if HELD.search(text) else 0.0
    if not base:
        return 0.0
    told = WHY.search(text) or (DENIED.search(text) and bad >= WARNING)
    symptom = HOME if own and leader.depth <= 1 else 0.0
    return base + LINKED * linked + HOME * own + symptom + REASON * bool(told) + answered / 2


def _shares(text: str, names: frozenset[str]) -> bool:
    """Tell whether a text holds one of the names, or a net that one of their addresses lies in."""
    if any(name in names for name in _names([text])):
        return True
    nets = [IPv4Network("".join(parts), strict=False) for parts in ADDRESS.findall(text) if parts[1] and _valid(*parts)]
    return bool(nets) and any(IPv4Address(one) in net for net in nets for one in names if ADDRESS.fullmatch(one) and _valid(one))


def _valid(address: str, width: str = "") -> bool:
    return all(int(part) < 256 for part in address.split(".")) and int(width[1:] or 0) <= 32


def _names(texts: Iterable[str]) -> Iterator[str]:
    """Yield the names of parts in some texts, hosts also without their port."""
    for text in texts:
        message = said(text)
        yield from (one[0] for one in ADDRESS.findall(message))
        for found in NAME.findall(message):
            name = found.lower()
            if len(name) >= LEAST_NAME and not CLOCK.match(name):
                yield name
                yield from (part for part in name.split(":")[:1] if part != name and len(part) >= LEAST_NAME)


def _parts(subject: str) -> Iterator[str]:
    """Yield the parts of a subject's name that may stand alone."""
    kind, name = split(subject)
    yield from (part for part in re.split(r"[:/]", name.lower()) if kind and len(part) >= LEAST_PART)


@lru_cache(maxsize=4096)
def said(text: str) -> str:
    """Return what a line says behind its time, its level and the names of what wrote it."""
    message = read_message(text)
    told = message.text if message.form != "plain" or len(text) - len(message.text) <= STAMP else text
    return SPEAKER.sub("", told, count=1) or text


@lru_cache(maxsize=4096)
def stems(text: str) -> frozenset[str]:
    """Return the stems of a text's words of more than three letters."""
    return frozenset(_stem(word.lower()) for word in WORD.findall(text) if len(word) > 3)


def _stem(word: str) -> str:
    return word.rstrip("s")[:STEM]


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other) and len(one & other) > ALIKE * min(len(one), len(other))


def _place(item: Observation) -> tuple[str, int]:
    return (item.finding.citations[0].evidence, item.finding.citations[0].first)
