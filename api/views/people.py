"""Accounts, tokens and client sessions as clients expect them."""

from __future__ import annotations

import json
from dataclasses import dataclass

from api.sign_in import Pair, SignedIn
from api.views.wire import Json, at, when
from domain.privacy.accounts import ClientSession, User


@dataclass(frozen=True, slots=True, kw_only=True)
class UserProfile:
    """A person, as sign-in shows them."""

    user_id: str
    username: str
    display_name: str
    email: str
    created_at: str
    is_dev_user: bool
    roles: list[str]
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UserInfo(UserProfile):
    """A person, as `/auth/me` shows them."""

    last_login: str | None
    organization: dict[str, str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthToken:
    """What signing in returns; `expires_at` is in milliseconds since 1970."""

    access_token: str
    token_type: str
    expires_in: int
    session_id: str
    user: UserProfile
    refresh_token: str
    idp_logout_url: str | None
    expires_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRefresh:
    """A fresh pair."""

    access_token: str
    token_type: str
    expires_in: int
    refresh_token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenResponse:
    """The flat answer of the OAuth token endpoint."""

    access_token: str
    refresh_token: str
    token_type: str
    expires_in: int
    refresh_expires_in: int
    user_id: str
    username: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionBody:
    """A client session."""

    session_id: str
    user_id: str
    client_id: str | None
    session_type: str
    status: str
    created_at: str
    expires_at: str
    last_activity: str
    message: str
    session_resumed: bool
    timeout_minutes: int
    metadata: Json
    schema_version: str


def profile(user: User) -> UserProfile:
    """Return the person without anything secret."""
    return UserProfile(**_profile(user))


def _profile(user: User) -> dict[str, Json]:
    return {
        "user_id": user.user_id,
        "username": user.username,
        "display_name": user.display_name,
        "email": user.email,
        "created_at": at(user.created_at),
        "is_dev_user": not user.password_hash,
        "roles": list(user.roles),
        "is_active": user.is_active,
    }


def info(user: User) -> UserInfo:
    """Return the person with the fixed organization of a single-team deployment."""
    organization = {"organization_id": user.team_id, "name": "Local"}
    return UserInfo(**_profile(user), last_login=when(user.last_login), organization=organization)


def signed_in(result: SignedIn) -> AuthToken:
    """Return the body of a sign-in."""
    return AuthToken(
        access_token=result.access_token,
        token_type="bearer",  # ruff: ignore[hardcoded-password-func-arg]  # the name of a scheme
        expires_in=result.expires_in,
        session_id=result.session_id,
        user=profile(result.user),
        refresh_token=result.refresh_token,
        idp_logout_url=None,
        expires_at=int(result.expires_at.timestamp() * 1000),
    )


def refreshed(pair: Pair) -> TokenRefresh:
    """Return the body of a refresh."""
    return TokenRefresh(
        access_token=pair.access_token,
        token_type="bearer",  # ruff: ignore[hardcoded-password-func-arg]  # the name of a scheme
        expires_in=pair.expires_in,
        refresh_token=pair.refresh_token,
    )


def granted(pair: Pair, refresh_days: int) -> TokenResponse:
    """Return the flat OAuth body."""
    return TokenResponse(
        access_token=pair.access_token,
        refresh_token=pair.refresh_token,
        token_type="Bearer",  # ruff: ignore[hardcoded-password-func-arg]  # the name of a scheme
        expires_in=pair.expires_in,
        refresh_expires_in=refresh_days * 86_400,
        user_id=pair.user.user_id,
        username=pair.user.username,
    )


def session(value: ClientSession, *, resumed: bool) -> SessionBody:
    """Return the body of a session."""
    return SessionBody(
        session_id=value.session_id,
        user_id=value.user_id,
        client_id=value.client_id,
        session_type=value.session_type,
        status="terminated" if value.ended else "active",
        created_at=at(value.created_at),
        expires_at=at(value.expires_at),
        last_activity=at(value.last_activity),
        message="session resumed" if resumed else "session created",
        session_resumed=resumed,
        timeout_minutes=value.timeout_minutes,
        metadata=json.loads(value.metadata) if value.metadata else None,
        schema_version="3.1.0",
    )
