"""The carried case stays within 256 KiB of JSON, whatever its texts hold."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from domain.case.fit import CARRIED_BYTES, TIMELINE, fit, size
from domain.case.state import (
    CarriedCase,
    CaseFile,
    Conclusion,
    EvidenceRow,
    Hypothesis,
    HypothesisStatus,
    JournalEntry,
    Link,
    Need,
    RowCategory,
    Scope,
    Solution,
    Stance,
)
from domain.case.state import Category as Kind
from domain.case.texts import ENTRY_BYTES, cut
from domain.case.turns import Intent, TurnQueue
from tests.unit.domain.case.build import NOON, a_case, a_ref, a_user_turn, event, news

ADAPTER = TypeAdapter(CarriedCase)
HARD = ["x" * 400, "😀" * 300, '"\\' * 300, "\x00\x1b\n" * 200, "\ud800é" * 200, "<IP_1> ü" * 80]


def json_size(carried: CarriedCase) -> int:
    return len(ADAPTER.dump_json(carried))


def a_hypothesis(number: int, text: str = "a cause", status: HypothesisStatus = HypothesisStatus.ACTIVE) -> Hypothesis:
    return Hypothesis(
        hypothesis_id=f"hyp_{number:012d}", statement=text, category=Kind.CONFIG, family=f"family_{number}", subject="service/x",
        origin="rule", prior=0.5, likelihood=0.5, status=status, created_turn=number, last_link_turn=number, refutation_reason=text,
    )  # fmt: skip


def a_row(number: int, stance: Stance = Stance.SUPPORTS) -> EvidenceRow:
    links = tuple(Link(hypothesis_id=f"hyp_{each:012d}", stance=stance) for each in range(5))
    return EvidenceRow(
        evidence_id=f"ev_{number:012d}", category=RowCategory.CAUSAL, file_id=f"file_{number:020d}", first=1, last=2,
        witness="template", turn=number, links=links, time=NOON,
    )  # fmt: skip


def a_full_case(text: str, turns: int = 20) -> CarriedCase:
    state = a_case(
        statement=text, scope=Scope(services=(text,) * 40, users=text, places=(text,) * 40, share=text),
        hypotheses=tuple(a_hypothesis(n, text) for n in range(60)),
        rows=tuple(a_row(n) for n in range(300)),
        files=tuple(CaseFile(file_id=f"file_{n}", name=text, kind="logs", confidence=1, turn=n, status="completed", analysis_key="k" * 64) for n in range(300)),
        needs=tuple(Need(need_id=f"eneed_{n}", kind="causal_verification", hypothesis_id="h", text=text, hints=(text,) * 8) for n in range(60)),
        solutions=tuple(Solution(solution_id=f"sol_{n}", text=text, kind="remediation", hypothesis_id="h", state="proposed", turn=n) for n in range(60)),
        timeline=tuple(replace(event(n), text=text) for n in range(300)),
        journal=tuple(JournalEntry(kind="finding", text=text, turn=n) for n in range(400)),
        conclusion=Conclusion(hypothesis_id="h", text=text, confidence=0.5, level="probable", momentum="low", assurance="no_root", turn=1),
        onset=replace(event(1), text=text),
        proposed=tuple((f"{n} {text}", n) for n in range(200)),
    )  # fmt: skip
    refs = tuple(a_ref(n, observed_at=NOON) for n in range(10))
    refs = tuple(replace(ref, name=text) for ref in refs)
    waiting = tuple(
        a_user_turn(f"waiting-{n:014d}", attachments=refs, intent=Intent(data={"reason": text})) for n in range(turns)
    )
    queue = TurnQueue(waiting=waiting, answered={f"answered-{n:013d}": n for n in range(1_000)})
    inbox = tuple(news(n, name=text[:50], summary=text, notes=(text,) * 5, error=text) for n in range(20))
    return CarriedCase(state=state, queue=queue, arrivals=refs, inbox=inbox, cancelled=("key",))


@pytest.mark.parametrize("text", HARD, ids=range(len(HARD)))
def test_a_case_with_every_list_full_fits_whatever_its_texts_hold(text):
    carried = fit(a_full_case(text))
    assert json_size(carried) <= CARRIED_BYTES
    assert len(carried.queue.waiting) == 20
    assert len(carried.inbox) == 20
    assert carried.cancelled == ("key",)


def test_a_fitting_case_is_not_changed():
    carried = CarriedCase(state=a_case(statement="checkout fails", rows=(a_row(1),)), queue=TurnQueue(answered={"a": 1}))
    assert fit(carried) == carried
    assert fit(fit(a_full_case("x"))) == fit(a_full_case("x"))


def test_acknowledged_turns_and_news_are_never_dropped_however_many_there_are():
    carried = fit(a_full_case("😀" * 300, turns=40))
    assert len(carried.queue.waiting) == 40
    assert len(carried.state.journal) < 200


def test_counts_of_section_13_hold_for_short_texts():
    state = fit(a_full_case("x", turns=0)).state
    assert len(state.hypotheses) <= 40
    assert len(state.rows) <= 150
    assert len(state.journal) == 200
    assert len(state.needs) == 30
    assert len(state.solutions) == 20


def test_retired_then_refuted_hypotheses_go_first_and_the_oldest_among_them():
    live = tuple(a_hypothesis(n) for n in range(39))
    retired = a_hypothesis(100, status=HypothesisStatus.RETIRED)
    refuted = a_hypothesis(101, status=HypothesisStatus.REFUTED)
    state = fit(CarriedCase(state=a_case(hypotheses=(refuted, retired, *live)))).state
    assert state.hypotheses == (refuted, *live)


def test_files_that_told_nothing_severe_go_first_and_those_still_read_stay():
    files = tuple(
        CaseFile(
            file_id=f"file_{n}", name=f"{n}.log", kind="logs", confidence=1.0, turn=1,
            status="pending" if n == 1 else "completed", severity=4.0 if n == 2 else 2.0,
        )
        for n in range(300)
    )  # fmt: skip
    kept = fit(CarriedCase(state=a_case(files=files))).state.files
    assert kept[:2] == files[1:3]
    assert kept[-1] == files[-1]
    assert len(kept) < 300


def test_neutral_rows_and_superseded_needs_go_first():
    rows = (a_row(1), *(a_row(n, Stance.NEUTRAL) for n in range(2, 170)))
    needs = tuple(
        Need(need_id=f"n{n}", kind="k", hypothesis_id="", text="t", state="superseded" if n == 5 else "pending")
        for n in range(31)
    )
    state = fit(CarriedCase(state=a_case(rows=rows, needs=needs))).state
    assert state.rows[0] == rows[0]
    assert "n5" not in {need.need_id for need in state.needs}


def test_j2_decisions_outlive_findings():
    decision = JournalEntry(kind="decision", text="started", turn=1)
    findings = tuple(JournalEntry(kind="finding", text=f"finding {n}", turn=n) for n in range(250))
    journal = fit(CarriedCase(state=a_case(journal=(decision, *findings)))).state.journal
    assert len(journal) == 200
    assert journal[0] == decision
    assert journal[-1] == findings[-1]


def test_j2_what_no_longer_fits_is_folded_into_one_entry_the_newest_last_and_once():
    findings = tuple(JournalEntry(kind="finding", text=f"finding {n} says 'x | y'", turn=n) for n in range(250))
    state = fit(CarriedCase(state=a_case(journal=findings))).state
    assert state.folded.endswith("turn 49, finding: finding 49 says 'x y'")
    assert 900 < len(state.folded.encode()) <= 1_000
    assert fit(CarriedCase(state=state)).state.folded == state.folded
    more = replace(state, journal=(*state.journal, JournalEntry(kind="finding", text="one more", turn=250)))
    assert fit(CarriedCase(state=more)).state.folded.endswith("turn 50, finding: finding 50 says 'x y'")
    assert fit(CarriedCase(state=a_case(journal=findings[:200]))).state.folded == ""


def test_held_rows_share_the_bound_of_rows():
    state = fit(CarriedCase(state=a_case(held=tuple(a_row(n) for n in range(400))))).state
    assert size(state.held) <= 33 * 1024


@given(st.text(max_size=300), st.integers(0, 30))
@settings(max_examples=20, deadline=None)
def test_the_bound_holds_for_any_text_and_our_count_is_never_below_the_real_one(text, turns):
    carried = fit(a_full_case(text, turns=min(turns, 20)))
    assert json_size(carried) <= size(carried)
    assert json_size(carried) <= CARRIED_BYTES


@given(st.lists(st.text(max_size=140), max_size=110))
@settings(max_examples=20, deadline=None)
def test_of_a_list_the_newest_stay_that_fit_and_no_fewer(texts):
    entries = tuple(replace(event(number), text=text) for number, text in enumerate(texts * 2))
    short = [replace(entry, text=cut(entry.text, ENTRY_BYTES)) for entry in entries]
    sizes = [sum(size(entry) + 1 for entry in short[-most:]) for most in range(1, min(len(short), TIMELINE.count) + 1)]
    most = sum(taken <= TIMELINE.size_bytes for taken in sizes)
    assert fit(CarriedCase(state=a_case(timeline=entries))).state.timeline == tuple(short[len(short) - most :])


@given(st.text(st.characters(), max_size=300), st.integers(1, 260))
def test_a_text_is_cut_after_whole_characters_and_holds_nothing_that_does_not_print(text, size_bytes):
    clean = re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]", " ", text)
    short = clean.encode()[:size_bytes].decode(errors="ignore").rstrip()
    assert cut(text, size_bytes) == (clean if len(clean.encode()) <= size_bytes else short)


def test_payloads_of_the_next_version_decode():
    body = ADAPTER.dump_json(CarriedCase(state=a_case())).replace(b'"status":"inquiry"', b'"status":"frozen","tomorrow":1')
    assert ADAPTER.validate_json(body).state.status == "unknown"
