"""Metrics: built from the documented formats; every example has one series that jumps and one that does not."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime

from domain.evidence.values import Kind
from tests.unit.domain.evidence.formats.table import Format, Must

START = 1777888800
MINUTES = 40
BORDER = 25
"""The minute at which the moving series reaches its new level."""
CALM = [20.0 + n % 3 for n in range(MINUTES)]
MOVED = [v + (90 if n >= BORDER else 0) for n, v in enumerate(CALM)]


def iso(minute: int) -> str:
    return f"{datetime.fromtimestamp(START + 60 * minute, UTC):%Y-%m-%dT%H:%M:%SZ}"


def table(head: str, rows: Iterable[str]) -> str:
    return "\n".join([head, *rows]) + "\n"


def wide(mark: str = ",", head: str = "time,kiln_latency,yard_latency", point: str = ".") -> str:
    rows = (mark.join([iso(n), *(f"{v:.1f}".replace(".", point) for v in (MOVED[n], CALM[n]))]) for n in range(MINUTES))
    return table(head.replace(",", mark), rows)


def pretty(value: object) -> str:
    """JSON with every point on a line of its own."""
    return json.dumps(value, indent=1).replace("[\n    [", "[\n[") + "\n"


def at(text: str, piece: str) -> int:
    """The line of a piece."""
    return text[: text.index(piece)].count("\n") + 1


def a_step(line: int, subject: str = "", says: str = "rose from 21") -> tuple[Must, ...]:
    return (Must(what="the jump at its line", kind="level_shift", line=line, subject=subject, says=says),)


EPOCHS = table(
    "Time,kiln cpu (%),yard cpu (%)",
    (f"{(START + 60 * n) * 1000},{'' if n == 5 else MOVED[n] - 20},{CALM[n]}" for n in range(MINUTES)),
)
QUOTED = table('"Time","kiln-latency","yard-latency"', (f'"{iso(n)}","{MOVED[n]} ms","{CALM[n]} ms"' for n in range(MINUTES)))
LONG = table(
    "timestamp,metric,host,value",
    (f"{START + 60 * n},latency,{host},{v[n]}" for n in range(MINUTES) for host, v in (("kiln", MOVED), ("yard", CALM))),
)
FLUX = table(
    "#datatype,string,long,dateTime:RFC3339,double,string,string,string\n#group,false,false,false,false,true,true,true\n"
    "#default,_result,,,,,,\n,result,table,_time,_value,_field,_measurement,host",
    (f",,0,{iso(n)},{MOVED[n]},usage,latency,kiln" for n in range(MINUTES)),
)
EXPOSED = table(
    "# HELP http_requests_total Requests.\n# TYPE http_requests_total counter",
    [
        'http_requests_total{code="200",path="/a,b"} 1027 1777888800000',
        'http_requests_total{code="500"} 3',
        "# TYPE heap_bytes gauge",
        "heap_bytes 1.5e+09",
        "# TYPE wait_seconds histogram",
        'wait_seconds_bucket{le="0.1"} 10',
        'wait_seconds_bucket{le="1"} 90',
        'wait_seconds_bucket{le="+Inf"} 100',
        "wait_seconds_sum 61.5",
        "wait_seconds_count 100",
    ],
)
SCRAPES = (
    table(
        "# TYPE jobs counter\n# UNIT wait_seconds seconds",
        (
            f'jobs_total{{queue="kiln"}} {sum(MOVED[: n + 1])} {START + 60 * n}\nwait_seconds{{queue="kiln"}} {CALM[n]} {START + 60 * n}'
            for n in range(MINUTES)
        ),
    )
    + "# EOF\n"
)
INFLUX = "".join(
    f'oven,host=kiln\\ one,zone=north latency={MOVED[n]},used=7i,note="a b" {(START + 60 * n) * 10**9}\n' for n in range(MINUTES)
)
MATRIX = {
    "status": "success",
    "data": {
        "resultType": "matrix",
        "result": [
            {"metric": {"__name__": "latency", "pod": name}, "values": [[START + 60 * n, str(v)] for n, v in enumerate(values)]}
            for name, values in (("kiln-1", MOVED), ("yard-1", CALM))
        ],
    },
}
VECTOR = {
    "status": "success",
    "data": {
        "resultType": "vector",
        "result": [
            {"metric": {"__name__": "up", "job": job}, "value": [START, up]} for job, up in (("kiln", "0"), ("yard", "1"))
        ],
    },
}
DATAPOINTS = {
    "Label": "CPUUtilization",
    "Datapoints": [
        {"Timestamp": iso(n), "Average": MOVED[n] - 20, "Unit": "Percent"}
        for n in sorted(range(MINUTES), key=lambda n: n * 7 % MINUTES)
    ],
}
RESULTS = {
    "MetricDataResults": [
        {
            "Id": "m1", "Label": "CPUUtilization", "Timestamps": [iso(n) for n in reversed(range(MINUTES))],
            "Values": [MOVED[n] - 20 for n in reversed(range(MINUTES))], "StatusCode": "Complete",
        }
    ]
}  # fmt: skip
JSON_LINES = "".join(
    json.dumps({"ts": iso(n), "name": "latency", "host": "kiln", "value": MOVED[n]}) + "\n" for n in range(MINUTES)
)
POINTS = [{"timestamp": iso(n), "latency": MOVED[n], "load": CALM[n]} for n in range(MINUTES)]
DATADOG = {
    "status": "ok", "res_type": "time_series",
    "series": [
        {
            "metric": "oven.latency", "display_name": "oven.latency", "tag_set": ["host:kiln"], "scope": "host:kiln",
            "pointlist": [[(START + 60 * n) * 1000.0, MOVED[n]] for n in range(MINUTES)],
        }
    ],
}  # fmt: skip
GRAFANA = {
    "results": {
        "A": {
            "status": 200,
            "frames": [
                {
                    "schema": {
                        "fields": [
                            {"name": "Time", "type": "time"},
                            {"name": "latency", "type": "number", "labels": {"service": "kiln"}, "config": {"unit": "ms"}},
                        ]
                    },
                    "data": {"values": [[(START + 60 * n) * 1000 for n in range(MINUTES)], MOVED]},
                }
            ],
        }
    }
}
GOOGLE = {
    "timeSeries": [
        {
            "metric": {"type": "cloudsql.googleapis.com/database/disk/read_ops_count"},
            "resource": {"type": "cloudsql_database", "labels": {"database_id": "yard:kiln"}},
            "metricKind": "GAUGE",
            "points": [{"interval": {"endTime": iso(n)}, "value": {"doubleValue": MOVED[n]}} for n in reversed(range(MINUTES))],
        }
    ]
}
INSIGHTS = "/subscriptions/0/providers/Microsoft.DBforPostgreSQL/flexibleServers/kiln/providers/Microsoft.Insights/metrics/iops"
AZURE = {
    "timespan": f"{iso(0)}/{iso(MINUTES)}",
    "value": [
        {
            "id": INSIGHTS,
            "name": {"value": "iops", "localizedValue": "IOPS"},
            "unit": "Count",
            "timeseries": [{"data": [{"timeStamp": iso(n), "average": MOVED[n]} for n in range(MINUTES)]}],
        }
    ],
}
GRAPHITE = [{"target": "oven.kiln.latency", "datapoints": [[MOVED[n], START + 60 * n] for n in range(MINUTES)]}]
VICTORIA = "".join(
    json.dumps({
        "metric": {"__name__": "latency", "pod": name},
        "values": values,
        "timestamps": [(START + 60 * n) * 1000 for n in range(MINUTES)],
    })
    + "\n"
    for name, values in (("kiln-1", MOVED), ("yard-1", CALM))
)
INFLUX_JSON = {
    "results": [
        {
            "series": [
                {
                    "name": "oven",
                    "tags": {"host": "kiln"},
                    "columns": ["time", "latency"],
                    "values": [[iso(n), MOVED[n]] for n in range(MINUTES)],
                }
            ]
        }
    ]
}
CROWDED = table(
    "time,queue_depth,pool_in_use,pool_size,disk_free_bytes",
    (f"{iso(n)},{10 + 5 * n},{min(20, 3 + n * 2 + n % 2)},20,{9e9 - 2e8 * n:.0f}" for n in range(MINUTES)),
)
HOLES = table(
    "time,heat,pressure",
    (
        f"{iso(n + (30 if n >= 20 else 0))},{50 + (n * 7919) % 13 if n < 28 else 55},{CALM[n]}"
        for n in range(MINUTES)
    ),
)  # fmt: skip

FORMATS: tuple[Format, ...] = (
    Format(name="CSV, a column per series", kind=Kind.METRICS, example=wide(), source="RFC 4180",
           rows={"series/kiln_latency": 2, "series/yard_latency": 2}, must=a_step(BORDER + 2, "service/kiln")),
    Format(name="TSV", kind=Kind.METRICS, example=wide("\t"), source="IANA text/tab-separated-values",
           rows={"series/kiln_latency": 2, "series/yard_latency": 2}, must=a_step(BORDER + 2, "service/kiln")),
    Format(name="CSV with semicolons and decimal commas", kind=Kind.METRICS, example=wide(";", point=","), source="RFC 4180, European spreadsheets",
           rows={"series/kiln_latency": 2, "series/yard_latency": 2}, must=a_step(BORDER + 2, "service/kiln")),
    Format(name="CSV with epoch milliseconds, units and missing cells", kind=Kind.METRICS, example=EPOCHS, source="Grafana, Inspect > Data > CSV",
           rows={"series/kiln cpu": 2, "series/yard cpu": 2},
           must=a_step(BORDER + 2, says="rose from 1")),
    Format(name="Grafana CSV with units in quoted cells", kind=Kind.METRICS, example=QUOTED, source="Grafana, Inspect > Data > formatted",
           rows={"series/kiln-latency": 2, "series/yard-latency": 2}, must=a_step(BORDER + 2, "service/kiln")),
    Format(name="CSV, a row per value", kind=Kind.METRICS, example=LONG, source="Prometheus and Timescale exports",
           rows={"series/latency{host=kiln}": 2, "series/latency{host=yard}": 3},
           must=a_step(2 + 2 * BORDER, "host/kiln")),
    Format(name="InfluxDB annotated CSV", kind=Kind.METRICS, example=FLUX, source="InfluxDB, annotated CSV",
           must=a_step(5 + BORDER, "host/kiln")),
    Format(name="Prometheus range query", kind=Kind.METRICS, example=pretty(MATRIX), source="Prometheus HTTP API, matrix",
           rows=lambda text: {f"series/latency{{pod={pod}}}": at(text, f'"pod": "{pod}"') - 2 for pod in ("kiln-1", "yard-1")},
           must=(Must(what="the jump of one pod", kind="level_shift", subject="pod/kiln-1"),)),
    Format(name="Prometheus instant query", kind=Kind.METRICS, example=pretty(VECTOR), source="Prometheus HTTP API, vector",
           rows=lambda text: {f"series/up{{job={job}}}": at(text, f'"job": "{job}"') - 2 for job in ("kiln", "yard")}),
    Format(name="Prometheus exposition, one scrape", kind=Kind.METRICS, example=EXPOSED, source="Prometheus exposition format 0.0.4",
           rows={"series/http_requests_total{code=200,path=/a,b}": 3, "series/http_requests_total{code=500}": 4, "series/heap_bytes": 6,
                 "series/wait_seconds_bucket{le=0.1}": 8, "series/wait_seconds_bucket{le=1}": 9, "series/wait_seconds_bucket{le=+inf}": 10,
                 "series/wait_seconds_sum": 11, "series/wait_seconds_count": 12, "series/wait_seconds p95": 8}),
    Format(name="OpenMetrics, several scrapes", kind=Kind.METRICS, example=SCRAPES, source="OpenMetrics 1.0",
           rows={"series/jobs_total{queue=kiln}": 5, "series/wait_seconds{queue=kiln}": 4},
           must=(Must(what="the jump of a counter's rate", kind="level_shift", line=3 + 2 * BORDER, says="jobs_total"),)),
    Format(name="InfluxDB line protocol", kind=Kind.METRICS, example=INFLUX, source="InfluxDB line protocol",
           must=a_step(BORDER + 1, "host/kiln\\ one")),
    Format(name="CloudWatch get-metric-statistics", kind=Kind.METRICS, example=pretty(DATAPOINTS), source="AWS CLI, unordered datapoints",
           must=(Must(what="the jump in order of time", kind="level_shift", says="CPUUtilization.Average rose from 1"),)),
    Format(name="CloudWatch get-metric-data", kind=Kind.METRICS, example=pretty(RESULTS), source="AWS CLI, newest first",
           must=(Must(what="the jump in order of time", kind="level_shift", says="CPUUtilization rose from 1"),)),
    Format(name="Points as JSON lines", kind=Kind.METRICS, example=JSON_LINES, source="NDJSON", must=a_step(BORDER + 1, "host/kiln")),
    Format(name="A JSON list of points", kind=Kind.METRICS, example=pretty(POINTS), source="RFC 8259",
           must=(Must(what="the jump", kind="level_shift", says="latency rose from 21"),)),
    Format(name="Datadog timeseries query", kind=Kind.METRICS, example=pretty(DATADOG), source="Datadog API v1, query",
           must=(Must(what="the jump of a host", kind="level_shift", subject="host/kiln", says="oven.latency"),)),
    Format(name="Google Cloud Monitoring time series", kind=Kind.METRICS, example=pretty(GOOGLE), source="Cloud Monitoring API v3, projects.timeSeries.list, newest first",
           must=(Must(what="the jump in order of time", kind="level_shift", subject="database/kiln", says="rose from 21"),)),
    Format(name="Azure Monitor metrics", kind=Kind.METRICS, example=pretty(AZURE), source="Azure Monitor REST API, Metrics - List",
           must=(Must(what="the jump of a server", kind="level_shift", subject="database/kiln", says="iops rose from 21"),)),
    Format(name="Grafana data frames", kind=Kind.METRICS, example=pretty(GRAFANA), source="Grafana /api/ds/query",
           must=(Must(what="the jump of a service", kind="level_shift", subject="service/kiln", says="to 111 ms"),)),
    Format(name="Graphite render JSON", kind=Kind.METRICS, example=pretty(GRAPHITE), source="Graphite render API",
           must=(Must(what="the jump", kind="level_shift", says="oven.kiln.latency rose from 21"),)),
    Format(name="VictoriaMetrics export", kind=Kind.METRICS, example=VICTORIA, source="VictoriaMetrics /api/v1/export",
           must=(Must(what="the jump of one pod", kind="level_shift", line=1, subject="pod/kiln-1"),)),
    Format(name="InfluxDB query JSON", kind=Kind.METRICS, example=pretty(INFLUX_JSON), source="InfluxDB 1.x /query",
           must=(Must(what="the jump of a host", kind="level_shift", subject="host/kiln", says="oven.latency"),)),
    Format(name="CSV of limits", kind=Kind.METRICS, example=CROWDED, source="RFC 4180",
           must=(Must(what="a pool at the size that another column states", kind="saturation", says="pool_in_use reached 20 of 20"),
                 Must(what="what grows without end", kind="trend", says="queue_depth grows steadily"),
                 Must(what="when a disk is used up", kind="saturation", says="used up in"))),
    Format(name="CSV with a gap and a stuck sensor", kind=Kind.METRICS, example=HOLES, source="RFC 4180",
           must=(Must(what="a gap of all series", kind="silence", line=22, says="no data of 2 series for 0:31:00"),
                 Must(what="a value that no longer changes", kind="silence", says="heat no longer changes: 55"))),
)  # fmt: skip
