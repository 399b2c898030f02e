"""A turn while its rules run: the state so far, and what the reply must say and carry."""

from __future__ import annotations

from dataclasses import dataclass, replace

from domain.case.findings import TurnFindings
from domain.case.outcome import NewRow, SuggestedAction, TurnInput
from domain.case.policy import DEFAULT, Policy
from domain.case.state import CaseState, Need


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnDraft:
    """Passed from rule to rule; each returns a new one."""

    before: CaseState
    state: CaseState
    turn: TurnInput
    findings: TurnFindings | None = None
    policy: Policy = DEFAULT
    normal: bool = True
    """The text runs as a normal turn, not as the answer to a pending question."""
    investigative: bool = False
    """Counts for stall and ageing (rule D2)."""
    progress: bool = False
    repaired: bool = False
    """A repair was made in this turn: there is one at most (rule S8)."""
    notices: tuple[str, ...] = ()
    rows: tuple[NewRow, ...] = ()
    shown: bool = False
    """A pending pair is shown, or shown again."""
    settled: bool = False
    """A pending question ended without a transition: nothing is offered in this turn."""
    transition: str = ""
    loop_back: str = ""
    alarm: str = ""
    """The trigger of a new escalation (rule ES1)."""
    ask: Need | None = None
    offers: tuple[SuggestedAction, ...] = ()
    """Actions that a rule already demands."""

    def say(self, *notices: str) -> TurnDraft:
        """Return the draft with sentences that the reply must carry."""
        new = tuple(each for each in notices if each and each not in self.notices)
        return replace(self, notices=(*self.notices, *new))
