import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.uploads import display_name


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("app.log", "app.log"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ada\\app.log", "app.log"),
        ("/", "unnamed"),
        ("..", "unnamed"),
        ("", "unnamed"),
        ("a\x00b\u202egpj.exe", "abgpj.exe"),
        ("x" * 300, "x" * 255),
    ],
)
def test_a_file_name_is_display_text_without_path_parts_and_marks(given_name: str, shown: str) -> None:
    assert display_name(given_name) == shown


@given(st.text())
def test_no_name_keeps_separators_or_controls(name: str) -> None:
    shown = display_name(name)
    assert 0 < len(shown) <= 255
    assert "/" not in shown
    assert "\\" not in shown
    assert "\x00" not in shown
