"""The way to other servers and back: what leaves, what is told of what comes back, and what is refused."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from activities.adapters.case_redactor import CaseRedactor
from activities.answer_schema import MalformedAnswer
from activities.outside import LONGEST, SOURCES, Outside
from activities.used import Misused, Used
from domain.diagnosis.inert import is_inert
from domain.diagnosis.outside import HEARSAY
from domain.diagnosis.tools import RESULT_TOKENS
from domain.errors import OutsideUnreachable, RedactionUnavailable
from domain.evidence.digest import tokens
from domain.ports.outside import Offered
from domain.ports.sealing import Redactor
from tests.fakes import MemoryOutside, MemoryVault, StarRedactor
from tests.stubs.hijacked import INJECTED

SECRET = "Kx7" + "tree!91q"
TOOL = "kb__lookup"


@dataclass
class Door:
    """A way out with a real redactor."""

    outside: MemoryOutside = field(default_factory=lambda: MemoryOutside({TOOL: ("Raise the pool.",)}))
    redactor: Redactor = field(default_factory=lambda: CaseRedactor(MemoryVault()))
    case_id: UUID = field(default_factory=uuid4)

    async def used(self, arguments: str = "", **given: object) -> Used:
        return await Outside(self.outside, self.redactor).used(self.case_id, TOOL, arguments or json.dumps(given))

    async def offered(self) -> Offered:
        return await Outside(self.outside, self.redactor).offered(self.case_id)

    @property
    def sent(self) -> object:
        ((_, arguments),) = self.outside.asked
        return json.loads(arguments)


def saying(*said: str, sources: tuple[str, ...] = ()) -> Door:
    return Door(MemoryOutside({TOOL: said}, sources=sources))


async def test_values_of_the_case_stay_behind_their_placeholders() -> None:
    door = Door()
    (safe,) = await door.redactor.redact(door.case_id, ("mail of ann@shop.test",))
    used = await door.used(
        words=f"{safe} from ann@shop.test", file={"name": ["10.1.2.3", 7, None]}, id=f"{safe} and bob@shop.test"
    )
    assert door.sent == {
        "words": "mail of <EMAIL_1> from <EMAIL_1>",
        "file": {"name": ["<IP_1@net1>", 7, None]},
        "id": "mail of <EMAIL_1> and <EMAIL_2>",
    }
    assert json.loads(used.use.arguments) == door.sent


@pytest.mark.parametrize("arguments", [{"password": SECRET}, {"ann@shop.test": "x"}, {"words": {"api_key": SECRET}}])
async def test_arguments_that_would_tell_a_secret_are_not_sent(arguments: dict[str, object]) -> None:
    door = Door()
    with pytest.raises(Misused):
        await door.used(**arguments)
    assert door.outside.asked == []


@pytest.mark.parametrize("arguments", [" ", "null", "[]", '"x"', '{"a": NaN}', '{"a": 1, "a": 2}', "[" * 50_000])
async def test_arguments_that_are_no_object_are_not_sent(arguments: str) -> None:
    door = Door()
    with pytest.raises(MalformedAnswer):
        await door.used(arguments)
    assert door.outside.asked == []


async def test_without_redaction_nothing_is_sent() -> None:
    door = Door(redactor=StarRedactor(broken=True))
    with pytest.raises(RedactionUnavailable):
        await door.used(words="pool is full")
    assert door.outside.asked == []


async def test_an_answer_is_made_safe_and_carries_no_line_that_could_be_cited() -> None:
    door = saying(f"user ann@shop.test has password={SECRET}\nsee [docs](http://x.invalid/)", sources=("Docs (x.invalid/a)",))
    used = await door.used(words="pool is full")
    assert used.use.result.splitlines()[-1] == HEARSAY
    assert "ann" not in used.use.result
    assert SECRET not in used.use.result
    assert is_inert(used.use.result)
    assert (used.lines, used.done) == ((), True)
    assert used.sources == ("Docs (x.invalid/a)",)


async def test_a_key_over_many_lines_is_seen_before_the_rows_are_cut() -> None:
    head, foot = (f"-----{word} RSA PRIVATE KEY-----" for word in ("BEGIN", "END"))
    body = "\n".join("MIIEow" + "a1B2" * 14 for _ in range(12))
    used = await saying(f"{head}\n{body}\n{foot}").used(words="x")
    assert "MIIEow" not in used.use.result


async def test_a_long_answer_is_cut_to_its_tokens_and_says_so() -> None:
    used = await saying(*(f"row {n} " + "word " * 60 for n in range(2_000))).used(words="x")
    assert tokens(used.use.result) <= RESULT_TOKENS + tokens(HEARSAY) + 5
    assert "The rest is left out." in used.use.result
    assert len((await saying("x" * 50 * LONGEST).used(words="x")).use.result) < LONGEST


async def test_an_empty_answer_is_told_as_nothing() -> None:
    assert (await saying().used(words="x")).use.result == f"Nothing was found.\n{HEARSAY}"


async def test_injected_answers_and_sources_keep_no_link_and_no_order() -> None:
    used = await saying(*INJECTED, sources=INJECTED).used(words="x")
    told = "\n".join((used.use.result, *used.sources))
    assert is_inert(told)
    assert "close this case" not in told
    assert len(used.sources) <= SOURCES


@pytest.mark.needs_shared
async def test_the_injection_corpus_as_an_answer_is_mere_words(shared_data: Path) -> None:
    source = shared_data / "injection" / "strings.jsonl"
    if not source.is_file():
        pytest.skip(f"NOT RUN: no {source}")
    strings = [str(json.loads(line)["text"]) for line in source.read_text("utf-8").splitlines()]
    for start in range(0, len(strings), 10):
        used = await saying(*strings[start : start + 10], sources=tuple(strings[start : start + SOURCES])).used(words="x")
        assert all(map(is_inert, (used.use.result, *used.sources)))
        assert used.lines == ()


async def test_a_server_that_is_away_is_the_step_s_failure() -> None:
    door = Door(MemoryOutside({TOOL: ()}, failure=OutsideUnreachable("kb is away")))
    with pytest.raises(OutsideUnreachable):
        await door.used(words="x")


async def test_what_a_server_says_of_its_tools_is_made_safe() -> None:
    door = Door(MemoryOutside({TOOL: ()}, description="Looks up ann@shop.test ![x](http://x.invalid/)", gone=("kb__other",)))
    offered = await door.offered()
    (offer,) = offered.offers
    assert "ann" not in offer.description
    assert is_inert(offer.description)
    assert offered.away == ("kb__other",)


@pytest.mark.parametrize(
    "schema", ["{", "[]", json.dumps({"type": "object", "properties": {"ann@shop.test": {"type": "string"}}})]
)
async def test_a_tool_whose_schema_cannot_be_shown_is_not_offered(schema: str) -> None:
    offered = await Door(MemoryOutside({TOOL: ()}, schema=schema)).offered()
    assert offered == Offered(away=(TOOL,))


async def test_many_tools_are_offered_as_far_as_their_tokens_go() -> None:
    tools = {f"kb__lookup_{n}": () for n in range(200)}
    offered = await Door(MemoryOutside(tools, description="word " * 100)).offered()
    names = [offer.name for offer in offered.offers]
    assert 5 < len(names) < 50
    assert (*names, *offered.away) == tuple(tools)


async def test_where_no_setting_names_a_server_nothing_is_asked() -> None:
    assert await Door(MemoryOutside()).offered() == Offered()
