"""Every claim against its cited lines: numbers, names, times and orders must stand there (rule D6)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Literal

from domain.diagnosis.claims.order import ordered
from domain.diagnosis.claims.parts import COMPOUND, clauses
from domain.diagnosis.claims.records import documents
from domain.diagnosis.claims.rules import Standing, standing
from domain.diagnosis.orders import ORDERS
from domain.diagnosis.values import Claim
from domain.evidence.checks import EqualsCheck, QuoteCheck
from domain.evidence.values import Analysis, Citation, Finding

Lines = Mapping[tuple[str, int], str]
"""Raw or safe lines by (evidence, line number): whatever text the claim was made from."""

SPAN = 50
"""Lines that one citation may hold."""
Verdict = Literal["confirmed", "contradicted", "unverifiable"]

CLOCK = re.compile(r"(?<![\d:.])(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d+)?)?(?![\d:])")
DATE = re.compile(r"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?")
NUMBER = re.compile(r"(?<![\w.#/:-])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?![\w.]*[A-Za-z]\w*[-_.])")
NAME = re.compile(
    r"<[A-Z]{2,10}_\d+(?:@[\w-]+)?>|[\"'“`]([^\"'”`]{2,200})[\"'”`]|(?<![\w.-])(?=[\w./:@-]*(?:\d|[_./:@-]\w))[A-Za-z/][\w./:@-]{2,}\w|\b[A-Z][a-z]+(?:[A-Z][a-z0-9]+)+\b|\b[A-Z]{3,}\b"
)
UNITS = (1.0, 1e3, 1e-3)


def check(claim: Claim, analyses: Sequence[Analysis], lines: Lines) -> Claim:
    """Return the claim with its verdict, and `inferred` when a part of it says what no line can hold.

    Contradicted: a citation, or what a clause asserts, does not hold. Unverifiable: it says more than its lines. Else confirmed.
    """
    if not claim.citations or any(not _resolves(one, lines) for one in claim.citations):
        return replace(claim, verdict="contradicted")
    cited = [text for citation in claim.citations for text in _cited(citation, lines)]
    if not _check_holds(claim, cited, analyses):
        return replace(claim, verdict="contradicted")
    if ORDERS.search(claim.text) or all(ORDERS.search(text) for text in cited):
        return replace(claim, verdict="unverifiable")
    if any(_is_quoted(text, claim.text) for text in cited):
        return replace(claim, verdict="confirmed")
    sources = documents(_sources(claim.citations, analyses, lines))
    told = clauses(claim.text)
    found = [standing(clause, sources) for clause in told] + [ordered(*both, sources) for both in pairwise(told)]
    return replace(claim, verdict=_verdict(found), strength="inferred" if "inferred" in found else claim.strength)


def _is_quoted(line: str, text: str) -> bool:
    """Tell whether the text is the whole line, white space folded, with or without the time before it."""
    said, whole = " ".join(text.split()).rstrip(" ."), " ".join(line.split()).rstrip(" .")
    before = whole.removesuffix(said)
    return bool(said) and whole.endswith(said) and not _undated(before).strip(" []|")


def _verdict(found: Sequence[Standing]) -> Verdict:
    """Return the verdict on all clauses: what is inferred needs something that holds beside it."""
    if "fails" in found:
        return "contradicted"
    return "confirmed" if "holds" in found[: (len(found) + 1) // 2] and "open" not in found else "unverifiable"


def _sources(citations: Iterable[Citation], analyses: Sequence[Analysis], lines: Lines) -> dict[str, list[str]]:
    """Return the cited lines by evidence, in order, with what code derived from them."""
    places = sorted({(one.evidence, number) for one in citations for number in range(one.first, one.last + 1)})
    found: dict[str, list[str]] = {}
    for name, number in places:
        found.setdefault(name, []).append(lines[name, number])
    told = [text for finding in _findings(citations, analyses) for text in _told(finding)]
    return found | ({"derived": told} if told else {})


def _resolves(citation: Citation, lines: Lines) -> bool:
    """Tell whether every cited line exists; at most `SPAN` lines may be cited at once."""
    span = range(citation.first, citation.last + 1)
    return 0 < len(span) <= SPAN and all((citation.evidence, number) in lines for number in span)


def _cited(citation: Citation, lines: Lines) -> Iterator[str]:
    """Yield the cited lines that exist."""
    for number in range(citation.first, min(citation.last, citation.first + SPAN - 1) + 1):
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
