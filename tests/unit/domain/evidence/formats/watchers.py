"""Configuration of what watches others."""

from __future__ import annotations

from domain.evidence.values import Kind
from tests.unit.domain.evidence.formats.table import Format, Must

PROMETHEUS = r"""global:
  scrape_interval: 15s
  scrape_timeout: 30s
rule_files: [rules/*.yml]
scrape_configs:
  - job_name: api
    static_configs:
      - targets: ["10.0.0.1:9090"]
  - job_name: api
    metrics_path: /m
"""

ALERTMANAGER = r"""route:
  receiver: team
  group_wait: 30s
  routes:
    - receiver: pager
      matchers: [severity="critical"]
receivers:
  - name: team
    email_configs:
      - to: team@example.org
"""

RULES = r"""groups:
  - name: api
    interval: 1m
    rules:
      - alert: ApiDown
        expr: up{job="api"} == 0
        for: 5m
        labels: {severity: page}
        annotations:
          summary: "{{ $labels.instance }} is down"
      - record: job:requests:rate5m
        expr: sum by (job) (rate(requests_total[5m]))
"""

COLLECTOR = r"""receivers:
  otlp:
    protocols: {grpc: {}}
processors:
  batch: {timeout: 5s}
exporters:
  debug: {}
service:
  pipelines:
    traces:
      receivers: [otlp]
      processors: [batch, memory_limiter]
      exporters: [tempo]
"""

FORMATS: tuple[Format, ...] = (
    Format(
        name="prometheus.yml",
        kind=Kind.CONFIG,
        source='Prometheus, "Configuration"',
        example=PROMETHEUS,
        rows={"section/global": 1, "job/api": 6},
        must=(
            Must(
                what="timeout above period",
                kind="setting",
                line=3,
                says="global.scrape_timeout 30s is longer than scrape_interval 15s: checks overlap or are refuse",
            ),
            Must(what="name used twice", kind="setting", line=9, says="job_name api is used twice in scrape_configs"),
        ),
    ),
    Format(
        name="alertmanager.yml",
        kind=Kind.CONFIG,
        source='Alertmanager, "Configuration"',
        example=ALERTMANAGER,
        rows={"receiver/team": 8, "section/route": 1, "route/pager": 5},
        must=(
            Must(
                what="a name that nothing bears",
                kind="reference",
                line=5,
                says="route.routes.0.receiver names pager, which receivers does not define",
            ),
        ),
    ),
    Format(
        name="Prometheus rules",
        kind=Kind.CONFIG,
        source='Prometheus, "Alerting rules"',
        example=RULES,
        rows={"group/api": 2, "alert/apidown": 5, "record/job:requests:rate5m": 11},
        must=(),
    ),
    Format(
        name="OpenTelemetry collector",
        kind=Kind.CONFIG,
        source='OpenTelemetry, "Collector configuration"',
        example=COLLECTOR,
        rows={
            "section/receivers": 1,
            "section/processors": 4,
            "section/exporters": 6,
            "section/service": 8,
            "receiver/otlp": 2,
            "processor/batch": 5,
            "exporter/debug": 7,
            "section/receivers.otlp": 2,
            "section/processors.batch": 5,
            "section/exporters.debug": 7,
            "section/service.pipelines": 9,
        },
        must=(
            Must(
                what="a name that nothing bears",
                kind="reference",
                line=12,
                says="service.pipelines.traces.processors.1 names memory_limiter, which processors does not defi",
            ),
            Must(
                what="a name that nothing bears, again",
                kind="reference",
                line=13,
                says="service.pipelines.traces.exporters.0 names tempo, which exporters does not define",
            ),
        ),
    ),
)
