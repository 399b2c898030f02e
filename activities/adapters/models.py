"""The language model that the settings describe: recorded answers, or providers behind one router."""

from __future__ import annotations

from activities.adapters.model_calls import Patience
from activities.adapters.model_router import open_router
from activities.adapters.recorded_model import open_recorded_model
from activities.adapters.settings import Settings
from domain.ports.models import LanguageModel


def open_models(settings: Settings) -> LanguageModel:
    """Return the model; without a key or address it says that none is configured."""
    if settings.models.recorded is not None:
        return open_recorded_model(settings.models.recorded)
    order = [name for name in settings.models.order if name in settings.providers.configured]
    return open_router([(name, _open(name, settings)) for name in order])


def _open(name: str, settings: Settings) -> LanguageModel:
    """Open one provider; its SDK takes some 20 MB and a second to import, so only those asked for are."""
    models, providers = settings.models, settings.providers
    patience = Patience(connect=models.connect_s, first=models.first_token_s, gap=models.gap_s, whole=models.whole_s)
    if name == "anthropic":
        from activities.adapters.anthropic_model import open_anthropic_model  # ruff: ignore[import-outside-top-level]  # heavy, see above

        key = providers.anthropic_api_key.get_secret_value()
        return open_anthropic_model(name, models.anthropic_model, key, providers.anthropic_base_url, patience)
    from activities.adapters.openai_model import open_openai_model  # ruff: ignore[import-outside-top-level]  # heavy, see above

    key = providers.openai_api_key.get_secret_value()
    return open_openai_model(name, models.openai_model, key, providers.openai_base_url, patience)
