"""The model stub in a thread of its own, so that a test may wait for the product meanwhile; and settings that name it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.stubs import hostile
from tests.stubs.models import ModelStub, Received, Reply, Script


@dataclass(slots=True)
class Provider:
    """A provider whose script may change between turns; `received` is its ledger."""

    script: Script = hostile.honest
    stub: ModelStub = field(init=False)

    def __post_init__(self) -> None:
        self.stub = ModelStub(self.answer)

    @property
    def received(self) -> list[Received]:
        return self.stub.received

    @property
    def heard(self) -> list[Received]:
        """Everything that reached it, also what no protocol asks for."""
        return [*self.stub.received, *self.stub.strays]

    def answer(self, received: Received) -> Reply | str:
        return self.script if isinstance(self.script, Reply) else self.script(received)

    def environment(self, wire: str) -> Mapping[str, str]:
        """Return the settings that make it the only provider, spoken to as OpenAI or Anthropic, and asked each time."""
        address = {"ANTHROPIC_BASE_URL": self.stub.url} if wire == "anthropic" else {"OPENAI_BASE_URL": self.stub.openai_url}
        return {**address, "FAULTMAVEN_MODELS__CACHE_HOURS": "0"}


@contextmanager
def provider() -> Generator[Provider, None, None]:
    """Serve until the block ends."""
    served, ready = Provider(), threading.Event()
    loop = asyncio.new_event_loop()
    over = asyncio.Event()

    async def serve() -> None:
        async with served.stub:
            ready.set()
            await over.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    try:
        assert ready.wait(60), "the stub did not start"
        yield served
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(10)
        loop.close()
