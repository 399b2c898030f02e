"""Which spellings are one value, and which structure stays visible."""

from __future__ import annotations

import pytest

from domain.privacy.grouping import group, normalised


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("EMAIL", "ann@Shop.TEST", "ann@shop.test"),
        ("HOST", "DB.Shop.com", "db.shop.com"),
        ("CARD", "4111 1111 1111 1111", "4111111111111111"),
        ("PHONE", "+49 (30) 123-4567", "+49301234567"),
        ("IP", "2a01:0:0::1", "2a01::1"),
        ("IBAN", "DE12 3456 7890", "de1234567890"),
        ("MAC", "AA-BB-CC-00-11-22", "aa:bb:cc:00:11:22"),
    ],
)
def test_spellings_of_one_value_are_one(kind: str, one: str, other: str) -> None:
    assert normalised(kind, one) == normalised(kind, other)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [("EMAIL", "Ann@a.test", "ann@a.test"), ("SECRET", "A", "a"), ("USER", "Ann", "ann"), ("PHONE", "+49301", "49301")],
)
def test_what_may_differ_stays_apart(kind: str, one: str, other: str) -> None:
    assert normalised(kind, one) != normalised(kind, other)


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("IP", "10.1.2.3", ("net", "10.1.2.0/24")),
        ("IP", "8.8.8.8", ("pub", "8.8.8.0/24")),
        ("IP", "100.64.0.9", ("cg", "100.64.0.0/24")),
        ("IP", "::ffff:10.1.2.9", ("net", "10.1.2.0/24")),
        ("IP", "2a01:1:2:3:4::1", ("pub", "2a01:1:2:3::/64")),
        ("IP", "fe80::1", ("net", "fe80::/64")),
        ("HOST", "a.b.shop.com", ("dom", "shop.com")),
        ("HOST", "www.shop.co.uk", ("dom", "shop.co.uk")),
        ("EMAIL", "a@b.test", None),
    ],
)
def test_groups_keep_the_structure(kind: str, value: str, expected: tuple[str, str] | None) -> None:
    assert group(kind, value) == expected
