"""One model of OpenAI, or of any server that speaks its chat completions (`vendors.py`; vLLM, Ollama, …)."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

import openai
from openai.types.chat import (
    ChatCompletionChunk,
    ChatCompletionContentPartParam,
    ChatCompletionMessageFunctionToolCallParam,
    ChatCompletionMessageParam,
    ChatCompletionToolParam,
)
from openai.types.shared_params import FunctionDefinition, ResponseFormatJSONSchema
from openai.types.shared_params.response_format_json_schema import JSONSchema

from activities.adapters.model_calls import BROKEN, Draft, Patience, base64, call_id, connection, listen, refused
from activities.adapters.vendors import COMPATIBLE, VENDORS, Vendor
from domain.errors import ModelRefused, ModelUnreachable
from domain.ports.models import ModelAnswer, ModelRequest, ToolOffer, TurnFeed

_COMPLETE = frozenset({"stop", "tool_calls"})


@dataclass(slots=True)
class _Progress:
    """What the stream told so far."""

    draft: Draft
    stop: str = ""
    refused: bool = False
    tokens_in: int = 0
    tokens_out: int = 0

    def take(self, chunk: ChatCompletionChunk) -> str:
        """Note one chunk; return the text it adds. The last chunk counts tokens and has no choice."""
        if chunk.usage is not None:
            self.tokens_in, self.tokens_out = chunk.usage.prompt_tokens, chunk.usage.completion_tokens
        if not chunk.choices:
            return ""
        choice = chunk.choices[0]
        self.stop = choice.finish_reason or self.stop
        self.refused = self.refused or bool(choice.delta.refusal)
        piece = choice.delta.content or ""
        self.draft.add(piece)
        for call in choice.delta.tool_calls or ():
            told = call.function
            self.draft.call(call.index or 0, call.id or "", (told and told.name) or "", (told and told.arguments) or "")
        return piece


@dataclass(frozen=True, slots=True)
class OpenAIModel:
    """Streams one structured answer; every failure is one of ours."""

    client: openai.AsyncOpenAI
    model: str
    name: str = "openai"
    vendor: Vendor = COMPATIBLE
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
        """Return a whole answer; a stream that ends without a finish reason was cut."""
        seen = _Progress(Draft(self.name))

        async def hear(chunk: ChatCompletionChunk) -> None:
            if piece := seen.take(chunk):
                await feed.publish("draft", {"text": piece})

        try:
            await listen(self._open(request), hear, self.patience, request.deadline_s)
        except openai.APIStatusError as refusal:
            status = 402 if refusal.code == "insufficient_quota" else refusal.status_code
            raise refused(request, self.name, status, refusal.response.headers) from None
        except (openai.OpenAIError, *BROKEN) as weather:
            raise ModelUnreachable(f"{self.name} did not answer whole ({type(weather).__name__})") from None
        self._check_end(seen)
        return ModelAnswer(
            text=seen.draft.whole(),
            provider=self.name,
            model=request.model or self.model,
            tokens_in=seen.tokens_in,
            tokens_out=seen.tokens_out,
            calls=seen.draft.called(),
        )

    async def _open(self, request: ModelRequest) -> openai.AsyncStream[ChatCompletionChunk]:
        told = self.vendor.schema_told
        return await self.client.chat.completions.create(
            model=request.model or self.model,
            messages=_messages(replace(request, system=_with_schema(request)) if told else request),
            tools=[_tool(offer) for offer in request.tools] or openai.omit,
            tool_choice=openai.omit if not request.tools else "auto" if request.may_call else "none",
            response_format=openai.omit if told else _format(request),
            max_tokens=openai.omit if self.vendor.newer_limit else request.max_tokens,
            max_completion_tokens=request.max_tokens if self.vendor.newer_limit else openai.omit,
            stream=True,
            stream_options={"include_usage": True},
        )

    def _check_end(self, seen: _Progress) -> None:
        if seen.refused:
            raise ModelRefused(f"{self.name} declined to answer")
        if not seen.stop:
            raise ModelUnreachable(f"the stream of {self.name} was cut")
        if seen.stop not in _COMPLETE:
            raise ModelRefused(f"{self.name} stopped before the end of its answer ({seen.stop})")


def _format(request: ModelRequest) -> ResponseFormatJSONSchema:
    schema: JSONSchema = {"name": request.schema_name, "schema": json.loads(request.schema), "strict": True}
    return {"type": "json_schema", "json_schema": schema}


def _with_schema(request: ModelRequest) -> str:
    """Return the instructions with the schema in words."""
    return f"{request.system}\n\nAnswer with one JSON object and nothing else. It follows this JSON Schema:\n{request.schema}"


def _tool(offer: ToolOffer) -> ChatCompletionToolParam:
    told: FunctionDefinition = {"name": offer.name, "description": offer.description, "parameters": json.loads(offer.schema)}
    return {"type": "function", "function": told}


def _messages(request: ModelRequest) -> list[ChatCompletionMessageParam]:
    """Return both parts of the prompt, and after them every step's calls with their results."""
    found: list[ChatCompletionMessageParam] = [
        {"role": "system", "content": request.system},
        {"role": "user", "content": _content(request)},
    ]
    for step, uses in enumerate(request.used, start=1):
        calls: list[ChatCompletionMessageFunctionToolCallParam] = [
            {"type": "function", "id": call_id(step, place), "function": {"name": use.name, "arguments": use.arguments}}
            for place, use in enumerate(uses)
        ]
        found.append({"role": "assistant", "tool_calls": calls})
        for place, use in enumerate(uses):
            found.append({"role": "tool", "tool_call_id": call_id(step, place), "content": use.result})
    return found


def _content(request: ModelRequest) -> str | list[ChatCompletionContentPartParam]:
    """Return the prompt, behind its picture where it has one."""
    if request.picture is None:
        return request.prompt
    url = f"data:{request.picture.media_type};base64,{base64(request.picture.data)}"
    return [{"type": "image_url", "image_url": {"url": url, "detail": "high"}}, {"type": "text", "text": request.prompt}]


def open_openai_model(name: str, model: str, api_key: str, base_url: str = "", patience: Patience | None = None) -> OpenAIModel:
    """Return the model; the SDK's own retries are off. Local servers need no key, the SDK does: any word will do.

    OpenAI's name at an address of one's own is some server that speaks its protocol; every other name keeps its ways there.
    """
    limits = patience or Patience()
    vendor = COMPATIBLE if base_url and name == "openai" else VENDORS.get(name, COMPATIBLE)
    client = openai.AsyncOpenAI(
        api_key=api_key or "none", base_url=base_url or vendor.address or None, max_retries=0, http_client=connection(limits)
    )
    return OpenAIModel(client=client, model=model, name=name, vendor=vendor, patience=limits)
