"""The closed vocabularies of a case; a word of a later version decodes to a harmless one."""

from __future__ import annotations

from enum import StrEnum


class CaseStatus(StrEnum):
    """The four states of a case."""

    INQUIRY = "inquiry"
    INVESTIGATING = "investigating"
    RESOLVED = "resolved"
    CLOSED = "closed"
    UNKNOWN = "unknown"

    @classmethod
    def _missing_(cls, value: object) -> CaseStatus:
        return cls.UNKNOWN

    @property
    def terminal(self) -> bool:
        """Whether the case has ended."""
        return self in {CaseStatus.RESOLVED, CaseStatus.CLOSED}


class HypothesisStatus(StrEnum):
    """Where a hypothesis stands."""

    CAPTURED = "captured"
    ACTIVE = "active"
    VALIDATED = "validated"
    REFUTED = "refuted"
    INCONCLUSIVE = "inconclusive"
    RETIRED = "retired"
    UNKNOWN = "unknown"

    @classmethod
    def _missing_(cls, value: object) -> HypothesisStatus:
        return cls.UNKNOWN


class Category(StrEnum):
    """Where a cause lies."""

    CODE = "code"
    CONFIG = "config"
    ENVIRONMENT = "environment"
    NETWORK = "network"
    DATA = "data"
    DATABASE = "database"
    HARDWARE = "hardware"
    SECURITY = "security"
    EXTERNAL = "external"
    HUMAN = "human"
    OTHER = "other"

    @classmethod
    def _missing_(cls, value: object) -> Category:
        return cls.OTHER


class Stance(StrEnum):
    """How a row stands to a hypothesis."""

    SUPPORTS = "supports"
    REFUTES = "refutes"
    NEUTRAL = "neutral"

    @classmethod
    def _missing_(cls, value: object) -> Stance:
        return cls.NEUTRAL


class RowCategory(StrEnum):
    """What an evidence row shows (rule E3)."""

    SYMPTOM = "symptom"
    CAUSAL = "causal"
    SYMPTOM_ABSENCE = "symptom_absence"
    CAUSAL_ABSENCE = "causal_absence"
    OTHER = "other"

    @classmethod
    def _missing_(cls, value: object) -> RowCategory:
        return cls.OTHER
