"""What a case takes from one run to the next: joining, deduplicating, telling when there is nothing left to do."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

from domain.case.queue import enqueue
from domain.case.state import CarriedCase, CaseState, EvidenceNews
from domain.case.turns import EvidenceRef, Intent, IntentType, UserTurn


def arrived(arrivals: tuple[EvidenceRef, ...], ref: EvidenceRef) -> tuple[EvidenceRef, ...]:
    """Return the arrivals with the file in it, once."""
    known = any(other.file_id == ref.file_id for other in arrivals)
    return arrivals if known else (*arrivals, ref)


def merged(stored: CarriedCase, fresh: CarriedCase) -> CarriedCase:
    """Return the stored case with what arrived while it was loaded behind what it held; a known turn is not taken again."""
    return CarriedCase(
        state=stored.state,
        queue=reduce(enqueue, fresh.queue.waiting, stored.queue),
        arrivals=reduce(arrived, fresh.arrivals, stored.arrivals),
        inbox=(*stored.inbox, *fresh.inbox),
        cancelled=(*stored.cancelled, *fresh.cancelled),
        upgraded=(*stored.upgraded, *fresh.upgraded),
    )


def owned(state: CaseState, turn: UserTurn) -> CaseState:
    """Return the state with its owner, its team and what it is named after, which the first turn tells."""
    if state.owner_id:
        return state
    return replace(state, owner_id=turn.owner_id, team_id=turn.team_id, named_after=turn.named_after)


def unknown(state: CaseState, news: tuple[EvidenceNews, ...]) -> tuple[EvidenceNews, ...]:
    """Return the news that no turn brought along already."""
    known = {(file.file_id, file.status, file.analysis_key) for file in state.files}
    return tuple(each for each in news if (each.file_id, each.status, each.analysis_key) not in known)


def reread(state: CaseState, intent: Intent) -> tuple[EvidenceRef, ...]:
    """Return the file whose kind a person chose, to be read again as that; its bytes are known by its row (rule E5)."""
    if intent.type is not IntentType.FILE_RECLASSIFICATION or state.status.terminal:
        return ()
    wanted, kind = intent.data.get("file_id", ""), intent.data.get("data_type", "")
    return tuple(
        EvidenceRef(case_id=state.case_id, file_id=file.file_id, blob_key="", name=file.name, size_bytes=0, chosen_kind=kind)
        for file in state.files
        if file.file_id == wanted
    )


def quiet(carried: CarriedCase) -> bool:
    """Tell whether an ended case has nothing to do: no turn, no file that arrives or is read, no news."""
    waits = carried.queue.waiting or carried.arrivals or carried.inbox
    return carried.state.status.terminal and not waits and all(file.status != "pending" for file in carried.state.files)
