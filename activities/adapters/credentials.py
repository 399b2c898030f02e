"""Passwords and signed tokens (privacy 12): argon2id by pwdlib, EdDSA by PyJWT."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.utils import base64url_decode, base64url_encode
from pwdlib import PasswordHash
from pwdlib.exceptions import PwdlibError
from pwdlib.hashers.argon2 import Argon2Hasher

from activities.adapters.key_files import signing_key
from activities.adapters.settings import Settings
from domain.errors import StoreUnavailable, TokenInvalid
from domain.ports.people import AccessClaims
from domain.privacy.accounts import RefreshToken

AT_ONCE, WAITING = 2, 20
"""Hashes at once per process, 64 MiB each, and how many more may wait."""
SKEW = timedelta(seconds=30)
"""How far the clock of another replica may be ahead."""
LONGEST = 8_192
"""Characters of a token; ours have some 600."""
ACCESS = ("iss", "aud", "sub", "jti", "iat", "nbf", "exp", "typ", "ver")
REFRESH = ("iss", "aud", "sub", "jti", "iat", "nbf", "exp", "typ")


@dataclass(slots=True)
class Argon2Passwords:
    """Passwords: 64 MiB, t = 3, p = 4, 16-byte salt and 32-byte tag, in threads."""

    hasher: PasswordHash = field(
        default_factory=lambda: PasswordHash((
            Argon2Hasher(time_cost=3, memory_cost=65_536, parallelism=4, hash_len=32, salt_len=16),
        ))
    )
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    nobody: str = ""
    """A hash that fits no password, so that an unknown account costs as much as a known one."""
    inside: int = 0

    async def hash(self, password: str) -> str:
        """Return an argon2id hash; `StoreUnavailable` when too many wait."""
        return str(await self._in_turn(self.hasher.hash, password))

    async def verify(self, password: str, password_hash: str) -> bool:
        """Return whether they fit; an empty or foreign hash never fits and takes as long."""
        if not self.nobody:
            self.nobody = await self.hash("nobody has this password")
        known = password_hash.startswith("$argon2id$")
        fits = await self._in_turn(self._fits, password, password_hash if known else self.nobody)
        return bool(fits) and known

    def _fits(self, password: str, password_hash: str) -> bool:
        try:
            return self.hasher.verify(password, password_hash)
        except PwdlibError:
            return False

    async def _in_turn(self, work: Any, *arguments: str) -> object:
        if self.inside >= AT_ONCE + WAITING:
            raise StoreUnavailable("too many people sign in at this moment; try again")
        self.inside += 1
        try:
            async with self.slots:
                return await asyncio.to_thread(work, *arguments)
        finally:
            self.inside -= 1


@dataclass(frozen=True)
class SignedTokens:
    """Tokens: one algorithm, one key, its id in the header; nothing in a token can name another key."""

    key: Ed25519PrivateKey
    issuer: str
    audience: str

    @cached_property
    def key_id(self) -> str:
        """The first half of the public key's SHA-256."""
        return hashlib.sha256(self.key.public_key().public_bytes_raw()).hexdigest()[:32]

    @cached_property
    def succession(self) -> bytes:
        """The key that chains refresh tokens: only this server knows the next one."""
        return hmac.digest(self.key.private_bytes_raw(), b"faultmaven refresh succession", "sha256")

    def issue_access(self, claims: AccessClaims) -> str:
        """Return the signed access token."""
        common = self._common(claims.token_id, claims.user_id, claims.issued_at, claims.expires_at)
        own = {"username": claims.username, "team": claims.team_id, "roles": list(claims.roles), "client": claims.client}
        return self._signed({**common, "typ": "access", "ver": claims.token_version, **own})

    def read_access(self, token: str, now: datetime) -> AccessClaims:
        """Return its claims; `TokenInvalid` gives no reason."""
        claims = self._verified(token, "access", ACCESS, now)
        return AccessClaims(
            user_id=claims["sub"],
            username=claims["username"],
            team_id=claims["team"],
            roles=tuple(claims["roles"]),
            token_version=claims["ver"],
            token_id=claims["jti"],
            issued_at=datetime.fromtimestamp(claims["iat"], UTC),
            expires_at=datetime.fromtimestamp(claims["exp"], UTC),
            client=claims["client"],
        )

    def issue_refresh(self, token_id: str, token: RefreshToken) -> str:
        """Return the signed refresh token; the same values give the same text, because EdDSA has no dice."""
        return self._signed({**self._common(token_id, token.user_id, token.issued_at, token.expires_at), "typ": "refresh"})

    def read_refresh(self, token: str, now: datetime) -> str:
        """Return the token id; `TokenInvalid` gives no reason."""
        return str(self._verified(token, "refresh", REFRESH, now)["jti"])

    def successor(self, token_id: str) -> str:
        """Return the id of the token that follows this one: 256 bits, always the same."""
        return base64url_encode(hmac.digest(self.succession, token_id.encode(), "sha256")).decode()

    def _common(self, token_id: str, user_id: str, issued_at: datetime, expires_at: datetime) -> dict[str, Any]:
        issued, expires = int(issued_at.timestamp()), int(expires_at.timestamp())
        times = {"iat": issued, "nbf": issued, "exp": expires}
        return {"iss": self.issuer, "aud": self.audience, "sub": user_id, "jti": token_id, **times}

    def _signed(self, claims: dict[str, Any]) -> str:
        return jwt.encode(claims, self.key, algorithm="EdDSA", headers={"kid": self.key_id})

    def _verified(self, token: str, kind: str, required: tuple[str, ...], now: datetime) -> dict[str, Any]:
        """Return the claims of a token that this key signed for this kind and that is good now."""
        try:
            if len(token) > LONGEST or not all(_canonical(part) for part in token.split(".")):
                raise TokenInvalid("this token is not valid; sign in again")
            self._check_header(jwt.get_unverified_header(token))
            checks: Any = {"require": list(required), "verify_exp": False, "verify_nbf": False, "verify_iat": False}
            claims: dict[str, Any] = jwt.decode(
                token,
                self.key.public_key(),
                algorithms=["EdDSA"],
                audience=self.audience,
                issuer=self.issuer,
                options=checks,
            )
        except (jwt.PyJWTError, ValueError) as failure:
            raise TokenInvalid("this token is not valid; sign in again") from failure
        moment = now.timestamp()
        if claims["typ"] != kind or not claims["nbf"] - SKEW.total_seconds() <= moment < claims["exp"]:
            raise TokenInvalid("this token is not valid; sign in again")
        return claims

    def _check_header(self, header: dict[str, Any]) -> None:
        """Refuse every header but our own: `jku`, `x5u`, `jwk` and `crit` would let a token bring its own key or rules."""
        if header != {"alg": "EdDSA", "typ": "JWT", "kid": self.key_id}:
            raise TokenInvalid("this token is not valid; sign in again")


def _canonical(part: str) -> bool:
    """Return whether a part has exactly one spelling: spare bits of base64 would give one token several."""
    return base64url_encode(base64url_decode(part)).decode() == part


def open_tokens(settings: Settings) -> SignedTokens:
    """Return the tokens of this deployment; its key is made at first use."""
    key = signing_key(settings.auth.key_file or settings.folder / "keys" / "tokens.pem")
    return SignedTokens(key=key, issuer=settings.auth.issuer, audience=settings.auth.audience)


def open_passwords() -> Argon2Passwords:
    """Return the password hasher of this process."""
    return Argon2Passwords()
