"""Task queues, workflow ids, message names and search attributes."""

from __future__ import annotations

from uuid import UUID

from temporalio.common import SearchAttributeKey

CASE_WORKFLOW = "CaseWorkflow"

CASES = "cases"
TURNS = "turns"
EVIDENCE = "evidence"
KNOWLEDGE = "knowledge"
QUEUES = (CASES, TURNS, EVIDENCE, KNOWLEDGE)

POST_MESSAGE = "post_message"
ADD_EVIDENCE = "add_evidence"
EVIDENCE_READ = "evidence_read"
REPORT_TO = "report_to"
PROGRESS = "progress"
TURN_UPGRADED = "turn_upgraded"

CASE_STATUS = SearchAttributeKey.for_keyword("CaseStatus")
CASE_STAGE = SearchAttributeKey.for_keyword("CaseStage")
CASE_OWNER = SearchAttributeKey.for_keyword("CaseOwner")
CASE_TEAM = SearchAttributeKey.for_keyword("CaseTeam")
CASE_UPDATED = SearchAttributeKey.for_datetime("CaseUpdatedAt")
SEARCH_ATTRIBUTES = (CASE_STATUS, CASE_STAGE, CASE_OWNER, CASE_TEAM, CASE_UPDATED)


def case(case_id: UUID) -> str:
    """Return the id of a case's workflow."""
    return f"case-{case_id}"


def turn(case_id: UUID, number: int) -> str:
    """Return the id of one turn's workflow."""
    return f"case-{case_id}-turn-{number}"


def upgrade(case_id: UUID, number: int) -> str:
    """Return the id of the workflow that adds a model's part to a turn that the rules answered alone."""
    return f"{turn(case_id, number)}-upgrade"


def evidence(case_id: UUID, file_id: str) -> str:
    """Return the id of one file's workflow."""
    return f"case-{case_id}-evidence-{file_id}"


def report(case_id: UUID, turn_number: int) -> str:
    """Return the id of the workflow that writes the report of the turn that ended a case."""
    return f"case-{case_id}-report-{turn_number}"


def fork(case_id: UUID) -> str:
    """Return the id of the workflow that takes the turns of another case again, in this one."""
    return f"case-{case_id}-fork"


def deletion(case_id: UUID) -> str:
    """Return the id of the deleting workflow: it must not start with `case-`, or it would lose its own key."""
    return f"delete-case-{case_id}"


def ingest(document_id: str) -> str:
    """Return the id of one document's ingestion."""
    return f"ingest-{document_id}"
