"""The models that the settings describe: recorded answers, or providers behind one router, and the one that sees pictures."""

from __future__ import annotations

from activities.adapters.accounts import Account, accounts, configured, model_names
from activities.adapters.model_calls import Patience
from activities.adapters.model_router import open_router
from activities.adapters.recorded_model import open_recorded_model
from activities.adapters.settings import Models, Provider, Settings
from domain.ports.models import LanguageModel


def open_models(settings: Settings) -> LanguageModel:
    """Return the model; without a key or address it says that none is configured. It takes no pictures."""
    if settings.models.recorded is not None:
        return open_recorded_model(settings.models.recorded)
    order = [name for name in settings.models.order if name in configured(settings.providers)]
    return open_router([(name, _open(name, settings)) for name in order])


def open_vision(settings: Settings) -> LanguageModel:
    """Return the one model that pictures are shown to, behind a breaker of its own; none is configured unless a setting says so."""
    vision = settings.vision
    if vision.send_pictures_to == "nobody":
        return open_router([])
    name = vision.send_pictures_to
    key, address = (vision.api_key, vision.base_url) if vision.base_url else accounts(settings.providers)[name]
    return open_router([(name, _opened(name, vision.model, (key, address), settings.models))], sees=True)


def _open(name: Provider, settings: Settings) -> LanguageModel:
    return _opened(name, model_names(settings.models)[name], accounts(settings.providers)[name], settings.models)


def _opened(name: Provider, model: str, account: Account, limits: Models) -> LanguageModel:
    """Open one provider; its SDK takes some 20 MB and a second to import, so only those asked for are."""
    patience = Patience(connect=limits.connect_s, first=limits.first_token_s, gap=limits.gap_s, whole=limits.whole_s)
    key, address = account[0].get_secret_value(), account[1]
    if name == "anthropic":
        from activities.adapters.anthropic_model import open_anthropic_model  # ruff: ignore[import-outside-top-level]  # heavy, see above

        return open_anthropic_model(name, model, key, address, patience)
    from activities.adapters.openai_model import open_openai_model  # ruff: ignore[import-outside-top-level]  # heavy, see above

    return open_openai_model(name, model, key, address, patience)
