"""A search of the web over real HTTP: both protocols, and engines that are away, wrong, endless or hostile."""

from __future__ import annotations

import json
import secrets
from uuid import uuid4

import pytest

from activities.adapters.case_redactor import CaseRedactor
from activities.adapters.outside_tools import open_outside
from activities.adapters.settings_check import read_settings
from activities.adapters.web_search import LONGEST, NAME, RESULTS, WORDS, WebSearch
from activities.answer_schema import MalformedAnswer
from activities.outside import Outside
from activities.used import Misused
from domain.diagnosis.inert import is_inert
from domain.errors import OutsideRefused, OutsideUnreachable
from domain.ports.outside import OutsideTools
from domain.privacy.placeholders import SafeText
from tests.fakes import MemoryVault
from tests.stubs.hijacked import INJECTED
from tests.stubs.search import SearchStub, searching

PAGE = ("Too many clients", "https://docs.example/pool?id=7#top", "Raise <strong>max_connections</strong> &amp; use a pooler.")
KEY = secrets.token_hex(8)


def search(stub: SearchStub, kind: str = "searxng", seconds: float = 60.0) -> WebSearch:
    return WebSearch(kind=kind, address=stub.url, key=KEY, seconds=seconds)


def words(text: str) -> SafeText:
    return SafeText(json.dumps({"words": text}))


@pytest.mark.parametrize("kind", ["searxng", "brave"])
async def test_pages_are_told_in_a_row_each_with_the_place_for_people(kind: str) -> None:
    async with searching(pages=[PAGE] * 9) as stub:
        heard = await search(stub, kind).ask(NAME, words("too many clients"))
    assert heard.said == ("Too many clients (docs.example): Raise max_connections & use a pooler.",) * RESULTS
    assert heard.sources[0] == "Too many clients (docs.example/pool)"
    ((path, query, headers),) = stub.received
    assert query["q"] == "too many clients"
    if kind == "brave":
        assert (path, query["count"], headers["x-subscription-token"]) == ("/res/v1/web/search", str(RESULTS), KEY)
    else:
        assert (path, query["format"], headers["authorization"]) == ("/search", "json", f"Bearer {KEY}")


async def test_placeholders_stay_here_and_a_query_is_short() -> None:
    async with searching(pages=[PAGE]) as stub:
        await search(stub).ask(NAME, words("refused by <IP_3@net2> for <EMAIL_1>"))
        await search(stub).ask(NAME, words("word " * 500))
        with pytest.raises(Misused):
            await search(stub).ask(NAME, words("<HOST_1> <IP_2@net1>"))
    assert [len(query["q"]) <= WORDS for _, query, _ in stub.received] == [True, True]
    assert stub.received[0][1]["q"] == "refused by for"


async def test_arguments_of_another_shape_are_not_sent() -> None:
    async with searching(pages=[PAGE]) as stub:
        for arguments in ('{"query": "x"}', '{"words": 7}', '{"words": "x", "url": "http://x.invalid"}'):
            with pytest.raises(MalformedAnswer):
                await search(stub).ask(NAME, SafeText(arguments))
    assert stub.received == []


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"status": 429}, OutsideUnreachable),
        ({"status": 503}, OutsideUnreachable),
        ({"silent": True}, OutsideUnreachable),
        ({"status": 403}, OutsideRefused),
        ({"status": 401}, OutsideRefused),
        ({"status": 302, "headers": ("location: http://127.0.0.1:9/",)}, OutsideRefused),
        ({"body": b"<html>"}, OutsideRefused),
        ({"body": b'{"results": 7}'}, OutsideRefused),
        ({"body": b'{"results": []}' + b" " * LONGEST}, OutsideRefused),
    ],
)
async def test_what_is_no_answer_is_weather_or_a_fact_and_quotes_nothing(given: dict[str, object], expected: type) -> None:
    async with searching(**given) as stub:
        with pytest.raises(expected) as caught:
            await search(stub, seconds=0.5 if "silent" in given else 60.0).ask(NAME, words("zebra"))
    assert "zebra" not in str(caught.value)
    assert KEY not in str(caught.value)


async def test_an_engine_that_is_not_there_is_weather() -> None:
    with pytest.raises(OutsideUnreachable):
        await WebSearch(kind="searxng", address="http://127.0.0.1:1").ask(NAME, words("pool"))


async def test_hostile_pages_come_back_without_a_link_and_without_an_order() -> None:
    pages = [(text, f"https://x.invalid/{text}", text) for text in INJECTED]
    async with searching(pages=pages) as stub:
        used = await Outside(search(stub), CaseRedactor(MemoryVault())).used(uuid4(), NAME, words("pool"))
    assert is_inert(used.use.result)
    assert all(map(is_inert, used.sources))
    assert used.lines == ()


async def test_the_settings_name_the_engine_and_by_default_there_is_none() -> None:
    assert open_outside(read_settings({})).names == ()
    async with searching(pages=[PAGE]) as stub:
        named = {"FAULTMAVEN_WEB__SEND_WORDS_TO": "searxng", "FAULTMAVEN_WEB__BASE_URL": stub.url}
        opened: OutsideTools = open_outside(read_settings(named))
        (offer,) = (await opened.offers()).offers
        assert (await opened.ask(offer.name, words("pool"))).said
    assert offer.name == NAME
    assert "authorization" not in stub.received[0][2]
