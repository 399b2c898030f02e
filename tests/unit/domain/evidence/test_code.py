"""Source code: its language and the places a reviewer would mark."""

from domain.evidence.code import outline, program
from tests import told
from tests.evidence import read_by


def test_marked_places_are_weak_and_cited() -> None:
    parsed = read_by(
        program.analyse,
        """
    import requests
    from x import y

    def fire(url):
        while True:
            try:
                requests.get(url, verify=False)
            except Exception: pass
            cursor.execute(f"SELECT {url}")
    """,
    )
    assert told.findings(parsed) == [
        "1 setting file:code @5: loop without end, line 5 | reason=loop without end field=code",
        "1 setting file:code @5: unbounded retry, line 5 | reason=unbounded retry field=code",
        "1 setting file:code @7: TLS check disabled, line 7 | reason=TLS check disabled field=code",
        "1 setting file:code @7: missing timeout, line 7 | reason=missing timeout field=code",
        "1 setting file:code @8: swallowed exception, line 8 | reason=swallowed exception field=code",
        "1 setting file:code @9: query in a loop, line 9 | reason=query in a loop field=code",
        "1 setting file:code @9: statement built from strings, line 9 | reason=statement built from strings field=code",
    ]
    assert parsed.summary == "python code, 9 lines, 7 marked places"
    assert parsed.share_parsed == 1.0


def test_fifty_places_are_marked() -> None:
    assert len(read_by(program.analyse, "\n".join(["while (true) {"] * 51)).findings) == 50


def test_the_language_is_the_one_most_of_the_first_two_thousand_lines_speak_for() -> None:
    assert outline.language(("package main", "import x;", "import y;")) == "java"
    assert outline.language(("nothing",)) == "unknown"
    assert outline.language((*["-"] * 1999, "elif x")) == "python"
    assert outline.language((*["-"] * 2000, "elif x")) == "unknown"
