"""The providers that go by name: where they are, and how far they speak the protocol that they are asked in.

A key says who is asked, `Authorization: Bearer` everywhere but at Anthropic (`x-api-key`). Any other server that speaks OpenAI's
chat completions is asked by an address of its own, as `local` or under the name whose address it takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """One provider; the defaults are those of most servers behind OpenAI's protocol."""

    address: str = ""
    """Empty for the one that its SDK knows."""
    newer_limit: bool = False
    """Calls the limit of an answer `max_completion_tokens`: `max_tokens` is refused or on its way out."""
    schema_told: bool = False
    """Takes a schema neither in a stream nor beside tools, so that it stands in the instructions; answers are checked anyway."""


VENDORS: Mapping[str, Vendor] = {
    "anthropic": Vendor(),
    "openai": Vendor(newer_limit=True),  # platform.openai.com/docs/api-reference/chat/create
    "gemini": Vendor(address="https://generativelanguage.googleapis.com/v1beta/openai"),  # ai.google.dev/gemini-api/docs/openai
    "fireworks": Vendor(address="https://api.fireworks.ai/inference/v1"),  # docs.fireworks.ai, OpenAI compatibility
    "groq": Vendor(address="https://api.groq.com/openai/v1", newer_limit=True, schema_told=True),  # console.groq.com/docs
    "openrouter": Vendor(address="https://openrouter.ai/api/v1"),  # openrouter.ai/docs, API reference
    "huggingface": Vendor(address="https://router.huggingface.co/v1"),  # huggingface.co/docs/inference-providers
    "local": Vendor(),
}
"""In the order in which they are asked by default."""
COMPATIBLE = Vendor()
"""Some server at an address of one's own."""
