"""The digest keeps what hides in seeded logs: gate ≥ 7 of 7 per seed at 400 tokens, seeds 1-3, N=21."""

from __future__ import annotations

import pytest

from tests.quality.needles import lost


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_needle_is_in_a_digest_of_four_hundred_tokens(seed):
    assert lost(seed, 400) == []
