"""Which model the settings describe."""

from __future__ import annotations

import json
import secrets

import pytest

from activities.adapters.accounts import accounts, configured, model_names
from activities.adapters.anthropic_model import AnthropicModel
from activities.adapters.model_router import ModelRouter
from activities.adapters.models import open_models, open_vision
from activities.adapters.openai_model import OpenAIModel
from activities.adapters.recorded_model import RecordedModel
from activities.adapters.settings import Models, Providers, Settings, Vision
from activities.adapters.settings_check import read_settings
from activities.adapters.vendors import COMPATIBLE, VENDORS

KEY = secrets.token_hex(16)


def test_a_bare_machine_has_no_model():
    assert not open_models(Settings()).configured


def test_providers_are_asked_in_the_configured_order():
    providers = Providers(anthropic_api_key=KEY, openai_api_key=KEY)
    router = open_models(Settings(providers=providers, models=Models(order=("openai", "anthropic"), first_token_s=4)))
    assert isinstance(router, ModelRouter)
    first, second = (provider.model for provider in router.providers)
    assert isinstance(first, OpenAIModel)
    assert isinstance(second, AnthropicModel)
    assert (first.vendor.newer_limit, first.patience.first, first.client.max_retries, second.client.max_retries) == (
        True,
        4,
        0,
        0,
    )


def test_a_local_server_needs_an_address_and_no_key():
    router = open_models(Settings(providers=Providers(openai_base_url="http://127.0.0.1:11434/v1")))
    assert isinstance(router, ModelRouter)
    (provider,) = router.providers
    assert isinstance(provider.model, OpenAIModel)
    assert provider.model.vendor == COMPATIBLE


def test_recorded_answers_win_over_providers(tmp_path):
    path = tmp_path / "answers.json"
    path.write_text(json.dumps({"proposal": {}}))
    settings = Settings(models=Models(recorded=path), providers=Providers(openai_api_key=KEY))
    assert isinstance(open_models(settings), RecordedModel)


def test_pictures_go_to_nobody_unless_a_setting_names_whom():
    providers = Providers(anthropic_api_key=KEY, openai_api_key=KEY)
    assert not open_vision(Settings(providers=providers)).configured


def test_pictures_go_to_the_one_model_that_is_named_and_its_server_gets_no_other_key():
    vision = Vision(send_pictures_to="openai", model="sees", base_url="http://127.0.0.1:11434/v1")
    router = open_vision(Settings(providers=Providers(openai_api_key=KEY), vision=vision))
    assert isinstance(router, ModelRouter)
    (provider,) = router.providers
    assert isinstance(provider.model, OpenAIModel)
    assert (router.sees, provider.model.model, provider.model.vendor) == (True, "sees", COMPATIBLE)
    assert (str(provider.model.client.base_url), provider.model.client.api_key) == ("http://127.0.0.1:11434/v1/", "none")


KEYS = {
    "gemini": ("GEMINI_API_KEY", "https://generativelanguage.googleapis.com/v1beta/openai/"),
    "fireworks": ("FIREWORKS_API_KEY", "https://api.fireworks.ai/inference/v1/"),
    "groq": ("GROQ_API_KEY", "https://api.groq.com/openai/v1/"),
    "openrouter": ("OPENROUTER_API_KEY", "https://openrouter.ai/api/v1/"),
    "huggingface": ("HF_TOKEN", "https://router.huggingface.co/v1/"),
    "openai": ("OPENAI_API_KEY", "https://api.openai.com/v1/"),
    "anthropic": ("ANTHROPIC_API_KEY", "https://api.anthropic.com"),
}


@pytest.mark.parametrize("name", KEYS)
def test_a_key_alone_names_a_provider_and_its_address(name):
    variable, address = KEYS[name]
    router = open_models(read_settings({variable: KEY}))
    assert isinstance(router, ModelRouter)
    (provider,) = router.providers
    assert isinstance(provider.model, OpenAIModel | AnthropicModel)
    assert (provider.name, str(provider.model.client.base_url), provider.model.client.api_key) == (name, address, KEY)


def test_every_named_provider_has_a_model_an_account_and_a_place_in_the_order():
    settings = Settings()
    assert set(VENDORS) == set(settings.models.order) == set(model_names(settings.models)) == set(accounts(settings.providers))


def test_a_key_without_an_address_is_no_local_server():
    assert configured(Providers(local_api_key=KEY)) == ()
