"""One model of Anthropic, or of a server that speaks its Messages API."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus

import anthropic
from anthropic.types import (
    ImageBlockParam,
    MessageParam,
    RawMessageStreamEvent,
    TextBlockParam,
    ToolParam,
    ToolResultBlockParam,
    ToolUseBlockParam,
)

from activities.adapters.model_calls import BROKEN, Draft, Patience, base64, call_id, connection, listen, refused
from domain.errors import ModelRefused, ModelUnreachable
from domain.ports.models import ModelAnswer, ModelRequest, ToolOffer, TurnFeed

_COMPLETE = frozenset({"end_turn", "stop_sequence", "tool_use"})
_IN_STREAM = {"overloaded_error": 529, "rate_limit_error": 429, "api_error": 500, "timeout_error": 504}
"""Errors that arrive after HTTP 200, as the status that they have elsewhere."""


@dataclass(slots=True)
class _Progress:
    """What the stream told so far."""

    draft: Draft
    stop: str = ""
    tokens_in: int = 0
    tokens_out: int = 0

    def take(self, event: RawMessageStreamEvent) -> str:
        """Note one event; return the text it adds."""
        if event.type == "message_start":
            self.tokens_in = event.message.usage.input_tokens
        elif event.type == "content_block_delta" and event.delta.type == "text_delta":
            self.draft.add(event.delta.text)
            return event.delta.text
        elif event.type == "content_block_start" and event.content_block.type == "tool_use":
            self.draft.call(event.index, event.content_block.id, event.content_block.name, "")
        elif event.type == "content_block_delta" and event.delta.type == "input_json_delta":
            self.draft.call(event.index, "", "", event.delta.partial_json)
        elif event.type == "message_delta":
            self.stop = event.delta.stop_reason or self.stop
            self.tokens_out = event.usage.output_tokens
        return ""


@dataclass(frozen=True, slots=True)
class AnthropicModel:
    """Streams one structured answer; every failure is one of ours."""

    client: anthropic.AsyncAnthropic
    model: str
    name: str = "anthropic"
    patience: Patience = Patience()

    @property
    def configured(self) -> bool:
        """Whether a provider is configured: this is one."""
        return True

    @property
    def who(self) -> str:
        """Name of the provider and of its model."""
        return f"{self.name}/{self.model}"

    async def answer(self, request: ModelRequest, feed: TurnFeed) -> ModelAnswer:
        """Return a whole answer; a stream that ends without a reason to stop was cut."""
        seen = _Progress(Draft(self.name))

        async def hear(event: RawMessageStreamEvent) -> None:
            if piece := seen.take(event):
                await feed.publish("draft", {"text": piece})

        try:
            await listen(self._open(request), hear, self.patience, request.deadline_s)
        except anthropic.APIStatusError as refusal:
            raise self._failed(request, refusal) from None
        except (anthropic.AnthropicError, *BROKEN) as weather:
            raise ModelUnreachable(f"{self.name} did not answer whole ({type(weather).__name__})") from None
        self._check_end(seen.stop)
        return ModelAnswer(
            text=seen.draft.whole(),
            provider=self.name,
            model=request.model or self.model,
            tokens_in=seen.tokens_in,
            tokens_out=seen.tokens_out,
            calls=seen.draft.called(),
        )

    async def _open(self, request: ModelRequest) -> anthropic.AsyncStream[RawMessageStreamEvent]:
        return await self.client.messages.create(
            model=request.model or self.model,
            max_tokens=request.max_tokens,
            system=request.system,
            messages=_messages(request),
            output_config={"format": {"type": "json_schema", "schema": json.loads(request.schema)}},
            tools=[_tool(offer) for offer in request.tools] or anthropic.omit,
            tool_choice=anthropic.omit if not request.tools else {"type": "auto"} if request.may_call else {"type": "none"},
            stream=True,
        )

    def _failed(self, request: ModelRequest, refusal: anthropic.APIStatusError) -> Exception:
        """Return our failure; an error inside a stream carries its meaning in its type, under HTTP 200."""
        status = refusal.status_code
        if status == HTTPStatus.OK:
            status = _IN_STREAM.get(refusal.type or "", HTTPStatus.BAD_REQUEST)
        return refused(request, self.name, status, refusal.response.headers)

    def _check_end(self, stop: str) -> None:
        if not stop:
            raise ModelUnreachable(f"the stream of {self.name} was cut")
        if stop not in _COMPLETE:
            raise ModelRefused(f"{self.name} stopped before the end of its answer ({stop})")


def _tool(offer: ToolOffer) -> ToolParam:
    return {"name": offer.name, "description": offer.description, "input_schema": json.loads(offer.schema)}


def _messages(request: ModelRequest) -> list[MessageParam]:
    """Return the prompt, and after it every step's calls with their results."""
    found: list[MessageParam] = [{"role": "user", "content": _content(request)}]
    for step, uses in enumerate(request.used, start=1):
        calls: list[ToolUseBlockParam] = [
            {"type": "tool_use", "id": call_id(step, place), "name": use.name, "input": json.loads(use.arguments)}
            for place, use in enumerate(uses)
        ]
        results: list[ToolResultBlockParam] = [
            {"type": "tool_result", "tool_use_id": call_id(step, place), "content": use.result} for place, use in enumerate(uses)
        ]
        found += [{"role": "assistant", "content": calls}, {"role": "user", "content": results}]
    return found


def _content(request: ModelRequest) -> str | list[ImageBlockParam | TextBlockParam]:
    """Return the prompt, behind its picture where it has one."""
    if request.picture is None:
        return request.prompt
    picture = request.picture
    return [
        {"type": "image", "source": {"type": "base64", "media_type": picture.media_type, "data": base64(picture.data)}},
        {"type": "text", "text": request.prompt},
    ]


def open_anthropic_model(
    name: str, model: str, api_key: str, base_url: str = "", patience: Patience | None = None
) -> AnthropicModel:
    """Return the model; the SDK's own retries are off, because the engine's are the one retry loop."""
    limits = patience or Patience()
    client = anthropic.AsyncAnthropic(
        api_key=api_key or "none", base_url=base_url or None, max_retries=0, http_client=connection(limits)
    )
    return AnthropicModel(client=client, model=model, name=name, patience=limits)
