"""Seeded rows of tables, settings and manifests."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.bench.scanning import TEXT_BYTES

Row = Callable[[random.Random, int], str]
START_S = 1_770_000_000
WORDS = ("checkout", "billing", "search", "profile", "mailer", "catalog", "ledger", "relay")
STATES = ("Running",) * 40 + ("Pending", "Failed")


def named(dice: random.Random, number: int) -> str:
    return f"{WORDS[number % len(WORDS)]}-{dice.getrandbits(40):010x}-{number}"


def lines(head: str, row: Row, tail: str = "") -> bytes:
    dice, rows, size = random.Random(7), [head] if head else [], 0
    for number in range(10**7):
        if size >= TEXT_BYTES:
            break
        rows.append(row(dice, number))
        size += len(rows[-1]) + 1
    return ("\n".join(rows) + "\n" + tail).encode()


def csv(dice: random.Random, number: int) -> str:
    cells = ",".join(f"{dice.random() * 100:.3f}" for _ in range(10))
    return f"{START_S + 15 * number},{cells}"


def sample(dice: random.Random, number: int) -> str:
    return f'http_requests_total{{service="{WORDS[number % len(WORDS)]}",instance="10.0.{number // 250 % 250}.{number % 250}:9090",code="200"}} {dice.randrange(10**6)}'


def influx(dice: random.Random, number: int) -> str:
    return f"cpu,host=node-{number % 40} usage_user={dice.random() * 100:.3f},usage_system={dice.random() * 10:.3f} {(START_S + number // 40 * 10) * 10**9}"


def manifest(dice: random.Random, number: int) -> str:
    name = named(dice, number)
    return f"""---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
  labels:
    app: {name}
spec:
  replicas: {dice.randrange(1, 9)}
  selector:
    matchLabels:
      app: {name}
  template:
    metadata:
      labels:
        app: {name}
    spec:
      containers:
        - name: app
          image: registry.example/app:1.{number % 7}
          ports:
            - containerPort: 8080
          resources:
            limits: {{cpu: 500m, memory: 256Mi}}"""


def pod_yaml(dice: random.Random, number: int) -> str:
    name, phase = named(dice, number), dice.choice(STATES)
    return f"""- apiVersion: v1
  kind: Pod
  metadata:
    creationTimestamp: "2026-02-01T08:59:00Z"
    labels:
      app: {WORDS[number % len(WORDS)]}
    name: {name}
    namespace: shop
  spec:
    containers:
    - image: registry.example/app:1
      name: app
      resources:
        limits:
          memory: 256Mi
    nodeName: node-{number % 40}
  status:
    conditions:
    - lastTransitionTime: "2026-02-01T09:00:00Z"
      status: "True"
      type: Ready
    containerStatuses:
    - image: registry.example/app:1
      name: app
      ready: true
      restartCount: 0
    phase: {phase}"""


def values(dice: random.Random, number: int) -> str:
    return f"""{named(dice, number)}:
  enabled: true
  timeout: {dice.randrange(90)}s
  hosts:
    - a.example
    - b.example
  limits: {{cpu: {dice.randrange(900)}m, memory: 256Mi}}"""


def element(dice: random.Random, number: int) -> str:
    return f"""  <bean id="{named(dice, number)}" class="example.Pool">
    <property name="size" value="{dice.randrange(90)}"/>
    <property name="timeout">{dice.randrange(9000)}</property>
    <url>http://{WORDS[number % len(WORDS)]}.example:8080/api</url>
  </bean>"""


def section(dice: random.Random, number: int) -> str:
    return f"""[{named(dice, number)}]
host = {WORDS[number % len(WORDS)]}.example
port = {dice.randrange(1024, 60000)}
timeout = {dice.randrange(90)}
enabled = true"""


def table(dice: random.Random, number: int) -> str:
    return f"""[pool.{named(dice, number)}]
host = "{WORDS[number % len(WORDS)]}.example"
port = {dice.randrange(1024, 60000)}
timeout = "{dice.randrange(90)}s"
tags = ["a", "b"]"""


def setting(dice: random.Random, number: int) -> str:
    return f"app.{WORDS[number % len(WORDS)]}.{named(dice, number)}.timeout={dice.randrange(9000)}"


def resource(dice: random.Random, number: int) -> str:
    name = named(dice, number)
    return f"""resource "aws_instance" "{name}" {{
  ami           = "ami-{dice.getrandbits(64):016x}"
  instance_type = "m6i.large"
  count         = {dice.randrange(1, 9)}
  tags = {{
    Name = "{name}"
  }}
}}"""


def server(dice: random.Random, number: int) -> str:
    return f"""  server {{
    listen {8000 + number % 999};
    server_name {named(dice, number)}.example;
    location /api {{
      proxy_pass http://{WORDS[number % len(WORDS)]}.example:8080;
      proxy_read_timeout {dice.randrange(90)}s;
    }}
  }}"""
