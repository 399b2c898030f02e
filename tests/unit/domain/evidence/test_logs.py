from __future__ import annotations

from datetime import UTC, datetime, timedelta

from domain.evidence.decoding.decode import collect, resolve
from domain.evidence.values import Analysis, Finding, Kind
from tests.quality import needles

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def read(text: bytes) -> Analysis:
    return needles.read(text, kind=Kind.LOGS)


def log(special: dict[int, str], lines: int = 2_000) -> bytes:
    rows = [
        special.get(n) or f"{START + timedelta(seconds=n):%Y-%m-%d %H:%M:%S} INFO [web] item {n} served took {20 + n % 7} ms"
        for n in range(1, lines + 1)
    ]
    return ("\n".join(rows) + "\n").encode()


def at(second: int, text: str) -> str:
    return f"{START + timedelta(seconds=second):%Y-%m-%d %H:%M:%S} {text}"


def only(analysis: Analysis, kind: str) -> Finding:
    (found,) = [one for one in analysis.findings if one.kind == kind]
    return found


def test_every_citation_of_a_log_resolves_to_its_line():
    text = log({900: at(900, "ERROR pool exhausted"), 901: "\tat frame(A.java:3)", 1500: at(1500, "WARN disk degraded")})
    found = read(text).findings
    assert found
    for one in found:
        assert all(resolve(citation, [text]) for citation in one.citations)


def test_a_severe_line_seen_late_is_a_first_seen_finding_with_time_and_raw_text():
    finding = only(read(log({900: at(900, "ERROR pool exhausted for db.internal:5432")})), "first_seen")
    assert (finding.citations[0].first, finding.severity, finding.numbers["count"]) == (900, 4.0, 1)
    assert finding.text == at(900, "ERROR pool exhausted for db.internal:5432")
    assert finding.time == START + timedelta(seconds=900)
    assert finding.attributes == {"host": "db.internal", "port": "5432"}


def test_a_storm_is_a_burst():
    finding = only(read(log({n: at(n, "ERROR peer reset by relay") for n in range(1000, 1050)})), "burst")
    assert finding.numbers["count"] == 50
    assert finding.numbers["burst"] > 5


def test_a_heartbeat_that_stops_is_silence_cited_at_its_last_line():
    finding = only(read(log({n: at(n, "INFO heartbeat of shard") for n in range(10, 1000, 10)})), "silence")
    assert finding.citations[0].first == 990
    assert finding.severity == 3.0


def test_durations_that_rise_are_a_shift_with_both_levels():
    finding = only(
        read(log({n: at(n, f"INFO [web] item {n} served took {900 + n % 7} ms") for n in range(1500, 2001)})), "slot_shift"
    )
    assert finding.numbers["before"] < 30
    assert finding.numbers["after"] > 900
    assert finding.attributes["unit"] == "ms"


def test_a_rare_server_error_status_is_cited():
    special = {n: at(n, "GET /cart/list 200") for n in range(5, 2000, 5)} | {1201: at(1201, "GET /cart/list 507")}
    finding = next(
        one for one in read(log(special)).findings if one.attributes.get("status") == "507" and one.kind == "slot_shift"
    )
    assert finding.citations[0].first == 1201


def test_a_start_up_banner_in_the_middle_is_a_restart():
    text = log({1: at(1, "INFO [main] Starting server of shop"), 1400: at(1400, "INFO [main] Starting server of shop")})
    finding = only(read(text), "restart")
    assert finding.citations[0].first == 1400


def test_a_stack_is_joined_with_the_message_above_it():
    stack = {
        700: at(700, "ERROR [web] order failed"),
        701: "java.lang.IllegalStateException: cart closed",
        702: "\tat shop.Cart.add(Cart.java:12)",
        703: "Caused by: java.net.SocketTimeoutException: read timed out",
        704: "\t... 12 more",
    }
    finding = next(one for one in read(log(stack)).findings if one.citations[0].first == 700)
    assert "cart closed" in finding.text
    assert "read timed out" in finding.text
    assert finding.attributes["exception"] == "java.lang.IllegalStateException"
    assert finding.attributes["root_exception"] == "java.net.SocketTimeoutException"
    assert (finding.citations[1].first, finding.citations[1].last) == (700, 704)


def test_json_lines_give_message_level_and_time():
    rows = ['{"level":"info","time":"2026-03-01T12:00:00Z","msg":"fine"}'] * 300
    rows[250] = '{"level":"error","time":"2026-03-01T12:04:10Z","msg":"charge failed","error":"card service refused"}'
    finding = next(one for one in read("\n".join(rows).encode()).findings if one.severity >= 4)
    assert finding.citations[0].first == 251
    assert finding.time == datetime(2026, 3, 1, 12, 4, 10, tzinfo=UTC)


def test_logfmt_gives_message_and_level():
    rows = [f'ts=2026-03-01T12:00:00Z level=info req={n:x} msg="fine"' for n in range(300)]
    rows[250] = 'ts=2026-03-01T12:04:10Z level=error req=ff msg="charge broke"'
    assert next(one for one in read("\n".join(rows).encode()).findings).citations[0].first == 251


def test_a_log_without_a_clock_is_read_in_order():
    rows = [f"worker took item {n}" for n in range(3_000)]
    rows[2_000] = "worker lost its lease, giving up"
    found = read("\n".join(rows).encode())
    assert found.coverage.times_certain == "order only"
    assert found.findings[0].citations[0].first == 2001


def test_a_harmless_log_has_no_severe_finding():
    assert [one for one in read(log({})).findings if one.severity >= 3] == []


def test_coverage_tells_lines_times_and_the_assumed_zone():
    coverage = read(log({})).coverage
    assert (coverage.lines, coverage.assumed_zone) == (2_000, "UTC")
    assert (coverage.first_time, coverage.last_time) == (START + timedelta(seconds=1), START + timedelta(seconds=2_000))


def test_the_same_bytes_give_the_same_analysis():
    text = log({900: at(900, "ERROR pool exhausted")})
    assert read(text) == read(text)
    assert collect([text], [900])[900].endswith("exhausted")
