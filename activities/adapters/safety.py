"""Vault, redactor and blobs of a process, as the settings name them."""

from __future__ import annotations

from activities.adapters.case_redactor import CaseRedactor
from activities.adapters.envelope import read_master_key
from activities.adapters.objects import open_objects
from activities.adapters.plain_redactor import PlainRedactor
from activities.adapters.sealed_blobs import SealedBlobs
from activities.adapters.settings import Settings
from activities.adapters.sql_engine import Database
from activities.adapters.sql_vault import SqlVault
from domain.ports.sealing import BlobStore, KeyVault, Redactor


def open_vault(settings: Settings, database: Database) -> SqlVault:
    """Return the vault under the master key of the data folder, which is made at the first start."""
    return SqlVault(database, read_master_key(settings.folder / "master.key"))


def open_redactor(settings: Settings, vault: SqlVault) -> Redactor:
    """Return the redactor."""
    chosen = settings.privacy
    return CaseRedactor(vault, chosen.names, chosen.preset) if chosen.redaction else PlainRedactor()


def open_blobs(settings: Settings, vault: KeyVault) -> BlobStore:
    """Return the sealed blobs over the object store that the settings name."""
    return SealedBlobs(open_objects(settings), vault)
