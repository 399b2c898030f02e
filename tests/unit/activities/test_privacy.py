"""Messages become safe before anything else sees them."""

from __future__ import annotations

from uuid import uuid4

import pytest

from activities.privacy import PrivacyActivities, RedactMessage, SafeMessage
from domain.errors import RedactionUnavailable
from domain.ports.sealing import read
from tests import fakes
from tests.builders import a_turn


async def test_a_message_is_stored_safe_and_again_under_the_same_key() -> None:
    blobs, case_id = fakes.MemoryBlobs(), uuid4()
    turn = a_turn(case_id=case_id, text_key=await blobs.put(case_id, b"ask ann@shop.test \xff"))
    steps = PrivacyActivities(blobs, fakes.StarRedactor(hidden=("ann@shop.test",)))
    safe = await steps.redact_message(RedactMessage(turn=turn))
    assert safe == await steps.redact_message(RedactMessage(turn=turn)) == SafeMessage(key=safe.key, held_back=False)
    assert await read(blobs, case_id, safe.key) == "ask <STAR_1> \ufffd".encode()


async def test_a_message_that_cannot_be_made_safe_is_stored_nowhere() -> None:
    blobs, case_id = fakes.MemoryBlobs(), uuid4()
    turn = a_turn(case_id=case_id, text_key=await blobs.put(case_id, b"ask ann"))
    with pytest.raises(RedactionUnavailable):
        await PrivacyActivities(blobs, fakes.StarRedactor(broken=True)).redact_message(RedactMessage(turn=turn))
    assert len(blobs.blobs) == 1
