"""Accounts at the door: sign in, register, refresh, sign out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from prometheus_client import Counter

from api.client_sessions import open_session
from api.dependencies import Ports
from domain.errors import InvalidInput, NotAllowed, NotFound, RateLimited, TokenInvalid
from domain.ports.people import AccessClaims
from domain.privacy.accounts import RefreshToken, User

FAILURES = Counter("faultmaven_login_failures_total", "Sign-ins that failed.")
TRIES = 5
WINDOW = timedelta(minutes=15)
GRACE = timedelta(seconds=60)
"""For so long a token that was just replaced gets the same successor again, should the answer have been lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """What a sign-in hands out."""

    user: User
    access_token: str
    refresh_token: str
    session_id: str
    expires_in: int
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """An access token with the refresh token that follows it."""

    user: User
    access_token: str
    refresh_token: str
    expires_in: int
    expires_at: datetime


async def with_password(ports: Ports, name: str, password: str, network: str, now: datetime) -> SignedIn:
    """Sign in; `TokenInvalid` for a wrong pair, `RateLimited` after five failures of one account from one network."""
    key = hashlib.sha256(f"{name.lower()}\x1f{network}".encode()).hexdigest()
    await _refuse_locked(ports, key, now)
    user = await ports.people.by_name(name)
    fits = await ports.passwords.verify(password, user.password_hash if user else "")
    if user is None or not fits or not user.is_active:
        FAILURES.inc()
        await ports.attempts.record(key, now)
        raise TokenInvalid("user name or password is wrong")
    await ports.attempts.clear(key)
    return await _hand_out(ports, user, now)


async def _refuse_locked(ports: Ports, key: str, now: datetime) -> None:
    failures = await ports.attempts.failures(key, now - WINDOW)
    over = len(failures) - TRIES
    if over < 0:
        return
    wait = min(timedelta(seconds=30 * 2**over), WINDOW)
    left = int((failures[-1] + wait - now).total_seconds())
    if left > 0:
        raise RateLimited("too many failed sign-ins; wait and try again", left, "ACCOUNT_LOCKED")


async def without_password(ports: Ports, name: str, now: datetime) -> SignedIn:
    """Sign in by name alone, where the deployment allows it; the account is made at its first use."""
    if not ports.deployment.dev_login:
        raise NotFound("sign-in without a password is switched off here")
    user = await ports.people.by_name(name) or await _add(ports, name, "", "", "", now)
    return await _hand_out(ports, user, now)


async def register(ports: Ports, name: str, password: str, details: tuple[str, str], now: datetime) -> SignedIn:
    """Make an account and sign in; details are e-mail and display name. `UsernameTaken` when the name stands already."""
    if not ports.deployment.registration:
        raise NotAllowed("this deployment takes no registrations; ask its administrator for an account")
    if password.lower() in {name.lower(), "password1234", "123456789012", "qwertyuiop12"}:
        raise InvalidInput("password: it is one of the first that are tried; choose another")
    hashed = await ports.passwords.hash(password)
    return await _hand_out(ports, await _add(ports, name, hashed, *details, now), now)


async def _add(ports: Ports, name: str, hashed: str, email: str, display_name: str, now: datetime) -> User:  # ruff: ignore[too-many-arguments]
    user = User(
        user_id=f"user_{uuid4().hex[:20]}",
        username=name,
        email=email,
        display_name=display_name or name,
        team_id="team_local",
        roles=("user",),
        created_at=now,
        password_hash=hashed,
    )
    await ports.people.add(user)
    return user


async def _hand_out(ports: Ports, user: User, now: datetime) -> SignedIn:
    await ports.people.change(user.user_id, {"last_login": now})
    pair = await issue(ports, user, "", now)
    session, _ = await open_session(ports, user.user_id, user.team_id, None, now)
    return SignedIn(
        user=user,
        access_token=pair.access_token,
        refresh_token=pair.refresh_token,
        session_id=session.session_id,
        expires_in=pair.expires_in,
        expires_at=pair.expires_at,
    )


async def issue(ports: Ports, user: User, client: str, now: datetime) -> Pair:
    """Begin a new family of tokens."""
    identity = uuid4().hex + uuid4().hex
    token = _link(ports, identity, f"family_{uuid4().hex}", user.user_id, client, now)
    await ports.refresh_tokens.put(token)
    return _pair(ports, user, ports.tokens.issue_refresh(identity, token), client, now)


async def refresh(ports: Ports, presented: str, now: datetime) -> Pair:
    """Trade a refresh token for its successor; a replay after the grace minute revokes the whole family."""
    identity = ports.tokens.read_refresh(presented, now)
    token = await ports.refresh_tokens.get(_hash(identity))
    user = await ports.people.by_id(token.user_id) if token else None
    if token is None or token.revoked or user is None or not user.is_active:
        raise TokenInvalid("the refresh token is no longer valid; sign in again")
    if token.replaced_at is not None and now - token.replaced_at > GRACE:
        await ports.refresh_tokens.revoke(token.family)
        raise TokenInvalid("the refresh token was used before; sign in again")
    successor_id = ports.tokens.successor(identity)
    successor = _link(ports, successor_id, token.family, token.user_id, token.client, now)
    stands = await ports.refresh_tokens.replace(token.id_hash, now, successor)
    return _pair(ports, user, ports.tokens.issue_refresh(successor_id, stands), token.client, now)


async def revoke(ports: Ports, presented: str, now: datetime) -> None:
    """End the family of a refresh token; an unknown token is no failure."""
    try:
        token = await ports.refresh_tokens.get(_hash(ports.tokens.read_refresh(presented, now)))
    except TokenInvalid:
        return
    if token is not None:
        await ports.refresh_tokens.revoke(token.family)


async def sign_out(ports: Ports, user_id: str) -> None:
    """End every token of an account: the version is in each of them."""
    user = await ports.people.by_id(user_id)
    if user is not None:
        await ports.people.change(user_id, {"token_version": user.token_version + 1})


def _hash(identity: str) -> str:
    return hashlib.sha256(identity.encode()).hexdigest()


def _link(ports: Ports, identity: str, family: str, user_id: str, client: str, now: datetime) -> RefreshToken:  # ruff: ignore[too-many-arguments]
    return RefreshToken(
        id_hash=_hash(identity),
        family=family,
        user_id=user_id,
        client=client,
        issued_at=now,
        expires_at=now + timedelta(days=ports.deployment.refresh_days),
    )


def _pair(ports: Ports, user: User, refresh_token: str, client: str, now: datetime) -> Pair:
    minutes = 15 if client else ports.deployment.access_minutes
    claims = AccessClaims(
        user_id=user.user_id,
        username=user.username,
        team_id=user.team_id,
        roles=user.roles,
        token_version=user.token_version,
        token_id=uuid4().hex,
        issued_at=now,
        expires_at=now + timedelta(minutes=minutes),
        client=client,
    )
    return Pair(
        user=user,
        access_token=ports.tokens.issue_access(claims),
        refresh_token=refresh_token,
        expires_in=minutes * 60,
        expires_at=claims.expires_at,
    )
