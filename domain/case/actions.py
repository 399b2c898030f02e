"""The actions under a reply: from state and checked findings only, within the wire's bounds (rules A1-A6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from domain.case import circles, confirmation, doctrine, hypotheses, needs, responses, solutions, stall
from domain.case.draft import TurnDraft
from domain.case.findings import ActionDraft
from domain.case.outcome import ResponseType, Risk, SuggestedAction
from domain.case.state import CaseFile, CaseState, CaseStatus, Need, Solution
from domain.case.texts import normal, shorten
from domain.case.turns import Intent, IntentType

ACTIONS = 5
LABEL, PAYLOAD, COMMAND, BODY, HINT = 75, 500, 600, 300, 120
PLAN = 4
GUESSES = ("logs_and_errors", "command_output", "structured_config")
"""Kinds that are offered for a file whose kind is unsure (rule E5)."""
Actions = tuple[SuggestedAction, ...]


def compose(draft: TurnDraft) -> tuple[TurnDraft, ResponseType, Actions]:
    """Return the kind of reply, its actions, and the draft in which what was asked and proposed is remembered."""
    steps = _steps(draft)
    checks = tuple(each for each in steps if each.type == "RUN" and each.risk is not None and each.risk.read_only)
    kind = responses.choose_response_type(responses.facts(draft, len(checks)))
    ask = _ask(draft, kind)
    chosen = bounded((*_demanded(draft, kind), *_by_kind(draft, kind, steps, checks, ask)))
    state = draft.state
    if ask is not None and any(each.evidence_need_id == ask.need_id or each.label == shorten(ask.text, LABEL) for each in chosen):
        state = needs.asked(state, ask, draft.policy)
    if draft.investigative:
        state = circles.on_topic(state, ask, progress=draft.progress)
    return replace(draft, state=_remembered(state, chosen)), kind, chosen


def bounded(actions: Iterable[SuggestedAction]) -> Actions:
    """Return at most five different actions within the limits of the wire, at most one ask among them (A1)."""
    kept: list[SuggestedAction] = []
    for action in actions:
        asks = action.type in {"EVIDENCE", "FREE_SPEECH"}
        if any(each.label == action.label or (asks and each.type in {"EVIDENCE", "FREE_SPEECH"}) for each in kept):
            continue
        kept.append(_cut(action))
    return tuple(kept[:ACTIONS])


def solution_button(solution: Solution, action: str, label: str) -> SuggestedAction:
    """Return a button that accepts, rejects or reports a solution."""
    data = {"solution_id": solution.solution_id, "action": action}
    body = f"{solution.text} Verify: {solution.verify}" if solution.verify else solution.text
    return SuggestedAction(
        type="DECIDE",
        label=label,
        payload=f"{label}: {solution.text}",
        body=body,
        intent=Intent(type=IntentType.SOLUTION_ACTION, data=data),
    )


def kind_buttons(file: CaseFile) -> Actions:
    """Return the kinds to choose from for a file whose kind is unsure (rule E5)."""
    others = [kind for kind in dict.fromkeys((file.kind, *GUESSES)) if kind]
    return tuple(
        SuggestedAction(
            type="DECIDE",
            label=f"{file.name[:40]}: {kind.replace('_', ' ')}",
            payload=f"{file.name} is {kind.replace('_', ' ')}",
            intent=Intent(type=IntentType.FILE_RECLASSIFICATION, data={"file_id": file.file_id, "data_type": kind}),
        )
        for kind in others[:3]
    )


def _by_kind(draft: TurnDraft, kind: ResponseType, steps: Actions, checks: Actions, ask: Need | None) -> Actions:
    asked = (_asking(ask, kind),) if ask is not None else ()
    table: dict[ResponseType, Actions] = {
        ResponseType.ERROR: (),
        ResponseType.STATUS_UPDATE: (),
        ResponseType.ESCALATION_REQUIRED: _escalating(draft),
        ResponseType.CONFIRMATION_REQUEST: (*_confirming(draft), *steps),
        ResponseType.SOLUTION_READY: (*_solving(draft), *steps),
        ResponseType.CLARIFICATION_REQUEST: (_question(draft),),
        ResponseType.NEEDS_MORE_DATA: (*asked, *steps),
        ResponseType.PLAN_PROPOSAL: checks[:PLAN],
        ResponseType.ANSWER: () if draft.state.status.terminal else (*steps[: 3 - len(asked)], *asked),
    }
    return table[kind]


def _demanded(draft: TurnDraft, kind: ResponseType) -> Actions:
    """Return what rules demand beside the kind: advice of a refused request, kinds of unsure files."""
    if kind in {ResponseType.ERROR, ResponseType.ESCALATION_REQUIRED, ResponseType.CONFIRMATION_REQUEST}:
        return ()
    return draft.offers


def _steps(draft: TurnDraft) -> Actions:
    """Return checks, mitigations and fixes as commands to copy, in the order of the path (A3-A6, U3)."""
    state, findings = draft.state, draft.findings
    if findings is None or state.status.terminal:
        return ()
    leading = hypotheses.leader(state.hypotheses, draft.policy)
    family = leading.family if leading else ""
    order = ("mitigation", "check", "fix", "prevention")
    if doctrine.path(state) != doctrine.MITIGATION_FIRST:
        order = ("check", "mitigation", "fix", "prevention")
    fitting = [each for each in findings.actions if each.kind in order and _may_be_shown(draft, each, family)]
    ranked = sorted(fitting, key=lambda each: order.index(each.kind))
    return tuple(_run(each, _condition(draft, each)) for each in ranked)


def _may_be_shown(draft: TurnDraft, action: ActionDraft, family: str) -> bool:
    if (
        not action.command
        or len(action.command) > COMMAND
        or stall.repeated(draft.state, normal(action.command)[:100], draft.policy)
    ):
        return False
    if action.kind == "check":
        return action.read_only
    return action.family == family and solutions.is_consented(action) and _is_wanted(draft, action)


def _is_wanted(draft: TurnDraft, action: ActionDraft) -> bool:
    if solutions.is_unwanted(draft.state.solutions, action.text, draft.policy):
        return False
    kind = solutions.KINDS.get(action.kind)
    return kind is None or solutions.is_needed(draft.state, action.text, kind)


def _condition(draft: TurnDraft, action: ActionDraft) -> str:
    """Mark a fix below level confident: it is shown for the leader, to be run once a check confirms the cause (A5)."""
    conclusion = draft.state.conclusion
    sure = conclusion is not None and conclusion.confidence >= draft.policy.confident_level
    if action.kind != "fix" or sure or draft.findings is None:
        return ""
    check = next(
        (each.text for each in draft.findings.actions if each.kind == "check" and each.family == action.family), "a check"
    )
    return f"Once confirmed by: {check} "


def _run(action: ActionDraft, condition: str) -> SuggestedAction:
    risk = Risk(
        read_only=action.read_only,
        state_change=action.state_change,
        reversibility=action.reversible,
        blast_radius=action.blast_radius,
        verify=action.verify,
    )
    return SuggestedAction(type="RUN", label=action.text, payload=action.command, body=f"{condition}{action.text}", risk=risk)


def _confirming(draft: TurnDraft) -> Actions:
    if draft.shown:
        return confirmation.pair(draft.state)
    solution = _remedy(draft.state)
    if solution is None:
        return ()
    return solution_button(solution, "accept", "Accept this fix"), solution_button(solution, "reject", "Reject this fix")


def _solving(draft: TurnDraft) -> Actions:
    solution = _remedy(draft.state)
    return (solution_button(solution, "accept", "Accept this fix"),) if solution else ()


def _escalating(draft: TurnDraft) -> Actions:
    conversation = Intent()
    add = SuggestedAction(type="DECIDE", label="Add more data", payload="I will add more data.", intent=conversation)
    hand = SuggestedAction(
        type="DECIDE", label="Hand over to a person", payload="Show me the hand-over text.", intent=conversation
    )
    if draft.state.status.terminal:
        return add, hand
    return add, hand, confirmation.transition_button(draft.state, "closed", "Close the case")


def _question(draft: TurnDraft) -> SuggestedAction:
    if draft.state.status is CaseStatus.INQUIRY and not draft.state.statement:
        label = "What fails, where, and since when?"
    else:
        label = "What does your message refer to?"
    return SuggestedAction(type="FREE_SPEECH", label=label)


def _ask(draft: TurnDraft, kind: ResponseType) -> Need | None:
    if kind not in {ResponseType.NEEDS_MORE_DATA, ResponseType.ANSWER} or draft.state.status is not CaseStatus.INVESTIGATING:
        return None
    if draft.turn.reading.is_greeting or any(each.type == "DECIDE" for each in draft.offers):
        return None
    if kind is ResponseType.ANSWER and "root_cause_identified" in draft.state.milestones:
        return _gap(draft.state)
    return needs.next_ask(draft.state, draft.policy)


def _gap(state: CaseState) -> Need | None:
    """Return one gap of the doctrine as the last, low-priority ask once the cause is identified (DO2)."""
    return next((need for need in state.needs if needs.is_open(need) and need.topic in {"scope", "timeline", "changes"}), None)


def _asking(need: Need, kind: ResponseType) -> SuggestedAction:
    """Return the ask; beside an answer own words may do, where data is lacking a file is asked for by its need."""
    if need.topic in {"scope", "timeline", "changes"} and kind is not ResponseType.NEEDS_MORE_DATA:
        return SuggestedAction(type="FREE_SPEECH", label=shorten(need.text, LABEL), body=need.text)
    return SuggestedAction(
        type="EVIDENCE", label=shorten(need.text, LABEL), body=need.text, hints=need.hints, evidence_need_id=need.need_id
    )


def _remedy(state: CaseState) -> Solution | None:
    causes = {each.hypothesis_id for each in state.hypotheses if each.status == "validated"}
    fitting = [
        each
        for each in state.solutions
        if each.kind != "mitigation" and each.state == "proposed" and each.hypothesis_id in causes
        if solutions.is_needed(state, each.text, each.kind)
    ]
    return fitting[-1] if fitting else None


def _remembered(state: CaseState, actions: Actions) -> CaseState:
    """Count what was proposed (rule S6)."""
    counts = dict(state.proposed)
    for action in actions:
        if action.type == "RUN":
            name = normal(action.payload)[:100]
            counts[name] = counts.pop(name, 0) + 1
    return replace(state, proposed=tuple(counts.items()))


def _cut(action: SuggestedAction) -> SuggestedAction:
    payload = action.payload if action.type == "RUN" else shorten(action.payload, PAYLOAD)
    return replace(
        action,
        label=shorten(action.label, LABEL),
        payload=payload,
        body=shorten(action.body, BODY),
        hints=tuple(shorten(hint, HINT) for hint in action.hints[:5]),
    )
