"""Configuration of containers."""

from __future__ import annotations

import secrets

from domain.evidence.values import Kind
from tests.unit.domain.evidence.formats.table import Format, Must

SECRET = secrets.token_hex(8)

COMPOSE = r"""x-common: &common
  restart: always
  logging: {driver: json-file, options: {max-size: "10m"}}
services:
  web:
    <<: *common
    image: registry.example/web
    ports: ["8080:80"]
    depends_on: [api, cache]
    networks: [front]
  api:
    <<: *common
    image: registry.example/api:1.4.2
    ports:
      - "8080:9000"
    environment:
      DB_HOST: localhost:5432
      JAVA_OPTS: -Xmx1024m
      DB_PASSWORD: @SECRET@
    volumes:
      - data:/var/lib/api
      - uploads:/srv/up
    networks: [front, back]
    healthcheck:
      test: ["CMD", "curl", "-f", "http://localhost:9000/health"]
      interval: 5s
      timeout: 10s
    deploy:
      replicas: 0
      resources:
        limits: {memory: 512M}
        reservations: {memory: 1G}
  db:
    image: postgres:16
    command: postgres -c max_connections=20
volumes:
  data: {}
networks:
  front: {}
""".replace("@SECRET@", SECRET)

CLUSTER = r"""apiVersion: apps/v1
kind: Deployment
metadata: {name: kiln}
spec:
  replicas: 2
  selector:
    matchLabels: {app: kiln}
  template:
    metadata:
      labels: {app: kilnn}
    spec:
      containers:
      - name: kiln
        image: kiln:latest
        ports:
        - {name: http, containerPort: 8080}
        env:
        - {name: CACHE, value: "localhost:6379"}
        - {name: JAVA_TOOL_OPTIONS, value: "-Xmx2g"}
        - name: MODE
          valueFrom: {configMapKeyRef: {name: kiln-confg, key: mode}}
        resources:
          limits: {memory: 512Mi, cpu: 2000}
          requests: {memory: 1Gi, cpu: 100m}
        livenessProbe:
          httpGet: {path: /health, port: 8081}
          periodSeconds: 1
          timeoutSeconds: 5
          failureThreshold: 1
        volumeMounts:
        - {name: conf, mountPath: /etc/kiln}
        securityContext: {privileged: true}
      volumes:
      - name: config
        configMap: {name: kiln-config}
      - name: sock
        hostPath: {path: /var/run/docker.sock}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: kiln-config}
data:
  mode: fast
---
apiVersion: v1
kind: Service
metadata: {name: kiln}
spec:
  selector: {app: kiln}
  ports:
  - {port: 80, targetPort: web}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: kiln}
spec:
  minReplicas: 5
  maxReplicas: 3
  scaleTargetRef: {kind: Deployment, name: klin, apiVersion: apps/v1}
"""

DOCKERFILE = r"""FROM golang AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download && \
    go build -o /app ./cmd/app
ARG VERSION=1
FROM alpine:latest
COPY --from=builder /app /app
ENV PORT=8080 MODE=prod
EXPOSE 8080
USER nobody
HEALTHCHECK --interval=5s --timeout=30s CMD wget -q localhost:8081
ENTRYPOINT ["/app"]
"""

FORMATS: tuple[Format, ...] = (
    Format(
        name="Compose file",
        kind=Kind.CONFIG,
        source="Compose specification",
        example=COMPOSE,
        rows={
            "section/x-common": 1,
            "section/services": 4,
            "section/volumes": 36,
            "section/networks": 38,
            "service/web": 5,
            "service/api": 11,
            "service/db": 33,
            "volume/data": 37,
            "network/front": 39,
            "section/x-common.logging": 3,
            "section/services.web": 5,
            "section/services.api": 11,
            "section/services.db": 33,
            "section/volumes.data": 37,
            "section/networks.front": 39,
        },
        must=(
            Must(
                what="a name that nothing bears",
                kind="reference",
                line=9,
                says="services.web.depends_on names cache, which does not stand beside it",
            ),
            Must(
                what="port used twice",
                kind="setting",
                line=15,
                says="services.api.ports.0 publishes port 8080, which services.web.ports.0 publishes too",
            ),
            Must(
                what="heap above the memory limit",
                kind="setting",
                line=18,
                says="-Xmx1024m is not below the memory limit 512M: the kernel kills it before the heap is full",
            ),
            Must(
                what="a name that nothing bears, again",
                kind="reference",
                line=22,
                says="services.api.volumes.1 names uploads, which volumes does not define",
            ),
            Must(
                what="a name that nothing bears, time 3",
                kind="reference",
                line=23,
                says="services.api.networks.1 names back, which networks does not define",
            ),
            Must(
                what="limit below request",
                kind="setting",
                line=31,
                says="services.api.deploy.resources.limits.memory 512M is below the request 1G",
            ),
            Must(
                what="timeout above period",
                kind="setting",
                line=27,
                says="services.api.healthcheck.timeout 10s is longer than interval 5s: checks overlap or are ref",
            ),
            Must(what="zero capacity", kind="setting", line=29, says="services.api.deploy.replicas is 0"),
            Must(
                what="localhost in a container",
                kind="setting",
                line=17,
                says="DB_HOST points to localhost:5432: inside a container that is the container itself",
            ),
            Must(what="image not pinned", kind="setting", line=7, says="services.web.image: registry.example/web is not pinned"),
            Must(
                what="secret in clear text",
                kind="setting",
                line=19,
                says="services.api.environment.DB_PASSWORD holds a secret in clear text",
            ),
        ),
    ),
    Format(
        name="Kubernetes manifests",
        kind=Kind.CONFIG,
        source="Kubernetes API reference",
        example=CLUSTER,
        rows={"deployment/kiln": 3, "configmap/kiln-config": 41, "service/kiln": 47, "hpa/kiln": 55, "container/kiln": 13},
        must=(
            Must(
                what="a name that nothing bears",
                kind="reference",
                line=7,
                says="deployment/kiln selects app=kiln; its own pods bear app=kilnn",
            ),
            Must(
                what="a name that nothing bears, again",
                kind="reference",
                line=31,
                says="deployment/kiln: container kiln mounts conf, a volume that the pod does not have",
            ),
            Must(
                what="heap above the memory limit",
                kind="setting",
                line=19,
                says="-Xmx2g is not below the memory limit 512Mi: the kernel kills it before the heap is full",
            ),
            Must(
                what="limit below request",
                kind="setting",
                line=23,
                says="spec.template.spec.containers.0.resources.limits.memory 512Mi is below the request 1Gi",
            ),
            Must(
                what="a name that nothing bears, time 3",
                kind="reference",
                line=49,
                says="service/kiln selects app=kiln, which no pod template here bears",
            ),
            Must(what="least above most", kind="setting", line=57, says="spec.minReplicas 5 is above maxReplicas 3"),
            Must(
                what="a name that nothing bears, time 4",
                kind="reference",
                line=21,
                says="deployment/kiln names configmap/kiln-confg; these documents define only kiln-config",
            ),
            Must(
                what="absurd quantity",
                kind="setting",
                line=23,
                says="spec.template.spec.containers.0.resources.limits.cpu 2000 is 2000 cores",
            ),
            Must(
                what="probe without port",
                kind="setting",
                line=26,
                says="livenessProbe asks port 8081; the container names 8080, http",
            ),
            Must(
                what="timeout above period",
                kind="setting",
                line=28,
                says="spec.template.spec.containers.0.livenessProbe.timeoutSeconds 5 is longer than periodSecond",
            ),
            Must(
                what="a name that nothing bears, time 5",
                kind="reference",
                line=59,
                says="horizontalpodautoscaler/kiln names deployment/klin; these documents define only kiln",
            ),
            Must(
                what="localhost in a container",
                kind="setting",
                line=18,
                says="CACHE points to localhost:6379: inside a container that is the container itself",
            ),
            Must(what="hasty probe", kind="setting", line=27, says="livenessProbe restarts the container after 1 s of silence"),
            Must(
                what="image not pinned",
                kind="setting",
                line=14,
                says="spec.template.spec.containers.0.image: kiln:latest is not pinned",
            ),
            Must(
                what="wide rights",
                kind="setting",
                line=32,
                says="spec.template.spec.containers.0.securityContext.privileged: the container runs with all ri",
            ),
            Must(
                what="path of the host",
                kind="setting",
                line=37,
                says="spec.template.spec.volumes.1.hostPath.path: /var/run/docker.sock of the host stands open t",
            ),
        ),
    ),
    Format(
        name="Dockerfile",
        kind=Kind.CONFIG,
        source="Dockerfile reference",
        example=DOCKERFILE,
        rows={
            "stage/build": 1,
            "stage/alpine:latest": 7,
            "arg/version": 6,
            "env/port": 9,
            "env/mode": 9,
            "setting/stage build.from": 1,
            "setting/stage build.workdir": 2,
            "setting/stage build.copy": 3,
            "setting/stage build.run": 4,
            "setting/stage build.arg version": 6,
            "setting/stage alpine:latest.from": 7,
            "setting/stage alpine:latest.copy": 8,
            "setting/stage alpine:latest.env port": 9,
            "setting/stage alpine:latest.env mode": 9,
            "setting/stage alpine:latest.expose": 10,
            "setting/stage alpine:latest.user": 11,
            "setting/stage alpine:latest.healthcheck": 12,
            "setting/stage alpine:latest.entrypoint": 13,
        },
        must=(
            Must(
                what="a name that nothing bears", kind="reference", line=8, says="COPY --from=builder names no stage of this file"
            ),
            Must(what="image not pinned", kind="setting", line=1, says="stage build.FROM: golang is not pinned"),
        ),
    ),
)
