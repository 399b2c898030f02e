"""The report of each story of a case, as a page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from domain.reports import markdown
from tests.pages import kept
from tests.unit.domain.case.build import Story, news
from tests.unit.domain.case.test_stories import STORIES

PAGES = Path(__file__).parent / "pages"


@pytest.mark.parametrize("name", STORIES)
def test_rp2_a_report_tells_its_story_as_the_page_says(name: str) -> None:
    story = Story()
    for step in STORIES[name]:
        step(story)
    quotes = {each.evidence_id: f"line {each.first} | of\nits file" for each in story.state.rows[::2]}
    removed = replace(story.state, rows=tuple(replace(each, source_removed=each.first % 2 == 0) for each in story.state.rows))
    parts = (
        markdown.render("resolution_summary", removed, "Case-1", quotes),
        markdown.render("closure_summary", story.says("one more file", None, files=(news(9),)).state, "Case-1"),
    )
    kept(PAGES / f"{name}.md", "\n".join(parts))
