"""Mitigations and remedies: proposed by findings, taken by users, failed by the symptom's return."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from operator import itemgetter

from domain.case import conclusion, hypotheses
from domain.case import rows as evidence
from domain.case.findings import ActionDraft, Quiet, RowDraft
from domain.case.milestones import DEAD, absent_since, since
from domain.case.policy import Policy
from domain.case.state import CaseState, EvidenceRow, Link, RowCategory, Solution, Stance
from domain.case.texts import STATEMENT_BYTES, cut, named, normal

Solutions = tuple[Solution, ...]
KINDS = {"fix": "remediation", "mitigation": "mitigation"}
ACTIONS = {"accept": "accepted", "reject": "rejected", "applied": "applied", "failed": "failed", "verified": "verified"}
IN_PLACE = frozenset({"applied", "verified"})
TRIED = IN_PLACE | {"failed"}
LOOKED = timedelta(minutes=10)
GAPS = 3
"""How long a symptom must stay away before its absence is evidence, and how many of its usual gaps at least (rule E3)."""
TROUBLE = frozenset({RowCategory.SYMPTOM, RowCategory.CAUSAL})
CHANGES = "change_"
"""How families of a change begin: to take the change back is the test of it."""
NAME = 5
"""Letters from which a word may be a name, not one of every sentence."""
SAME_WORDS = 0.5
"""Share of common words from which a reported fix is taken for a proposed one."""


def proposed(state: CaseState, actions: Iterable[ActionDraft], policy: Policy) -> Solutions:
    """Return the solutions with this turn's in: those of the leader that state change, undo, reach and check (A4, A5)."""
    leading = hypotheses.leader(state.hypotheses, policy)
    known = state.solutions
    for action in actions:
        if leading is None or action.kind not in KINDS or action.family != leading.family or not is_consented(action):
            continue
        new = _solution(state, action, leading.hypothesis_id)
        if not is_unwanted(known, new.text, policy):
            known = _again(state, new, known)
    return known


def is_unwanted(known: Solutions, text: str, policy: Policy) -> bool:
    """Tell whether a solution was rejected so often that it is not proposed again, whatever the cause (rule S7)."""
    said = normal(cut(text, STATEMENT_BYTES))
    return sum(each.rejections for each in known if normal(each.text) == said) >= policy.rejections


def is_needed(state: CaseState, text: str, kind: str) -> bool:
    """Tell whether a change is still to be made: not one that is in place or failed, and none of its kind once the symptom is gone.

    A remedy that helped spares mitigations too; a mitigation that helped leaves the cause to be mended.
    """
    said = normal(cut(text, STATEMENT_BYTES))
    done = [each for each in state.solutions if each.state in IN_PLACE]
    helped = {each.kind for each in done if each.state == "verified" or absent_since(state, since(each))}
    tried = {normal(each.text) for each in state.solutions if each.state in TRIED}
    return "remediation" not in helped and kind not in helped and said not in tried


def is_consented(action: ActionDraft) -> bool:
    """Tell whether a changing action says all that consent needs (rule A4)."""
    return bool(action.state_change and action.reversible and action.blast_radius and action.verify)


def acted(solution: Solution, action: str, turn: int, now: datetime) -> Solution:
    """Return the solution after a user's click: accept, reject, applied, failed or verified."""
    state = ACTIONS[action]
    if action == "accept":
        return replace(solution, state=state, accepted_turn=turn)
    if action == "applied":
        return replace(solution, state=state, applied_turn=turn, applied_at=now)
    if action == "reject":
        return replace(solution, state=state, rejections=solution.rejections + (solution.state != state))
    return replace(solution, state=state, failed_turn=turn if action == "failed" else solution.failed_turn)


def reported(state: CaseState, text: str, now: datetime) -> Solutions:
    """Return the solutions after the user told what was applied; without a cause it is a mitigation (G1)."""
    same = _meant(state.solutions, text)
    if same is not None:
        return _placed(state.solutions, acted(same, "applied", state.turn, now))
    causes = [each for each in state.hypotheses if each.status == "validated"]
    identified = conclusion.cause_state(state.hypotheses) == "identified"
    new = Solution(
        solution_id=named("sol", state.root, "user", normal(text)),
        text=cut(text, STATEMENT_BYTES),
        kind="remediation" if identified else "mitigation",
        hypothesis_id=causes[0].hypothesis_id if causes else "",
        state="applied",
        turn=state.turn,
        applied_turn=state.turn,
        applied_at=now,
        by_user=True,
    )
    return _placed(state.solutions, new)


def returned(state: CaseState, *, at_once: bool = False) -> EvidenceRow | None:
    """Return the row that shows the symptom after a fix was applied: dated later, or a user's word of a later turn (S4).

    `at_once` takes a word of the same turn too: the message tells what was applied, and that it was in vain.
    """
    latest = _latest(state)
    if latest is None:
        return None
    since = latest.applied_turn + (not at_once)
    symptoms = (row for row in evidence.in_category(state.rows, RowCategory.SYMPTOM) if row.turn >= since)
    for row in symptoms:
        dated_later = row.time is not None and latest.applied_at is not None and row.time > latest.applied_at
        if dated_later or row.witness.startswith(evidence.RECURRENCE):
            return row
    return None


def held(state: CaseState, quiet: Quiet) -> RowDraft | None:
    """Return the row that shows the symptom gone since the newest fix, where a log looked at it long enough (rules E3, E7).

    A log that came with the word of the fix shows it by itself; a later one must have been written after the fix, by a clock that
    compares. What another file shows since the fix speaks against it: a server that is down logs no errors either.
    """
    latest = max((each for each in state.solutions if each.state == "applied"), key=lambda each: each.applied_turn, default=None)
    turns = {file.file_id: file.turn for file in state.files}
    came = turns.get(quiet.file_id, 0)
    if latest is None or latest.applied_at is None or came < latest.applied_turn:
        return None
    others = (row for row in state.rows if row.category in TROUBLE and row.file_id != quiet.file_id and not row.source_removed)
    if any(turns.get(row.file_id, 0) >= latest.applied_turn for row in others):
        return None
    later = came > latest.applied_turn
    since = max(quiet.since, latest.applied_at) if later else quiet.since
    if (later and not quiet.certain) or quiet.until - since < max(LOOKED, GAPS * timedelta(seconds=quiet.gap_s)):
        return None
    return RowDraft(
        category=RowCategory.SYMPTOM_ABSENCE,
        file_id=quiet.file_id,
        first=quiet.first,
        last=quiet.last,
        witness=f"no sign of it from {since:%H:%M} to {quiet.until:%H:%M}",
        time=quiet.until,
    )


def failed(state: CaseState, row: EvidenceRow) -> CaseState:
    """Return the state in which the latest applied fix failed; the row refutes its cause where the fix was aimed at it (rule S4).

    A mitigation is aimed at the symptom and says nothing about a cause, unless it takes the cause itself back.
    """
    latest = _latest(state)
    if latest is None:
        return state
    cause = hypotheses.found(state.hypotheses, latest.hypothesis_id)
    aimed = latest.kind != "mitigation" or (cause is not None and (cause.family or "").startswith(CHANGES))
    refuting = Link(hypothesis_id=latest.hypothesis_id, stance=Stance.REFUTES)
    rows = tuple(
        evidence.linked(each, (refuting,)) if aimed and each.evidence_id == row.evidence_id and latest.hypothesis_id else each
        for each in state.rows
    )
    lost = replace(latest, state="failed", failed_turn=state.turn)
    return replace(state, rows=rows, solutions=_placed(state.solutions, lost), failed_fixes=state.failed_fixes + aimed)


def _latest(state: CaseState) -> Solution | None:
    """Return the newest change that is in place."""
    return max((each for each in state.solutions if each.state in IN_PLACE), key=lambda each: each.applied_turn, default=None)


def found(state: CaseState, solution_id: str) -> Solution | None:
    """Return the solution of that id."""
    return next((each for each in state.solutions if each.solution_id == solution_id), None)


def placed(state: CaseState, solution: Solution) -> CaseState:
    """Return the state with one solution replaced."""
    return replace(state, solutions=_placed(state.solutions, solution))


def _solution(state: CaseState, action: ActionDraft, hypothesis_id: str) -> Solution:
    return Solution(
        solution_id=named("sol", state.root, hypothesis_id, normal(action.text)),
        text=cut(action.text, STATEMENT_BYTES),
        kind=KINDS[action.kind],
        hypothesis_id=hypothesis_id,
        state="proposed",
        turn=state.turn,
        verify=cut(action.verify, 120),
    )


def _again(state: CaseState, new: Solution, known: Solutions) -> Solutions:
    """Return the solutions with a new one; one that was rejected is proposed again when new rows speak for it."""
    old = next((each for each in known if each.solution_id == new.solution_id), None)
    if old is None:
        return (*known, new)
    news = any(row.turn == state.turn for row in state.rows)
    return _placed(known, replace(old, state="proposed")) if old.state == "rejected" and news else known


def _placed(known: Solutions, changed: Solution) -> Solutions:
    if any(each.solution_id == changed.solution_id for each in known):
        return tuple(changed if each.solution_id == changed.solution_id else each for each in known)
    return (*known, changed)


def _meant(known: Solutions, text: str) -> Solution | None:
    """Return the proposed or accepted solution that a report speaks of, the newest of the best."""
    told = set(normal(text).split())
    open_ones = [each for each in known if each.state not in DEAD and each.state != "applied"]
    scored = [(len(told & set(normal(each.text).split())) / max(1, len(told)), each.turn, each) for each in open_ones]
    best = max(scored, key=itemgetter(0, 1), default=None)
    if best and best[0] >= SAME_WORDS:
        return best[2]
    done = [each for each in open_ones if _is_deed(each, told)]
    if done:
        return done[-1]
    by_name = {"fix", "workaround", "mitigation", "proposed", "suggested"} & told
    accepted = [each for each in open_ones if each.state == "accepted"]
    candidates = accepted or open_ones
    return candidates[-1] if by_name and candidates else None


def _is_deed(solution: Solution, told: set[str]) -> bool:
    """Tell whether words report the deed that a solution begins with, at something that it names: "reverted" of "Revert …"."""
    verb, *rest = normal(solution.text).split() or [""]
    named = {word for word in rest if len(word) >= NAME}
    return bool(verb) and any(word.startswith(verb.removesuffix("e")) for word in told) and bool(named & told)
