from datetime import UTC, datetime, timedelta, timezone
from uuid import uuid4

import pytest

from api.views.wire import restored, when
from domain.privacy.placeholders import SafeText


class OneMail:
    """Restores one placeholder and counts its calls."""

    def __init__(self) -> None:
        self.calls = 0

    async def redact(self, case_id: object, texts: object) -> tuple[SafeText, ...]:
        raise NotImplementedError

    async def restore(self, case_id: object, text: str) -> str:
        self.calls += 1
        return text.replace("<EMAIL_1>", 'ada"@example.org')


def test_times_are_utc_with_milliseconds() -> None:
    local = datetime(2026, 1, 31, 15, 0, 0, 123_456, tzinfo=timezone(timedelta(hours=1)))
    assert when(local) == "2026-01-31T14:00:00.123Z"
    assert when(None) is None
    assert when(datetime(2026, 1, 1, tzinfo=UTC)) == "2026-01-01T00:00:00.000Z"


async def test_every_string_of_a_body_is_restored_in_one_pass_and_stays_text() -> None:
    redactor = OneMail()
    body = {"a": "to <EMAIL_1>", "b": [{"c": "<EMAIL_1>"}, 3, None], "d": "plain"}
    shown = await restored(redactor, uuid4(), body)
    assert shown == {"a": 'to ada"@example.org', "b": [{"c": 'ada"@example.org'}, 3, None], "d": "plain"}
    assert redactor.calls == 1


@pytest.mark.parametrize(
    "form", ["<EMAIL_1>", "&lt;EMAIL_1&gt;", "&LT;email_1&GT;", "\\u003cEMAIL_1\\u003e", "\\u003CEMAIL_1\\u003E"]
)
async def test_a_placeholder_is_sent_to_be_restored_in_every_accepted_spelling(form: str) -> None:
    redactor = OneMail()
    await restored(redactor, uuid4(), {"a": f"to {form}"})
    assert redactor.calls == 1


async def test_a_body_without_placeholders_asks_nobody() -> None:
    redactor = OneMail()
    assert await restored(redactor, uuid4(), {"a": 1, "b": ["x"]}) == {"a": 1, "b": ["x"]}
    assert redactor.calls == 0
