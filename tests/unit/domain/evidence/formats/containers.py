"""Containers of one host and the releases that put them there."""

from __future__ import annotations

from domain.evidence.values import Kind
from tests.unit.domain.evidence.formats.table import Format, Must

DOCKER_PS = """\
CONTAINER ID   IMAGE                    COMMAND                  CREATED        STATUS                          PORTS                    NAMES
0f3a9c1d2e4b   registry.test/web:1.4    "/docker-entrypoint.…"   2 hours ago    Up 2 hours (unhealthy)          0.0.0.0:8080->80/tcp     web
1b2c3d4e5f60   registry.test/api:2.0    "python -m api"          2 hours ago    Exited (137) 5 minutes ago                               api
2c3d4e5f6071   postgres:16              "docker-entrypoint.s…"   3 days ago     Up 3 days                       5432/tcp                 db
3d4e5f607182   registry.test/job:7      "/job"                   4 hours ago    Restarting (1) 20 seconds ago                            job
4e5f60718293   busybox                  "sh"                     4 hours ago    Exited (0) 4 hours ago                                   once
"""
COMPOSE_PS = """\
NAME          IMAGE         COMMAND                  SERVICE   CREATED         STATUS                     PORTS
shop-db-1     postgres:16   "docker-entrypoint.s…"   db        3 hours ago     Up 3 hours (healthy)       5432/tcp
shop-web-1    shop-web      "gunicorn app:app"       web       3 hours ago     Exited (1) 2 minutes ago
"""
COMPOSE_V1 = """\
   Name                 Command               State       Ports
-----------------------------------------------------------------
shop_db_1    docker-entrypoint.sh postgres   Up          5432/tcp
shop_web_1   gunicorn app:app                Exit 3
"""
DOCKER_STATS = """\
CONTAINER ID   NAME      CPU %     MEM USAGE / LIMIT     MEM %     NET I/O           BLOCK I/O         PIDS
0f3a9c1d2e4b   web       0.51%     502.1MiB / 512MiB     98.07%    1.2GB / 830MB     12.3MB / 0B       31
2c3d4e5f6071   db        12.40%    210MiB / 2GiB         10.25%    830MB / 1.2GB     4.1GB / 22GB      14
"""
SYSTEM_DF = """\
TYPE            TOTAL     ACTIVE    SIZE      RECLAIMABLE
Images          62        9         48.31GB   41.2GB (85%)
Containers      12        4         1.203GB   212.4MB (17%)
Local Volumes   7         3         9.85GB    1.1GB (11%)
Build Cache     214       0         6.21GB    6.21GB
"""
CRICTL_PS = """\
CONTAINER           IMAGE               CREATED             STATE               NAME                ATTEMPT             POD ID              POD
a1b2c3d4e5f60       6e38f40d628db       3 minutes ago       Exited              ledger              14                  9f8e7d6c5b4a3       ledger-5d9c7b6f4-x2x9z
b2c3d4e5f6071       c7d1297425461       2 days ago          Running             proxy               0                   8e7d6c5b4a392       proxy-7xk2p
"""
CRICTL_PODS = """\
POD ID              CREATED             STATE               NAME                     NAMESPACE           ATTEMPT             RUNTIME
9f8e7d6c5b4a3       2 hours ago         Ready               ledger-5d9c7b6f4-x2x9z   yard                0                   (default)
8e7d6c5b4a392       2 days ago          NotReady            proxy-7xk2p              kube-system         4                   (default)
"""
CRICTL_STATS = """\
CONTAINER           NAME                CPU %               MEM                 DISK                INODES
a1b2c3d4e5f60       ledger              0.12                52.43MB             24.58kB             10
b2c3d4e5f6071       proxy               0.01                12.1MB              8.192kB             7
"""
DOCKER_SERVICES = """\
ID             NAME       MODE         REPLICAS   IMAGE                   PORTS
0x1y2z3a4b5c   shop_web   replicated   1/3        registry.test/web:1.4   *:8080->80/tcp
9k8j7h6g5f4d   shop_db    replicated   1/1        postgres:16
"""
DOCKER_EVENTS = """\
2026-05-04T11:40:00.000000000Z image pull registry.test/api:2.1 (name=registry.test/api)
2026-05-04T11:40:02.120000000Z container create 1b2c3d4e5f60 (image=registry.test/api:2.1, name=api)
2026-05-04T11:58:00.500000000Z container oom 1b2c3d4e5f60 (image=registry.test/api:2.1, name=api)
2026-05-04T11:58:01.100000000Z container die 1b2c3d4e5f60 (execDuration=1079, exitCode=137, image=registry.test/api:2.1, name=api)
2026-05-04T11:59:01.100000000Z container health_status: unhealthy 0f3a9c1d2e4b (image=registry.test/web:1.4, name=web)
"""
DOCKER = "docker CLI reference, docs.docker.com"
CRICTL = "cri-tools, docs/crictl.md"

FORMATS: tuple[Format, ...] = (
    Format(
        name="docker ps -a",
        kind=Kind.COMMAND_OUTPUT,
        example=DOCKER_PS,
        source=DOCKER,
        rows={"container/web": 2, "container/api": 3, "container/db": 4, "container/job": 5, "container/once": 6},
        must=(
            Must(what="an unhealthy container", kind="unhealthy_object", line=2, subject="container/web", says="unhealthy"),
            Must(what="an exit code", kind="exit", line=3, subject="container/api", says="137"),
            Must(what="a restart loop", kind="unhealthy_object", line=5, subject="container/job", says="restarting"),
        ),
    ),
    Format(
        name="docker compose ps -a",
        kind=Kind.COMMAND_OUTPUT,
        example=COMPOSE_PS,
        source=DOCKER,
        rows={"container/shop-db-1": 2, "container/shop-web-1": 3},
        must=(Must(what="an exit code", kind="exit", line=3, subject="container/shop-web-1", says="exit code 1"),),
    ),
    Format(
        name="docker-compose ps (version 1)",
        kind=Kind.COMMAND_OUTPUT,
        example=COMPOSE_V1,
        source="docs.docker.com, Compose V1 reference",
        rows={"container/shop_db_1": 3, "container/shop_web_1": 4},
        must=(Must(what="an exit code", kind="exit", line=4, subject="container/shop_web_1", says="exit code 3"),),
    ),
    Format(
        name="docker stats",
        kind=Kind.COMMAND_OUTPUT,
        example=DOCKER_STATS,
        source=DOCKER,
        rows={"container/web": 2, "container/db": 3},
        must=(Must(what="memory at its limit", kind="resource", line=2, subject="container/web", says="98.07"),),
    ),
    Format(
        name="docker system df",
        kind=Kind.COMMAND_OUTPUT,
        example=SYSTEM_DF,
        source=DOCKER,
        rows={"store/images": 2, "store/containers": 3, "store/local volumes": 4, "store/build cache": 5},
        must=(Must(what="space to give back", kind="capacity", line=2, says="41.2GB"),),
    ),
    Format(
        name="docker service ls",
        kind=Kind.COMMAND_OUTPUT,
        example=DOCKER_SERVICES,
        source=DOCKER,
        rows={"service/shop_web": 2, "service/shop_db": 3},
        must=(
            Must(what="missing replicas", kind="unhealthy_object", line=2, subject="service/shop_web", says="replicas missing"),
        ),
    ),
    Format(
        name="docker events",
        kind=Kind.COMMAND_OUTPUT,
        example=DOCKER_EVENTS,
        source=DOCKER,
        rows={"image/registry.test/api": 1, "container/api": 2, "container/web": 5},
        must=(
            Must(what="a container that ran out of memory", kind="exit", line=3, says="OOMKilled"),
            Must(what="an exit code", kind="exit", line=4, says="137"),
            Must(what="a health check that fails", kind="unhealthy_object", line=5, says="unhealthy"),
        ),
    ),
    Format(
        name="crictl ps -a",
        kind=Kind.COMMAND_OUTPUT,
        example=CRICTL_PS,
        source=CRICTL,
        rows={"container/ledger:a1b2c3d4e5f60": 2, "container/proxy:b2c3d4e5f6071": 3},
        must=(Must(what="a container that ended again and again", kind="unhealthy_object", line=2, says="Exited"),),
    ),
    Format(
        name="crictl pods",
        kind=Kind.COMMAND_OUTPUT,
        example=CRICTL_PODS,
        source=CRICTL,
        rows={"sandbox/ledger-5d9c7b6f4-x2x9z:9f8e7d6c5b4a3": 2, "sandbox/proxy-7xk2p:8e7d6c5b4a392": 3},
        must=(Must(what="a sandbox that is not ready", kind="unhealthy_object", line=3, says="NotReady"),),
    ),
    Format(
        name="crictl stats",
        kind=Kind.COMMAND_OUTPUT,
        example=CRICTL_STATS,
        source=CRICTL,
        rows={"container/ledger:a1b2c3d4e5f60": 2, "container/proxy:b2c3d4e5f6071": 3},
    ),
)
