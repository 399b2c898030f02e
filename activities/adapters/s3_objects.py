"""ObjectStore on any S3 service, through the minio client in threads."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

import urllib3
from minio import Minio
from minio.commonconfig import CopySource
from minio.deleteobjects import DeleteObject
from minio.error import InvalidResponseError, S3Error, ServerError

from activities.adapters.settings import Objects
from domain.errors import NotFound, StorageFull, StoreUnavailable

PIECE = 1 << 20
CONNECT_S, READ_S = 2.0, 5.0
"""Seconds (reliability 4)."""
_MISSING = frozenset({"NoSuchKey", "NoSuchBucket", "NoSuchObject"})
_FULL = frozenset({"XMinioStorageFull", "QuotaExceeded", "InsufficientStorage"})


@dataclass(frozen=True, slots=True)
class S3Objects:
    """Objects of one bucket; S3 shows an object only when it is whole."""

    client: Minio
    bucket: str

    async def put(self, name: str, chunks: AsyncIterator[bytes]) -> None:
        """Store; until its length is known the object waits in a temporary file, sealed already."""
        with tempfile.TemporaryFile() as spool:
            async for chunk in chunks:
                await asyncio.to_thread(spool.write, chunk)
            await asyncio.to_thread(self._put, name, spool)

    async def stream(self, name: str) -> AsyncGenerator[bytes]:
        """Yield pieces of at most 1 MiB."""
        response = await asyncio.to_thread(self._get, name)
        try:
            while piece := await asyncio.to_thread(_read, response):
                yield piece
        finally:
            response.close()
            response.release_conn()

    async def rename(self, source: str, target: str) -> None:
        """Copy, then delete: a crash in between leaves both, and repeating ends it."""
        await asyncio.to_thread(self._rename, source, target)

    async def delete(self, prefix: str) -> int:
        """Delete all objects under the prefix."""
        return await asyncio.to_thread(self._delete, prefix)

    def _put(self, name: str, spool: BinaryIO) -> None:
        length = spool.tell()
        spool.seek(0)
        with _weather():
            self.client.put_object(self.bucket, name, spool, length)

    def _get(self, name: str) -> urllib3.BaseHTTPResponse:
        with _weather():
            return self.client.get_object(self.bucket, name)

    def _rename(self, source: str, target: str) -> None:
        with _weather():
            try:
                self.client.copy_object(self.bucket, target, CopySource(self.bucket, source))
            except S3Error as failure:
                if failure.code not in _MISSING:
                    raise
                self.client.stat_object(self.bucket, target)
                return
            self.client.remove_object(self.bucket, source)

    def _delete(self, prefix: str) -> int:
        with _weather():
            names = [found.object_name for found in self.client.list_objects(self.bucket, prefix, recursive=True)]
            failures = list(self.client.remove_objects(self.bucket, [DeleteObject(name) for name in names]))
        if failures:
            raise StoreUnavailable(f"{len(failures)} of {len(names)} objects could not be deleted; try again")
        return len(names)


def open_service(chosen: Objects) -> S3Objects:
    """Return the bucket at the endpoint that the settings name."""
    client = Minio(
        chosen.endpoint,
        access_key=chosen.access_key.get_secret_value(),
        secret_key=chosen.secret_key.get_secret_value(),
        secure=chosen.tls,
        region=chosen.region or None,
        http_client=connection(),
    )
    return open_s3(client, chosen.bucket)


def open_s3(client: Minio, bucket: str) -> S3Objects:
    """Return the objects of a bucket, which is made when it is missing."""
    with _weather():
        if not client.bucket_exists(bucket):
            client.make_bucket(bucket)
    return S3Objects(client, bucket)


def connection() -> urllib3.PoolManager:
    """Return connections with our time-outs and without the client's own retries."""
    return urllib3.PoolManager(timeout=urllib3.Timeout(connect=CONNECT_S, read=READ_S), retries=False, maxsize=10)


def _read(response: urllib3.BaseHTTPResponse) -> bytes:
    with _weather():
        return response.read(PIECE)


@contextmanager
def _weather() -> Generator[None]:
    """Turn what the service and the network report into our failures."""
    try:
        yield
    except S3Error as failure:
        if failure.code in _MISSING:
            raise NotFound("there is no such object") from failure
        if failure.code in _FULL:
            raise StorageFull("the object store has no room; free some space and try again") from failure
        raise StoreUnavailable(f"the object store answered {failure.code}") from failure
    except (urllib3.exceptions.HTTPError, InvalidResponseError, ServerError, OSError) as failure:
        raise StoreUnavailable("the object store did not answer in time; nothing was kept, try again") from failure
