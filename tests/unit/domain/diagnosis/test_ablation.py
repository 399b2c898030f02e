"""Without any one family the others are told as before (issue of diagnosis: no family lowers another's figure).

An example is decided again without each family that matched in it, and without no other: a family enters a diagnosis by what its
rules match alone (`matched` asks each for itself), so that without one that matched nothing the whole diagnosis is the same. Only the
families of changes come in again by another way, as the last resort of a diagnosis without any cause.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from domain.diagnosis.causes import Seen, decided, looked_at
from domain.diagnosis.matching import Matched, matched
from domain.diagnosis.values import Diagnosis
from tests.quality.reading import analysed
from tests.unit.domain.diagnosis.examples.trios import TRIOS

pytestmark = pytest.mark.unmeasured


def looked(files: dict[str, str]) -> tuple[Seen, tuple[Matched, ...]]:
    seen = looked_at([analysed(name, text.encode()) for name, text in sorted(files.items())], "")
    return seen, matched(seen.observations)


def without_each(files: dict[str, str], family: str) -> Iterator[tuple[str, Diagnosis]]:
    """Every other family that matches → the diagnosis without it."""
    seen, every = looked(files)
    for left_out in (one.family.id for one in every if one.family.id != family):
        yield left_out, decided(seen, [one for one in every if one.family.id != left_out])


def told(diagnosis: Diagnosis, family: str) -> bool:
    if family == "recovered":
        return diagnosis.status == "healthy"
    return family in {name for one in diagnosis.candidates for name in (one.family, *one.chain)}


def first(diagnosis: Diagnosis) -> str:
    return diagnosis.candidates[0].family if diagnosis.candidates else diagnosis.status.replace("healthy", "recovered")


@pytest.mark.parametrize("family", TRIOS)
def test_a_family_is_first_without_any_other(family: str) -> None:
    assert [one for one, found in without_each(TRIOS[family].positive, family) if first(found) != family] == []


@pytest.mark.parametrize("family", TRIOS)
def test_what_is_none_of_a_family_is_none_without_any_other(family: str) -> None:
    examples = (TRIOS[family].near, TRIOS[family].refuted)
    assert [one for files in examples for one, found in without_each(files, family) if told(found, family)] == []
