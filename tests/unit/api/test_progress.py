"""Drafts on their way to a client: no placeholder is split, nothing is lost while the engine is away, a strange id is none."""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api import progress
from api.progress import Channel, Channels, place, resumed, uncut
from domain.errors import FaultMavenError, NotFound, StoreUnavailable
from domain.ports.models import TurnEvent
from domain.privacy.placeholders import Placeholder
from domain.privacy.restoring import restore
from tests.builders import a_turn_record
from tests.unit.api.house import House

ORIGINALS = {
    Placeholder(kind="EMAIL", number=1): "ann@shop.test",
    Placeholder(kind="IP", number=3, group="net2"): "10.1.2.3",
}
PARTS = [
    "ask <EMAIL_1> ",
    "at <ip_3@net2>:5432, ",
    "&lt;EMAIL_1&gt; ",
    "\\u003cemail_1\\u003e ",
    "<EMAIL_1 ",
    "<IP_77@net1> ",
    "a < b ",
]


async def pieces(*events: tuple[str, str]) -> list[str]:
    """Return what each event shows its client."""

    async def told() -> AsyncIterator[TurnEvent]:
        for offset, (event, text) in enumerate(events):
            yield TurnEvent(offset=offset, event=event, data=json.dumps({"text": text}))

    return [restore(data["text"], ORIGINALS) async for _, data in uncut(told())]


@settings(max_examples=60)
@given(st.lists(st.sampled_from(PARTS), max_size=5), st.lists(st.integers(0, 150), max_size=12))
async def test_a_restored_stream_equals_the_restored_whole_for_every_cut(parts: list[str], cuts: list[int]) -> None:
    text = "".join(parts) + "end."
    places = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    drafts = [("draft", text[start:end]) for start, end in itertools.pairwise(places)]
    assert "".join(await pieces(*drafts)) == restore(text, ORIGINALS)


async def test_another_event_between_two_pieces_cuts_no_placeholder() -> None:
    assert await pieces(("draft", "ask <EMA"), ("tool", "grep"), ("draft", "IL_1>.")) == ["ask ", "grep", "ann@shop.test."]


async def test_a_draft_that_begins_anew_forgets_the_tail_of_the_old_one() -> None:
    assert await pieces(("draft", "ask <EMA"), ("restarted", ""), ("draft", "the cause")) == ["ask ", "", "the cause"]


@dataclass
class Flaky:
    """TurnProgress: tells one event, then fails, as often as there are failures."""

    failures: list[FaultMavenError]
    asked: list[int] = field(default_factory=list)

    async def follow(self, case_id: UUID, number: int, offset: int) -> AsyncIterator[TurnEvent]:
        self.asked.append(offset)
        yield TurnEvent(offset=offset, event="stage", data="{}")
        if self.failures:
            raise self.failures.pop(0)


async def heard(house: House, status: str, *failures: FaultMavenError) -> tuple[Channel, Flaky]:
    """Return what a channel holds once the turn is over."""
    flaky, record = Flaky(list(failures)), a_turn_record(status=status)
    ports = replace(house.opened, progress=flaky)
    ports.conversation.rows.turns[record.turn_id] = record
    channels = Channels(ports)
    channel = channels.of(record.case_id, record.turn_id, 1)
    assert [event.offset async for event, _ in resumed(channel, -1)] == flaky.asked
    assert not channels.open
    return channel, flaky


async def test_a_stream_that_is_not_open_yet_or_away_is_followed_on_from_where_it_broke(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "ASK_AGAIN", 0.0)
    channel, flaky = await heard(house, "claimed", NotFound("not yet"), StoreUnavailable("away"))
    assert flaky.asked == [0, 1, 2]
    assert channel.whole


async def test_what_an_ended_turn_does_not_tell_is_not_asked_for_again(house: House) -> None:
    channel, flaky = await heard(house, "answered", StoreUnavailable("away"))
    assert flaky.asked == [0]
    assert not channel.whole


@pytest.mark.parametrize("strange", [None, "", "abc", "-1", "1.5", "\u00b2", "\u0663", "9" * 5_000])
def test_an_id_that_no_stream_gave_names_the_beginning(strange: str | None) -> None:
    assert place(strange) == -1


def test_the_id_of_an_event_is_its_place() -> None:
    assert place("17") == 17
