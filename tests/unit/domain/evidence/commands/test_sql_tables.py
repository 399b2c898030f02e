"""Tables nobody described: the rows whose state, words or rare values stand out."""

from domain.evidence.commands.stores import sql_tables
from tests import told
from tests.evidence import read_part


def test_rows_stand_out_by_state_words_and_rare_values() -> None:
    parsed, understood = read_part(
        sql_tables.read,
        """
    Brick   Zone    Mode      Heat
    b1      north   active    1
    b2      north   active    1
    b3      north   passive   1
    b4      north   active    2
    b5      north   active    1

    NAME    Status               Note
    kiln    Exited (1) ago       fine
    mill    (unhealthy)          fine
    yard    Up                   connection refused
    barn    Pending              fine

    lower   case   header
    b6      failed  x
    Fine    Header   Here
    b7      failed   x
    """,
    )
    assert told.findings(parsed) == [
        "3.5 row row/kiln @10: kiln: Status is Exited (1) ago | value=Status is Exited (1) ago status=Exited (1) ago",
        "3.5 row row/mill @11: mill: Status is (unhealthy) | value=Status is (unhealthy) status=(unhealthy)",
        "3 row row/yard @12: yard: Note is connection refused | value=Note is connection refused status=Up",
        "3 row row/b7 @18: b7: Header is failed | value=Header is failed",
        "2.5 row row/barn @13: barn: Status is Pending | value=Status is Pending status=Pending",
        "2 row row/b3 @5: b3: Mode is passive, elsewhere active | value=Mode is passive, elsewhere active",
    ]
    assert understood == 13


def test_a_rare_value_needs_four_rows_and_seven_in_ten_that_agree() -> None:
    parsed, understood = read_part(
        sql_tables.read,
        """
    Brick   Zone
    b1      north
    b2      north
    b3      south

    Brick   Zone    Mode   Heat
    b1      north   a      x
    b2      north   a      x
    b3      north   a      x
    b4      north   a      x
    b5      north   a      x
    b6      north   a      x
    b7      north   b      x
    b8      south   b      x
    b9      west    b      x
    b10     south   b      x
    """,
    )
    assert told.findings(parsed) == [
        "2 row row/b8 @15: b8: Zone is south, elsewhere north | value=Zone is south, elsewhere north",
        "2 row row/b9 @16: b9: Zone is west, elsewhere north | value=Zone is west, elsewhere north",
        "2 row row/b10 @17: b10: Zone is south, elsewhere north | value=Zone is south, elsewhere north",
    ]
    assert understood == 15


def test_forty_odd_rows_are_kept_and_a_column_of_many_values_has_no_usual_one() -> None:
    failed = "\n".join(["Brick   Status", *(f"b{number:<7}failed" for number in range(42))])
    assert len(read_part(sql_tables.read, failed)[0].findings) == 40
    six = ["Brick   Zone", *(f"b{number:<7}north" for number in range(20)), *(f"c{zone:<7}{zone}" for zone in "abcde")]
    assert read_part(sql_tables.read, "\n".join(six))[0].findings == ()
    five = read_part(sql_tables.read, "\n".join(six[:-1]))[0]
    assert [f.subject for f in five.findings] == ["row/ca", "row/cb", "row/cc", "row/cd"]


def test_four_rows_are_enough_to_be_odd_and_long_names_are_cut() -> None:
    long = "b" * 100
    rows = ["a1  north", "a2  north", "a3  north", f"{long}  south"]
    parsed, understood = read_part(sql_tables.read, "\n".join(["Brick  Zone", *rows]))
    assert [(f.subject, f.attributes["value"]) for f in parsed.findings] == [
        ("row/" + "b" * 80, "Zone is south, elsewhere north"),
    ]
    assert understood == 5


def test_a_single_word_heads_no_table() -> None:
    assert read_part(sql_tables.read, "Results\nfailed\nconnection refused")[1] == 0
