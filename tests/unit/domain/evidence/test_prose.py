"""Documents: headings, error codes and telling sentences, all as reports."""

from domain.evidence.prose import analyser as prose
from tests import told
from tests.evidence import read_by


def test_headings_codes_and_telling_sentences_are_reported() -> None:
    parsed = read_by(
        prose.analyse,
        """
    ====
    Cold kiln
    =========
    ## Meaning
    The gas refused to open.
    The oven said GAS-104 and HTTP 503.
    All was well before.
    The store ran out of memory and is corrupt.
    ---

    Steps
    -----
    ##no heading
    """,
    )
    assert told.findings(parsed) == [
        "2.5 user_report - @8: The store ran out of memory and is corrupt. | message=The store ran out of memory and is corrupt. source=reported",
        "1.5 user_report - @5: The gas refused to open. | message=The gas refused to open. source=reported",
        "1 user_report - @6: The oven said GAS-104 and HTTP 503. | message=The oven said GAS-104 and HTTP 503. code=GAS-104 source=reported",
    ]
    assert parsed.summary == "13 lines: Cold kiln; Meaning; The store ran out of memory and is corrupt.; Steps"
    assert parsed.share_parsed == 1.0


def test_a_page_of_calm_words_has_no_heading() -> None:
    parsed = read_by(
        prose.analyse,
        """
    All was well.
    """,
    )
    assert told.findings(parsed) == []
    assert parsed.summary == "1 lines"
    assert parsed.share_parsed == 1.0


def test_nothing_is_told_as_nothing() -> None:
    parsed = read_by(prose.analyse, " ")
    assert told.findings(parsed) == ["0.5 empty - @1: no content"]
    assert (parsed.summary, parsed.share_parsed) == ("empty", 0.0)


def test_a_hundred_sentences_and_twelve_headings_are_kept() -> None:
    text = "\n".join([*(f"# Part {n}" for n in range(13)), *["The gas refused to open."] * 101])
    parsed = read_by(prose.analyse, text)
    assert len(parsed.findings) == 100
    assert parsed.summary == "114 lines: " + "; ".join(f"Part {n}" for n in range(12))


def test_long_headings_are_cut() -> None:
    assert read_by(prose.analyse, "x" * 250 + "\n=====").summary == "2 lines: " + "x" * 200
