"""Passwords and tokens."""

from __future__ import annotations

import asyncio
import base64
import json
import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from activities.adapters.credentials import Argon2Passwords, SignedTokens, open_tokens
from activities.adapters.settings_check import read_settings
from domain.errors import StoreUnavailable, TokenInvalid
from domain.ports.people import AccessClaims
from tests.builders import NOON, a_refresh_token

KEY = Ed25519PrivateKey.generate()
TOKENS = SignedTokens(key=KEY, issuer="faultmaven", audience="faultmaven")
CLAIMS = AccessClaims(
    user_id="user_1",
    username="ada",
    team_id="team_1",
    roles=("member", "admin"),
    token_version=3,
    token_id="token_1",
    issued_at=NOON,
    expires_at=NOON + timedelta(minutes=15),
    client="faultmaven-cli",
)


def forged(claims: dict[str, object] | None = None, key: object = KEY, algorithm: str = "EdDSA", **header: object) -> str:
    """Return an access token that is ours but for what is given."""
    good = jwt.decode(TOKENS.issue_access(CLAIMS), options={"verify_signature": False})
    payload = {name: value for name, value in (good | (claims or {})).items() if value is not None}
    return jwt.encode(payload, key, algorithm=algorithm, headers={"kid": TOKENS.key_id, **header})


def refused(token: str) -> bool:
    try:
        TOKENS.read_access(token, NOON)
    except TokenInvalid:
        return True
    return False


async def test_a_password_fits_its_hash_and_no_other() -> None:
    passwords = Argon2Passwords()
    hashed = await passwords.hash("correct horse battery")
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert await passwords.verify("correct horse battery", hashed)
    assert not await passwords.verify("correct horse", hashed)


@pytest.mark.parametrize("foreign", ["", "plain", "$argon2id$broken", "$2b$12$" + "a" * 53])
async def test_an_account_without_a_hash_fits_no_password(foreign: str) -> None:
    assert not await Argon2Passwords().verify("nobody has this password", foreign)


async def test_at_most_two_hashes_run_and_twenty_wait() -> None:
    passwords = Argon2Passwords(nobody="x")
    gate = asyncio.Semaphore(0)
    passwords.slots = gate
    waiting = [asyncio.create_task(passwords.hash("x" * 12)) for _ in range(22)]
    while passwords.inside < 22:
        await asyncio.sleep(0)
    with pytest.raises(StoreUnavailable):
        await passwords.hash("x" * 12)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert passwords.inside == 0


def test_an_access_token_says_what_was_put_into_it() -> None:
    assert TOKENS.read_access(TOKENS.issue_access(CLAIMS), NOON) == CLAIMS
    assert set(jwt.decode(TOKENS.issue_access(CLAIMS), options={"verify_signature": False})) >= {
        "iss",
        "aud",
        "sub",
        "jti",
        "iat",
        "nbf",
        "exp",
        "typ",
        "ver",
    }


def test_a_token_is_good_from_its_start_to_its_end() -> None:
    token = TOKENS.issue_access(CLAIMS)
    TOKENS.read_access(token, CLAIMS.expires_at - timedelta(seconds=1))
    for moment in (CLAIMS.expires_at, NOON - timedelta(minutes=1)):
        with pytest.raises(TokenInvalid):
            TOKENS.read_access(token, moment)


def unsigned(algorithm: str) -> str:
    header, payload, _ = forged().split(".")
    named = json.loads(base64.urlsafe_b64decode(header + "==")) | {"alg": algorithm}
    return base64.urlsafe_b64encode(json.dumps(named).encode()).decode().rstrip("=") + f".{payload}."


def test_hostile_tokens_are_refused() -> None:
    public = KEY.public_key().public_bytes_raw()
    hostile = {
        "another key": forged(key=Ed25519PrivateKey.generate()),
        "no algorithm": unsigned("none"),
        "empty signature": unsigned("EdDSA"),
        "public key as HMAC secret": forged(key=public.hex(), algorithm="HS256"),
        "another kid": forged(kid="other"),
        "jku": forged(jku="https://example.org/keys"),
        "x5u": forged(x5u="https://example.org/keys"),
        "jwk": forged(jwk={"kty": "OKP"}),
        "crit": forged(crit=["exp"]),
        "another issuer": forged({"iss": "somebody"}),
        "another audience": forged({"aud": "somebody"}),
        "a refresh token": TOKENS.issue_refresh("id", a_refresh_token()),
        "cut": forged()[:-10],
        "two parts": ".".join(forged().split(".")[:2]),
        "four parts": forged() + ".x",
        "nothing": "",
        "not ASCII": "é" + forged(),
        "too long": forged() + "A" * 10_000,
    }
    hostile |= {
        f"without {name}": forged({name: None}) for name in ("iss", "aud", "sub", "jti", "iat", "nbf", "exp", "typ", "ver")
    }
    assert [name for name, token in hostile.items() if not refused(token)] == []


@given(st.data())
def test_no_changed_character_goes_unnoticed(data: st.DataObject) -> None:
    token = TOKENS.issue_access(CLAIMS)
    place = data.draw(st.integers(0, len(token) - 1))
    character = data.draw(st.sampled_from("ABCxyz019-_.=").filter(lambda other: other != token[place]))
    assert refused(token[:place] + character + token[place + 1 :])


def test_a_refresh_token_is_the_same_text_for_the_same_row() -> None:
    row = a_refresh_token()
    text = TOKENS.issue_refresh("id", row)
    assert text == TOKENS.issue_refresh("id", replace(row, replaced_at=NOON))
    assert TOKENS.read_refresh(text, NOON) == "id"
    with pytest.raises(TokenInvalid):
        TOKENS.read_refresh(forged(), NOON)


def test_only_this_server_knows_the_next_token() -> None:
    other = SignedTokens(key=Ed25519PrivateKey.generate(), issuer="faultmaven", audience="faultmaven")
    assert TOKENS.successor("id") == TOKENS.successor("id") != other.successor("id")
    assert len({TOKENS.successor("id"), TOKENS.successor(TOKENS.successor("id")), "id"}) == 3


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    settings = read_settings({"FAULTMAVEN_DATA": str(tmp_path)})
    first, second = open_tokens(settings), open_tokens(settings)
    assert second.read_access(first.issue_access(CLAIMS), NOON) == CLAIMS
    [file] = (tmp_path / "keys").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
