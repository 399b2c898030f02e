from __future__ import annotations

import pytest

from domain.evidence.severity import exit_code_of, level_of, severity, status_of


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("2026-01-01 12:00:00 ERROR [x] boom", 4.0),
        ("FATAL: out of memory", 5.0),
        ("level=warn msg=slow", 2.0),
        ("INFO started in 3 s", 0.0),
        ("INFO dropped 3 frames, connection refused", 2.0),
        ("connection refused", 3.0),
        ("Killed process 4 (java)", 5.0),
        ("java.lang.IllegalStateException: no", 4.0),
        ("GET /cart 503 12ms", 4.0),
        ('"GET / HTTP/1.1" 429 0', 3.0),
        ("container exited with code 137", 5.0),
        ("exit code 1", 3.0),
        ("exit code 0", 0.0),
        ("limit set to 5 (was: 500)", 2.0),
        ("E0301 12:34:56.000000 1 a.go:1] x", 4.0),
        ("done", 0.0),
    ],
)
def test_levels_words_and_codes_grade_a_line(text, grade):
    assert severity(text) == grade


@pytest.mark.parametrize(
    "text",
    [
        "error=null",
        "errors: 0",
        "finished, 0 failed",
        "timeout=30s",
        "no errors",
        "failure-domain.zone=a",
        "backoffLimit: 6",
        "retries=0",
        "error_count: 12",
        '  \u2713 logs "connection refused" and retries (12 ms)',
        "ok 12 - fails without a key",
        "tests/test_pay.py::test_timeout_is_an_error PASSED   [ 12%]",
    ],
)
def test_benign_frames_are_not_severe(text):
    assert severity(text) == 0.0


def test_a_level_field_counts_where_it_stands():
    assert severity("all is well", {"level": "error"}) == 4.0
    assert severity("request failed", {"level": "info"}) == 2.0


def test_codes_are_read():
    assert status_of("answered 503") == 503
    assert exit_code_of("Exit Code: 139") == 139
    assert status_of("in 503 ms") is None


@pytest.mark.parametrize(("digit", "grade"), [("0", 5.0), ("2", 5.0), ("3", 4.0), ("4", 2.0), ("5", 1.0), ("6", 0.0), ("7", 0.0)])
def test_a_journal_tells_its_level_as_a_digit(digit, grade):
    assert severity("brick 2 is astray", {"PRIORITY": digit}) == grade
    assert level_of("brick 2 is astray", {"PRIORITY": "high"}) is None
