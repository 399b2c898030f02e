"""What is healthy: background probes and real calls write it, requests only read it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import starmap

from prometheus_client import Gauge

from domain.errors import FaultMavenError

log = logging.getLogger(__name__)

CRITICAL = ("temporal", "workers", "database", "blobs", "redaction")
OPTIONAL = ("models", "passages")
STATUS = Gauge("faultmaven_health_status", "1 healthy, 0.5 degraded, 0 unhealthy.", ["component"])
LEVEL: Mapping[str, float] = {"healthy": 1, "disabled": 1, "degraded": 0.5, "unhealthy": 0}

Probe = Callable[[], Awaitable[str]]
"""Returns healthy, degraded or disabled; raises when the component is away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """The newest look at one component."""

    status: str = "unhealthy"
    checked_at: datetime | None = None
    response_time_ms: float | None = None
    last_error: str | None = "not probed yet"
    healthy_since: datetime | None = None


@dataclass(slots=True)
class HealthBoard:
    """The components of this process's surroundings; `run` probes them until it is cancelled."""

    probes: Mapping[str, Probe]
    every: float = 2.0
    """Seconds between two looks at everything."""
    patience: float = 2.0
    """Seconds after which a probe counts as failed."""
    components: dict[str, Component] = field(default_factory=dict)
    lost: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Parts of a component, such as model providers, that failed a real call: no probe may try those out."""

    async def run(self) -> None:
        """Probe all components side by side, for ever."""
        while True:
            await self.look()
            await asyncio.sleep(self.every)

    async def look(self) -> None:
        """Probe every component once."""
        await asyncio.gather(*starmap(self._probe, self.probes.items()))

    async def _probe(self, name: str, probe: Probe) -> None:
        started = time.perf_counter()
        try:
            status, error = await asyncio.wait_for(probe(), self.patience), None
            status = "degraded" if status == "healthy" and self.lost.get(name) else status
        except (FaultMavenError, TimeoutError, OSError, RuntimeError) as failure:
            status, error = "unhealthy", type(failure).__name__
        self._note(name, status, error, round((time.perf_counter() - started) * 1000, 1))

    def _note(self, name: str, status: str, error: str | None, took_ms: float) -> None:
        now, before = datetime.now(UTC), self.components.get(name, Component())
        if before.status != status:
            log.info("health changed", extra={"component": name, "status": status, "failure": error})
        since = before.healthy_since or now if status in {"healthy", "disabled"} else None
        self.components[name] = replace(
            before, status=status, checked_at=now, response_time_ms=took_ms, last_error=error, healthy_since=since
        )
        STATUS.labels(name).set(LEVEL[status])

    def learn(self, name: str, lost: tuple[str, ...]) -> None:
        """Keep which parts a real call found away; the next look shows it."""
        self.lost[name] = lost

    def failing(self) -> tuple[str, ...]:
        """Return the critical components that are unhealthy."""
        return tuple(name for name in CRITICAL if self.components.get(name, Component()).status == "unhealthy")

    def overall(self) -> str:
        """Return unhealthy when a critical component is away, degraded when anything else is not well."""
        if self.failing():
            return "unhealthy"
        statuses = {component.status for component in self.components.values()}
        return "degraded" if statuses & {"degraded", "unhealthy"} else "healthy"
