"""A claim taken apart: clauses with the names, fields, times, numbers and quotations that each of them asserts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import takewhile

from domain.diagnosis.claims.records import STAMP

QUOTE = re.compile(r"(?<!\w)'([^'\n]{2,200})'(?!\w)|\"([^\"\n]{2,200})\"|“([^”\n]{2,200})”|`([^`\n]{2,200})`")
NEGATION = re.compile(
    r"\b(?:no|not|never|nowhere|without|none|cannot|neither|nor|unable|hardly|barely|scarcely|rarely|nothing|lacks?|lacking|absent|missing|rul(?:ed|ing|es) out)\b|n't\b",
    re.IGNORECASE,
)
FIELD = re.compile(r"([A-Za-z_][\w.]*)=(\"[^\"]*\"|[\w.%-]*\w)")
COUNTED = [
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
DIGITS = {"one": "1"} | {word: str(place) for place, word in enumerate(COUNTED, start=2)}
NUMBER = re.compile(
    r"(?P<bound>under|over|above|below|beyond|more than|less than|at least|at most|up to|exceed\w*|[<>≤≥])?\s?(?P<about>~)?(?<![\w.#/:-])"
    r"(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?P<part>\.\d+)?(?:(?P<unit>\s?(?:ms|us|ns|[KMGT]i?B|[KMGT]i|%|s(?:econds?)?|x))(?![\w])|-(?P<tied>minute|hour|second|day)\b|(?![\w]))"
)
COMPOUND = re.compile(
    r"(?:[a-z]+ly|well|long|short|high|low|non|multi|single|re|old|new|pre|post)-[A-Za-z]+|[A-Za-z][a-z]+-(?:[a-z]+ed|[a-z]*level|wide|up|down|bound|driven|plane|side|only|based|like|ceiling|term|out|off|free|window|time)",
    re.ASCII,
)
NAME = re.compile(r"(?<![\w.-])(?:[A-Za-z][\w./:@-]*[\w*]|<[A-Z]{2,10}_\d+(?:@[\w-]+)?>|\d+[a-z]+\d[\w.-]*|/[\w./-]+)")
KINDS = frozenset({"ReplicaSet", "StatefulSet", "DaemonSet", "Deployment", "CronJob", "ConfigMap", "Pod", "Node"})
"""Kinds of objects, which name none."""
CALLED = re.compile(
    r"^(?:the )?(?:deployment|pod|node|service|instance|namespace|host|job|container)\s+([a-z]{3,})\s(?:is|was|has|had|reports?|reported|shows?|showed|runs?|ran|failed|lost|took|does|did|in|on|at)\b",
    re.IGNORECASE,
)
"""The word between a kind of object and a verb is its name."""
HAS = frozenset({"logs", "events", "condition", "status", "event", "log", "conditions", "metrics"})
APART = re.compile(
    r"^(?:during|with|as|because|while|before|after|driven by|due to|consistent with|so|immediately|shortly|just)\b",
    re.IGNORECASE,
)
"""Such a clause adds to what was said and changes no subject."""
CAUSE = re.compile(
    r"\b(?:because|due to|driven by|caus\w+|triggered by|led to|leads to|as a result|result\w* (?:of|in)|consequence|consistent with|indicat\w+|suggest\w+|corroborat\w+|therefore|so the|explain\w*|indicative|root cause|symptom of|attribut\w+)\b",
    re.IGNORECASE,
)
CERTAIN = re.compile(
    r"\b(?:definitely|certainly|undoubtedly|clearly proven|proves?|proven|guarantee\w*|always|100 ?% certain)\b", re.IGNORECASE
)
BREAK = re.compile(
    r"(?<=[^.\s])[.!?]\s+(?=[A-Z\"'])|;\s+|\s+[—–]\s+|:\s+(?=[A-Za-z])|,\s+|\s+(?=(?:while|(?<!consistent )with|because|driven by|due to|consistent with|before|after|as(?!\s(?:the|an?)\b)|so|during|ruling)\s)|(?<![Nn]ot)\s+(?=(?:corroborat|suggest|indicat)\w+\s)|\s+and\s+(?=(?:the|an?|its|low|high)\s)"
)
HARD = re.compile(r"[.!?;]")


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written."""

    value: float
    digits: int
    unit: str
    about: bool
    bound: str
    noun: str


@dataclass(frozen=True, slots=True)
class Clause:
    """What one clause asserts; `own` names are said in it, the others are its subject carried over."""

    text: str
    negative: bool
    cause: bool
    quotes: tuple[str, ...]
    fields: tuple[tuple[str, str], ...]
    times: tuple[str, ...]
    numbers: tuple[Number, ...]
    follow: int
    own: tuple[str, ...]
    carried: tuple[str, ...]
    words: tuple[str, ...]

    @property
    def letters(self) -> bool:
        """Whether it quotes or names a field or time."""
        return bool(self.quotes or self.fields or self.times)

    @property
    def names(self) -> tuple[str, ...]:
        """All names, own and carried."""
        return (*self.carried, *self.own)


def clauses(text: str) -> tuple[Clause, ...]:
    """Return the clauses of a claim; a clause without a name of its own keeps the subject of the one before."""
    told: list[Clause] = []
    subject: tuple[str, ...] = ()
    pieces = list(_pieces(text))
    for place, (part, fresh, opens, joined) in enumerate(pieces):
        one = _clause(part, leading=fresh)
        subject = () if fresh or joined else subject
        follow = len(list(takewhile(lambda piece: not piece[1], pieces[place + 1 :]))) if opens else 0
        told.append(replace(one, carried=() if one.own else subject, follow=follow))
        subject = subject if APART.match(part) else one.own or subject
    return tuple(told)


def _pieces(text: str) -> Iterator[tuple[str, bool, bool, bool]]:
    """Yield parts of the text between breaks, none of them in a quotation; whether a sentence begins; whether a colon follows; whether "and" leads."""
    held = [(found.start(), found.end()) for found in QUOTE.finditer(text)]
    at, fresh, joined = 0, True, False
    for found in BREAK.finditer(text):
        if any(first < found.start() < last for first, last in held):
            continue
        if part := text[at : found.start()].strip(" .,;:—–"):
            yield part, fresh, found[0].startswith(":"), joined
            fresh, joined = HARD.search(found[0]) is not None, "and" in found[0]
        at = found.end()
    if part := text[at:].strip(" .,;:—–"):
        yield part, fresh, False, joined


def _clause(text: str, *, leading: bool) -> Clause:
    """Read one clause."""
    quotes = tuple(next(filter(None, found.groups())) for found in QUOTE.finditer(text))
    bare = QUOTE.sub(" ", text)
    fields = tuple((found[1], found[2].strip('"')) for found in FIELD.finditer(bare))
    bare = FIELD.sub(" ", bare)
    times = tuple(found[0] for found in STAMP.finditer(bare))
    bare = STAMP.sub(" ", bare)
    names = tuple(dict.fromkeys(_names(bare, leading=leading)))
    plain = re.sub("|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)) or "(?!)", " ", bare)
    return Clause(
        text=text,
        negative=len(NEGATION.findall(bare)) % 2 == 1,
        cause=CAUSE.search(bare) is not None,
        quotes=quotes,
        fields=fields,
        times=times,
        numbers=tuple(_numbers(plain)),
        own=names,
        carried=(),
        follow=0,
        words=tuple(re.findall(r"[a-z]{3,}", COMPOUND.sub(" ", plain).lower())),
    )


def _numbers(text: str) -> Iterator[Number]:
    """Yield the numbers of a clause; small ones may be written as words."""
    text = re.sub(r"(?<![\w.-])(\d[\d,.]*)\s?[-–]\s?(?=\d)", r"\1 – ", text)
    written = re.sub(rf"\b(?:{'|'.join(COUNTED)})\b", lambda found: DIGITS[found[0].lower()], text, flags=re.IGNORECASE)
    for found in NUMBER.finditer(written):
        noun = re.match(r"\s+([a-z]+(?:[ -][a-z]+)?)", written[found.end() :]) if found.end() <= len(written) else None
        yield Number(
            value=float((found["whole"] + (found["part"] or "")).replace(",", "")),
            digits=len((found["part"] or ".")[1:]),
            unit=(found["unit"] or found["tied"] or "").strip(),
            about=bool(found["about"]),
            bound=(found["bound"] or "").lower(),
            noun=noun[1] if noun else "",
        )


def _names(text: str, *, leading: bool) -> Iterator[str]:
    """Yield identifiers and words written like names; ordinary compounds and the first word of a sentence are none."""
    yield from (found[1] for found in CALLED.finditer(text) if found[1] not in HAS and not found[1].endswith(("ed", "ing")))
    for found in NAME.finditer(text):
        if not (name := found[0].rstrip(".,:;…/-")):
            continue
        first = leading and not re.search(r"\w", text[: found.start()])
        marked = re.search(r"\d|[_:@*<]|[a-z][A-Z]|[A-Z]{2}|\w\.\w|^/", name)
        joined = re.search(r"[-/]", name) and not re.fullmatch(r"[a-z]+/[a-z]+", name)
        if name in KINDS or COMPOUND.fullmatch(name) or re.search(r"\d(?:\.\d+)? $", text[: found.start()]):
            continue
        size = re.fullmatch(r"[\d.,]+[a-z]*|\d\S*-[a-z]+", name)
        called = marked or joined or (name[0].isupper() and not first)
        if called and len(name) > 1 and not size:
            yield name
