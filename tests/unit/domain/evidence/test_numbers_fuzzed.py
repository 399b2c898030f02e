"""Metrics, traces, profiles and error reports under fuzz: no failure, citations inside the document, bounded time and depth."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.evidence.analyse import analyse
from domain.evidence.errors import analyser as errors
from domain.evidence.metrics import analyser as metrics
from domain.evidence.profiles import analyser as profiles
from domain.evidence.traces import analyser as traces
from domain.evidence.values import Analysis, Context, Document, Hint, Kind, Parsed, Text
from tests.evidence import Analyser
from tests.pace import within
from tests.unit.domain.evidence.formats import errors as error_formats
from tests.unit.domain.evidence.formats import metrics as metric_formats
from tests.unit.domain.evidence.formats import profiles as profile_formats
from tests.unit.domain.evidence.formats import traces as trace_formats
from tests.unit.domain.evidence.formats.table import Format

pytestmark = pytest.mark.unmeasured

SECONDS = 5.0
"""CPU of one hostile document of some hundred kilobytes; most take far less."""
KINDS: dict[str, tuple[Analyser, tuple[Format, ...]]] = {
    "metrics": (metrics.analyse, metric_formats.FORMATS),
    "traces": (traces.analyse, trace_formats.FORMATS),
    "profiles": (profiles.analyse, profile_formats.FORMATS),
    "errors": (errors.analyse, error_formats.FORMATS),
}
LINES = {
    kind: sorted({line for one in formats if isinstance(one.example, str) for line in one.example.split("\n")[:40]})
    for kind, (_, formats) in KINDS.items()
}
HOSTILE = {
    "deep lists": "[" * 100_000,
    "deep maps": '{"a":' * 100_000,
    "a giant number": '{"data": {"result": [{"metric": {"__name__": "x"}, "values": [[1777888800, "' + "9" * 100_000 + '"]]}]}}',
    "a bare giant number": '{"values": [' + "9" * 100_000 + ', 1e999999, -1e400], "timestamps": [1, 2, 3]}',
    "a giant cell": "time,heat\n1777888800," + "1" * 200_000 + "\n1777888860,2\n1777888920,3",
    "many columns": ",".join(f"c{n}" for n in range(20_000)) + "\n" + ",".join("1" for _ in range(20_000)),
    "many quotes": '"' * 100_000,
    "one label set without end": "heat{" + 'a="b",' * 40_000,
    "spans in a ring": '[{"spanId":"1","parentSpanId":"2","name":"a"},{"spanId":"2","parentSpanId":"1","name":"b"}]',
    "equal span ids": "[" + ",".join(['{"traceId":"1","spanId":"1","parentSpanId":"1","name":"a"}'] * 3_000) + "]",
    "a long chain": "\n".join(f"Caused by: com.kiln.A{n}Exception: x" for n in range(20_000)),
    "frames without end": "panic: x\n" + "main.fire(0x1)\n\t/srv/oven.go:14 +0x1d\n" * 10_000,
    "folded without end": ";".join("a" * 10 for _ in range(20_000)) + " 12\n" * 3,
    "spaces": " " * 200_000,
}


def a_document(text: str) -> Document:
    return Document(evidence="e1", name="x", chunks=(text.encode("utf-8", "replace"),))


def read(analyser: Analyser, text: str) -> Parsed:
    return analyser(Text(lines=tuple(text.split("\n"))), a_document(text), Context())


def assert_inside(parsed: Parsed | Analysis, lines: int) -> None:
    """Every citation names lines that are there."""
    cited = [c for one in parsed.findings for c in one.citations]
    cited += [one.citation for one in (*parsed.objects, *parsed.edges, *parsed.events, *parsed.curves)]
    assert [one for one in cited if not 1 <= one.first <= one.last <= lines] == []


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_any_mixture_of_lines_is_read_with_citations_inside(kind: str, data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.sampled_from(LINES[kind]) | st.text(max_size=40), max_size=40))
    text = "\n".join(row.replace("\n", " ") for row in rows)
    assert_inside(read(KINDS[kind][0], text), text.count("\n") + 1)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_a_cut_or_damaged_example_is_read(kind: str, data: st.DataObject) -> None:
    analyser, formats = KINDS[kind]
    whole = data.draw(st.sampled_from([one.example for one in formats if isinstance(one.example, str)]))
    start, end = sorted((data.draw(st.integers(0, len(whole))), data.draw(st.integers(0, len(whole)))))
    text = whole[:start] + data.draw(st.text(max_size=20)) + whole[end:]
    assert_inside(read(analyser, text), text.count("\n") + 1)


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("kind", KINDS)
def test_hostile_documents_end_in_bounded_time(kind: str, name: str) -> None:
    text = HOSTILE[name]
    with within(SECONDS):
        assert_inside(read(KINDS[kind][0], text), text.count("\n") + 1)


@pytest.mark.parametrize("kind", [Kind.METRICS, Kind.TRACE, Kind.PROFILE, Kind.ERROR_REPORT])
def test_the_same_bytes_give_the_same_analysis(kind: Kind) -> None:
    text = "\n".join(line for lines in LINES.values() for line in lines)
    document = Document(evidence="e1", name="x", chunks=(text.encode(),), hint=Hint(chosen=kind))
    first, second = (analyse(document, Context()) for _ in range(2))
    assert first == second
    assert not [note for note in first.coverage.notes if "its own reader failed" in note]
