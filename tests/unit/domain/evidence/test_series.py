"""Series of every metrics format: names, labels, times, values and the line of each."""

from datetime import UTC, datetime
from textwrap import dedent

import pytest

from domain.evidence.metrics import reader, series
from domain.evidence.structure.delimited import cells, number


def told(text: str) -> list[str]:
    """`name label=value … unit @head | line:time=value …`, and the notes at the end."""
    found, _, notes = reader.read(tuple(dedent(text).strip("\n").split("\n")))
    return [_told(one) for one in found] + notes


def _told(one: series.Series) -> str:
    points = [
        f"{line}:{series.instant(time).strftime('%d %H:%M:%S') if time else '-'}={'none' if value is None else format(value, 'g')}"
        for line, time, value in zip(one.lines, one.times, one.values, strict=True)
    ]
    head = [one.name, *(f"{key}={value}" for key, value in one.labels.items())]
    return " ".join([*head, *([one.unit] if one.unit else []), *([f"@{one.head}"] if one.head else []), "|", *points])


def test_a_wide_table_gives_a_series_per_column_of_numbers() -> None:
    text = """
    time,zone,kiln_cpu,"mill mem",empty
    2026-05-04T10:00:00Z,north,1.5,20,
    2026-05-04T10:01:00Z,north,,21,
    2026-05-04T10:02:00Z,south,x,NaN,
    broken,row

    2026-05-04T10:03:00Z,south,-3e2,23,
    2026-05-04T10:04:00Z,south,4,24,
    """
    assert told(text) == [
        "kiln_cpu | 2:04 10:00:00=1.5 3:04 10:01:00=none 4:04 10:02:00=none 7:04 10:03:00=-300 8:04 10:04:00=4",
        "mill mem | 2:04 10:00:00=20 3:04 10:01:00=21 4:04 10:02:00=none 7:04 10:03:00=23 8:04 10:04:00=24",
        "1 rows have another width",
    ]


def test_a_long_table_gives_a_series_per_set_of_labels() -> None:
    text = """
    timestamp;metric;host;value
    1777888800;cpu;oak-1;1
    1777888800;cpu;oak-2;2
    1777888860;cpu;oak-1;3
    1777888860;"m;x";oak-1;4
    """
    assert told(text) == [
        "cpu metric=cpu host=oak-1 | 2:04 10:00:00=1 4:04 10:01:00=3",
        "cpu metric=cpu host=oak-2 | 3:04 10:00:00=2",
        "m;x metric=m;x host=oak-1 | 5:04 10:01:00=4",
    ]


def test_a_long_table_without_a_name_is_called_value() -> None:
    text = """
    start_time	pod	val
    1777888800000	mill-1	1
    1777888860000	mill-2	2
    """
    assert told(text) == [
        "value pod=mill-1 | 2:04 10:00:00=1",
        "value pod=mill-2 | 3:04 10:01:00=2",
    ]


def test_a_table_without_times_or_labels_is_wide() -> None:
    text = """
    a,value
    1,2
    3,4
    """
    assert told(text) == [
        "a | 2:-=1 3:-=3",
        "value | 2:-=2 3:-=4",
    ]


def test_a_column_is_of_numbers_when_four_fifths_are() -> None:
    text = """
    ts,mostly,hardly
    1,1,1
    2,2,2
    3,3,x
    4,4,y
    5,n/a,5
    """
    assert told(text) == [
        "mostly | 2:-=1 3:-=2 4:-=3 5:-=4 6:-=none",
    ]


def test_exposition_joins_samples_of_equal_labels() -> None:
    text = """
    # HELP bricks Fired.
    bricks_total{oven="1",zone="north"} 5 1777888800000
    bricks_total{oven="1",zone="north"} 7 1777888860000
    bricks_total{oven="2"} NaN
    heat 1.5e3
    heat +Inf
    not a sample at all
    """
    assert told(text) == [
        "bricks_total oven=1 zone=north | 2:04 10:00:00=5 3:04 10:01:00=7",
        "bricks_total oven=2 | 4:-=none",
        "heat | 5:-=1500 6:-=none",
        "1 lines are no samples",
    ]


def test_influx_lines_name_measurement_and_field() -> None:
    text = """
    oven,host=oak-1,zone=north heat=1.5 1777888800000000000
    oven,host=oak-1,zone=north heat=2i,other=3 1777888860000000000
    oven bricks=4 1777888860
    """
    assert told(text) == [
        "oven.heat host=oak-1 zone=north | 1:04 10:00:00=1.5 2:04 10:01:00=2",
        "oven.other host=oak-1 zone=north | 2:04 10:01:00=3",
        "oven.bricks | 3:04 10:01:00=4",
    ]


def test_query_results_in_json_keep_labels_and_lines() -> None:
    text = """
    {"data": {"result": [
     {"metric": {"__name__": "up", "job": "kiln"}, "values": [
      [1777888800, "1"],
      [1777888860, "0"],
      [1777888920]]},
     {"metric": {"job": "mill"}, "value": [1777888800, "7"]},
     {"metric": {"job": "none"}, "values": []}
    ]}}
    """
    assert told(text) == [
        "up __name__=up job=kiln @2 | 3:04 10:00:00=1 4:04 10:01:00=0",
        "value job=mill @6 | 6:04 10:00:00=7",
    ]


def test_paired_lists_of_times_and_values_are_a_series() -> None:
    text = """
    {"MetricDataResults": [
     {"id": "m1",
      "label": "CPUUtilization", "unit": "Percent",
      "timestamps": ["2026-05-04T10:00:00Z", "2026-05-04T10:01:00Z"],
      "values": [40,
       99]},
     {"dimensions": [{"Name": "host", "Value": "oak-1"}], "Timestamps": ["2026-05-04T10:00:00Z"], "Values": [1, 2]}
    ]}
    """
    assert told(text) == [
        "CPUUtilization Percent @3 | 5:04 10:00:00=40 6:04 10:01:00=99",
        "MetricDataResults.1 host=oak-1 @7 | 7:04 10:00:00=1",
    ]


def test_lists_of_points_give_a_series_per_number() -> None:
    text = """
    {"Datapoints": [
     {"Timestamp": "2026-05-04T10:00:00Z", "Average": 1, "Maximum": 2, "Unit": "Percent"},
     {"Timestamp": "2026-05-04T10:01:00Z", "Average": 3,
      "Maximum": 4},
     {"Timestamp": "2026-05-04T10:02:00Z", "Average": 5}
     ],
     "Two": [{"time": 1777888800, "n": 1}, {"time": 1777888800, "n": 1}],
     "Timeless": [{"n": 1}, {"n": 1}, {"n": 1}]
    }
    """
    assert told(text) == [
        "Average @2 | 2:04 10:00:00=1 3:04 10:01:00=3 5:04 10:02:00=5",
        "Maximum @2 | 2:04 10:00:00=2 4:04 10:01:00=4 5:04 10:02:00=none",
    ]


def test_a_cut_document_says_where_it_ends() -> None:
    text = """
    {"deep": {"points": [{"epoch": 1777888800, "n": 1, "s": "7"}, {"epoch": 1777888860, "n": 2},
     {"epoch": 1777888920, "n": 3}, {"ep
    """
    assert told(text) == [
        "points.n @1 | 1:04 10:00:00=1 1:04 10:01:00=2 2:04 10:02:00=3 2:-=none",
        "line 2: is not JSON; the part above it was read",
    ]


def test_nothing_gives_nothing() -> None:
    assert reader.read(("", "  ")) == ([], reader.NONE, [])


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-05-04T10:00:00Z", datetime(2026, 5, 4, 10, tzinfo=UTC)),
        (" 1777888800 ", datetime(2026, 5, 4, 10, tzinfo=UTC)),
        ("1777888800.5", datetime(2026, 5, 4, 10, 0, 0, 500_000, tzinfo=UTC)),
        ("1777888800000", datetime(2026, 5, 4, 10, tzinfo=UTC)),
        ("1777888800000000", datetime(2026, 5, 4, 10, tzinfo=UTC)),
        ("1777888800000000000", datetime(2026, 5, 4, 10, tzinfo=UTC)),
        ("600000000", None),
        ("600000001", datetime(1989, 1, 5, 10, 40, 1, tzinfo=UTC)),
        ("5000000000", None),
        ("soon", None),
        ("", None),
    ],
)
def test_times_are_dates_or_counts_since_1970(text: str, time: datetime | None) -> None:
    assert series.instant(series.moment(text)) == time


def test_a_point_beyond_the_bound_is_left_out() -> None:
    one = series.Series("x", values=[0.0] * (series.POINTS - 1))
    one.add(1, None, 1.0)
    one.add(2, None, 2.0)
    assert (len(one.values), one.lines) == (series.POINTS, [1])


def test_series_beyond_the_bound_are_left_out_in_every_format() -> None:
    many = range(series.SERIES + 1)
    exposition = [*(f"m{number} 1" for number in many), "m0 2"]
    found, _, _ = reader.read(tuple(exposition))
    assert (len(found), found[0].values) == (series.SERIES, [1.0, 2.0])
    long = ["name,value", *(f"m{number},1" for number in many), "m0,2"]
    found, _, _ = reader.read(tuple(long))
    assert (len(found), found[0].values) == (series.SERIES, [1.0, 2.0])
    wide = [",".join(f"m{number}" for number in many), ",".join("1" for _ in many)]
    assert len(reader.read(tuple(wide))[0]) == series.SERIES


def test_cells_in_quotes_may_hold_the_mark() -> None:
    assert cells('a,"b,c",d', ",") == ["a", "b,c", "d"]
    assert cells("a,b", ",") == ["a", "b"]


def test_numbers_may_carry_units_thousands_and_decimal_commas() -> None:
    told_numbers = {
        "1,234.5 ms": 1234.5,
        "12 %": 12,
        "3 KiB": 3072,
        "2.5 MB/s": 2.5e6,
        "": None,
        "n/a": None,
        "-": None,
        "7 apples": None,
    }
    assert {text: number(text) for text in told_numbers} == told_numbers
    assert (number("3,5", ";"), number("3,5"), number("5 mins")) == (3.5, 35.0, 5.0)
