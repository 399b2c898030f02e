"""Ten megabytes of every structured kind to a digest: E4's "any text"."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from activities.processes import uncollected
from tests.bench.figures import Figure
from tests.bench.scanning import TEXT_BYTES, TEXT_S, cpu, to_digest
from tests.bench.texts import documents, rows

PODS = '{"apiVersion": "v1", "kind": "List", "items": []}'
QUERY = '{"status":"success","data":{"resultType":"matrix","result":[]}}'
NOW = '{"status":"success","data":{"resultType":"vector","result":[]}}'
NUMBERS = "timestamp," + ",".join(f"metric_{n}" for n in range(10))
TEXTS: Mapping[str, Callable[[], bytes]] = {
    "JSON array of objects": partial(documents.printed, documents.record),
    "JSON array on one line": partial(documents.printed, documents.record, indent=None),
    "JSON object of objects": documents.keyed,
    "NDJSON records": partial(rows.lines, "", documents.flat_record),
    "kubectl get pods -o json": partial(documents.printed, documents.pod, PODS, 4),
    "kubectl get pods -o yaml": partial(rows.lines, "apiVersion: v1\nitems:", rows.pod_yaml, "kind: List\n"),
    "aws ec2 describe-instances": partial(documents.printed, documents.instance, '{"Reservations": []}', 4),
    "docker inspect": partial(documents.printed, documents.container, indent=4),
    "OTLP": partial(documents.printed, documents.service_spans, '{"resourceSpans": []}'),
    "OTLP on one line": partial(documents.printed, documents.service_spans, '{"resourceSpans": []}', None),
    "Jaeger": partial(documents.printed, documents.jaeger, '{"data": []}', None),
    "Prometheus range": partial(documents.printed, documents.matrix, QUERY, None),
    "Prometheus instant": partial(documents.printed, documents.vector, NOW, None),
    "CSV": partial(rows.lines, NUMBERS, rows.csv),
    "exposition": partial(rows.lines, "# TYPE http_requests_total counter", rows.sample),
    "line protocol": partial(rows.lines, "", rows.influx),
    "YAML manifests": partial(rows.lines, "", rows.manifest),
    "YAML": partial(rows.lines, "", rows.values),
    "XML": partial(rows.lines, '<?xml version="1.0"?>\n<beans>', rows.element, "</beans>\n"),
    "INI": partial(rows.lines, "", rows.section),
    "TOML": partial(rows.lines, "", rows.table),
    "properties": partial(rows.lines, "", rows.setting),
    "HCL": partial(rows.lines, "", rows.resource),
    "nginx": partial(rows.lines, "http {", rows.server, "}\n"),
}


def texts(_: object) -> Iterator[Figure]:
    """Ten megabytes of each kind, decoded to a digest in a warm process."""
    for name, make in TEXTS.items():
        data = make()[:TEXT_BYTES]
        seconds = min(cpu(partial(uncollected, partial(to_digest, data))) for _ in range(2))
        yield Figure(f"10 MB, {name}", seconds, "s CPU", TEXT_S)
