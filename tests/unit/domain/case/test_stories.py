"""Whole stories of a case: each page tells, turn by turn, all that the rules changed and all that the reply carries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from domain.case import handover
from domain.case.findings import TurnFindings
from domain.case.headline import headline
from domain.case.journal import Exchange, MemoryBudget, memory
from domain.case.state import CaseState, Category, RowCategory, Scope
from domain.case.turns import IntentType
from tests.pages import changed, kept, told
from tests.unit.domain.case.build import Story, causal, cause, check, event, findings, fix, need, news, refuting, row

PAGES = Path(__file__).parent / "pages"
ABSENT = RowCategory.SYMPTOM_ABSENCE


@dataclass(frozen=True)
class Says:
    text: str
    found: TurnFindings | None = None
    files: tuple[int, ...] = ()

    def __call__(self, story: Story) -> str:
        story.says(self.text, self.found, files=tuple(news(number) for number in self.files))
        return f"says {self.text!r}" + (f", with files {list(self.files)}" if self.files else "")


@dataclass(frozen=True)
class Presses:
    label: str

    def __call__(self, story: Story) -> str:
        story.presses(next(each for each in story.outcome.actions if each.label.startswith(self.label)))
        return f"presses {self.label!r}"


@dataclass(frozen=True)
class Asks:
    target: str

    def __call__(self, story: Story) -> str:
        story.requests(self.target)
        return f"asks for {self.target}"


@dataclass(frozen=True)
class Decides:
    kind: str
    action: str
    reason: str = ""

    def __call__(self, story: Story) -> str:
        if self.kind == "solution":
            story.clicks(IntentType.SOLUTION_ACTION, solution_id=story.state.solutions[0].solution_id, action=self.action)
        else:
            target = story.state.hypotheses[0].hypothesis_id
            story.clicks(IntentType.HYPOTHESIS_ACTION, hypothesis_id=target, action=self.action, reason=self.reason)
        return f"decides on the first {self.kind}: {self.action}"


@dataclass(frozen=True)
class Reclassifies:
    file_id: str
    kind: str

    def __call__(self, story: Story) -> str:
        story.clicks(IntentType.FILE_RECLASSIFICATION, file_id=self.file_id, data_type=self.kind)
        return f"reads {self.file_id} as {self.kind}"


DISK = cause(1, row(1), causal(2), causal(40, file="file_2"))
RIVAL = cause(2, row(3), family="db_connections", category=Category.DATABASE)
THIRD = cause(3, causal(8), family="bad_release", category=Category.CODE)
LAST = cause(4, row(12), family="bad_release", category=Category.CODE, origin="model")
GUESS = cause(1, row(1), causal(2))
FULL = findings(
    DISK,
    RIVAL,
    THIRD,
    actions=(check(1), fix(kind="mitigation", text="Free space"), fix(), fix("db_connections")),
    needs=(need(separates=True, hints=("df -h",)), need("db_connections"), need("", text="What fails?")),
    symptoms=(row(3), row(4)),
    scope=Scope(services=("checkout", "cart"), users="EU customers", places=("eu-1",), share="12 %"),
    onset=event(0),
    onset_precise=True,
    timeline=(event(-4, change=True), event(0), event(3)),
    changes_searched=True,
    ongoing="ongoing",
    answers_question=True,
)
WEAK = findings(cause(1, row(5), family="slow_dependency"), needs=(need("slow_dependency"),))
SOLVED = (
    Says("checkout is failing since 11:00", findings(symptoms=(row(3),))),
    Says("yes", None),
    Says("here is the log", FULL, (1, 2)),
    Says("what should we do about it?", FULL),
    Decides("solution", "accepted"),
    Says("we applied repair disk_full", None),
    Says("works again, no errors since then", findings(symptoms=(row(1, ABSENT, "file_3"),)), (3,)),
)
STORIES: dict[str, tuple[Callable[[Story], str], ...]] = {
    "resolved": (*SOLVED, Says("hmm"), Says("yes"), Says("thanks!"), Decides("solution", "failed")),
    "resolved_and_back": (*SOLVED, Says("no, the error came back at 13:30"), Says("what now?", FULL), Asks("resolved")),
    "stalled": (
        Says("some requests to the search service are slow"),
        Says("yes", WEAK),
        *(Says(f"anything else? {n}", WEAK) for n in range(4)),
        Says("we do not have that", WEAK),
        *(Says(f"and now? {n}", findings()) for n in range(5)),
        Says("I have no access to the cluster", WEAK),
        Says("please escalate to a human", WEAK),
    ),
    "critical": (
        Says("prod is down, sev1, we are losing orders"),
        Says("yes", findings(DISK, breach=True, data_loss=True, ongoing="ongoing", actions=(fix(kind="mitigation"), fix()))),
        Says("what now?", findings(DISK, ongoing="ongoing")),
        Says("and now?", findings(DISK, ongoing="ongoing")),
        Says("an attacker has shell on web-1"),
        Says("we restarted the pods"),
        Says("still failing, the restart did not help"),
    ),
    "refuted": (
        Says("checkout is failing since 11:00", findings(DISK)),
        Says("yes", findings(DISK, RIVAL)),
        Says("measured", findings(cause(1, *(refuting(70 + n, file=f"file_{n}") for n in range(3))), RIVAL), (1, 2)),
        Says("nothing changed before that", findings(RIVAL)),
        Decides("hypothesis", "refute", "it was up"),
        Decides("hypothesis", "reopen"),
        Decides("hypothesis", "validate"),
        Decides("hypothesis", "dance"),
        Reclassifies("file_1", "metrics_and_performance"),
        Reclassifies("file_9", "metrics_and_performance"),
    ),
    "failed_fixes": (
        *SOLVED[:4],
        Decides("solution", "applied"),
        Says("no effect, it happened again", FULL, (4,)),
        Says("we restarted the message broker instead of what you proposed"),
        Says("it happened again", FULL),
        Decides("solution", "failed"),
        Says("what else?", FULL),
        Decides("solution", "rejected"),
        Asks("closed"),
        Presses("Yes"),
    ),
    "declined": (
        Says("hello"),
        Says("the cart shows errors for 3 % of users in eu-west since 09:30"),
        Says("no"),
        Says("the cart shows errors for 3 % of users in eu-west since 09:30, p99 is 4 s"),
        Says("what would that change?"),
        Says("hmm"),
        Says("status?"),
        Asks("closed"),
        Asks("closed"),
        Says("why was it slow?"),
    ),
    "weighed": (
        Says("this is a P3: search is slow right now for some users"),
        Says("yes", findings(GUESS, RIVAL, LAST)),
        Says(
            "here is more",
            findings(GUESS, RIVAL, LAST, actions=(check(1), fix(), fix("bad_release"), check(2, "db_connections"))),
            (1,),
        ),
        *(Says(f"one more thought {n}", findings(cause(1, row(60 + n), family=f"idea_{n}"))) for n in range(3)),
        Says("here is another", findings(replace(GUESS, rows=(refuting(71), refuting(72))), RIVAL), (2,)),
        Says("it was down yesterday, no rush", findings(replace(LAST, rows=(causal(8), causal(9, file="file_2"))), RIVAL)),
        *(Says(f"what else could we look at here? {n}", findings(RIVAL)) for n in range(4)),
        Says("I have no access to the logs, they were rotated away", findings(RIVAL)),
    ),
    "systemic": (
        Says("everything is down right now: checkout, cart and search"),
        Says("yes", findings(RIVAL, separate_onsets=3, zones_known=False, timeline=(event(-30, change=True), event(0)))),
        Says("look", findings(RIVAL, THIRD, DISK, separate_onsets=3, onset=event(2)), (1,)),
        Says("low priority for us, it is only the staging cluster", findings(RIVAL)),
        Says("the errors are gone now"),
        Asks("resolved"),
        Asks("investigating"),
    ),
}


def remembered(state: CaseState) -> str:
    """Return what an operator, the next person and a model read of the case in the end."""
    talk = [Exchange(turn=n, question=f"question {n}", answer=f"answer {n}", summary=f"summary {n}") for n in range(1, 7)]
    short = MemoryBudget(exchanges=18, summaries=11, journal=61, standing=42)
    told = (headline(state), handover.text(state), memory(state, talk, lambda text: len(text.split()), short))
    return "\n\n".join(("## In the end", *told))


@pytest.mark.parametrize("name", STORIES)
def test_a_story_goes_as_its_page_tells(name: str) -> None:
    story, turns = Story(), []
    for step in STORIES[name]:
        before = story.state
        heading = step(story)
        turns.append(f"## {story.state.turn}: {heading}\n{changed(before, story.state)}\n\n{told(story.outcome)}\n")
    kept(PAGES / f"{name}.txt", "\n".join((*turns, remembered(story.state))))
