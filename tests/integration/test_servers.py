"""The servers that tests start are the real ones, stay on this machine and go away."""

from __future__ import annotations

import pwd
import socket
from pathlib import Path

import psycopg
import pytest
from minio import Minio
from minio.error import S3Error
from temporalio.client import Client

from tests import servers


def test_postgresql_runs_as_its_own_user_and_asks_for_the_password(postgres_server: servers.Postgres) -> None:
    with psycopg.connect(postgres_server.url) as connection:
        [version] = connection.execute("select version()").fetchone()
        [process] = connection.execute("select pg_backend_pid()").fetchone()
        owner = pwd.getpwuid(Path(f"/proc/{process}").stat().st_uid).pw_name
    assert version.startswith("PostgreSQL")
    assert owner != "root"
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(postgres_server.url.replace("faultmaven:", "faultmaven:wrong"))


def test_minio_refuses_a_wrong_secret(minio_server: servers.Minio) -> None:
    right = Minio(minio_server.endpoint, access_key=minio_server.access_key, secret_key=minio_server.secret_key, secure=False)
    right.make_bucket("here")
    wrong = Minio(minio_server.endpoint, access_key=minio_server.access_key, secret_key="wrong secret", secure=False)
    with pytest.raises(S3Error) as refusal:
        wrong.list_buckets()
    assert refusal.value.code == "SignatureDoesNotMatch"
    assert "here" in [bucket.name for bucket in right.list_buckets()]
    right.remove_bucket("here")


async def test_temporal_serves_our_name_space(temporal_server: servers.Temporal) -> None:
    client = await Client.connect(temporal_server.address, namespace=temporal_server.namespace)
    assert await client.service_client.check_health()


def test_a_stopped_server_is_gone_and_its_folder_with_it() -> None:
    with servers.postgres() as server:
        with psycopg.connect(server.url) as connection:
            place = connection.execute("show data_directory").fetchone()[0]
        assert Path(place).parent.name.startswith("faultmaven-test-")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.url)
    assert not Path(place).parent.exists()


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    command = servers.Command(arguments=["sh", "-c", "echo no disk; exit 3"], folder=tmp_path)
    with pytest.raises(servers.Missing, match="no disk"), servers.running(command, servers.free_port()):
        pytest.fail("it does not run")


def test_a_port_for_a_server_is_none_that_the_system_gives_to_others() -> None:
    first, last = map(int, servers.HANDED_OUT.read_text(encoding="ascii").split())
    assert not [port for port in (servers.free_port() for _ in range(40)) if first <= port <= last]


def test_a_port_without_a_listener_answers_nobody_and_is_taken_by_nobody() -> None:
    with servers.unheard() as port, socket.socket() as other:
        assert not servers.listens(port)
        with pytest.raises(OSError, match="in use"):
            other.bind(("127.0.0.1", port))
