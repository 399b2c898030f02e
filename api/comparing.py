"""Two cases side by side: each as its owner may read it, then compared."""

from __future__ import annotations

from uuid import UUID

from pydantic import TypeAdapter

from api.dependencies import Ports
from api.reading import see
from api.views.turns import stored
from api.views.wire import restored
from domain.case.projection import CaseRecord
from domain.case.state import CaseState
from domain.diagnosis.reply import TurnReply
from domain.errors import InvalidInput, NotFound
from domain.privacy.access import absent, relation, require
from domain.privacy.accounts import Principal
from domain.reports.difference import Difference, difference
from domain.reports.stand import Stand, stand

STAND = TypeAdapter(Stand)
MOST_FILES = 10_000
LOOKED_BACK = 50
"""Turns behind the newest in which its causes are looked for: clicks and small talk tell none."""


async def compare(ports: Ports, caller: Principal, case: CaseRecord, other: UUID | None) -> Difference:
    """Return what changed from the other case to this one; without another one from this fork's origin."""
    before = await _other(ports, caller, case, other)
    return difference(await _stand(ports, before), await _stand(ports, case))


async def _other(ports: Ports, caller: Principal, case: CaseRecord, other: UUID | None) -> CaseRecord:
    wanted = other or case.forked_from
    if wanted is None:
        raise InvalidInput("with: this case is no fork; name the case to compare it with, ?with=<case id>")
    try:
        record = await ports.cases.get(wanted)
    except NotFound:
        if other is None:
            raise NotFound("the case that this one was forked from is gone; name another one, ?with=<case id>") from None
        raise absent("case.read") from None
    require("case.read", caller.roles, relation(caller, record.owner_id, record.team_id))
    return record


async def _stand(ports: Ports, case: CaseRecord) -> Stand:
    seen = await see(ports, case)
    state = seen.view.state if seen.view else CaseState(case_id=case.case_id)
    files, _ = await ports.files.page(case.case_id, MOST_FILES, 0, "uploaded_at", descending=False)
    found = stand(case, state, await _reply(ports, state), await ports.evidence.rows(case.case_id), files)
    return STAND.validate_python(await restored(ports.redactor, case.case_id, found))


async def _reply(ports: Ports, state: CaseState) -> TurnReply | None:
    """Return the newest reply that names causes."""
    for number in range(state.turn, max(0, state.turn - LOOKED_BACK), -1):
        record = await ports.conversation.turn_at(state.case_id, number)
        if record is not None and (reply := stored(record)).causes:
            return reply
    return None
