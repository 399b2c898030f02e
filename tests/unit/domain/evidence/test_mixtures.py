"""Texts without prompts that hold several kinds of evidence: cut at blank lines, each part read as its own kind."""

from __future__ import annotations

import pytest

from domain.evidence.kinds.mixtures import portions
from domain.evidence.values import Analysis, Kind
from tests.unit.domain.evidence.formats.table import read

TABLE = """\
NAME                       READY   STATUS             RESTARTS      AGE
kiln-6c8f7d9b5d-x2x9q      0/1     ImagePullBackOff   0             14m
brick-5d6c7b8f9d-k8s2p     0/1     CrashLoopBackOff   12 (3m ago)   41m
"""
STACK = """\
Traceback (most recent call last):
  File "/srv/kiln/store.py", line 41, in write
    handle.write(brick)
OSError: [Errno 28] No space left on device
"""
LOG = """\
2026-05-04 04:12:05 INFO  kiln: brick 4110 done
2026-05-04 04:12:06 INFO  kiln: brick 4111 done
2026-05-04 04:12:07 ERROR kiln: cannot write brick 4112: No space left on device
"""
WORDS = "Since ten o'clock no brick leaves the kiln.\nThe store failed twice before that.\n"
NUMBERS = "time   latency_ms\n10:00  20\n10:01  22\n10:02  2000\n"


def found(analysis: Analysis) -> set[tuple[str, int]]:
    return {(one.kind, one.citations[0].first) for one in analysis.findings}


def test_a_table_a_stack_and_a_log_are_each_read_with_their_own_lines() -> None:
    text = f"{TABLE}\n{STACK}\n{LOG}"
    analysis = read(text)
    assert found(analysis) == {("unhealthy_object", 2), ("unhealthy_object", 3), ("exception", 8), ("severe_template", 12)}
    assert analysis.coverage.assumed_zone == "UTC"
    for one in analysis.findings:
        assert one.citations[0].quote in " ".join(text.split("\n")[one.citations[0].first - 1].split())


@pytest.mark.parametrize("log", [LOG, LOG * 40])
def test_whichever_kind_has_most_lines_the_others_are_read_too(log: str) -> None:
    analysis = read(f"{log}\n{TABLE}")
    last = log.count("\n")
    assert found(analysis) == {("severe_template", 3), ("unhealthy_object", last + 3), ("unhealthy_object", last + 4)}


def test_what_a_person_writes_around_a_table_stays_a_report() -> None:
    analysis = read(f"{WORDS}\n{TABLE}\nThe store refused every brick: it is full.\n\n{NUMBERS}")
    assert found(analysis) == {("user_report", 2), ("unhealthy_object", 5), ("unhealthy_object", 6), ("user_report", 8)}


def test_a_page_with_headings_is_read_with_its_tables() -> None:
    analysis = read(f"# Kiln\n\n## What happened\n\n{WORDS}\n{TABLE}\n{WORDS}")
    assert {"section/kiln", "section/what happened", "pod/kiln-6c8f7d9b5d-x2x9q"} <= {one.id for one in analysis.objects}


@pytest.mark.parametrize(
    "text",
    [
        TABLE,
        f"{LOG}\n{STACK}\n{LOG}",
        f"{WORDS}\n{STACK}",
        f"{WORDS}\n{WORDS}",
        f"{TABLE}\nzork\nmok\ngil\nzor\npim",
        f"{WORDS}\n```\n{TABLE}\n```",
        "\n".join((LOG * 1_400, TABLE)),
        "",
    ],
)
def test_one_kind_kinds_that_go_together_and_what_is_mostly_unknown_are_no_mixture(text: str) -> None:
    assert portions(text.split("\n")) == ()


def test_the_line_above_a_stack_belongs_to_it() -> None:
    cut = portions(f"{TABLE}\nThe store of the kiln gave up.\n\n{STACK}".split("\n"))
    assert [(part.first, kind) for part, kind in cut] == [(1, Kind.COMMAND_OUTPUT), (5, Kind.ERROR_REPORT)]
