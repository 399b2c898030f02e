"""A word of a later version decodes to a harmless one."""

import pytest

from domain.case.turns import IntentType, TurnStatus
from domain.case.words import CaseStatus, Category, HypothesisStatus, RowCategory, Stance


@pytest.mark.parametrize("words", [CaseStatus, HypothesisStatus, Category, RowCategory, Stance, IntentType, TurnStatus])
def test_a_word_of_a_later_version_decodes_to_a_harmless_one(words):
    assert words("of a later version") in {"unknown", "other", "neutral"}
    assert all(words(str(word)) is word for word in words)
