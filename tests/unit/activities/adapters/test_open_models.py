"""Which model the settings describe."""

from __future__ import annotations

import json
import secrets

from activities.adapters.anthropic_model import AnthropicModel
from activities.adapters.model_router import ModelRouter
from activities.adapters.models import open_models, open_vision
from activities.adapters.openai_model import OpenAIModel
from activities.adapters.recorded_model import RecordedModel
from activities.adapters.settings import Models, Providers, Settings, Vision

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
    assert (first.compatible, first.patience.first, first.client.max_retries, second.client.max_retries) == (False, 4, 0, 0)


def test_a_local_server_needs_an_address_and_no_key():
    router = open_models(Settings(providers=Providers(openai_base_url="http://127.0.0.1:11434/v1")))
    assert isinstance(router, ModelRouter)
    (provider,) = router.providers
    assert isinstance(provider.model, OpenAIModel)
    assert provider.model.compatible


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
    assert (router.sees, provider.model.model, provider.model.compatible) == (True, "sees", True)
    assert (str(provider.model.client.base_url), provider.model.client.api_key) == ("http://127.0.0.1:11434/v1/", "none")
