import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.bodies import read_intent
from domain.case.turns import Intent, IntentType
from domain.errors import InvalidInput


def test_no_intent_is_conversation() -> None:
    assert read_intent(None, None) == Intent()


def test_known_keys_are_kept_as_text_and_others_dropped() -> None:
    data = json.dumps({"type": "confirmation", "confirmation_value": True, "user_confirmed": True, "pending_id": "pend_1"})
    assert read_intent("confirmation", data) == Intent(
        type=IntentType.CONFIRMATION, data={"confirmation_value": "true", "pending_id": "pend_1"}
    )


@pytest.mark.parametrize(
    ("intent_type", "data", "named"),
    [
        ("teleport", "{}", "intent_type"),
        ("confirmation", "{}", "confirmation_value"),
        ("confirmation", "[1]", "intent_data"),
        ("confirmation", "{", "intent_data"),
        ("status_transition", '{"to_state": "paused"}', "to_state"),
        ("hypothesis_action", '{"hypothesis_id": "hyp_1", "action": "love"}', "action"),
        ("solution_action", '{"action": "applied"}', "solution_id"),
        ("confirmation", '{"confirmation_value": true, "x": "' + "y" * (16 << 10) + '"}', "16 KiB"),
    ],
)
def test_a_wrong_intent_names_the_field_and_what_is_allowed(intent_type: str, data: str, named: str) -> None:
    with pytest.raises(InvalidInput, match=named):
        read_intent(intent_type, data)


@given(st.sampled_from([k for k in IntentType if k is not IntentType.UNKNOWN]), st.text(max_size=200))
def test_any_text_as_intent_data_is_read_or_refused(kind: IntentType, data: str) -> None:
    with suppress(InvalidInput):
        assert read_intent(kind, data).type is kind
