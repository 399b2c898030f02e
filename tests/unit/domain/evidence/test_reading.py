"""A reading ties each statement to its line, and keeps within its bounds."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from domain.evidence.reading import EVENTS, FINDINGS, QUOTE, Reading, fold, window
from domain.evidence.values import Document


def a_reading(*lines: str) -> Reading:
    return Reading(document=Document(evidence="e", name="n", chunks=()), lines=lines)


@given(st.text(max_size=2000), st.text(max_size=30), st.integers(20, 400))
def test_a_window_is_a_slice_of_the_folded_line(line: str, needle: str, width: int) -> None:
    cut = window(line, needle, width)
    assert len(cut) <= width
    assert cut.strip("…").strip() in fold(line) or "…" in line


def test_a_quote_of_a_very_long_line_holds_the_telling_part() -> None:
    reading = a_reading('{"x": "' + "a" * 300_000 + '", "error": "disk is gone"' + ', "y": 1' * 90_000 + "}")
    reading.find("field", "", 1, 3.0, "disk", message="disk is gone")
    quote = reading.findings[0].citations[0].quote
    assert "disk is gone" in quote
    assert len(quote) <= QUOTE
    assert quote.startswith("…")
    assert quote.endswith("…")


def test_facts_become_attributes_numbers_and_time() -> None:
    reading = a_reading("a line")
    at = datetime(2026, 1, 2, tzinfo=UTC)
    reading.find("exit", "pod/x", 1, 4.0, "ended", exit_code=137.0, reason="Killed", empty="", time=at)
    found = reading.findings[0]
    assert found.attributes == {"exit_code": "137", "reason": "Killed"}
    assert found.numbers == {"exit_code": 137.0}
    assert found.time == at
    assert found.text == "a line"


def test_findings_and_events_stay_within_their_bounds_and_the_rest_is_counted() -> None:
    reading = a_reading("x")
    for n in range(FINDINGS + 7):
        reading.find("row", "", 1, n / 1000, "s")
        reading.happened(1, "w", "", None, n)
    parsed = reading.parsed("s")
    assert len(parsed.findings) == FINDINGS
    assert len(parsed.events) == EVENTS
    assert parsed.notes == ("7 weaker findings left out",)
    assert len({f.id for f in parsed.findings}) == FINDINGS


def test_what_is_seen_twice_of_an_object_joins() -> None:
    reading = a_reading("x", "y")
    reading.observe("pod", "A", 1, {"status": "Running", "node": ""})
    assert reading.observe("pod", "a", 2, {"node": "n1"}) == "pod/a"
    assert reading.parsed("").objects[0].fields == {"status": "Running", "node": "n1"}
    reading.relate("Pod/a", "runs on", "node/N1", 1)
    reading.relate("pod/a", "runs on", "node/n1", 2)
    assert len(reading.parsed("").edges) == 1
