"""Several providers as one LanguageModel: the first healthy one in the configured order, one call each time."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from activities.adapters.breaker import Breaker
from activities.adapters.model_calls import AccountRefused
from domain.errors import FaultMavenError, ModelBusy, ModelRefused, ModelUnreachable
from domain.ports.models import LanguageModel, ModelAnswer, ModelRequest, TurnFeed

PER_PROVIDER = 2
"""Attempts of a turn at one provider before the next one is asked (reliability.md 5)."""
LONGEST_WAIT_S = 60
"""A longer Retry-After skips the provider."""
ACCOUNT_WAIT_S = 300
"""How long a provider is left alone that refuses our key or account."""


@dataclass(frozen=True, slots=True)
class Provider:
    """A model with its name and its breaker."""

    name: str
    model: LanguageModel
    breaker: Breaker


@dataclass(frozen=True, slots=True)
class ModelRouter:
    """Picks one provider per call; retrying is the engine's business."""

    providers: tuple[Provider, ...]
    sees: bool = False
    """Whether pictures may go to these providers; a setting alone says so."""

    @property
    def configured(self) -> bool:
        """Whether there is any provider."""
        return bool(self.providers)

    @property
    def who(self) -> str:
        """All providers in their order."""
        return ",".join(provider.model.who for provider in self.providers)

    async def answer(self, request: ModelRequest, feed: TurnFeed) -> ModelAnswer:
        """Return the answer of one provider; `skipped` names those that were passed over because they fail."""
        if request.picture is not None and not self.sees:
            raise ModelRefused("pictures are not sent to this model")
        first, _, wanted = request.model.partition("/")
        order = sorted(self.providers, key=lambda one: one.name != first)
        provider = _pick(order, request.attempt)
        probe, told = provider.breaker.enter(), None
        try:
            answer = await provider.model.answer(replace(request, model=wanted if provider.name == first else ""), feed)
            told = True
        except FaultMavenError as failure:
            told = _blame(provider.breaker, failure)
            raise self._onward(provider, failure) from None
        finally:
            provider.breaker.leave(probe=probe, success=told)
        return replace(answer, provider=provider.name, skipped=tuple(one.name for one in order[: order.index(provider)]))

    @property
    def failing(self) -> tuple[str, ...]:
        """Names of providers that are skipped now, for health."""
        return tuple(provider.name for provider in self.providers if not provider.breaker.closed)

    def _onward(self, asked: Provider, failure: FaultMavenError) -> FaultMavenError:
        """Return a failure that is retried at once when this provider is out of the turn and another is left.

        A refused account may be put in order by somebody: without another provider that is waited for.
        """
        others = any(other.breaker.ready for other in self.providers if other is not asked)
        if others and not asked.breaker.ready and isinstance(failure, ModelBusy | AccountRefused):
            return ModelUnreachable(f"{failure}; the next provider is asked")
        return ModelBusy(str(failure), ACCOUNT_WAIT_S) if isinstance(failure, AccountRefused) else failure


def _pick(order: Sequence[Provider], attempt: int) -> Provider:
    """Return the provider of this attempt: two attempts each, in order, over those that would take a call."""
    ready = [provider for provider in order if provider.breaker.ready]
    if not ready:
        soonest = min((provider.breaker.wait_s for provider in order), default=0.0)
        raise ModelBusy("no model provider takes calls now; the rules answer", max(LONGEST_WAIT_S + 1, math.ceil(soonest)))
    return ready[min((attempt - 1) // PER_PROVIDER, len(ready) - 1)]


def _blame(breaker: Breaker, failure: FaultMavenError) -> bool | None:
    """Return what a failure tells about the provider: a refused request tells that it works, a refused account nothing."""
    if isinstance(failure, AccountRefused):
        breaker.hold(ACCOUNT_WAIT_S)
        return None
    if isinstance(failure, ModelBusy) and (failure.retry_after or 0) > LONGEST_WAIT_S:
        breaker.hold(failure.retry_after or 0)
        return None
    return isinstance(failure, ModelRefused)


def open_router(
    models: Sequence[tuple[str, LanguageModel]], clock: Callable[[], float] = time.monotonic, *, sees: bool = False
) -> ModelRouter:
    """Return the router over named models in their order; an empty list is a product without a model."""
    return ModelRouter(tuple(Provider(name, model, Breaker(clock)) for name, model in models), sees)
