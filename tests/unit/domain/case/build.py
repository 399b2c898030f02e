"""Cases, turns and findings with defaults that make sense, for the tests of the rules of a case."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from domain.case.advance import advance
from domain.case.findings import ActionDraft, CauseDraft, NeedDraft, RowDraft, TurnFindings
from domain.case.intents import read_message
from domain.case.outcome import Advanced, SuggestedAction, TurnInput
from domain.case.policy import DEFAULT, Policy
from domain.case.state import CaseState, CaseStatus, Category, EvidenceNews, RowCategory, Stance, TimelineEntry
from domain.case.turns import EvidenceRef, Intent, IntentType, UserTurn

CASE = UUID("6f1c1f0e-9d3f-4c7e-8a65-0d6f6a1c2b3d")
NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def a_case(**fields) -> CaseState:
    return CaseState(case_id=CASE, owner_id="user-1", team_id="team-1", **fields)


def a_ref(number: int = 1, **fields) -> EvidenceRef:
    return EvidenceRef(
        case_id=CASE, file_id=f"file_{number}", blob_key=f"blob-{number}", name=f"file-{number}.log", size_bytes=10, **fields
    )


def news(number: int = 1, **fields) -> EvidenceNews:
    defaults = {"name": f"file-{number}.log", "kind": "logs_and_errors", "confidence": 0.9, "status": "completed", "lines": 100}
    return EvidenceNews(file_id=f"file_{number}", **{**defaults, **fields})


def a_user_turn(key: str = "key-1", **fields) -> UserTurn:
    return UserTurn(case_id=CASE, turn_key=key, user_id="user-1", text_key="text-1", posted_at=NOON, **fields)


def row(line: int = 1, category: RowCategory = RowCategory.SYMPTOM, file: str = "file_1", **fields) -> RowDraft:
    return RowDraft(
        category=category, file_id=file, first=line, last=line, witness=fields.pop("witness", f"template-{line}"), **fields
    )


def causal(line: int = 50, **fields) -> RowDraft:
    return row(line, RowCategory.CAUSAL, **fields)


def refuting(line: int = 70, **fields) -> RowDraft:
    return row(line, RowCategory.OTHER, stance=Stance.REFUTES, **fields)


def cause(
    rank: int = 1, *rows: RowDraft, family: str = "disk_full", category: Category = Category.ENVIRONMENT, **fields
) -> CauseDraft:
    defaults = {"subject": f"subject-{family}", "statement": f"The cause is {family} on its subject", "origin": "rule"}
    return CauseDraft(rank=rank, family=family, category=category, rows=rows, **{**defaults, **fields})


def findings(*causes: CauseDraft, **fields) -> TurnFindings:
    return TurnFindings(answer_key="answer", status="candidates", causes=causes, **fields)


def fix(family: str = "disk_full", kind: str = "fix", **fields) -> ActionDraft:
    defaults = {
        "text": f"Repair {family}",
        "command": f"kubectl apply -f {family}.yaml",
        "state_change": "one setting",
        "reversible": "yes",
        "blast_radius": "service",
        "verify": "errors stop within five minutes",
    }
    return ActionDraft(kind=kind, family=family, **{**defaults, **fields})


def check(number: int = 1, family: str = "disk_full") -> ActionDraft:
    return ActionDraft(text=f"Look at {number}", command=f"df -h /{number}", kind="check", family=family, read_only=True)


def need(family: str = "disk_full", **fields) -> NeedDraft:
    return NeedDraft(kind="causal_verification", family=family, text=fields.pop("text", f"Output that shows {family}"), **fields)


def event(minute: int, change: bool = False) -> TimelineEntry:
    return TimelineEntry(
        time=NOON + timedelta(minutes=minute),
        text=f"event {minute}",
        file_id="file_1",
        line=minute + 1,
        certainty="exact",
        change=change,
    )


class Story:
    """A case told turn by turn: each call is one turn, the newest outcome is kept."""

    def __init__(self, state: CaseState | None = None, policy: Policy = DEFAULT) -> None:
        self.state = state or a_case()
        self.policy = policy
        self.last: Advanced | None = None

    @property
    def outcome(self):
        return self.last.outcome

    @property
    def labels(self) -> list[str]:
        return [action.label for action in self.outcome.actions]

    def says(self, text: str, found: TurnFindings | None = None, **fields) -> Story:
        attached = bool(fields.get("files") or fields.get("unread"))
        number = self.state.turn + 1
        now = NOON + timedelta(minutes=10 * number)
        reading = read_message(text, attached, self.state.pending, now)
        turn = TurnInput(
            turn_key=f"key-{number}", number=number, intent=Intent(), reading=reading, now=now, has_text=bool(text), **fields
        )
        return self._take(turn, found)

    def clicks(self, kind: IntentType, found: TurnFindings | None = None, **data: str) -> Story:
        number = self.state.turn + 1
        now = NOON + timedelta(minutes=10 * number)
        reading = read_message("", False, self.state.pending, now)
        turn = TurnInput(
            turn_key=f"key-{number}", number=number, intent=Intent(type=kind, data=data), reading=reading, now=now, has_text=False
        )
        return self._take(turn, found)

    def requests(self, target: str, **data: str) -> Story:
        return self.clicks(IntentType.STATUS_TRANSITION, to_state=target, **data)

    def presses(self, action: SuggestedAction) -> Story:
        return self.clicks(action.intent.type, **action.intent.data)

    def confirms(self, value: bool = True, pending_id: str | None = None) -> Story:
        own = self.state.pending.pending_id if pending_id is None and self.state.pending else pending_id or ""
        return self.clicks(IntentType.CONFIRMATION, confirmation_value=str(value).lower(), pending_id=own)

    def _take(self, turn: TurnInput, found: TurnFindings | None) -> Story:
        self.last = advance(self.state, turn, found, self.policy)
        self.state = self.last.state
        return self


def investigating(found: TurnFindings | None = None, policy: Policy = DEFAULT) -> Story:
    """A case whose investigation has just started (turn 2)."""
    story = Story(policy=policy).says("checkout is failing since 11:00", found).says("yes")
    assert story.state.status is CaseStatus.INVESTIGATING
    return story


def identified() -> Story:
    """An investigation with an identified cause and a proposed fix (turn 3)."""
    found = findings(cause(1, row(1), causal(2)), actions=(fix(),))
    return investigating().says("here is the log", found, files=(news(),))


def with_state(story: Story, **fields) -> Story:
    story.state = replace(story.state, **fields)
    return story
