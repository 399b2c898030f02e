"""Steps that make text safe."""

from __future__ import annotations

from dataclasses import dataclass

from temporalio import activity

from domain.case.turns import UserTurn
from domain.ports.sealing import BlobStore, Redactor, read


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactMessage:
    """Make the message of a turn safe."""

    turn: UserTurn


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeMessage:
    """Where the safe message lies; a message that is held back has no key and goes nowhere."""

    key: str
    held_back: bool = False


@dataclass(frozen=True, slots=True)
class PrivacyActivities:
    """What needs the redactor before anything else may look at a turn."""

    blobs: BlobStore
    redactor: Redactor

    @activity.defn
    async def redact_message(self, request: RedactMessage) -> SafeMessage:
        """Return the key of the message without personal data and secrets.

        Safe to retry: numbers are stable within a case, and blobs are named by their content.
        """
        turn = request.turn
        raw = await read(self.blobs, turn.case_id, turn.text_key)
        (safe,) = await self.redactor.redact(turn.case_id, (raw.decode("utf-8", "replace"),))
        return SafeMessage(key=await self.blobs.put(turn.case_id, safe.encode()))
