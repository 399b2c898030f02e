"""Passages and orders of whole documents, as pages."""

from __future__ import annotations

from itertools import starmap
from pathlib import Path
from uuid import UUID

import pytest

from domain.evidence.values import DigestLine
from domain.knowledge.access import may_read, readable
from domain.knowledge.chunking import CAP, FLOOR, TARGET, Source, chunk, title_of
from domain.knowledge.documents import Hit, Scope
from domain.knowledge.duplicates import distinct
from domain.knowledge.evidence import passages_of
from domain.knowledge.queries import LARGE, affordable, identifiers, terms
from domain.knowledge.reranking import rank
from tests.builders import a_passage
from tests.pages import kept, told

PAGES = Path(__file__).parent / "pages"
CASE = UUID(int=7)


def prose(size: int) -> str:
    """Return one line of that many characters in sentences."""
    text = ""
    while len(text) < size:
        text += f"Step {len(text)} reads the pool and waits for a reply. "
    return text[: size - 1] + "."


def of(*parts: str) -> str:
    return "\n\n".join(parts)


DOCUMENTS = {
    "headings": "\ufeff---\ntitle: 'Pool full'\n---\n# Pool\r\nIntro.\r\n\r\n## Check ##\r\nLook.\n\n### Deep\nMore.\n\n## Fix\nRaise.\n\nTitle\n=====\nx\n\nSub\n---\ny\n\n---\nz",
    "fences": "# A\ntext\n```sh\n# no heading\n```\n~~~~\n```\n~~~~\n- ```py\n  x = 1\n  ```\n> ```\n> quoted\n> ```\n````\nopen\n# still inside",
    "tables": "# T\nbefore\n| a | b |\n|---|---|\n| 1 | 2 |\nafter\n<!-- # hidden\n# too -->\nlast\n<!-- never closed\n# x",
    "joined_to_the_target": of("# J", prose(400), prose(TARGET - 402), prose(10)),
    "one_over_the_target": of("# J", prose(400), prose(TARGET - 401)),
    "a_small_rest_joins": of("# J", prose(TARGET), prose(FLOOR - 1), prose(FLOOR), prose(TARGET)),
    "small_up_to_the_cap": of("# J", prose(CAP - FLOOR - 1), prose(FLOOR - 1)),
    "small_over_the_cap": of("# J", prose(CAP - FLOOR), prose(FLOOR - 1)),
    "at_the_cap": of("# C", prose(CAP)),
    "over_the_cap": of("# C", prose(CAP + 1)),
    "one_long_word": of("# C", "x" * (2 * CAP + 5)),
    "long_code": "# C\n```sh\n" + "\n".join(f"echo line {n} of a long script" for n in range(120)) + "\n```\n",
    "long_lines": "# C\n" + "\n".join(prose(300) for _ in range(14)),
    "open_front_matter": "---\ntitle: x\n# H\ntext",
    "prose_between_rules": "---\nno keys here\n---\ntext",
    "keys_between_rules": "---\nowner: ann\n  more\n- tag\n# comment\n\ntitle: Real\n...\n# H\ntext",
    "twice_the_same": of("# A", "same words", "# A", "same  words", "# B", "same words"),
    "deep": "\n".join(f"{'#' * min(6, n)} h{n}\ntext {n}" for n in range(1, 9)),
    "plain": "just one line",
    "empty": "\n\n  \n",
}  # fmt: skip


def outlined(name: str, text: str) -> str:
    """Return title and passages of a document: id, headings, lines, size and both ends of the text."""
    passages = chunk(Source(document_id="doc_1", title="t", scope="team", owner_id="", text=text))
    rows = [
        f"  {one.ordinal} {one.passage_id[:8]} {' > '.join(one.heading_path) or '-'}, lines {one.first_line}-{one.last_line}, "
        f"{len(one.text)} characters: {one.text[:30]!r} … {one.text[-30:]!r}"
        for one in passages
    ]
    return "\n".join((f"{name}: {title_of(text, 'untitled')}", *rows))


def test_documents_are_cut_as_the_page_says() -> None:
    kept(PAGES / "passages.txt", "\n".join(starmap(outlined, DOCUMENTS.items())))


def line(first: int, text: str, evidence: str = "b.log") -> DigestLine:
    return DigestLine(evidence=evidence, name=evidence, first=first, last=first + 1, count=1, text=text, severity=3.0, score=3.0)


def test_lines_of_a_file_become_passages_of_its_case_as_the_page_says() -> None:
    lines = [line(n, prose(299)) for n in (9, 1, 5, 7)] + [line(2, "short", "a.log"), line(3, prose(TARGET), "a.log")]
    kept(PAGES / "evidence.txt", told(passages_of(CASE, "app.log", lines)))


QUESTIONS = (
    "Why does OrderServiceError 503 come back after maxPoolSize=20?",
    "pods are crashing in kube-system",
    "the evaluation of classes, queries and retries stopped; failing nodes used buses, analysis",
    "read /var/log/x.log, HTTPServer2, E1234 and a.b.c by <EMAIL_1> [IP]",
    "x é ﬁle naïve Größe 日本 ab-cd",
    "OOMKilled KubePodCrashLooping",
    "to be or not",
)


def test_questions_become_terms_as_the_page_says() -> None:
    kept(PAGES / "terms.txt", "\n".join(f"{text}\n  {told(terms(text))}\n  {told(identifiers(text))}" for text in QUESTIONS))


def hit(name: str, text: str, score: float = 1.0, scope: Scope = "team", document: str = "") -> Hit:
    return Hit(
        passage=a_passage(passage_id=name, document_id=document or name, title="", heading_path=(), text=text, scope=scope),
        score=score,
    )


WORDS = "the pool of the order service is full and every caller waits for a free connection of the database"
HITS = (
    hit("a", WORDS, 0.9),
    hit("b", f"{WORDS} now", 0.8, "personal"),
    hit("c", "ERR_POOL_9 means that no connection is free", 0.5, "global"),
    hit("d", "raise max_pool_size when the pool is full", 0.5, "case"),
    hit("e1", "pool", 0.7, document="e"),
    hit("e2", "pool size", 0.6, document="e"),
    hit("e3", "pool again", 0.6, document="e"),
    hit("f", "cats sleep all day", 0.99),
    hit("g", "orders wait", 0.4),
    hit("h", "a full disk waits", 0.3),
)
ASKED = (
    "why is the pool full",
    "ERR_POOL_9 max_pool_size",
    "what does ERR_POOL_9 of the order service tell us about it",
    "cat",
    "zebra",
    "of the",
)


@pytest.mark.parametrize("shown", [3, 6])
def test_candidates_are_ordered_as_the_page_says(shown: int) -> None:
    rows = []
    for question in ASKED:
        found = rank(question, HITS, shown=shown)
        rows.append(
            f"{question}: {', '.join(f'{one.passage.passage_id} {one.score:.4f}' for one in found.hits)} {found.no_answer}"
        )
    kept(PAGES / f"orders_{shown}.txt", "\n".join(rows))


def test_twins_leave_the_list_and_the_narrower_scope_stays() -> None:
    close = " ".join(WORDS.split()[:-1])
    hits = (
        hit("a", WORDS),
        hit("b", close),
        hit("c", WORDS, scope="personal"),
        hit("d", WORDS, scope="global"),
        hit("e", "one two"),
    )
    assert [one.passage.passage_id for one in distinct(hits)] == ["c", "e"]
    assert [one.passage.passage_id for one in distinct((hit("x", "one two"), hit("y", "one three")))] == ["x", "y"]


def test_terms_that_cost_more_than_they_tell_stay_away_from_a_large_index_only() -> None:
    border = LARGE // 20
    frequency = {"over": border + 1, "at": border, "rare": 1, "seldom": 2}
    asked = ("over", "at", "rare", "unknown", "seldom", "rare")
    assert affordable(asked, frequency, LARGE - 1) == ("over", "at", "rare", "seldom", "rare")
    assert affordable(asked, frequency, LARGE) == ("at", "rare", "seldom", "rare")
    assert affordable(("over", "at", "rare"), frequency, LARGE) == ("over", "at", "rare")
    assert len(affordable(("rare",) * 300, frequency, LARGE)) == 200


@pytest.mark.parametrize(
    ("scope", "owner", "team", "seen"),
    [
        ("global", "", "other", True),
        ("team", "", "team-1", True),
        ("team", "", "other", False),
        ("personal", "ann", "team-1", True),
        ("personal", "bob", "team-1", False),
        ("personal", "ann", "other", False),
        ("case", "case-1", "team-1", True),
        ("case", "case-2", "team-1", False),
        ("case", "", "team-1", False),
    ],
)
def test_a_row_is_judged_again_before_it_is_shown(scope: Scope, owner: str, team: str, seen: bool) -> None:
    filters = readable(team_id="team-1", user_id="ann", case_id="case-1")
    assert may_read(filters, a_passage(scope=scope, owner_id=owner), team) is seen
    if scope == "case":
        assert may_read(readable(team_id="team-1", user_id="ann"), a_passage(scope=scope, owner_id=owner), team) is False
