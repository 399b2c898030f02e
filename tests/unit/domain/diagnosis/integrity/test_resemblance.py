from difflib import get_close_matches

from hypothesis import given
from hypothesis import strategies as some

from domain.diagnosis.integrity.resemblance import ALIKE, Names

WORDS = some.text("abc-1", max_size=12)


@given(WORDS, some.lists(WORDS, max_size=12))
def test_the_nearest_names_are_those_that_difflib_finds(word: str, names: list[str]) -> None:
    known = list(dict.fromkeys(names))
    assert Names(known).nearest(word, 3) == get_close_matches(word, known, 3, ALIKE)


def test_a_name_of_the_same_letters_in_another_order_is_not_near() -> None:
    assert Names(["stressed"]).nearest("desserts", 3) == []
    assert Names(["orders", "basket"]).nearest("ordres", 3) == ["orders"]
