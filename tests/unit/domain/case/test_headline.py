from __future__ import annotations

from domain.case.headline import headline
from tests.builders import a_state


def test_one_turn_is_no_plural_and_no_file_is_one() -> None:
    first, *_, last = headline(a_state(turn=1)).split("\n\n")
    assert (first, last) == ("**inquiry** after 1 turn", "0 files, 0 evidence rows")
