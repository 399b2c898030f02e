import pytest

from domain.case.asking import asked


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("what should I check first?", ("checks",)),
        ("How do we fix it?", ("actions",)),
        ("since when, and which services are affected?", ("onset", "scope")),
        ("why does it fail?", ("causes",)),
        ("what should we do", ("actions",)),
        ("we restarted postgres and it is fine now", ()),
        ("the fix was rolled back. Why did it fail?", ("causes",)),
        ("", ()),
    ],
)
def test_b1_a_question_names_the_parts_it_is_about_and_a_statement_none(text: str, parts: tuple[str, ...]) -> None:
    assert asked(text) == parts
