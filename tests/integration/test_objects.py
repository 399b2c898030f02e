"""ObjectStore: the fake, a folder and a real MinIO agree."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from minio import Minio
from pydantic import SecretStr

from activities.adapters.folder_objects import FolderObjects
from activities.adapters.s3_objects import connection, open_s3, open_service
from activities.adapters.settings import Objects
from domain.errors import InvalidInput, NotFound, StoreUnavailable
from domain.ports.sealing import ObjectStore
from tests import fakes, servers


def client(server: servers.Minio, secret: str) -> Minio:
    return Minio(server.endpoint, server.access_key, secret, secure=False, http_client=connection())


@pytest.fixture(params=["fake", "folder", "minio"])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    if request.param == "fake":
        return fakes.MemoryObjects()
    if request.param == "folder":
        return FolderObjects(tmp_path)
    server: servers.Minio = request.getfixturevalue("minio_server")
    given = Objects(
        endpoint=server.endpoint,
        access_key=SecretStr(server.access_key),
        secret_key=SecretStr(server.secret_key),
        bucket=f"test-{uuid4().hex}",
        tls=False,
    )
    return open_service(given)


async def pieces(*given: bytes) -> AsyncIterator[bytes]:
    for piece in given:
        yield piece


async def whole(objects: ObjectStore, name: str) -> bytes:
    return b"".join([piece async for piece in objects.stream(name)])


async def broken() -> AsyncIterator[bytes]:
    yield b"half"
    raise ConnectionError("the sender went away")


@pytest.mark.parametrize("size", [0, 1, 70_000, 3 << 20])
async def test_an_object_comes_back_whole(objects: ObjectStore, size: int) -> None:
    data = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    await objects.put("a/b-1", pieces(data[: size // 2], data[size // 2 :]))
    assert await whole(objects, "a/b-1") == data


async def test_an_object_that_is_not_there_is_not_found(objects: ObjectStore) -> None:
    with pytest.raises(NotFound):
        await whole(objects, "a/missing")


async def test_an_object_whose_sender_fails_does_not_appear(objects: ObjectStore) -> None:
    with pytest.raises((ConnectionError, StoreUnavailable)):
        await objects.put("a/half", broken())
    with pytest.raises(NotFound):
        await whole(objects, "a/half")


async def test_renaming_moves_and_may_be_repeated(objects: ObjectStore) -> None:
    await objects.put("a/new", pieces(b"x"))
    await objects.rename("a/new", "b/old")
    await objects.rename("a/new", "b/old")
    assert await whole(objects, "b/old") == b"x"
    with pytest.raises(NotFound):
        await whole(objects, "a/new")


async def test_the_same_name_again_is_replaced(objects: ObjectStore) -> None:
    await objects.put("a/b", pieces(b"one"))
    await objects.put("a/b", pieces(b"two"))
    assert await whole(objects, "a/b") == b"two"


async def test_deleting_takes_what_starts_with_the_prefix_and_counts(objects: ObjectStore) -> None:
    for name in ("cases/1/a", "cases/1/b", "cases/12/c"):
        await objects.put(name, pieces(b"x"))
    assert await objects.delete("cases/1/") == 2
    assert await objects.delete("cases/1/") == 0
    assert await whole(objects, "cases/12/c") == b"x"


@pytest.mark.parametrize("name", ["../escape", "/etc/passwd", "a//b", "A", "", "a/../b"])
async def test_a_folder_takes_no_name_that_leaves_it(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidInput):
        await FolderObjects(tmp_path).put(name, pieces(b"x"))
    assert list(tmp_path.iterdir()) == []


async def test_a_folder_that_is_a_file_is_a_store_that_is_away(tmp_path: Path) -> None:
    (tmp_path / "root").write_text("no folder")
    with pytest.raises(StoreUnavailable):
        await FolderObjects(tmp_path / "root").put("a/b", pieces(b"x"))


async def test_a_wrong_secret_is_a_store_that_is_away(minio_server: servers.Minio) -> None:
    with pytest.raises(StoreUnavailable):
        open_s3(client(minio_server, "wrong-secret-0000"), "test-wrong")


async def test_a_service_that_does_not_listen_is_a_store_that_is_away() -> None:
    with servers.unheard() as port:
        away = servers.Minio(endpoint=f"127.0.0.1:{port}", access_key="a", secret_key="b", version="")
        with pytest.raises(StoreUnavailable):
            open_s3(client(away, "long-enough-secret"), "test-away")
