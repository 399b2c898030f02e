"""Letters and digits that look alike."""

import pytest

from activities.adapters.mending import mended


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("ERR0R", "ERROR"),
        ("0rderController", "OrderController"),
        ("00MKilled", "OOMKilled"),
        ("CrashLoopBack0ff", "CrashLoopBackOff"),
        ("INF0", "INFO"),
        ("8ml2s", "8m12s"),
        ("1O", "10"),
        ("/api/vl/orders", "/api/v1/orders"),
        ("apiVersion：", "apiVersion:"),
        ("TLSv1.3", "TLSv1.3"),
    ],
)
def test_a_word_is_mended_by_what_it_is(read: str, meant: str) -> None:
    assert mended(read) == meant


@pytest.mark.parametrize(
    "word",
    [
        "eth0",
        "0x1f",
        "0xdeadbeef",
        "3f2a9c1d77e0",
        "redis-0",
        "0kB",
        "0MiB",
        "10.0.3.12:8080",
        "node-a1",
        "a0b",
        "l",
        "OK",
        "v2",
        "hello",
        "",
    ],
)
def test_a_word_that_is_right_stays(word: str) -> None:
    assert mended(word) == word
