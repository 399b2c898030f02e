"""Names of cases: when there is enough to name one, and what names it without a model (rules T1, T2)."""

from __future__ import annotations

from collections.abc import Iterable

from domain.case.policy import DEFAULT, Policy
from domain.case.state import CaseState, EvidenceNews
from domain.case.telling import TITLE_WORDS, title_words
from domain.case.texts import normal, shorten, words

TITLE_CHARACTERS = 200
REQUESTED_WORDS = 12
_EMPTY = words("issue problem error help investigation troubleshooting question case the a an new")


def proposed(state: CaseState) -> str:
    """Return the automatic title once there is substance for one, else empty; written only over the placeholder."""
    return _title(state, TITLE_WORDS) if state.substance >= DEFAULT.title_substance else ""


def requested(state: CaseState, policy: Policy = DEFAULT) -> str:
    """Return the title that a user asked for, empty when there is too little to name the case by."""
    return _title(state, REQUESTED_WORDS) if state.substance >= policy.requested_title_substance else ""


def is_telling(title: str) -> bool:
    """Tell whether a title says more than that there is a problem."""
    told = normal(title).split()
    return len(told) >= 2 and not _EMPTY.issuperset(told) and len(title) <= TITLE_CHARACTERS


def substance(reading_substance: int, files: Iterable[EvidenceNews]) -> int:
    """Return the characters of substance that a turn brings: text without courtesies and file summaries."""
    return reading_substance + sum(len(news.summary) for news in files)


def _title(state: CaseState, most: int) -> str:
    cause = state.conclusion.text if state.conclusion else ""
    best = next((each.statement for each in state.hypotheses), "")
    sources = (state.title_words, title_words(state.statement), title_words(cause), title_words(best), _of_files(state))
    chosen = next((source for source in sources if is_telling(source)), "")
    return shorten(" ".join(chosen.split()[:most]), TITLE_CHARACTERS)


def _of_files(state: CaseState) -> str:
    names = [each.name for each in state.files if each.status == "completed"]
    return f"Evidence in {' '.join(names[:2])}" if names else ""
