"""What a prompt tells beside its instructions, and what is left out first where that is too much (rules J4, J5)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from domain.case.journal import Exchange, memory
from domain.case.state import CaseState
from domain.knowledge.documents import Passage

TARGET = 8_000
"""Tokens of a prompt, instructions included (rule J5)."""
QUESTION = 4_000
"""Tokens of the message: its head and its tail (rule J4)."""
MESSAGE = "the middle of your message"

Count = Callable[[str], int]
"""Tokens of a text as it is sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The parts that may be told of a case; message, standing state and what the rules found always are."""

    question: str
    digest: str
    brief: str
    """The digest without its lowest-ranked lines."""
    passages: tuple[Passage, ...]
    state: CaseState | None
    exchanges: tuple[Exchange, ...]
    """Oldest first."""


def fitted(whole: Context, size: Callable[[Context], int], tokens: Count) -> tuple[Context, tuple[str, ...]]:
    """Return what is told so that it keeps the target where it can, and the names of what is left out, in the order of the rule."""
    question = head_and_tail(whole.question, QUESTION, tokens)
    left_out = [MESSAGE] if question != whole.question else []
    whole = replace(whole, question=question)
    for name, cut in CUTS:
        if size(whole) <= TARGET:
            break
        if (less := cut(whole)) != whole:
            whole, left_out = less, [*left_out, name]
    return whole, tuple(left_out)


def head_and_tail(text: str, most: int, tokens: Count) -> str:
    """Return a text within so many tokens: head and tail of a longer one, and a word of what is missing between them."""
    if tokens(text) <= most:
        return text
    half = (most - tokens(_gap(len(text)))) // 2
    head = bisect_right(range(1, len(text)), half, key=lambda count: tokens(text[:count]))
    tail = bisect_right(range(1, len(text)), half, key=lambda count: tokens(text[-count:]))
    return text[:head] + _gap(len(text) - head - tail) + text[len(text) - tail :]


def _gap(characters: int) -> str:
    return f"\n(… {characters} characters left out …)\n"


def remembered(told: Context, tokens: Count) -> str:
    """Return what the case remembers; nothing of a first turn."""
    return memory(told.state, told.exchanges, tokens) if told.state and told.state.turn else ""


def notice(left_out: Sequence[str]) -> str:
    """Return what a reply says of it."""
    return f"Too much for one question to a model; it was not shown {', '.join(left_out)}." if left_out else ""


def _without_findings(told: Context) -> Context:
    if told.state is None:
        return told
    return replace(told, state=replace(told.state, journal=tuple(one for one in told.state.journal if one.kind != "finding")))


CUTS: tuple[tuple[str, Callable[[Context], Context]], ...] = (
    ("summaries of earlier turns", lambda told: replace(told, exchanges=told.exchanges[-2:])),
    ("passages of knowledge beyond the second", lambda told: replace(told, passages=told.passages[:2])),
    ("earlier findings", _without_findings),
    ("the lowest-ranked lines of the evidence", lambda told: replace(told, digest=told.brief)),
    ("the turn before the last one", lambda told: replace(told, exchanges=told.exchanges[-1:])),
)
