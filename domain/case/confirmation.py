"""The two-turn confirmation: what an input means while a question is pending, and what it does (rules P0-P10)."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from domain.case import conclusion, journal, transitions
from domain.case.draft import TurnDraft
from domain.case.outcome import ReplyClass, SuggestedAction, TurnInput
from domain.case.policy import Policy
from domain.case.state import CaseState, CaseStatus, Offer, Pending
from domain.case.texts import fingerprint, named
from domain.case.turns import Intent, IntentType


class Move(StrEnum):
    """What a turn does to the pending question."""

    NONE = "none"
    REQUEST = "request"
    COMMAND = "command"
    CONFIRM = "confirm"
    DECLINE = "decline"
    DECLINE_AND_GO_ON = "decline_and_go_on"
    ASK_AGAIN = "ask_again"
    GIVE_UP = "give_up"
    PUT_ASIDE = "put_aside"
    STALE = "stale"


_BY_REPLY = {
    ReplyClass.YES: Move.CONFIRM,
    ReplyClass.NO: Move.DECLINE,
    ReplyClass.NO_WITH_CONTENT: Move.DECLINE_AND_GO_ON,
    ReplyClass.SUBSTANTIVE: Move.PUT_ASIDE,
}


def read(pending: Pending | None, turn: TurnInput) -> Move:
    """Return what the turn does to the pending question (P0-P9)."""
    data = turn.intent.data
    if turn.intent.type is IntentType.STATUS_TRANSITION:
        return _requested(pending, data.get("to_state", ""), data.get("command", ""))
    if turn.intent.type is IntentType.CONFIRMATION:
        return _clicked(pending, data.get("confirmation_value", ""), data.get("pending_id", ""))
    if pending is None:
        return Move.NONE
    if turn.intent.type is not IntentType.CONVERSATION:
        return Move.PUT_ASIDE
    if turn.reading.reply is ReplyClass.EMPTY:
        return Move.NONE
    again = Move.ASK_AGAIN if pending.asked < 2 else Move.GIVE_UP
    return _BY_REPLY.get(turn.reading.reply, again)


def is_normal(move: Move, turn: TurnInput) -> bool:
    """Tell whether the turn's text runs as a normal turn."""
    if turn.intent.type is not IntentType.CONVERSATION:
        return False
    if move is Move.ASK_AGAIN:
        return turn.reading.reply is ReplyClass.QUESTION
    return move not in {Move.CONFIRM, Move.DECLINE}


def settle(draft: TurnDraft) -> TurnDraft:
    """Return the draft after the pending question was answered, asked again, put aside or newly asked."""
    move = read(draft.state.pending, draft.turn)
    draft = replace(draft, normal=is_normal(move, draft.turn))
    match move:
        case Move.CONFIRM | Move.COMMAND:
            return _confirmed(draft, move)
        case Move.REQUEST:
            return _request(draft)
        case Move.ASK_AGAIN:
            return _again(draft)
        case Move.STALE:
            return replace(draft.say("That button belongs to an earlier question; nothing was changed."), shown=_waits(draft))
        case Move.DECLINE | Move.DECLINE_AND_GO_ON | Move.GIVE_UP | Move.PUT_ASIDE:
            return _cleared(draft, move)
        case _:
            return draft


def ask(state: CaseState, target: str) -> Pending:
    """Return the question whether to go to `target`; its fingerprint is that of the statement it shows."""
    mark = fingerprint(state.statement) if target == "investigating" else ""
    return Pending(
        pending_id=named("pend", state.root, target, state.turn, mark),
        target=target,
        turn=state.turn,
        asked=1,
        fingerprint=mark,
    )


def offer(draft: TurnDraft) -> TurnDraft:
    """Return the draft with the agent's own offer, where one is due and not refused before (L1, L3, S2, P10)."""
    state = draft.state
    target = _due(draft)
    if not target or state.pending or draft.settled or not may_offer(state, target, draft.policy):
        return draft
    offered = replace(
        state,
        pending=ask(state, target),
        offers=(*state.offers, Offer(target=target, turn=state.turn, grounds=grounds(state))),
    )
    return replace(draft, state=offered, shown=True)


def may_offer(state: CaseState, target: str, policy: Policy) -> bool:
    """Tell whether the agent may offer a target: after a decline only on new grounds, later, and twice at most (P10)."""
    own = [each for each in state.offers if each.target == target]
    if not any(each.declined for each in own):
        return True
    last = own[-1]
    return len(own) < policy.offers and state.turn - last.turn > policy.offer_pause and last.grounds != grounds(state)


def grounds(state: CaseState) -> str:
    """Return a mark of milestones, rows and cause state: what must change before an offer is repeated."""
    rows = [row.evidence_id for row in (*state.rows, *state.held)]
    return fingerprint(*state.milestones, *rows, conclusion.cause_state(state.hypotheses))


def pair(state: CaseState) -> tuple[SuggestedAction, ...]:
    """Return the two buttons of the pending question; both carry its id."""
    pending = state.pending
    if pending is None:
        return ()
    if pending.target == "closed" and transitions.eligibility(state).closed == "suggests_alternative":
        return _button("Close anyway", "Close the case", pending, "true"), _resolve(state)
    yes = transitions.WORDS[pending.target]
    return _button(f"Yes: {yes.lower()}", f"Yes, {yes.lower()}", pending, "true"), _button(
        "No, not yet", "No, not yet", pending, "false"
    )


def transition_button(state: CaseState, target: str, label: str) -> SuggestedAction:
    """Return a button that requests a transition; it asks, it never does it at once (rule L6)."""
    data = {"from_state": state.status.value, "to_state": target}
    return SuggestedAction(
        type="DECIDE", label=label, payload=transitions.WORDS[target], intent=Intent(type=IntentType.STATUS_TRANSITION, data=data)
    )


def _requested(pending: Pending | None, target: str, command: str) -> Move:
    if command == "close" and target == "closed":
        return Move.COMMAND
    return Move.CONFIRM if pending and pending.target == target else Move.REQUEST


def _clicked(pending: Pending | None, value: str, pending_id: str) -> Move:
    if pending is None or (pending_id and pending_id != pending.pending_id):
        return Move.STALE
    return Move.CONFIRM if value == "true" else Move.DECLINE


def _confirmed(draft: TurnDraft, move: Move) -> TurnDraft:
    state, pending = draft.state, draft.state.pending
    target = "closed" if move is Move.COMMAND or pending is None else pending.target
    cleared = replace(state, pending=None)
    refused = transitions.refusal(state, target, draft.turn.intent.data.get("from_state", ""))
    if refused:
        return draft.say(refused)
    reworded = target == "investigating" and pending is not None and pending.fingerprint != fingerprint(state.statement)
    if reworded or not transitions.allowed(state, target):
        return replace(draft, state=cleared, settled=not reworded).say(_advice(cleared, target))
    done = transitions.applied(cleared, target, draft.turn.now, draft.policy)
    return replace(draft, state=done, transition=target).say(_said(done))


def _request(draft: TurnDraft) -> TurnDraft:
    state, data = draft.state, draft.turn.intent.data
    target = data.get("to_state", "")
    refused = transitions.refusal(state, target, data.get("from_state", ""))
    if refused:
        return draft.say(
            refused, "You can start the investigation or close the case." if state.status is CaseStatus.INQUIRY else ""
        )
    state = replace(state, pending=None)
    if transitions.allowed(state, target):
        return replace(draft, state=replace(state, pending=ask(state, target)), shown=True)
    return _advised(replace(draft, state=state, settled=True), target)


def _advised(draft: TurnDraft, target: str) -> TurnDraft:
    """Ask for the first missing ground once; without new grounds suggest closing (rule R4)."""
    state = draft.state
    mark = f"{target}:{'+'.join(transitions.missing_grounds(state))}"
    if target == "resolved" and (transitions.eligibility(state).resolved == "not_eligible" or mark in state.advised):
        reason = transitions.closure_reason(state).replace("_", " ")
        close = transition_button(state, "closed", "Close the case instead")
        return replace(draft, offers=(*draft.offers, close)).say(
            f"The case cannot be marked resolved. Closing it would record: {reason}."
        )
    return replace(draft, state=replace(state, advised=(*state.advised[-10:], mark))).say(_advice(state, target))


def _again(draft: TurnDraft) -> TurnDraft:
    pending = draft.state.pending
    asked = replace(draft.state, pending=replace(pending, asked=pending.asked + 1) if pending else None)
    return replace(draft, state=asked, shown=True)


def _cleared(draft: TurnDraft, move: Move) -> TurnDraft:
    """End the question; unless a revision of the statement put it aside, the agent's offer counts as declined."""
    state = draft.state
    target = state.pending.target if state.pending else ""
    revised = move is Move.PUT_ASIDE and target == "investigating"
    offers = state.offers if revised else _declined(state.offers, target)
    cleared = replace(state, pending=None, offers=offers)
    if move is Move.DECLINE:
        cleared = journal.note(cleared, "decision", f"Declined: {transitions.WORDS[target].lower()}")
        draft = draft.say("All right, nothing was changed.")
    return replace(draft, state=cleared, settled=not revised)


def _declined(offers: tuple[Offer, ...], target: str) -> tuple[Offer, ...]:
    if not any(each.target == target for each in offers):
        return offers
    last = max(index for index, each in enumerate(offers) if each.target == target)
    return tuple(replace(each, declined=True) if index == last else each for index, each in enumerate(offers))


def _due(draft: TurnDraft) -> str:
    state = draft.state
    if not draft.normal or draft.turn.reading.is_greeting or draft.turn.reading.is_status_question:
        return ""
    if state.status is CaseStatus.INQUIRY:
        return "investigating" if state.statement else ""
    if transitions.eligibility(state).resolved == "ready":
        return "resolved"
    return "closed" if state.exhausted and state.status is CaseStatus.INVESTIGATING else ""


def _advice(state: CaseState, target: str) -> str:
    missing = transitions.missing_grounds(state)
    if target == "resolved" and missing:
        return transitions.ADVICE[missing[0]]
    if target == "investigating" and not state.statement:
        return "To start, describe the symptom in one sentence: what fails, where, and since when."
    return ""


def _said(state: CaseState) -> str:
    if state.status is CaseStatus.INVESTIGATING:
        return f"The investigation has started. Problem: {state.statement}"
    if state.status is CaseStatus.RESOLVED:
        return "The case is resolved."
    return f"The case is closed: {state.closure_reason.replace('_', ' ')}."


def _waits(draft: TurnDraft) -> bool:
    return draft.state.pending is not None


def _button(label: str, payload: str, pending: Pending, value: str) -> SuggestedAction:
    data = {"confirmation_value": value, "pending_id": pending.pending_id}
    return SuggestedAction(type="DECIDE", label=label, payload=payload, intent=Intent(type=IntentType.CONFIRMATION, data=data))


def _resolve(state: CaseState) -> SuggestedAction:
    return transition_button(state, "resolved", "Mark it resolved")
