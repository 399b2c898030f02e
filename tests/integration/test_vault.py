"""KeyVault: the fake and the SQL vault agree, on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select

from activities.adapters.envelope import read_master_key
from activities.adapters.sql_engine import Database
from activities.adapters.sql_tables import data_keys, placeholders
from activities.adapters.sql_vault import SqlVault
from domain.errors import EvidenceUnreadable, InvalidInput, NotFound
from domain.privacy.placeholders import Placeholder
from tests import fakes

Vault = fakes.MemoryVault | SqlVault
MASTER = b"m" * 32


@pytest.fixture(params=["fake", "sqlite", "postgres"])
def vault(request: pytest.FixtureRequest) -> Vault:
    return fakes.MemoryVault() if request.param == "fake" else SqlVault(request.getfixturevalue(f"{request.param}_rows"), MASTER)


async def test_a_key_is_stable_and_its_own_per_case_and_purpose(vault: Vault) -> None:
    one, other = uuid4(), uuid4()
    keys = [await vault.key(case_id, purpose) for case_id in (one, other) for purpose in ("blob", "name")]
    assert len({*keys, await vault.key(one, "blob")}) == 4
    assert {len(key) for key in keys} == {32}


async def test_the_same_value_keeps_its_number_and_kinds_count_apart(vault: Vault) -> None:
    case_id = uuid4()
    first = await vault.number(case_id, "EMAIL", ("a@shop.test", "b@shop.test", "a@SHOP.test"))
    assert [str(each) for each in first] == ["<EMAIL_1>", "<EMAIL_2>", "<EMAIL_1>"]
    assert [str(each) for each in await vault.number(case_id, "USER", ("ann",))] == ["<USER_1>"]
    assert [str(each) for each in await vault.number(uuid4(), "EMAIL", ("b@shop.test",))] == ["<EMAIL_1>"]


async def test_addresses_of_one_subnet_share_their_group(vault: Vault) -> None:
    addresses = ("10.1.2.3", "10.1.2.4", "10.9.9.9", "8.8.4.4", "100.64.1.1")
    found = await vault.number(uuid4(), "IP", addresses)
    assert [each.group for each in found] == ["net1", "net1", "net2", "pub1", "cg1"]


async def test_originals_come_back_unless_dropped_unknown_or_of_another_group(vault: Vault) -> None:
    case_id = uuid4()
    (email,) = await vault.number(case_id, "EMAIL", ("ann@shop.test",))
    (secret,) = await vault.number(case_id, "SECRET", ("hunter22",))
    (address,) = await vault.number(case_id, "IP", ("10.1.2.3",))
    forged = (Placeholder(kind="EMAIL", number=9), Placeholder(kind="IP", number=1, group="net7"))
    assert await vault.originals(case_id, (email, secret, address, *forged)) == {email: "ann@shop.test", address: "10.1.2.3"}
    assert await vault.originals(uuid4(), (email,)) == {}


async def test_a_vault_knows_what_it_has_met(vault: Vault) -> None:
    case_id = uuid4()
    await vault.number(case_id, "SECRET", ("hunter22",))
    assert await vault.seen(case_id, "SECRET", ("hunter22", "other")) == {"hunter22"}
    assert await vault.seen(uuid4(), "SECRET", ("hunter22",)) == frozenset()


async def test_nothing_opens_after_destroying_and_no_key_is_made_again(vault: Vault) -> None:
    case_id = uuid4()
    await vault.number(case_id, "EMAIL", ("ann@shop.test",))
    await vault.destroy(case_id)
    await vault.destroy(case_id)
    with pytest.raises(NotFound):
        await vault.key(case_id, "blob")


async def test_a_lost_race_reads_the_winner(database: Database) -> None:
    case_id, values = uuid4(), tuple(f"user{n}" for n in range(20))
    vaults = [SqlVault(database, MASTER) for _ in range(6)]
    keys = await asyncio.gather(*(vault.key(case_id, "blob") for vault in vaults))
    found = await asyncio.gather(*(vault.number(case_id, "USER", values[n:] + values[:n]) for n, vault in enumerate(vaults)))
    named = [dict(zip(values[n:] + values[:n], each, strict=True)) for n, each in enumerate(found)]
    assert len(set(keys)) == 1
    assert all(each == named[0] for each in named)
    assert sorted(each.number for each in named[0].values()) == list(range(1, 21))


async def test_thousands_of_values_in_as_many_subnets_are_numbered_in_order(vault: Vault) -> None:
    case_id = uuid4()
    values = tuple(f"10.{n // 200}.{n % 200}.7" for n in range(1_200))
    found = await vault.number(case_id, "IP", values)
    assert [each.number for each in found] == list(range(1, 1_201))
    assert [each.group for each in found] == [f"net{n}" for n in range(1, 1_201)]
    assert await vault.originals(case_id, found) == dict(zip(found, values, strict=True))


async def test_rows_hold_no_value_in_the_clear(database: Database) -> None:
    vault, case_id = SqlVault(database, MASTER), uuid4()
    await vault.number(case_id, "EMAIL", ("ann@shop.test",))
    await vault.number(case_id, "SECRET", ("hunter22",))
    async with database.reading() as connection:
        rows = (await connection.execute(select(placeholders))).all()
        keys = (await connection.execute(select(data_keys))).all()
    assert "ann" not in repr(rows) + repr(keys)
    assert [row.sealed is None for row in sorted(rows, key=lambda row: row.kind)] == [False, True]


async def test_another_master_key_opens_nothing(database: Database) -> None:
    case_id = uuid4()
    await SqlVault(database, MASTER).key(case_id, "blob")
    with pytest.raises(EvidenceUnreadable):
        await SqlVault(database, b"x" * 32).key(case_id, "blob")


def test_the_master_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "master.key"
    assert read_master_key(path) == read_master_key(path)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_master_key_that_others_can_read_or_that_is_cut_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    read_master_key(path)
    path.chmod(0o644)
    with pytest.raises(InvalidInput, match="chmod 600"):
        read_master_key(path)
    path.chmod(0o600)
    path.write_bytes(os.urandom(31))
    with pytest.raises(InvalidInput, match="31 bytes"):
        read_master_key(path)
