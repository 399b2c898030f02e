"""What a case, a turn and the reading of a file are started with, and what a turn gives back."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from domain.case.projection import CaseRecord
from domain.case.state import CarriedCase, CaseState
from domain.case.turns import EvidenceRef, TurnReceipt, UserTurn


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStart:
    """The case to run; without a carried case the newest snapshot is loaded."""

    case_id: UUID
    carried: CarriedCase | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeTurn:
    """The turn to take and the case as it stands."""

    turn: UserTurn
    number: int
    carried: CarriedCase


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPart:
    """What a model is asked in a turn, by keys of safe blobs: by the turn itself, or later when every provider was away."""

    case_id: UUID
    team_id: str
    user_id: str
    turn_key: str
    number: int
    message_key: str
    answer_key: str
    """The rules' answer."""
    diagnosis_key: str
    status: str
    files_key: str
    passages_key: str = ""
    steps: int = 0
    soft_tokens: int = 0
    model: str = ""
    """What the case asks first; empty for the order of the deployment."""
    due_s: int = 0
    """Seconds until the provider that was asked last is due; 0 where none named a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnTaken:
    """The case after the turn; no receipt for a turn that was refused meanwhile."""

    state: CaseState
    receipt: TurnReceipt | None
    report: str = ""
    """The report that is due now that the case ended, empty for none."""
    upgrade: ModelPart | None = None
    """What a model is asked once one is back (rule DG2); None where one took part or none would."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadEvidence:
    """A file to read, and the workflow that waits for it besides its case; empty for none."""

    ref: EvidenceRef
    team_id: str = ""
    listener: str = ""
    listeners: tuple[str, ...] = ()
    """More of them: those who wait for the archive that gave the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fork:
    """A case that takes turns of another one again: its row names that case and how many turns."""

    case: CaseRecord
    without: tuple[str, ...] = ()
    """Files of the other case that stay behind; with an archive its members do."""
    number: int = 1
    """The turn to go on with."""
