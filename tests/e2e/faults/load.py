"""Clients that post their messages in order, repeat with the same key until they are answered, and deliver some twice."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import httpx

from tests.e2e.faults.journal import Journal
from tests.e2e.faults.plan import OLD, Message, Plan
from tests.waiting import eventually

PAUSE_S, POLL_S = 0.4, 1.2
"""Before a message is sent again, and between polls; a real client is more patient."""
PATIENCE_S = 240.0
"""How long a client waits for an acknowledgement, or for an answer, of one message."""
ASYNC, PATIENT = "respond-async", "wait=10"
WITHDRAWN = 422
"""A poll's word for a turn that was refused after all: send it again."""

Redeliver = Callable[[str, str], Awaitable[None]]


@dataclass(slots=True)
class Load:
    """All clients of a run over one connection pool."""

    http: httpx.AsyncClient
    journal: Journal
    plan: Plan
    redeliver: Redeliver
    """Tells the engine once more of a turn of a case, by its turn id."""
    cases: list[str] = field(default_factory=list)
    turn_ids: dict[str, str] = field(default_factory=dict)
    answered: dict[int, int] = field(default_factory=dict)
    """Answered messages per case so far."""

    @property
    def done(self) -> int:
        return sum(self.answered.values())

    async def run(self) -> None:
        """Open the cases and go through the plan, all cases at once."""
        for message in self.plan.messages:
            self.journal.note("planned", case=f"case{message.case}", message=message.number, key=message.key, text=message.text)
        self.cases += [await self._open(number) for number in range(len(self.plan.cases))]
        async with asyncio.TaskGroup() as clients:
            for number in range(len(self.plan.cases)):
                clients.create_task(self._client(number))

    async def _open(self, number: int) -> str:
        headers = {"Idempotency-Key": f"seed{self.plan.seed}-open{number}"}
        answer = await self.http.post("/api/v1/cases", json={}, headers=headers)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["case_id"])

    async def _client(self, case: int) -> None:
        """Post each burst in order, then wait for its answers."""
        retold = {message.number: message.key for burst in self.plan.cases[case] for message in burst if message.retold}
        for burst in self.plan.cases[case]:
            for message in burst:
                if older := retold.get(message.number - OLD):
                    await self.redeliver(self.cases[case], self.turn_ids[older])
                await self._send(message, PATIENT if len(burst) == 1 else ASYNC)
            for message in burst:
                await self._receive(message)
                self.answered[case] = message.number

    async def _send(self, message: Message, prefer: str) -> None:
        """Post until the API says yes, twice at once where the plan says so."""
        copies = 2 if message.duplicate == "at_once" else 1

        async def acknowledged() -> bool:
            return any(await asyncio.gather(*(self._post(message, prefer) for _ in range(copies))))

        await eventually(acknowledged, PATIENCE_S, f"an acknowledgement of {message.key}", PAUSE_S)
        if message.duplicate == "while_waiting":
            await self._post(message, ASYNC)

    async def _receive(self, message: Message) -> None:
        """Poll until the answer is there, then send the message once more where the plan says so."""

        async def answered() -> bool:
            status = await self._poll(message)
            if status == WITHDRAWN:
                await self._send(message, ASYNC)
            return status == 200

        await eventually(answered, PATIENCE_S, f"an answer to {message.key}", POLL_S)
        if message.duplicate == "later":
            await self._send(message, PATIENT)

    async def _post(self, message: Message, prefer: str) -> bool:
        """Send the message with its key; return whether it was acknowledged, and note what was said."""
        headers = {"Idempotency-Key": message.key, "Prefer": prefer}
        status = await self._said(message, "POST", "", data={"query": message.text}, headers=headers)
        if status in {200, 202}:
            self.journal.note("acknowledged", key=message.key, status=status)
        elif status in {0, 503}:
            self.journal.note("refused", key=message.key, status=status)
        return status in {200, 202}

    async def _poll(self, message: Message) -> int:
        status = await self._said(message, "GET", f"/{self.turn_ids[message.key]}")
        if status == WITHDRAWN:
            self.journal.note("withdrawn", key=message.key)
        return status

    async def _said(self, message: Message, method: str, path: str, **options: object) -> int:
        """Return the status of an answer, 0 for a broken connection; note answers and what nobody can explain."""
        try:
            answer = await self.http.request(method, f"/api/v1/cases/{self.cases[message.case]}/turns{path}", **options)
        except httpx.TransportError:
            return 0
        if answer.status_code in {200, 202}:
            self._noted(message, answer)
        elif answer.status_code != 503 and not (method == "GET" and answer.status_code == WITHDRAWN):
            self.journal.note("unexpected", key=message.key, status=answer.status_code, detail=answer.text[:300])
        return answer.status_code

    def _noted(self, message: Message, answer: httpx.Response) -> None:
        body = answer.json()
        self.turn_ids[message.key] = body["turn_id"]
        if answer.status_code == 200:
            self.journal.note("answered", key=message.key, turn=body["turn_number"], body=fingerprint(body))


def fingerprint(body: object) -> str:
    """Return a short mark of a whole answer."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:16]
