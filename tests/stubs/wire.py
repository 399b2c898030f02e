"""Bytes of two providers' protocols, as their SDKs read them; `test_models.py` validates every shape against the SDKs' types."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

Calls = Sequence[tuple[str, str]]
"""Tools by name, with their arguments as JSON or whatever a model takes for it."""
PIECE, MOST = 16, 500
"""Characters per event of a stream, and how many events a long text makes at most."""


def pieces(text: str) -> Iterator[str]:
    """Yield the text in small parts; an empty text has none."""
    size = max(PIECE, len(text) // MOST)
    return (text[start : start + size] for start in range(0, len(text), size))


def tokens(text: str) -> int:
    return max(1, len(text) // 4)


def message(text: str, prompt: str, stop: str | None) -> dict[str, Any]:
    """Anthropic, not streamed; calls of tools are streamed only."""
    return {
        "id": "msg_stub",
        "type": "message",
        "role": "assistant",
        "model": "stub",
        "content": [{"type": "text", "text": text}],
        "stop_reason": stop,
        "stop_sequence": None,
        "usage": {"input_tokens": tokens(prompt), "output_tokens": tokens(text)},
    }


def message_events(text: str, prompt: str, stop: str | None, calls: Calls = ()) -> Iterator[dict[str, Any]]:
    """Anthropic, streamed: what stands in the `data` lines."""
    start = message("", prompt, None) | {"content": []}
    yield {"type": "message_start", "message": start}
    yield {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
    for piece in pieces(text):
        yield {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}}
    yield {"type": "content_block_stop", "index": 0}
    for index, (name, arguments) in enumerate(calls, start=1):
        block = {"type": "tool_use", "id": f"toolu_{index}", "name": name, "input": {}}
        yield {"type": "content_block_start", "index": index, "content_block": block}
        for piece in pieces(arguments):
            told = {"type": "input_json_delta", "partial_json": piece}
            yield {"type": "content_block_delta", "index": index, "delta": told}
        yield {"type": "content_block_stop", "index": index}
    yield {
        "type": "message_delta",
        "delta": {"stop_reason": stop, "stop_sequence": None},
        "usage": {"output_tokens": tokens(text)},
    }
    yield {"type": "message_stop"}


def completion(text: str, prompt: str, stop: str | None) -> dict[str, Any]:
    """OpenAI, not streamed."""
    return {
        "id": "chatcmpl-stub",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": "stub",
        "choices": [
            {
                "index": 0,
                "finish_reason": stop,
                "logprobs": None,
                "message": {"role": "assistant", "content": text, "refusal": None},
            }
        ],
        "usage": _usage(text, prompt),
    }


def completion_chunks(
    text: str, prompt: str, stop: str | None, calls: Calls = (), *, usage: bool = True
) -> Iterator[dict[str, Any]]:
    """OpenAI, streamed: what stands in the `data` lines before `[DONE]`."""
    yield _chunk({"role": "assistant", "content": ""}, None)
    for piece in pieces(text):
        yield _chunk({"content": piece}, None)
    for index, (name, arguments) in enumerate(calls):
        begun = {"index": index, "id": f"call-{index}", "type": "function", "function": {"name": name, "arguments": ""}}
        yield _chunk({"tool_calls": [begun]}, None)
        for piece in pieces(arguments):
            yield _chunk({"tool_calls": [{"index": index, "function": {"arguments": piece}}]}, None)
    yield _chunk({}, stop)
    if usage:
        yield _chunk({}, None) | {"choices": [], "usage": _usage(text, prompt)}


def sse(events: Iterator[dict[str, Any]], *, named: bool) -> Iterator[bytes]:
    """Yield server-sent events; Anthropic names each by its type."""
    for event in events:
        name = f"event: {event['type']}\n" if named else ""
        yield f"{name}data: {json.dumps(event)}\n\n".encode()
    if not named:
        yield b"data: [DONE]\n\n"


def error(provider: str, kind: str, text: str) -> bytes:
    """Return a provider's error body."""
    inner = {"type": kind, "message": text}
    if provider == "anthropic":
        return json.dumps({"type": "error", "error": inner}).encode()
    return json.dumps({"error": inner | {"code": kind, "param": None}}).encode()


def _chunk(delta: dict[str, Any], stop: str | None) -> dict[str, Any]:
    return {
        "id": "chatcmpl-stub",
        "object": "chat.completion.chunk",
        "created": 1_700_000_000,
        "model": "stub",
        "choices": [{"index": 0, "delta": delta, "finish_reason": stop, "logprobs": None}],
    }


def _usage(text: str, prompt: str) -> dict[str, int]:
    count_in, count_out = tokens(prompt), tokens(text)
    return {"prompt_tokens": count_in, "completion_tokens": count_out, "total_tokens": count_in + count_out}
