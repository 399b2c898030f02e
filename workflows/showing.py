"""A case in the engine's own lists: search attributes and current details; ids, enums and safe text only."""

from __future__ import annotations

from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeUpdate

from domain.case.headline import headline
from domain.case.state import CaseState
from workflows import names


def show(state: CaseState) -> None:
    """Set the headline, and those attributes that changed: each costs an event."""
    workflow.set_current_details(headline(state))
    wanted: list[SearchAttributeUpdate[Any]] = [
        names.CASE_STATUS.value_set(state.status.value),
        names.CASE_STAGE.value_set(state.stage),
        names.CASE_OWNER.value_set(state.owner_id),
        names.CASE_TEAM.value_set(state.team_id),
    ]
    if state.updated_at:
        wanted.append(names.CASE_UPDATED.value_set(state.updated_at))
    known = workflow.info().typed_search_attributes
    workflow.upsert_search_attributes([each for each in wanted if each.value and known.get(each.key) != each.value])
