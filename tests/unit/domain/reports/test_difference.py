"""Two cases compared: what moved, what stands in one of them only, and how that is told."""

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from domain.case.state import CaseStatus, Conclusion
from domain.diagnosis.reply import TurnReply
from domain.diagnosis.values import AnswerCause, AnswerLine
from domain.reports.difference import Difference, Only, difference
from domain.reports.difference_markdown import LISTED, render
from domain.reports.stand import Advised, Cited, Held, NamedFile, RankedCause, Stand, stand
from tests.builders import a_case_record, a_file_record, an_evidence_record
from tests.pages import kept
from tests.unit.domain.case.build import CASE, causal, cause, findings, investigating, row

PAGES = Path(__file__).parent / "pages"
HERRING = NamedFile(name="clients.log", sha256="aa")
DISK_LOG = NamedFile(name="payment.log", sha256="bb")


def ranked(key: str, rank: int, likelihood: float) -> RankedCause:
    level = "probable" if likelihood > 0.5 else "speculation"
    return RankedCause(
        key=key, statement=f"The {key} is the cause", rank=rank, likelihood=likelihood, level=level, status="active"
    )


def cited(said: str, file: NamedFile | None, line: int, text: str) -> Cited:
    name, content = (file.name, file.sha256) if file else ("", "")
    return Cited(said=said, file=name, first_line=line, last_line=line, text=text, sha256=content)


def a_stand(*causes: RankedCause, **given: object) -> Stand:
    defaults = {"case_id": "one", "title": "Checkout fails", "turn": 10, "state": "investigating"}
    held = (
        Held(text=causes[0].statement, confidence=causes[0].likelihood, level=causes[0].level, assurance="no_root")
        if causes
        else None
    )
    return Stand(**{**defaults, "causes": causes, "conclusion": held, **given})


BEFORE = a_stand(
    ranked("pool", 1, 0.65),
    ranked("disk", 2, 0.55),
    ranked("config", 3, 0.3),
    files=(HERRING, DISK_LOG),
    evidence=(
        cited("causal", HERRING, 1, "FATAL: sorry, too many clients already | <b>`x`</b>"),
        cited("symptom", DISK_LOG, 1, "No space left on device"),
        cited("symptom", None, 0, "checkout is failing"),
    ),
    claims=(cited("for: The pool is the cause", HERRING, 1, "FATAL: sorry"),),
    actions=(Advised(text="End idle sessions", command="psql -c x"), Advised(text="Free space", command="")),
)
AFTER = a_stand(
    ranked("disk", 1, 0.65),
    ranked("config", 3, 0.3),
    ranked("bug", 2, 0.3),
    case_id="two",
    title="Checkout fails (fork)",
    files=(replace(DISK_LOG, name="renamed.log"),),
    evidence=(
        cited("symptom", replace(DISK_LOG, name="renamed.log"), 1, "No space left"),
        cited("symptom", None, 0, "Checkout is failing!"),
    ),
    actions=(Advised(text="Free space.", command=""),),
)


def test_what_two_cases_conclude_differently_reads_as_its_page_tells() -> None:
    kept(PAGES / "difference.md", render(difference(BEFORE, AFTER)))


def test_causes_move_by_rank_and_those_of_one_case_come_and_go() -> None:
    found = difference(BEFORE, AFTER)
    assert {each.statement: each.move for each in found.causes} == {
        "The disk is the cause": "up",
        "The config is the cause": "stays",
        "The bug is the cause": "new",
        "The pool is the cause": "gone",
    }
    assert found.leader_changed


def test_content_counts_and_neither_names_nor_wording() -> None:
    found = difference(BEFORE, AFTER)
    assert found.files == Only(before=(HERRING,), after=())
    assert [one.file for one in found.evidence.before] == ["clients.log"]
    assert (found.evidence.after, found.actions.after) == ((), ())
    assert [one.text for one in found.actions.before] == ["End idle sessions"]


def test_a_case_does_not_differ_from_itself() -> None:
    found = difference(BEFORE, BEFORE)
    nothing = Only(before=(), after=())
    assert (found.files, found.evidence, found.claims, found.actions) == (nothing,) * 4
    assert ({each.move for each in found.causes}, found.leader_changed) == ({"stays"}, False)


@given(st.permutations(["pool", "disk", "config"]), st.permutations(["disk", "bug", "pool"]))
def test_turned_round_it_says_the_opposite(left: list[str], right: list[str]) -> None:
    sides = [a_stand(*(ranked(key, place, 0.5) for place, key in enumerate(keys, start=1))) for keys in (left, right)]
    opposite = {"new": "gone", "gone": "new", "up": "down", "down": "up", "stays": "stays"}
    there, back = difference(*sides), difference(*reversed(sides))
    assert {each.statement: opposite[each.move] for each in there.causes} == {each.statement: each.move for each in back.causes}
    assert there.leader_changed == back.leader_changed == (left[0] != right[0])


def test_who_leads_is_said_whatever_is_missing() -> None:
    nobody = a_stand()
    said = [render(difference(*pair)) for pair in ((nobody, nobody), (nobody, BEFORE), (BEFORE, nobody), (BEFORE, BEFORE))]
    words = (
        "No cause leads, before and after.",
        "**A cause leads now.**",
        "**No cause leads any more.**",
        "The same cause leads.",
    )
    assert [word in text for word, text in zip(words, said, strict=True)] == [True] * 4


def test_a_long_list_is_cut_and_says_so() -> None:
    many = tuple(cited("symptom", DISK_LOG, line, "x") for line in range(1, LISTED + 4))
    told: Difference = difference(a_stand(evidence=many), a_stand())
    assert "- … and 3 more" in render(told)
    assert len(told.evidence.before) == LISTED + 3


def test_where_a_case_stands_comes_from_its_state_its_rows_and_its_newest_reply() -> None:
    story = investigating(findings(cause(1, row(1), causal(2)), cause(2, row(3), family="db_connections")))
    file = a_file_record(file_id="file_1", case_id=CASE, name="app.log", sha256="cc")
    line = AnswerLine(file="app.log", line=2, text="No space left", file_id="file_1")
    told = AnswerCause(
        rank=1,
        family="disk_full",
        statement="The disk",
        confidence=0.5,
        level="probable",
        assurance="no_root",
        evidence=(line,),
        against=(line,),
    )
    reply = TurnReply(turn_id="t", turn_number=2, agent_response="x", outcome=story.outcome, causes=(told,))
    held = Conclusion(
        hypothesis_id="h", text="The disk", confidence=0.5, level="probable", momentum="low", assurance="no_root", turn=2
    )
    rows = (an_evidence_record(file_id="file_1", first_line=2, last_line=3), an_evidence_record(file_id="", extract="it fails"))
    found = stand(a_case_record(case_id=CASE), replace(story.state, conclusion=held), reply, rows, (file,))
    assert (found.turn, found.state, found.conclusion) == (
        2,
        CaseStatus.INVESTIGATING,
        Held(text="The disk", confidence=0.5, level="probable", assurance="no_root"),
    )
    assert [(each.rank, each.statement) for each in found.causes] == [
        (1, "The cause is disk_full on its subject"),
        (2, "The cause is db_connections on its subject"),
    ]
    assert found.files == (NamedFile(name="app.log", sha256="cc"),)
    assert [(one.file, one.first_line, one.last_line, one.sha256) for one in found.evidence] == [
        ("app.log", 2, 3, "cc"),
        ("", 1, 1, ""),
    ]
    assert [(one.said, one.first_line, one.last_line) for one in found.claims] == [
        ("for: The disk", 2, 2),
        ("against: The disk", 2, 2),
    ]
