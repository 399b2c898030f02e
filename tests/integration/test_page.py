"""The page of `analyze --html` in a real browser with its network off."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import starmap
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from cli.page.histogram import BOTTOM, TOP
from cli.page.page import render
from domain.diagnosis.answer import answer
from domain.diagnosis.causes import diagnose
from domain.evidence.analyse import analyse
from domain.evidence.values import Analysis, Context, Document
from tests import servers
from tests.unit.cli.evidence import HOSTILE, app_log, metrics

OBSERVED = datetime(2026, 11, 21, tzinfo=UTC)


@dataclass
class Seen:
    """A page as a person sees it, and what it did on the way."""

    page: Page
    analyses: tuple[Analysis, ...]
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def browser() -> AsyncIterator[Browser]:
    if servers.refused_by_the_environment("chromium"):
        pytest.skip("FAULTMAVEN_TEST_WITHOUT names chromium")
    binary = str(servers.chromium_binary())
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    async with async_playwright() as driver:
        found = await driver.chromium.launch(executable_path=binary, args=flags)
        yield found
        await found.close()


@pytest_asyncio.fixture(loop_scope="session")
async def seen(browser: Browser, tmp_path: Path) -> AsyncIterator[Seen]:
    found = tuple(starmap(_read, (("app.log", app_log()), ("metrics.csv", metrics()))))
    diagnosis = diagnose(found, "orders fail")
    file = tmp_path / "out.html"
    file.write_text(render(answer(diagnosis, found, ""), found, diagnosis.timeline), encoding="utf-8")
    context = await browser.new_context(offline=True, viewport={"width": 1100, "height": 900})
    page = await context.new_page()
    one = Seen(page=page, analyses=found)
    page.on("console", lambda message: one.said.append(message.text))
    page.on("pageerror", lambda error: one.said.append(str(error)))
    page.on("request", lambda request: one.asked.append(request.url))
    await page.goto(file.as_uri())
    yield one
    await context.close()


def _read(name: str, text: str) -> Analysis:
    return analyse(Document(evidence=name, name=name, chunks=(text.encode(),), observed_at=OBSERVED), Context())


async def test_it_asks_for_nothing_and_says_nothing(seen: Seen) -> None:
    assert seen.said == []
    assert [url for url in seen.asked if not url.startswith(("file:", "data:"))] == []


async def test_its_bars_are_the_buckets(seen: Seen) -> None:
    volume = next(one.volume for one in seen.analyses if one.volume)
    bars = await seen.page.locator(".bar").evaluate_all("bars => bars.map(bar => Number(bar.dataset.lines))")
    assert bars == [sum(counts) for counts in volume.counts]
    assert sum(bars) == 6_000
    heights = await seen.page.locator(".bar").evaluate_all(
        "bars => bars.map(bar => [...bar.children].reduce((sum, one) => sum + Number(one.getAttribute('height') || 0), 0))"
    )
    peak = max(bars)
    assert all(abs(height - lines / peak * (BOTTOM - TOP)) <= 2.0 for height, lines in zip(heights, bars, strict=True))


async def test_it_marks_bursts_the_onset_and_each_change_of_level(seen: Seen) -> None:
    assert await seen.page.locator("rect.burst").count() >= 1
    assert await seen.page.locator("line.onset").count() >= 1
    curves = [curve for one in seen.analyses for curve in one.curves]
    assert await seen.page.locator("polyline.curve").count() == len(curves) > 0
    assert await seen.page.locator("line.change").count() == sum(len(curve.changes) for curve in curves) > 0


async def test_hostile_text_is_shown_and_does_nothing(seen: Seen) -> None:
    assert HOSTILE in await seen.page.locator("body").text_content()
    assert await seen.page.locator("script, img, iframe, a, form").count() == 0


async def test_what_can_be_read_can_be_seen(seen: Seen) -> None:
    """Nothing is wider than the page."""
    assert await seen.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    await seen.page.set_viewport_size({"width": 420, "height": 800})
    assert await seen.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
