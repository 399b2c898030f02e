"""AnswerLedger."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from activities.adapters.sql_engine import Database
from activities.adapters.sql_ledger import SqlLedger
from activities.adapters.sql_reports import SqlCaseErasure
from domain.ports.models import PaidAnswer
from tests.integration.conftest import Stores

ANSWER = PaidAnswer(
    key="case-1-turn-1:propose",
    case_id=uuid4(),
    blob_key="b1",
    provider="anthropic",
    model="m",
    tokens_in=7,
    tokens_out=9,
    skipped=("openai",),
)


async def test_an_answer_stands_under_the_key_of_its_call(stores: Stores) -> None:
    assert await stores.ledger.get(ANSWER.key) is None
    assert await stores.ledger.put(ANSWER) == ANSWER
    assert await stores.ledger.get(ANSWER.key) == ANSWER


async def test_of_two_racing_attempts_the_first_one_stands(stores: Stores) -> None:
    await stores.ledger.put(ANSWER)
    assert await stores.ledger.put(replace(ANSWER, blob_key="b2", skipped=())) == ANSWER
    other = replace(ANSWER, key=f"{ANSWER.key}:repair", skipped=())
    assert await stores.ledger.put(other) == other


async def test_an_erased_case_leaves_no_answer(database: Database) -> None:
    ledger = SqlLedger(database)
    await ledger.put(ANSWER)
    await SqlCaseErasure(database).erase(ANSWER.case_id)
    assert await ledger.get(ANSWER.key) is None
