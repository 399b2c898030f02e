"""Documents to passages: whole fences, right lines, stable ids."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.knowledge.chunking import CAP, Source, chunk, title_of

RUNBOOK = """---
title: Pool exhausted
tags: [db]
---
# Pool

Intro of the runbook.

## Check

Look first:

```bash
# this is a comment, not a heading
kubectl get pods
```

~~~~
```
# nested
```
~~~~

| a | b |
|---|---|
| 1 | 2 |

Fix
---

<!-- # hidden
## also hidden -->
Raise the pool size.
"""


def source(text: str) -> Source:
    return Source(document_id="doc_1", title="t", scope="team", owner_id="", text=text)


def paths(text: str) -> list[tuple[str, ...]]:
    return [passage.heading_path for passage in chunk(source(text))]


def test_headings_lead_and_a_mark_inside_a_fence_or_comment_is_none() -> None:
    assert paths(RUNBOOK) == [("Pool",), ("Pool", "Check"), ("Pool", "Fix")]


def test_a_passage_names_its_lines() -> None:
    lines = RUNBOOK.split("\n")
    for passage in chunk(source(RUNBOOK)):
        own = lines[passage.first_line - 1 : passage.last_line]
        assert [line for line in own if line.strip()] == [line for line in passage.text.split("\n") if line.strip()]


def test_a_step_and_its_command_stay_together() -> None:
    check = chunk(source(RUNBOOK))[1]
    assert "Look first" in check.text
    assert "kubectl get pods" in check.text


@pytest.mark.parametrize(
    "change", [lambda text: text.replace("\n", "\r\n"), lambda text: "\ufeff" + text, lambda text: text.replace("\n", "\r")]
)
def test_line_ends_and_marks_change_nothing(change) -> None:
    assert chunk(source(change(RUNBOOK))) == chunk(source(RUNBOOK))


def test_unchanged_text_keeps_its_id_when_lines_move() -> None:
    before = {passage.heading_path: passage.passage_id for passage in chunk(source(RUNBOOK))}
    after = {
        passage.heading_path: passage.passage_id for passage in chunk(source(RUNBOOK.replace("Intro", "A new line.\n\nIntro")))
    }
    assert before["Pool", "Fix"] == after["Pool", "Fix"]
    assert before["Pool",] != after["Pool",]


def test_another_document_gives_other_ids() -> None:
    one, other = chunk(source(RUNBOOK)), chunk(replace(source(RUNBOOK), document_id="doc_2"))
    assert {passage.passage_id for passage in one}.isdisjoint(passage.passage_id for passage in other)


def test_the_same_paragraph_twice_has_two_ids() -> None:
    text = "# A\n\n" + "same words here. " * 60 + "\n\n" + "same words here. " * 60
    ids = [passage.passage_id for passage in chunk(source(text))]
    assert len(ids) == len(set(ids)) == 2


def test_a_fence_over_the_cap_is_cut_by_lines_with_its_marks_repeated() -> None:
    text = "```sh\n" + "".join(f"step {n} with some more words\n" for n in range(200)) + "```\n"
    passages = chunk(source(text))
    assert len(passages) > 2
    assert all(passage.text.startswith("```") and passage.text.rstrip().endswith("```") for passage in passages)


def test_an_open_fence_ends_with_the_file() -> None:
    assert paths("# A\n\n```\n# no heading\n") == [("A",)]


def test_one_endless_line_is_cut_and_nothing_is_lost() -> None:
    passages = chunk(source("word " * 3_000))
    assert all(len(passage.text) <= CAP for passage in passages)
    assert "".join("".join(passage.text for passage in passages).split()) == "word" * 3_000


@pytest.mark.parametrize("text", ["", "   \n\n", "---\ntitle: x\n---\n"])
def test_nothing_gives_no_passage(text: str) -> None:
    assert chunk(source(text)) == ()


def test_a_rule_that_is_no_front_matter_stays_text() -> None:
    assert chunk(source("---\nno key here\n---\ntext"))[0].first_line == 1


@given(st.text(alphabet="#`~-| \n<!a.0=\r", max_size=400))
def test_every_text_gives_ordered_passages_with_unique_ids(text: str) -> None:
    passages = chunk(source(text))
    assert passages == chunk(source(text))
    assert len({passage.passage_id for passage in passages}) == len(passages)
    assert [passage.ordinal for passage in passages] == list(range(len(passages)))
    assert all(1 <= passage.first_line <= passage.last_line <= len(text) + 1 for passage in passages)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (RUNBOOK, "Pool exhausted"),
        ("# Pool #\ntext", "Pool"),
        ("Pool\n====\n\ntext", "Pool"),
        ("text only", "file"),
        ("---\ntitle: 'Q'\n---\n", "Q"),
    ],
)
def test_a_document_is_named_by_front_matter_then_heading_then_file(text: str, title: str) -> None:
    assert title_of(text, "file") == title
