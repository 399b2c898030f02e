"""Drafts on their way to a client: however a stream is cut, no placeholder is split between two events."""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator

from hypothesis import given, settings
from hypothesis import strategies as st

from api.progress import uncut
from domain.ports.models import TurnEvent
from domain.privacy.placeholders import Placeholder
from domain.privacy.restoring import restore

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
