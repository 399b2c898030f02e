"""Amounts as cluster tools write them."""

import pytest

from domain.evidence.structure.quantities import amount


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("500m", 0.5), ("3Gi", 3 * 1024**3), ("80%", 80.0), (" 1.5G", 1.5e9), ("-2", -2.0), ("7 MB left", 7e6), ("4x", None), ("", None),
        ("many", None), ("12KiB", 12 * 1024.0), ("0", 0.0),
    ],
)  # fmt: skip
def test_an_amount_is_given_in_its_base_unit(text: str, value: float | None) -> None:
    assert amount(text) == value


def test_only_sixty_four_characters_are_looked_at() -> None:
    assert amount("1" + " " * 63 + "G") == 1.0
    assert amount("1" + " " * 62 + "G") == 1e9
