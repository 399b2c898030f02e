"""AES-256-GCM and HKDF-SHA256: sealed bytes, sub-keys by purpose, and the master key's file."""

from __future__ import annotations

import hashlib
import hmac
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from domain.errors import EvidenceUnreadable, InvalidInput

NONCE = 12
KEY = 32


def seal(key: bytes, plain: bytes, about: bytes) -> bytes:
    """Return nonce and ciphertext; `about` is bound to it, so that a sealed value fits nowhere else."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, about)


def unseal(key: bytes, sealed: bytes, about: bytes) -> bytes:
    """Return the plain bytes; `EvidenceUnreadable` when key, place or bytes are not those of the sealing."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], about)
    except InvalidTag as failure:
        raise EvidenceUnreadable("stored bytes fail their authentication: they are damaged or of another key") from failure


def subkey(key: bytes, purpose: str) -> bytes:
    """Return the 32 bytes for one purpose: what one sub-key opens, no other does."""
    return HKDF(algorithm=SHA256(), length=KEY, salt=None, info=purpose.encode()).derive(key)


def fingerprint(key: bytes, value: str) -> str:
    """Return a keyed hash that compares values of one case and of no other."""
    return hmac.digest(key, value.encode("utf-8", "surrogatepass"), hashlib.sha256).hex()


def read_master_key(path: Path) -> bytes:
    """Return the master key, made at first use; a file that others may read or of another length is refused."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _checked(path)
    with os.fdopen(handle, "wb") as file:
        file.write(os.urandom(KEY))
        file.flush()
        os.fsync(file.fileno())
    return _checked(path)


def _checked(path: Path) -> bytes:
    if path.stat().st_mode & 0o077:
        raise InvalidInput(f"the master key {path} can be read by others: run chmod 600 on it")
    key = path.read_bytes()
    if len(key) != KEY:
        raise InvalidInput(f"the master key {path} has {len(key)} bytes, not {KEY}: restore it from your backup")
    return key
