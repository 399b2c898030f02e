"""Key, address and model of each named provider, as the settings tell them."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import SecretStr

from activities.adapters.settings import Models, Providers

Account = tuple[SecretStr, str]
"""Key and address; without an address a provider is asked at its own."""


def accounts(given: Providers) -> Mapping[str, Account]:
    """Return the account of each provider."""
    return {
        "anthropic": (given.anthropic_api_key, given.anthropic_base_url),
        "openai": (given.openai_api_key, given.openai_base_url),
        "gemini": (given.gemini_api_key, given.gemini_base_url),
        "fireworks": (given.fireworks_api_key, given.fireworks_base_url),
        "groq": (given.groq_api_key, given.groq_base_url),
        "openrouter": (given.openrouter_api_key, given.openrouter_base_url),
        "huggingface": (given.hf_token, given.huggingface_base_url),
        "local": (given.local_api_key, given.local_base_url),
    }


def configured(given: Providers) -> tuple[str, ...]:
    """Return who can be asked: a key is set, or an address of one's own; a local server needs the address."""
    told = accounts(given).items()
    return tuple(name for name, (key, address) in told if address or (key.get_secret_value() and name != "local"))


def model_names(given: Models) -> Mapping[str, str]:
    """Return the model of each provider."""
    return {
        "anthropic": given.anthropic_model,
        "openai": given.openai_model,
        "gemini": given.gemini_model,
        "fireworks": given.fireworks_model,
        "groq": given.groq_model,
        "openrouter": given.openrouter_model,
        "huggingface": given.huggingface_model,
        "local": given.local_model,
    }
