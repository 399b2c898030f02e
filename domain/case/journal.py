"""The memory of a case: entries written by rules, and what of them fits a prompt (rules J1-J3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, takewhile

from domain.case.state import CaseState, HypothesisStatus, JournalEntry
from domain.case.texts import ENTRY_BYTES, cut, shorten

KINDS = ("finding", "decision", "user_context", "ruled_out", "blocker", "milestone")
FOLDED_BYTES = 1_000
"""Of the one entry that stands for all that no longer fit (rule J2)."""
BETWEEN = " | "
ENTRY_CHARACTERS = 200
"""The full entry; what is carried is cut to `ENTRY_BYTES`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One question and its answer, safe text; the summary stands in for it when it is older."""

    turn: int
    question: str
    answer: str
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryBudget:
    """Tokens of each part of the memory (rule J3)."""

    exchanges: int = 600
    summaries: int = 300
    journal: int = 500
    """Of which a fifth may tell what was folded."""
    standing: int = 200


DEFAULT_BUDGET = MemoryBudget()


def note(state: CaseState, kind: str, text: str, reference: str = "") -> CaseState:
    """Return the state with an entry of this turn, unless the newest of that kind says the same."""
    entry = JournalEntry(kind=kind, text=cut(shorten(text, ENTRY_CHARACTERS), ENTRY_BYTES), turn=state.turn, reference=reference)
    said = any(each.kind == kind and each.text == entry.text for each in state.journal[-20:])
    return state if said or not entry.text else replace(state, journal=(*state.journal, entry))


def folded(before: str, gone: Sequence[JournalEntry]) -> str:
    """Return the entry that stands for those that no longer fit: what they said, the oldest left out first (rule J2)."""
    told = [*before.split(BETWEEN), *(f"turn {each.turn}, {each.kind}: {each.text.replace(BETWEEN, ' ')}" for each in gone)]
    said = [each for each in told if each]
    ends = accumulate(len(each.encode()) + len(BETWEEN) for each in reversed(said))
    fit = sum(1 for _ in takewhile(lambda end: end <= FOLDED_BYTES + len(BETWEEN), ends))
    return BETWEEN.join(said[len(said) - fit :])


def memory(
    state: CaseState,
    exchanges: Sequence[Exchange],
    tokens: Callable[[str], int],
    budget: MemoryBudget = DEFAULT_BUDGET,
) -> str:
    """Return what a model is told of the case so far: constant in size at any age, titles included; exchanges are oldest first."""
    recent, older = exchanges[-2:], exchanges[-5:-2]
    talk = [f"User (turn {each.turn}): {each.question}\nAnswer: {each.answer}" for each in recent]
    past = [f"Turn {each.turn}: {each.summary}" for each in older if each.summary]
    entries = [f"Turn {each.turn}, {each.kind}: {each.text}" for each in _by_worth(state.journal)]
    early = [_shrunk(f"Before: {state.folded}", tokens, budget.journal // 5)] if state.folded else []
    parts = (
        ("Standing state", standing(state), budget.standing, _fitting),
        ("Journal", [*early, *entries], budget.journal, _fitting),
        ("Earlier turns", past[::-1], budget.summaries, _fitting),
        ("Last exchanges", talk, budget.exchanges, _halved),
    )
    fitted = ((title, fit(lines, tokens, most - tokens(f"\n\n{title}:\n"))) for title, lines, most, fit in parts)
    return "\n\n".join(f"{title}:\n" + "\n".join(lines) for title, lines in fitted if lines)


def standing(state: CaseState) -> list[str]:
    """Return statement, milestones, conclusion, five hypotheses and pending needs, most important first."""
    live = [each for each in state.hypotheses if each.status not in {HypothesisStatus.RETIRED, HypothesisStatus.REFUTED}]
    best = sorted(live, key=lambda each: -each.likelihood)[:5]
    lines = [f"Problem: {state.statement}" if state.statement else "", f"State: {state.status} {state.stage}".rstrip()]
    if state.conclusion:
        lines.append(f"Conclusion ({state.conclusion.level}): {state.conclusion.text}")
    lines.append(f"Milestones: {', '.join(state.milestones)}" if state.milestones else "")
    lines += [f"Hypothesis {each.likelihood:.2f} {each.status}: {each.statement}" for each in best]
    lines += [f"Needed: {need.text}" for need in state.needs if need.state == "pending"]
    return [line for line in lines if line]


def _by_worth(entries: Sequence[JournalEntry]) -> list[JournalEntry]:
    """Decisions, ruled out ideas, milestones and blockers first, the newest first in each group."""
    lasting = {"decision", "ruled_out", "milestone", "blocker"}
    return sorted(entries, key=lambda each: (each.kind not in lasting, -each.turn))


def _fitting(lines: Sequence[str], tokens: Callable[[str], int], budget: int) -> list[str]:
    kept: list[str] = []
    for line in lines:
        if tokens("\n".join((*kept, line))) > budget:
            break
        kept.append(line)
    return kept


def _halved(texts: Sequence[str], tokens: Callable[[str], int], budget: int) -> list[str]:
    """Return each text within its share of the budget: head and tail, the middle left out and said so."""
    share = budget // max(1, len(texts)) - tokens("\n")
    return [_shrunk(text, tokens, share) for text in texts]


def _shrunk(text: str, tokens: Callable[[str], int], budget: int) -> str:
    size = len(text)
    shown = text
    while size > 8 and tokens(shown) > budget:
        size = size * 3 // 4
        shown = f"{text[: size // 2]} … (cut) … {text[-(size // 2) :]}"
    return shown
