"""Sign-in, tokens and the signed-in person."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response

from api import sign_in
from api.bodies import DevLogin, Login, Refresh, Registration
from api.dependencies import Member, Now, Opened
from api.views import meta
from api.views import people as view
from api.views.wire import Json, json_response
from domain.errors import FaultMavenError, TokenInvalid

router = APIRouter(prefix="/api/v1/auth", tags=["sign-in"])
CLIENTS = frozenset({"faultmaven-copilot", "faultmaven-slack-agent", "faultmaven-dashboard"})
"""The public clients of contract.md 4."""
Network = Annotated[str, "the caller's network address"]


def _network(request: Request) -> Network:
    return request.client.host if request.client else "-"


@router.get("/config")
async def read_config(opened: Opened) -> Json:
    """Say how people sign in here."""
    return meta.auth_config(opened.deployment)


@router.post("/login")
async def login(body: Login, request: Request, opened: Opened, now: Now) -> view.AuthToken:
    """Sign in with a password."""
    return view.signed_in(await sign_in.with_password(opened, body.username, body.password, _network(request), now))


@router.post("/dev-login")
async def dev_login(body: DevLogin, opened: Opened, now: Now) -> view.AuthToken:
    """Sign in by name alone; 404 unless the deployment allows it."""
    return view.signed_in(await sign_in.without_password(opened, body.username, now))


@router.post("/register", status_code=201)
async def register(body: Registration, opened: Opened, now: Now) -> view.AuthToken:
    """Make an account and sign in."""
    details = (body.email or "", body.display_name or "")
    return view.signed_in(await sign_in.register(opened, body.username, body.password, details, now))


@router.post("/refresh")
async def refresh(body: Refresh, opened: Opened, now: Now) -> view.TokenRefresh:
    """Trade a refresh token; the one just traded gives the same successor for a minute."""
    return view.refreshed(await sign_in.refresh(opened, body.refresh_token, now))


@router.post("/logout")
async def logout(caller: Member, opened: Opened) -> Json:
    """End every token of the caller."""
    await sign_in.sign_out(opened, caller.user_id)
    return {"message": "signed out", "revoked_tokens": 1, "all_sessions_ended": True}


@router.get("/me")
async def me(caller: Member, opened: Opened) -> view.UserInfo:
    """Return the signed-in person."""
    user = await opened.people.by_id(caller.user_id)
    if user is None:
        raise TokenInvalid("the account is gone; sign in again")
    return view.info(user)


@router.post("/oauth/token")
async def oauth_token(request: Request, opened: Opened, now: Now) -> Response:
    """Serve the refresh grant in the form of RFC 6749."""
    given = await _fields(request)
    if given is None:
        return _refused(415, "invalid_request", "send JSON or a form")
    if given.get("grant_type") != "refresh_token":
        return _refused(400, "unsupported_grant_type", "grant_type: refresh_token is served here")
    if given.get("client_id") not in CLIENTS:
        return _refused(400, "invalid_client", "client_id: not known here")
    try:
        pair = await sign_in.refresh(opened, given.get("refresh_token", ""), now)
    except TokenInvalid as failure:
        return _refused(400, "invalid_grant", str(failure))
    return json_response(view.granted(pair, opened.deployment.refresh_days))


@router.post("/oauth/revoke")
async def oauth_revoke(request: Request, opened: Opened, now: Now) -> Response:
    """End a token's family; 200 for unknown tokens, too."""
    given = await _fields(request)
    if given is None:
        return _refused(415, "invalid_request", "send JSON or a form")
    if not given.get("token"):
        return _refused(400, "invalid_request", "token: missing")
    try:
        await sign_in.revoke(opened, given["token"], now)
    except FaultMavenError as failure:
        return _refused(503, "temporarily_unavailable", str(failure))
    return json_response({})


async def _fields(request: Request) -> dict[str, str] | None:
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        body = await request.json()
        return {name: str(value) for name, value in body.items()} if isinstance(body, dict) else {}
    if kind.startswith("application/x-www-form-urlencoded"):
        return {name: str(value) for name, value in (await request.form()).items()}
    return None


def _refused(status: int, error: str, description: str) -> Response:
    return json_response({"error": error, "error_description": description}, status)
