"""The kind of evidence comes from its content; names and choices only settle what content leaves open."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.evidence.kinds.classify import classify
from domain.evidence.values import Hint, Kind
from tests.unit.domain.evidence.samples import labelled

NOTHING = Hint()


def kind_of(text: str | bytes, hint: Hint = NOTHING) -> Kind:
    return classify(text.encode() if isinstance(text, str) else text, b"", b"", hint).kind


def test_every_generated_kind_is_recognised() -> None:
    wrong: Counter[str] = Counter()
    total = 0
    for kind, maker, data in labelled(seed=7, each=5):
        total += 1
        found = classify(data, b"", b"", Hint()).kind
        wrong[f"{maker} taken for {found}"] += found != kind
    assert sum(wrong.values()) <= 0.05 * total, +wrong


def test_a_choice_wins_and_a_name_only_breaks_ties() -> None:
    assert kind_of("a b c", Hint(chosen=Kind.LOGS)) is Kind.LOGS
    log = "\n".join(f"2026-05-04 10:00:{n:02} INFO fired brick {n}" for n in range(20))
    assert kind_of(log, Hint(name="photo.png")) is Kind.LOGS


def test_nothing_is_text_and_says_that_it_is_empty() -> None:
    for data in (b"", b"\n\n", b"stdout:\n\nstderr:\n"):
        found = classify(data, b"", b"", Hint())
        assert (found.kind, found.format) == (Kind.TEXT, "empty")


def test_utf16_is_text_and_control_bytes_are_not() -> None:
    log = "\n".join(f"2026-05-04 10:00:{n:02} INFO fired brick {n}" for n in range(20))
    for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
        assert kind_of(log.encode(encoding)) is Kind.LOGS
    assert kind_of(b"\x00\x01\x02\x03" * 100) is Kind.BINARY
    assert kind_of(b"\xff" * 1000) is Kind.BINARY


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("No resources found in yard namespace.", Kind.COMMAND_OUTPUT),
        ('Error from server (NotFound): pods "x" not found', Kind.COMMAND_OUTPUT),
        ("/bin/sh: syntax error near fi, failed", Kind.LOGS),
        ("level,message\nerror,gas is off\ninfo,fine\n", Kind.LOGS),
    ],
)
def test_a_line_or_two_are_enough_where_they_are_plain(text: str, kind: Kind) -> None:
    assert kind_of(text) is kind


@given(st.binary(max_size=400), st.binary(max_size=50), st.binary(max_size=50))
def test_any_bytes_have_a_kind_and_a_confidence_between_0_and_1(head: bytes, middle: bytes, tail: bytes) -> None:
    found = classify(head, middle, tail, Hint())
    assert found.kind is not Kind.UNKNOWN
    assert 0 <= found.confidence <= 1
    assert found.kind not in found.alternatives
    assert len(found.alternatives) <= 3


def test_a_line_of_several_settings_is_a_record_and_not_a_configuration() -> None:
    lines = "\n".join(f'ts=2026-11-20T14:00:{n:02}Z level=info msg="request {n} done" caller=main.go:{n}' for n in range(40))
    assert classify(lines.encode(), b"", b"", Hint()).kind is Kind.LOGS


def test_the_last_words_of_a_process_are_a_log_because_of_the_command_that_printed_them() -> None:
    words = b"exec /usr/local/bin/server: exec format error\n"
    assert classify(words, b"", b"", Hint(command="kubectl logs orders-7d9c6b5f4-x2x4z")).kind == Kind.LOGS
    assert classify(words, b"", b"", Hint()).kind != Kind.LOGS


def test_what_a_command_says_of_its_own_failure_is_no_log() -> None:
    refused = b'Error from server (BadRequest): previous terminated container "main" in pod "orders-0" not found\n'
    assert (
        classify(refused, b"", b"", Hint(command="kubectl logs orders-0 --previous")).kind
        == classify(refused, b"", b"", Hint()).kind
    )


def test_a_document_is_not_made_a_log_by_the_command_that_printed_it() -> None:
    document = b'{"total": 3, "patterns": [{"count": 1, "sample": "a"}]}\n'
    told = classify(document, b"", b"", Hint(command="kubectl logs orders-7d9c6b5f4-x2x4z"))
    assert told.kind == classify(document, b"", b"", Hint()).kind


def test_a_record_before_the_last_words_of_a_process_is_of_its_log() -> None:
    record = '{"message": "starting", "severity": "info", "timestamp": "2026-01-10T09:00:00Z"}\n'
    words = 'panic: environment variable "SHOP_ADDR" not set\n\ngoroutine 1 [running]:\nmain.main()\n\t/src/main.go:131 +0x3a5\n'
    kinds = [kind_of(text) for text in (record + words, '{"replicas": 3, "name": "shop"}\n' + words)]
    assert kinds[0] is Kind.LOGS and kinds[1] is not Kind.LOGS
