"""BlobStore: the fake and sealed blobs agree, and sealed ones say nothing and notice every change."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from activities.adapters.sealed_blobs import FRAME, SealedBlobs
from domain.errors import EvidenceUnreadable, NotFound
from domain.ports.sealing import BlobStore, read
from tests import fakes


@pytest.fixture(params=["fake", "sealed"])
def blobs(request: pytest.FixtureRequest) -> BlobStore:
    return fakes.MemoryBlobs() if request.param == "fake" else sealed()


def sealed() -> SealedBlobs:
    return SealedBlobs(fakes.MemoryObjects(), fakes.MemoryVault())


def held(blobs: SealedBlobs) -> dict[str, bytes]:
    assert isinstance(blobs.objects, fakes.MemoryObjects)
    return blobs.objects.objects


async def cut(data: bytes, piece: int) -> AsyncIterator[bytes]:
    for start in range(0, len(data), piece):
        yield data[start : start + piece]


@pytest.mark.parametrize("size", [0, 1, FRAME - 1, FRAME, FRAME + 1, 2 * FRAME + 5])
async def test_a_blob_comes_back_whole(blobs: BlobStore, size: int) -> None:
    case_id, data = uuid4(), b"ab" * (size // 2) + b"z" * (size % 2)
    stored = await blobs.put_stream(case_id, cut(data, 70_001))
    assert (stored.size_bytes, await read(blobs, case_id, stored.key)) == (size, data)


async def test_the_same_bytes_have_one_key_however_they_are_cut(blobs: BlobStore) -> None:
    case_id, data = uuid4(), b"line\n" * 9_999
    keys = {(await blobs.put_stream(case_id, cut(data, piece))).key for piece in (7, 1_024, 100_000)}
    assert keys == {await blobs.put(case_id, data)}


async def test_the_same_bytes_have_another_key_in_another_case(blobs: BlobStore) -> None:
    assert await blobs.put(uuid4(), b"same") != await blobs.put(uuid4(), b"same")


async def test_a_blob_of_another_case_is_not_found(blobs: BlobStore) -> None:
    key = await blobs.put(uuid4(), b"mine")
    with pytest.raises(NotFound):
        await read(blobs, uuid4(), key)


async def test_unfinished_work_is_kept_by_part_replaced_and_cleared(blobs: BlobStore) -> None:
    case_id = uuid4()
    for part, data in ((0, b"early"), (1, b"one"), (0, b"late" * 999_999)):
        await blobs.keep(case_id, "scan-1", part, data)
    await blobs.keep(case_id, "scan-10", 0, b"other")
    assert [await blobs.kept(case_id, "scan-1", part) for part in range(3)] == [b"late" * 999_999, b"one", None]
    assert await blobs.kept(uuid4(), "scan-1", 1) is None
    await blobs.clear(case_id, "scan-1")
    await blobs.clear(case_id, "scan-1")
    assert [await blobs.kept(case_id, work, 0) for work in ("scan-1", "scan-10")] == [None, b"other"]
    assert await blobs.delete_case(case_id) == 1


async def test_deleting_a_case_takes_its_blobs_alone(blobs: BlobStore) -> None:
    gone, kept = uuid4(), uuid4()
    key = await blobs.put(kept, b"kept")
    for text in (b"one", b"two"):
        await blobs.put(gone, text)
    assert [await blobs.delete_case(gone), await blobs.delete_case(gone)] == [2, 0]
    assert await read(blobs, kept, key) == b"kept"


async def test_stored_bytes_and_names_say_nothing() -> None:
    blobs, case_id = sealed(), uuid4()
    await blobs.put(case_id, b"the password is swordfish" * 50)
    ((name, data),) = held(blobs).items()
    assert b"swordfish" not in data
    assert name.startswith(f"cases/{case_id}/")


async def change(blobs: SealedBlobs, case_id: UUID, how: str) -> str:
    key = await blobs.put(case_id, b"a" * FRAME + b"b" * FRAME + b"c" * 10)
    name = f"cases/{case_id}/{key}"
    data, frame = held(blobs)[name], FRAME + 16
    head, first, second, rest = data[:12], data[12 : 12 + frame], data[12 + frame : 12 + 2 * frame], data[12 + 2 * frame :]
    changed = {
        "cut at a frame": head + first + second,
        "cut inside": data[:-1],
        "swapped": head + second + first + rest,
        "repeated": head + first + first + rest,
        "bit": data[:500] + bytes([data[500] ^ 1]) + data[501:],
        "header": b"XXXX" + data[4:],
        "longer": data + b"x",
        "empty": b"",
    }
    held(blobs)[name] = changed[how]
    return key


@pytest.mark.parametrize("how", ["cut at a frame", "cut inside", "swapped", "repeated", "bit", "header", "longer", "empty"])
async def test_changed_bytes_are_refused(how: str) -> None:
    blobs, case_id = sealed(), uuid4()
    key = await change(blobs, case_id, how)
    with pytest.raises(EvidenceUnreadable):
        await read(blobs, case_id, key)


async def test_nothing_is_readable_once_the_keys_are_destroyed() -> None:
    vault, case_id = fakes.MemoryVault(), uuid4()
    blobs = SealedBlobs(fakes.MemoryObjects(), vault)
    key = await blobs.put(case_id, b"x")
    await vault.destroy(case_id)
    with pytest.raises(NotFound):
        await read(blobs, case_id, key)
