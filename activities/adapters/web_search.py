"""A search of the web, as one tool: SearXNG's JSON or Brave's over HTTP, one request each time and no page of a result.

docs.searxng.org/dev/search_api; api-dashboard.search.brave.com, Web Search.
"""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

import httpx2
from pydantic import AliasChoices, AliasPath, BaseModel, Field, TypeAdapter, ValidationError

from activities.adapters.trusted import trusted
from activities.answer_schema import parse, schema_of
from activities.used import Misused
from domain.errors import OutsideRefused, OutsideUnreachable
from domain.ports.models import ToolOffer
from domain.ports.outside import Heard, Offered
from domain.privacy.forms import FORM
from domain.privacy.placeholders import SafeText

NAME = "search_web"
WORDS = 200
"""Characters of a query: an error message and a product; Brave takes 400."""
RESULTS = 5
LONGEST = 1 << 20
"""Bytes of an answer; a page of results has some tens of thousands."""
SECONDS = 8.0
"""Of one search: two of them fit into the step that asks (workflows/options.py)."""
CONNECT_S = 3.0
BRAVE = "https://api.search.brave.com"
BROKEN = (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError)

_BOLD = re.compile(r"</?(?:strong|b|em)>", re.IGNORECASE)
"""How engines mark the words that were asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchWeb:
    """Titles and first words of pages of the web about a few words, such as the text of an error and the name of a product. No addresses, names, paths or numbers of this case."""

    words: str


SEARCH = TypeAdapter(SearchWeb)
OFFER = ToolOffer(name=NAME, description=" ".join((SearchWeb.__doc__ or "").split()), schema=schema_of(SEARCH))


class Page(BaseModel):
    """One result."""

    title: str = ""
    url: str = ""
    words: str = Field(default="", validation_alias=AliasChoices("content", "description"))


class Found(BaseModel):
    """An answer of either kind."""

    results: tuple[Page, ...] = Field(validation_alias=AliasChoices("results", AliasPath("web", "results")))


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSearch:
    """Asks one engine."""

    kind: Literal["searxng", "brave"]
    address: str
    key: str = ""
    seconds: float = SECONDS

    @property
    def names(self) -> tuple[str, ...]:
        """The one tool."""
        return (NAME,)

    async def offers(self) -> Offered:
        """Return it; an engine is not asked whether it is there."""
        return Offered(offers=(OFFER,))

    async def ask(self, _name: str, arguments: SafeText) -> Heard:
        """Search; placeholders mean nothing elsewhere and stay here."""
        words = " ".join(FORM.sub(" ", parse(SEARCH, arguments).words).split())[:WORDS]
        if not words:
            raise Misused("no words are left to search for")
        pages = _pages(await self._answer(words))
        return Heard(said=tuple(map(_told, pages)), sources=tuple(map(_named, pages)))

    async def _answer(self, words: str) -> bytes:
        path, given, headers = self._request(words)
        limits = httpx2.Timeout(self.seconds, connect=min(CONNECT_S, self.seconds))
        client = httpx2.AsyncClient(
            base_url=self.address, timeout=limits, follow_redirects=False, trust_env=False, verify=trusted()
        )
        try:
            async with asyncio.timeout(self.seconds), client, client.stream("GET", path, params=given, headers=headers) as answer:
                _check(answer.status_code)
                return await _bounded(answer)
        except BROKEN as broken:
            raise OutsideUnreachable(f"the web search does not answer ({type(broken).__name__})") from None

    def _request(self, words: str) -> tuple[str, Mapping[str, str], Mapping[str, str]]:
        """Return path, query and headers of a search."""
        if self.kind == "brave":
            return "/res/v1/web/search", {"q": words, "count": str(RESULTS)}, {"X-Subscription-Token": self.key}
        key = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        return "/search", {"q": words, "format": "json"}, key


def _check(status: int) -> None:
    """Raise what a status means: 408, 429 and 5xx are weather, everything else but 200 is a fact."""
    if status in {408, 429} or status >= 500:
        raise OutsideUnreachable(f"the web search failed (HTTP {status})")
    if status != 200:
        raise OutsideRefused(f"the web search refuses (HTTP {status}); check its address and key, and that it serves JSON")


async def _bounded(answer: httpx2.Response) -> bytes:
    whole = b""
    async for piece in answer.aiter_bytes():
        whole += piece
        if len(whole) > LONGEST:
            raise OutsideRefused(f"the web search sent more than {LONGEST >> 20} MiB; the answer was dropped")
    return whole


def _pages(answer: bytes) -> tuple[Page, ...]:
    try:
        return Found.model_validate_json(answer).results[:RESULTS]
    except ValidationError:
        raise OutsideRefused("the web search answered in no known form; check its address and kind") from None


def _told(page: Page) -> str:
    return f"{_plain(page.title)} ({_host(page.url)}): {_plain(page.words)}"


def _named(page: Page) -> str:
    """Return title and place, for people who want to read on: no query and no fragment of an address."""
    parts = _split(page.url)
    return f"{_plain(page.title)[:60]} ({parts[0]}{parts[1]})"


def _plain(text: str) -> str:
    return " ".join(html.unescape(_BOLD.sub("", text)).split())


def _host(url: str) -> str:
    return _split(url)[0]


def _split(url: str) -> tuple[str, str]:
    """Return host and path of an address; nothing of one that is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return parts.hostname or "", parts.path
