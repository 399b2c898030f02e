"""Tools over both wires: what is offered, what is asked for, what is told back; a provider that asks for nonsense is refused."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from anthropic.types import RawMessageStreamEvent
from openai.types.chat import ChatCompletionChunk
from pydantic import TypeAdapter

from domain.errors import ModelRefused, ModelUnreachable, ToolsRefused
from domain.ports.models import ModelRequest, ToolCall, ToolOffer, ToolUse
from domain.privacy.placeholders import SafeText
from tests.fakes import MemoryFeed
from tests.integration.test_models import ANSWER, PROMPT, PROVIDERS, provider, request
from tests.stubs import wire
from tests.stubs.models import Reply

OFFER = ToolOffer(name="find_lines", description="finds lines", schema='{"type": "object", "properties": {}}')
ASKED = (("find_lines", '{"words": "pool"}'), ("read_lines", '{"first": 1, "last": 9}'))
USED = ((ToolUse(name="find_lines", arguments=SafeText('{"words": "pool"}'), result=SafeText("E1:L3 pool of size 20 is full")),),)


def offering(**given: object) -> ModelRequest:
    return replace(request(), tools=(OFFER,), may_call=True, **given)


@pytest.mark.parametrize("calls", [(), ASKED])
def test_calls_that_the_stub_sends_validate(calls):
    for event in wire.message_events("", PROMPT, "tool_use", calls):
        TypeAdapter(RawMessageStreamEvent).validate_python(event)
    for chunk in wire.completion_chunks("", PROMPT, "tool_calls", calls):
        TypeAdapter(ChatCompletionChunk).validate_python(chunk)


@pytest.mark.parametrize("name", PROVIDERS)
async def test_what_a_model_asks_for_arrives_as_it_wrote_it(name):
    async with provider(name, Reply(calls=ASKED)) as (model, _):
        answer = await model.answer(offering(), MemoryFeed())
    assert answer.text == ""
    assert answer.calls == tuple(ToolCall(name=called, arguments=arguments) for called, arguments in ASKED)


@pytest.mark.parametrize("name", PROVIDERS)
async def test_an_answer_without_calls_is_an_answer(name):
    async with provider(name, Reply(text=ANSWER)) as (model, _):
        answer = await model.answer(offering(), MemoryFeed())
    assert (answer.text, answer.calls) == (ANSWER, ())


@pytest.mark.parametrize("name", PROVIDERS)
async def test_tools_are_offered_and_their_results_told_back_behind_the_prompt(name):
    async with provider(name, Reply(text=ANSWER)) as (model, stub):
        await model.answer(offering(used=USED), MemoryFeed())
    (got,) = stub.received
    assert got.tools == ["find_lines"]
    assert got.prompt == PROMPT
    assert got.results == ["E1:L3 pool of size 20 is full"]
    called = got.json["messages"][-2]
    told = called["content"][0]["input"] if name == "anthropic" else json.loads(called["tool_calls"][0]["function"]["arguments"])
    assert told == {"words": "pool"}


@pytest.mark.parametrize("name", PROVIDERS)
async def test_in_the_last_step_the_tools_are_known_and_none_may_be_called(name):
    async with provider(name, Reply(text=ANSWER)) as (model, stub):
        await model.answer(replace(offering(used=USED), may_call=False), MemoryFeed())
    (got,) = stub.received
    assert got.tools == []
    assert len(got.json["tools"]) == 1


@pytest.mark.parametrize("name", PROVIDERS)
async def test_without_tools_a_request_names_none(name):
    async with provider(name, Reply(text=ANSWER)) as (model, stub):
        await model.answer(request(), MemoryFeed())
    assert not {"tools", "tool_choice"} & set(stub.received[0].json)


@pytest.mark.parametrize("name", PROVIDERS)
@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply(calls=ASKED * 9), ModelRefused),
        (Reply(calls=(("find_lines", "x" * 300_000),)), ModelRefused),
        (Reply(calls=ASKED, stop=None), ModelUnreachable),
        (Reply(calls=ASKED, stop="length"), ModelRefused),
        (Reply(calls=ASKED, cut_after=500), ModelUnreachable),
    ],
)
async def test_calls_without_end_or_cut_are_no_calls(name, reply, expected):
    async with provider(name, reply) as (model, _):
        with pytest.raises(expected):
            await model.answer(offering(), MemoryFeed())


async def test_calls_that_a_server_puts_at_one_place_are_told_apart_by_their_id():
    deltas = [
        {"index": 0, "id": "a", "type": "function", "function": {"name": "one", "arguments": "{}"}},
        {"index": 0, "id": "b", "type": "function", "function": {"name": "two", "arguments": "{}"}},
    ]
    chunks = [
        {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
        for choice in (
            *({"index": 0, "delta": {"tool_calls": [delta]}, "finish_reason": None} for delta in deltas),
            {"index": 0, "delta": {}, "finish_reason": "tool_calls"},
        )
    ]
    async with provider("openai", Reply(body=b"".join(wire.sse(iter(chunks), named=False)))) as (model, _):
        answer = await model.answer(offering(), MemoryFeed())
    assert [call.name for call in answer.calls] == ["one", "two"]


@pytest.mark.parametrize("name", PROVIDERS)
@pytest.mark.parametrize("status", [400, 404, 422])
async def test_a_server_that_takes_no_tools_says_so_and_nothing_else(name, status):
    async with provider(name, Reply(status=status)) as (model, _):
        with pytest.raises(ToolsRefused):
            await model.answer(offering(), MemoryFeed())
        with pytest.raises(ModelRefused) as caught:
            await model.answer(offering(used=USED), MemoryFeed())
    assert not isinstance(caught.value, ToolsRefused)
