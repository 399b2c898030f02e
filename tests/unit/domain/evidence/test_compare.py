"""A log against a baseline: new, gone, more frequent, and what is noise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.evidence.analyse import analyse
from domain.evidence.decoding.blocks import text_blocks
from domain.evidence.decoding.decode import resolve
from domain.evidence.digest import pick
from domain.evidence.logs.compare.difference import baseline_of, compare, differs, digests, parts, remembered, seen, seen_of
from domain.evidence.logs.compare.names import same_source, same_upload
from domain.evidence.logs.counting import Scan
from domain.evidence.logs.groups import groups_of
from domain.evidence.logs.keys import scan_all
from domain.evidence.values import Analysis, Context, Document, Finding, Hint, Kind


def scanned(*rows: str) -> Scan:
    return scan_all(text_blocks(["\n".join(rows).encode()]))


def document(*rows: str) -> Document:
    return Document(evidence="e", name="app.log", chunks=["\n".join(rows).encode()], hint=Hint(chosen=Kind.LOGS))


def read(good: tuple[str, ...], bad: tuple[str, ...], *, trusted: bool = True) -> Analysis:
    return analyse(document(*bad), Context(baseline=document(*good), baseline_good=trusted))


def of(analysis: Analysis, kind: str) -> list[Finding]:
    return [one for one in analysis.findings if one.kind == kind]


SERVED = tuple(f"2026-03-01 12:00:{n % 60:02d} INFO served item {n}" for n in range(300))
BEAT = tuple(f"2026-03-01 12:00:{n % 60:02d} INFO heartbeat of shard {n}" for n in range(40))
NO_METRICS = "2026-03-01 12:00:00 ERROR no metrics collector"
LOST = "2026-03-01 12:01:00 ERROR lost the primary"


def test_what_only_one_log_says_is_new_or_gone():
    found = compare(scanned(*SERVED, *BEAT), scanned(*SERVED, LOST))
    assert [(one.template, one.after, one.first) for one in found.new] == [("lost the primary", 1, 301)]
    assert [(one.template, one.before, one.after) for one in found.gone] == [("heartbeat of shard <*>", 40, 0)]


def test_a_kind_of_line_that_is_far_more_frequent_has_shifted_even_where_its_template_reads_otherwise():
    retry = tuple(f"INFO retry queue {n}" for n in range(400))
    found = compare(scanned(*SERVED, *retry[:10]), scanned(*SERVED, *retry))
    assert {(one.template.removeprefix("INFO "), one.before, one.after) for one in found.shifted} == {
        ("retry queue <*>", 10, 400),
        ("served item <*>", 300, 300),
    }


def test_equal_rates_differ_only_by_chance():
    assert not differs(100, 10_000, 110, 10_000)
    assert not differs(0, 0, 0, 0)
    assert differs(10, 10_000, 110, 10_000)


@given(st.integers(0, 1_000), st.integers(0, 1_000), st.integers(1, 10))
def test_whether_two_rates_differ_does_not_hang_on_which_comes_first(left: int, right: int, times: int):
    assert differs(left, 5_000, right, 5_000 * times) == differs(right, 5_000 * times, left, 5_000)
    assert not differs(left, 5_000, left * times, 5_000 * times)


@given(st.lists(st.sampled_from([*SERVED[:3], *BEAT[:3], LOST, NO_METRICS]), max_size=40))
def test_a_log_does_not_differ_from_itself(rows: list[str]):
    found = compare(scanned(*rows), scanned(*rows))
    assert (found.new, found.gone, found.shifted) == ((), (), ())


def test_before_and_after_an_onset_are_compared_within_one_log():
    calm = [f"2026-03-01 12:{n // 60:02d}:{n % 60:02d} INFO served item {n}" for n in range(600)]
    stormy = [f"2026-03-01 12:{n // 60:02d}:{n % 60:02d} ERROR lost the primary" for n in range(600, 700)]
    kinds = [seen_of(one) for one in groups_of(scanned(*calm, *stormy))]
    found = parts([(one, 600, 0) if "served" in one.template else (one, 0, 100) for one in kinds])
    assert [one.template for one in found.new] == ["lost the primary"]
    assert [one.template for one in found.gone] == ["served item <*>"]


def test_a_line_that_the_baseline_has_with_other_numbers_is_no_news():
    baseline = remembered(scanned("job 17 took 3 ms", "x"))
    (here,) = seen(groups_of(scanned("job 9001 took 22 ms")))
    assert baseline.has(here)
    assert digests(["job 5 took 1 ms"]) <= baseline.keys
    assert digests(["job failed"]).isdisjoint(baseline.keys)
    assert baseline_of(document("job 17 took 3 ms", "x")).keys == baseline.keys


def test_start_up_errors_that_the_good_log_has_are_noise_and_new_ones_are_marked():
    analysis = read((NO_METRICS, *SERVED), (NO_METRICS, *SERVED, LOST))
    assert [one.text for one in of(analysis, "severe_template") + of(analysis, "first_seen")] == [LOST]
    assert [key.new for key in analysis.keys if "lost" in key.template] == [True]
    assert [key.new for key in analysis.keys if "metrics" in key.template] == [False]


def test_errors_of_an_earlier_upload_stay_findings_because_nobody_said_that_it_was_good():
    analysis = read((NO_METRICS, *SERVED), (NO_METRICS, *SERVED, LOST), trusted=False)
    told_new = {one.text: one.numbers.get("new", 0.0) for one in analysis.findings}
    assert told_new[LOST] == 1.0
    assert told_new[NO_METRICS] == 0.0


def test_an_error_that_the_good_log_has_is_told_again_once_it_is_far_more_frequent():
    analysis = read((NO_METRICS, *SERVED), (*[NO_METRICS] * 100, *SERVED))
    (finding,) = [one for one in analysis.findings if one.text == NO_METRICS]
    assert 70 < finding.numbers["ratio"] < 80
    assert "times as frequent as in the baseline" in finding.statement


def test_what_is_missing_beside_the_baseline_is_told():
    (finding,) = of(read((*SERVED, *BEAT), SERVED), "gone")
    assert finding.statement == "0 × heartbeat of shard <*>, where the baseline lets expect 35"


def test_an_ordinary_line_of_another_frequency_is_told():
    found = of(read((*SERVED, *BEAT[:20]), (*SERVED[:100], *BEAT * 5)), "rate_shift")
    assert [one.numbers["count"] for one in found] == [200.0]


def test_new_lines_stand_higher_in_the_digest():
    plain = {line.first: line.score for line in pick(analyse(document(*SERVED, LOST), Context()))}
    beside = {line.first: line.score for line in pick(read(SERVED, (*SERVED, LOST)))}
    assert beside[301] == plain[301] - 0.5 + 1.0


def test_a_failed_build_has_a_finding_that_cites_its_block():
    bad = ("compile", "ERROR: disk quota reached", "  on /builds", "Finished: FAILURE")
    analysis = read(("compile", "Finished: SUCCESS"), bad)
    (finding,) = of(analysis, "failing_block")
    assert (finding.citations[0].first, finding.citations[1].first, finding.citations[1].last) == (2, 2, 3)
    assert finding.statement == "why the build failed: ERROR: disk quota reached"
    assert [resolve(one, document(*bad).chunks) for one in finding.citations] == [bad[1], "\n".join(bad[1:3])]


def test_a_log_that_is_no_build_has_no_failing_block():
    assert of(read(SERVED, (*SERVED, LOST)), "failing_block") == []


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("app.log", "/var/log/app.log.1.gz", True),
        ("build-good.txt", "build_bad.txt", True),
        ("web-2026-03-01.log", "web-2026-03-02.log", True),
        ("web.log", "worker.log", False),
        ("web.log", "web.json", False),
        ("20260301", "20260302", False),
    ],
)
def test_names_tell_whether_two_files_come_from_one_source(left: str, right: str, same: bool):
    assert same_source(left, right) is same


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("app.log", "app.log.1.gz", True),
        ("old.zip/shop/logs.txt", "new.zip/shop/logs.txt", True),
        ("old.zip/shop/logs.txt", "new.zip/cart/logs.txt", False),
        ("logs.txt", "new.zip/cart/logs.txt", False),
    ],
)
def test_members_of_archives_are_held_against_the_same_path_only(left: str, right: str, same: bool):
    assert same_upload(left, right) is same
