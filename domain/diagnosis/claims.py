"""Every claim against its cited lines: numbers, names, times and orders must stand there (rule D6)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from domain.diagnosis.signals import ORDERS
from domain.diagnosis.values import Claim
from domain.evidence.values import Analysis, Citation, EqualsCheck, Finding, QuoteCheck

Lines = Mapping[tuple[str, int], str]
"""Raw or safe lines by (evidence, line number): whatever text the claim was made from."""

Verdict = Literal["confirmed", "contradicted", "unverifiable"]

CLOCK = re.compile(r"(?<![\d:.])(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d+)?)?(?![\d:])")
DATE = re.compile(r"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?")
NUMBER = re.compile(r"(?<![\w.#/:-])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?![\w.]*[A-Za-z]\w*[-_.])")
NAME = re.compile(
    r"<[A-Z]{2,10}_\d+(?:@[\w-]+)?>|[\"'“`]([^\"'”`]{2,200})[\"'”`]|(?<![\w.-])(?=[\w./:@-]*(?:\d|[_./:@-]\w))[A-Za-z/][\w./:@-]{2,}\w|\b[A-Z][a-z]+(?:[A-Z][a-z0-9]+)+\b|\b[A-Z]{3,}\b"
)
NEGATION = re.compile(r"\b(?:no|not|never|without|none|cannot|neither|nor|unable|fail(?:ed|s)? to)\b|n't\b", re.IGNORECASE)
ORDER = re.compile(
    r"\b(?:before|after|then|until|since|followed|preceded|led to|caused|because|due to|triggered|as a result|therefore|first|later|earlier)\b",
    re.IGNORECASE,
)
TREND = re.compile(
    r"\b(?:rose|rising|climb\w*|grew|grow\w*|increas\w*|doubl\w*|fell|fall\w*|drop\w*|decreas\w*|declin\w*|stable|unchanged|peak\w*|spik\w*|collaps\w*|recover\w*)\b",
    re.IGNORECASE,
)
QUANTIFIER = re.compile(r"\b(?:all|every|only|always|any|each|both|most|several|many|repeatedly|first|last)\b", re.IGNORECASE)
WORD = re.compile(r"[a-z]{4,}")
ORDINARY = """
that this with from have been were which while when than them they their there here also into onto over under such
some more very and shows show shown says said line lines states state stated reports report reported value values
being does found occurs occurred occurrence message messages event events log logs logged record records entry
evidence file warning error errors references include includes contain contains contained indicate indicates
explicitly currently namely cited deployment container replica replicas instance cluster database server service
services node nodes pods
"""
COMMON = frozenset(ORDINARY.split())
"""Words that say nothing about the world; every other word of a claim of four letters or more must stand in its lines."""
COMPOUND = re.compile(r"(?:[a-z]+ly|well|long|short|high|low|non|multi|single|re|old|new)-[a-z]+")
"""Ordinary compounds, which name nothing."""
UNITS = (1.0, 1e3, 1e-3)


def check(claim: Claim, analyses: Sequence[Analysis], lines: Lines) -> Claim:
    """Return the claim with its verdict.

    Contradicted: a citation, number, name or time does not hold. Unverifiable: it says more than its lines. Else confirmed.
    """
    return replace(claim, verdict=_verdict(claim, analyses, lines))


def _verdict(claim: Claim, analyses: Sequence[Analysis], lines: Lines) -> Verdict:
    """Evaluate one claim."""
    cited = [text for citation in claim.citations for text in _cited(citation, lines)]
    if not claim.citations or any(not _resolves(one, lines) for one in claim.citations):
        return "contradicted"
    derived = [text for finding in _findings(claim.citations, analyses) for text in _told(finding)]
    ground = "\n".join([*cited, *derived])
    if missing(claim.text, ground) or not _check_holds(claim, cited, analyses):
        return "contradicted"
    if ORDERS.search(claim.text) or all(ORDERS.search(text) for text in cited) or not _says_no_more(claim.text, ground):
        return "unverifiable"
    return "confirmed"


def _resolves(citation: Citation, lines: Lines) -> bool:
    """Tell whether every cited line exists; at most 50 lines may be cited at once."""
    span = range(citation.first, citation.last + 1)
    return 0 < len(span) <= 50 and all((citation.evidence, number) in lines for number in span)


def _cited(citation: Citation, lines: Lines) -> Iterator[str]:
    """Yield the cited lines that exist."""
    for number in range(citation.first, min(citation.last, citation.first + 49) + 1):
        if (citation.evidence, number) in lines:
            yield lines[citation.evidence, number]


def _findings(citations: Iterable[Citation], analyses: Sequence[Analysis]) -> Iterator[Finding]:
    """Yield the findings that code derived from the cited lines."""
    spans = [(one.evidence, one.first, one.last) for one in citations]
    for analysis in analyses:
        for finding in analysis.findings:
            first = finding.citations[0]
            if any(first.evidence == name and low <= first.first <= high for name, low, high in spans):
                yield finding


def _told(finding: Finding) -> Iterator[str]:
    """Yield what a finding adds to its lines."""
    yield finding.statement
    yield from (f"{name} {value:g}" for name, value in finding.numbers.items())
    yield from (f"{name} {value}" for name, value in finding.attributes.items())


def _check_holds(claim: Claim, cited: Sequence[str], analyses: Sequence[Analysis]) -> bool:
    """Evaluate the claim's own check where it has one that can be read here."""
    match claim.check:
        case QuoteCheck(text=text):
            return " ".join(text.split()) in " ".join(" ".join(cited).split())
        case EqualsCheck(object=name, field=key, value=value):
            return any(item.id == name and item.fields.get(key) == value for analysis in analyses for item in analysis.objects)
        case _:
            return True


def missing(text: str, ground: str) -> tuple[str, ...]:
    """Return the numbers, times and names of the text that the ground does not hold, in order."""
    return (*_missing_times(text, ground), *_missing_names(text, ground), *_missing_numbers(text, ground))


def _missing_times(text: str, ground: str) -> Iterator[str]:
    """Yield clock times and dates that stand nowhere; `10:02` stands in `10:02:17`."""
    for found in (*DATE.finditer(text), *CLOCK.finditer(DATE.sub(" ", text))):
        if not re.search(rf"(?<![\d:]){re.escape(found[0].replace('T', ' ').rstrip('Z'))}", ground.replace("T", " ")):
            yield found[0]


def _undated(text: str) -> str:
    """Return the text without dates and clock times, whose digits count nothing."""
    return CLOCK.sub(" ", DATE.sub(" ", text))


def _missing_names(text: str, ground: str) -> Iterator[str]:
    """Yield identifiers and quoted words that stand nowhere as a whole."""
    for found in NAME.finditer(_undated(text)):
        name = " ".join((found[1] or found[0]).split()).rstrip(".,:;…")
        plain = name.strip("…")
        if (
            plain
            and not COMPOUND.fullmatch(plain)
            and not re.search(rf"(?<![A-Za-z0-9]){re.escape(plain)}(?![A-Za-z0-9])", " ".join(ground.split()))
        ):
            yield name


def _missing_numbers(text: str, ground: str) -> Iterator[str]:
    """Yield numbers that, rounded as written, stand nowhere."""
    held = {
        float((found[1] + (found[2] or "")).replace(",", ""))
        for found in re.finditer(r"(?<![\w.])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?", _undated(ground))
    }
    for found in NUMBER.finditer(_undated(text)):
        value = float((found[1] + (found[2] or "")).replace(",", ""))
        slack = 0.5 * 10 ** -len((found[2] or ".")[1:]) if found[2] else 0.0
        if not any(abs(one * unit - value) <= slack + 1e-9 for one in held for unit in (UNITS if slack else (1.0,))):
            yield found[0]


def _says_no_more(text: str, ground: str) -> bool:
    """Tell whether sense, order, trend and words of the text stand in its lines, too."""
    if _negations(text) != _negations(ground):
        return False
    if not _order_holds(text, ground) or not _same_words(TREND, text, ground) or not _same_words(QUANTIFIER, text, ground):
        return False
    plain = NEGATION.sub(" ", TREND.sub(" ", ORDER.sub(" ", QUANTIFIER.sub(" ", text))))
    words = {word for word in WORD.findall(plain.lower()) if word not in COMMON}
    known = {word[:5] for word in WORD.findall(ground.lower())}
    return all(word[:5] in known for word in words)


def _negations(text: str) -> frozenset[str]:
    """Return the words that turn a sense; all forms of "not" are one."""
    return frozenset("not" if found[0].lower() in {"n't", "cannot"} else found[0].lower() for found in NEGATION.finditer(text))


def _same_words(pattern: re.Pattern[str], text: str, ground: str) -> bool:
    """Tell whether each such word of the text stands in the ground."""
    held = ground.lower()
    return all(re.search(rf"\b{re.escape(found[0].lower())}\b", held) for found in pattern.finditer(text))


def _order_holds(text: str, ground: str) -> bool:
    """Tell whether a claimed order is written in a line, or follows from two times that the text names."""
    word = ORDER.search(text)
    if word is None or re.search(rf"\b{re.escape(word[0])}\b", ground, re.IGNORECASE):
        return True
    times = [found[0] for found in CLOCK.finditer(text)]
    if len(times) != 2:
        return False
    if word[0].lower() in {"before", "then", "until", "preceded", "earlier"}:
        return times[0] < times[1]
    return word[0].lower() in {"after", "later"} and times[0] > times[1]
