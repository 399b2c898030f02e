"""Taking a turn in: what is claimed is signalled, whoever died on the way."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from api.intake import Accepted, Input, post
from domain.case.projection import CaseRecord
from domain.case.turns import Intent, IntentType
from domain.errors import CaseEnded, KeyReused, StoreUnavailable
from domain.privacy.accounts import Principal
from tests.builders import NOON, a_case_record
from tests.fakes import MemoryBlobs, MemoryConversation, MemoryDoor, MemoryIntake, StarRedactor

ADA = Principal(user_id="user_1", username="ada", team_id="team_1", roles=("user",))
KEY = "unit-key-0001"
CLOSE = Input(intent=Intent(type=IntentType.STATUS_TRANSITION, data={"to_state": "closed"}))


@dataclass
class Opened:
    """The ports of this room."""

    case: CaseRecord = field(default_factory=a_case_record)
    door: MemoryDoor = field(default_factory=MemoryDoor)
    turns: MemoryIntake = field(default_factory=MemoryIntake)
    blobs: MemoryBlobs = field(default_factory=MemoryBlobs)
    redactor: StarRedactor = field(default_factory=StarRedactor)

    @property
    def conversation(self) -> MemoryConversation:
        return MemoryConversation(self.turns.rows)

    def __post_init__(self) -> None:
        self.turns.rows.cases[self.case.case_id] = self.case

    async def say(self, text: str = "orders wait") -> Accepted:
        return await self.send(Input(query=text))

    async def send(self, given: Input) -> Accepted:
        return await post(self, ADA, self.case, KEY, given, NOON)

    def close(self) -> None:
        self.case = replace(self.case, state="closed")

    async def claimed_by_a_sender_who_died(self) -> str:
        """Claim the key as a process does that is killed before its signal."""
        identity = (await self.say()).record.turn_id
        self.door.posted.clear()
        return identity


async def test_a_claim_whose_sender_died_is_signalled_by_the_next_request() -> None:
    opened = Opened()
    identity = await opened.claimed_by_a_sender_who_died()
    again = await opened.say()
    assert (again.replayed, again.record.turn_id) == (True, identity)
    assert list(opened.door.posted) == [identity]


async def test_a_turn_that_was_taken_up_is_not_signalled_again() -> None:
    opened = Opened()
    await opened.turns.accept(await opened.claimed_by_a_sender_who_died())
    await opened.say()
    assert list(opened.door.posted) == []


async def test_a_turn_that_a_second_request_signalled_cannot_be_refused_by_the_first() -> None:
    opened = Opened()
    identity = await opened.claimed_by_a_sender_who_died()
    await opened.say()
    assert not await opened.turns.refuse(identity)


async def test_a_repeated_request_leaves_the_claim_when_the_engine_is_away() -> None:
    opened = Opened()
    identity = await opened.claimed_by_a_sender_who_died()
    opened.door.away = True
    with pytest.raises(StoreUnavailable):
        await opened.say()
    assert opened.turns.rows.turns[identity].status == "claimed"


async def test_a_first_request_without_the_engine_is_refused_and_may_be_sent_again() -> None:
    opened = Opened(door=MemoryDoor(away=True))
    with pytest.raises(StoreUnavailable):
        await opened.say()
    opened.door.away = False
    accepted = await opened.say()
    assert not accepted.replayed
    assert list(opened.door.posted) == [accepted.record.turn_id]


async def test_a_repeated_action_gets_its_answer_though_the_case_has_been_closed_since() -> None:
    opened = Opened()
    first = await opened.send(CLOSE)
    opened.close()
    again = await opened.send(CLOSE)
    assert (again.replayed, again.record.turn_id) == (True, first.record.turn_id)


async def test_another_message_under_the_key_is_told_so_also_in_a_closed_case() -> None:
    opened = Opened()
    await opened.send(CLOSE)
    opened.close()
    with pytest.raises(KeyReused):
        await opened.send(replace(CLOSE, query="and thanks"))


async def test_a_closed_case_takes_no_action_under_a_key_that_was_refused() -> None:
    opened = Opened()
    await opened.turns.refuse((await opened.send(CLOSE)).record.turn_id)
    opened.close()
    with pytest.raises(CaseEnded):
        await opened.send(CLOSE)
