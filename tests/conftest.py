"""Options, servers and two laws of every run: no network beyond loopback, and nothing skipped in silence."""

from __future__ import annotations

import atexit
import ipaddress
import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import servers


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--temporal=host:port` uses a running dev server instead of starting one."""
    parser.addoption("--temporal", default="local", help="local (start a dev server) or host:port")


def _loopback_only(event: str, arguments: tuple[object, ...]) -> None:
    if event != "socket.connect":
        return
    address = arguments[1]
    if isinstance(address, tuple) and not _is_loopback(str(address[0])):
        raise RuntimeError(f"tests stay on this machine: {address[0]} is not a loopback address")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def pytest_configure(config: pytest.Config) -> None:
    """Switch the network off, except loopback; take from examples the bound on their time, which a busy machine breaks."""
    config._ensure_unconfigure = partial(_cleaned_up, config._ensure_unconfigure)  # type: ignore[method-assign]
    sys.addaudithook(_loopback_only)
    settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("patient")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Turn a skip into a failure, unless the test needs shared data or the environment refuses a server by name."""
    report = yield
    allowed = item.get_closest_marker("needs_shared") or "FAULTMAVEN_TEST_WITHOUT" in str(report.longrepr)
    if report.skipped and not hasattr(report, "wasxfail") and not allowed:
        report.outcome = "failed"
        report.longrepr = f"skipped tests are failures here: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Leave coverage out of a test that is marked so; to stop and start it would look at every imported file, a third of a second."""
    if item.get_closest_marker("unmeasured") is None:
        return (yield)
    measuring = sys.gettrace()
    sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(measuring)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Iterator[None]:
    """Turn a skipped file into a failure: what it would have tested is not known."""
    report = yield
    if report.skipped:
        report.outcome = "failed"
    return report


@pytest.fixture(scope="session")
def shared_data(request: pytest.FixtureRequest) -> Path:
    """Return the folder of the development data; for tests marked `needs_shared`, which are skipped without it."""
    folder = Path(os.environ.get("FAULTMAVEN_TEST_DATA", request.config.rootpath.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"NOT RUN: the development data is not at {folder}; name it in FAULTMAVEN_TEST_DATA")
    return folder


ENDED: list[int] = []
"""The status of this run, the last one counts."""


def pytest_sessionfinish(exitstatus: int) -> None:
    """Keep how the tests ended."""
    ENDED.append(int(exitstatus))


def _cleaned_up(clean_up: Callable[[], None]) -> None:
    """Keep that the run failed behind its tests: an exception that nobody raised is found when all is collected."""
    try:
        clean_up()
    except BaseException:
        ENDED.append(1)
        raise


@atexit.register
def _leave() -> None:
    """Leave with that status before the interpreter is taken down: pydantic's core may fault there (pydantic issue 12867, open)."""
    if ENDED:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(ENDED[-1])


STARTED: list[str] = []
"""Versions of the servers of this run."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print which servers the tests ran against."""
    if STARTED:
        terminalreporter.write_line("servers: " + "; ".join(STARTED))


def _offered(name: str) -> None:
    if servers.refused_by_the_environment(name):
        pytest.skip(f"FAULTMAVEN_TEST_WITHOUT names {name}")


UNHURRIED = {"history.defaultWorkflowTaskTimeout": '"60s"'}
"""A first task imports what its sandbox does not pass through; on a busy machine that may take the engine's 10 s."""


@pytest.fixture(scope="session")
def temporal_server(request: pytest.FixtureRequest) -> Iterator[servers.Temporal]:
    """Return a Temporal dev server for the whole run."""
    given = str(request.config.getoption("--temporal"))
    if given != "local":
        yield servers.Temporal(address=given, version="as given by --temporal")
        return
    _offered("temporal")
    with servers.temporal(limits=UNHURRIED) as server:
        STARTED.append(server.version)
        yield server


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[servers.Postgres]:
    """Return a PostgreSQL for the whole run."""
    _offered("postgres")
    with servers.postgres() as server:
        STARTED.append(server.version)
        yield server


@pytest.fixture(scope="session")
def minio_server() -> Iterator[servers.Minio]:
    """Return a MinIO for the whole run."""
    _offered("minio")
    with servers.minio() as server:
        STARTED.append(server.version)
        yield server


@pytest.fixture
def postgres_url(postgres_server: servers.Postgres) -> Iterator[str]:
    """Return the SQLAlchemy URL of an empty database of its own, dropped afterwards."""
    with servers.a_database(postgres_server) as url:
        yield url
