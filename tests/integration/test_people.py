"""People, Sessions, RefreshTokens, SignInAttempts and StoredReplies."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.errors import TokenInvalid, UsernameTaken
from tests.builders import NOON, a_refresh_token, a_session, a_user
from tests.integration.conftest import Stores


async def test_an_account_is_found_by_name_by_address_and_by_id(stores: Stores) -> None:
    user = a_user(username="Ada", email="Ada@Example.org", roles=("admin", "member"))
    await stores.people.add(user)
    for found in ("ada", "ADA", "ada@example.ORG"):
        assert await stores.people.by_name(found) == user
    assert await stores.people.by_id(user.user_id) == user
    assert await stores.people.by_name("") is None
    assert await stores.people.by_id("nobody") is None


async def test_names_and_addresses_are_taken_once(stores: Stores) -> None:
    await stores.people.add(a_user(username="ada", email="ada@example.org"))
    await stores.people.add(a_user(email=""))
    await stores.people.add(a_user(email=""))
    for again in (a_user(username="ADA"), a_user(email="ADA@example.org")):
        with pytest.raises(UsernameTaken):
            await stores.people.add(again)


async def test_columns_of_an_account_change(stores: Stores) -> None:
    user = a_user()
    await stores.people.add(user)
    await stores.people.change(user.user_id, {"token_version": 2, "last_login": NOON, "is_active": False})
    assert await stores.people.by_id(user.user_id) == replace(user, token_version=2, last_login=NOON, is_active=False)


async def test_sessions_are_replaced_listed_and_cleaned(stores: Stores) -> None:
    live = a_session(client_id="slack", created_at=NOON + timedelta(minutes=1))
    ended, expired = a_session(ended=True), a_session(expires_at=NOON - timedelta(hours=1))
    for session in (live, ended, expired, replace(live, metadata="{}")):
        await stores.sessions.put(session)
    assert await stores.sessions.get(live.session_id) == replace(live, metadata="{}")
    assert (await stores.sessions.of_user("user_1"))[0].session_id == live.session_id
    assert len(await stores.sessions.of_user("user_1", "slack")) == 1
    assert await stores.sessions.clean(NOON + timedelta(minutes=1), limit=10) == 2
    assert await stores.sessions.of_user("user_1") == (replace(live, metadata="{}"),)


async def test_of_racing_replacements_the_first_one_stands_for_all(stores: Stores) -> None:
    token, following = a_refresh_token(), a_refresh_token()
    await stores.tokens.put(token)
    nexts = [replace(following, family=token.family, issued_at=NOON + timedelta(seconds=n)) for n in range(4)]
    rows = await asyncio.gather(*(stores.tokens.replace(token.id_hash, NOON, successor) for successor in nexts))
    assert len(set(rows)) == 1
    assert await stores.tokens.get(following.id_hash) == rows[0]
    predecessor = await stores.tokens.get(token.id_hash)
    assert (predecessor.replaced_at, predecessor.successor_issued_at) == (NOON, rows[0].issued_at)


async def test_a_revoked_family_is_revoked_whole_and_never_continued(stores: Stores) -> None:
    token, other = a_refresh_token(), a_refresh_token()
    for row in (token, other, a_refresh_token(family=token.family)):
        await stores.tokens.put(row)
    await stores.tokens.revoke(token.family)
    for revoked in (token.id_hash, "unknown"):
        with pytest.raises(TokenInvalid):
            await stores.tokens.replace(revoked, NOON, a_refresh_token())
    assert (await stores.tokens.get(token.id_hash)).revoked
    assert not (await stores.tokens.get(other.id_hash)).revoked


async def test_failed_sign_ins_are_counted_until_one_succeeds(stores: Stores) -> None:
    for minutes in (3, 1, 2):
        await stores.attempts.record("ada|10.0.0.0/24", NOON + timedelta(minutes=minutes))
    await stores.attempts.record("other", NOON)
    since = NOON + timedelta(minutes=2)
    assert await stores.attempts.failures("ada|10.0.0.0/24", since) == (since, NOON + timedelta(minutes=3))
    await stores.attempts.clear("ada|10.0.0.0/24")
    assert await stores.attempts.failures("ada|10.0.0.0/24", NOON) == ()
    assert len(await stores.attempts.failures("other", NOON)) == 1


async def test_the_first_reply_under_a_key_stands(stores: Stores) -> None:
    assert await stores.replies.get("user_1 cases", "key") is None
    assert await stores.replies.put("user_1 cases", "key", "hash", "{}", NOON) == ("hash", "{}")
    assert await stores.replies.put("user_1 cases", "key", "other", "[]", NOON) == ("hash", "{}")
    assert await stores.replies.get("user_1 cases", "key") == ("hash", "{}")
    assert await stores.replies.get("user_2 cases", "key") is None
