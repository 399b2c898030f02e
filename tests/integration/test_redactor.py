"""Redactor: safe texts, stable numbers, secrets that are remembered, and nothing when anything fails."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from activities.adapters.case_redactor import CaseRedactor
from activities.adapters.plain_redactor import PlainRedactor
from domain.errors import RedactionUnavailable, StoreUnavailable
from domain.ports.sealing import Redactor
from tests import fakes

PASSWORD = "Kx7" + "tree!91q"


def redactor(**given: tuple[str, ...]) -> CaseRedactor:
    return CaseRedactor(fakes.MemoryVault(), **given)


@pytest.fixture(params=["star", "case"])
def hiding(request: pytest.FixtureRequest) -> Redactor:
    """Return redactors that hide ann's address, a fake and the real one."""
    return fakes.StarRedactor(hidden=("ann@shop.test",)) if request.param == "star" else redactor()


async def test_what_is_hidden_comes_back_for_its_owner(hiding: Redactor) -> None:
    case_id, text = uuid4(), "order of ann@shop.test failed"
    (safe,) = await hiding.redact(case_id, (text,))
    assert "ann" not in safe
    assert await hiding.restore(case_id, safe) == text


async def test_texts_come_back_in_order_and_clean_ones_unchanged(hiding: Redactor) -> None:
    texts = ("disk full", "", "exit code 137")
    assert await hiding.redact(uuid4(), texts) == texts


async def test_a_broken_redactor_emits_nothing() -> None:
    with pytest.raises(RedactionUnavailable):
        await fakes.StarRedactor(broken=True).redact(uuid4(), ("x",))


async def test_numbers_are_stable_over_texts_and_calls_and_ports_stay_outside() -> None:
    hiding, case_id = redactor(), uuid4()
    (first, second) = await hiding.redact(case_id, ("from 10.1.2.3:5432 to 10.1.2.9", "again 10.1.2.3"))
    (third,) = await hiding.redact(case_id, ("10.1.2.9 and 10.7.7.7",))
    assert first == "from <IP_1@net1>:5432 to <IP_2@net1>"
    assert second == "again <IP_1@net1>"
    assert third == "<IP_2@net1> and <IP_3@net2>"


async def test_a_secret_found_once_is_dropped_wherever_it_stands_alone_in_its_case() -> None:
    hiding, case_id = redactor(), uuid4()
    later = f"retrying with {PASSWORD}, then url=x/{PASSWORD}"
    (_, same_call) = await hiding.redact(case_id, (f"DB_PASSWORD={PASSWORD}", later))
    (next_call,) = await hiding.redact(case_id, (later,))
    assert PASSWORD not in same_call + next_call
    assert next_call == same_call
    assert await redactor().redact(uuid4(), (later,)) == (later,)


async def test_a_plain_word_used_as_a_password_is_not_hidden_elsewhere() -> None:
    (dropped, kept) = await redactor().redact(uuid4(), ("POSTGRES_PASSWORD=postgres", "postgres is starting"))
    assert dropped == "POSTGRES_PASSWORD=<SECRET_1>"
    assert kept == "postgres is starting"


async def test_a_secret_never_comes_back() -> None:
    hiding, case_id = redactor(), uuid4()
    (safe,) = await hiding.redact(case_id, (f"password: {PASSWORD}",))
    assert await hiding.restore(case_id, safe) == "password: [SECRET]"


async def test_forged_placeholders_address_nothing_and_come_back_as_written() -> None:
    hiding, case_id = redactor(), uuid4()
    await hiding.redact(case_id, ("ann@shop.test",))
    forged = "see <EMAIL_1>, &lt;email_1&gt; and \\u003cEMAIL_1\\u003e"
    (safe,) = await hiding.redact(case_id, (forged,))
    assert "EMAIL" not in safe.upper()
    assert await hiding.restore(case_id, safe) == forged


async def test_a_placeholder_that_is_not_honoured_prints_its_kind() -> None:
    assert await redactor().restore(uuid4(), "<EMAIL_7> <IP_1@net1> <T_1>") == "[EMAIL] [IP] <T_1>"


async def test_names_of_the_deployment_are_hidden_and_come_back() -> None:
    hiding, case_id = redactor(names=("Acme Ltd",)), uuid4()
    (safe,) = await hiding.redact(case_id, ("tenant Acme Ltd is slow",))
    assert safe == "tenant <NAME_1> is slow"
    assert await hiding.restore(case_id, safe) == "tenant Acme Ltd is slow"


@dataclass
class FailingVault(fakes.MemoryVault):
    """A vault that is away, or that answers nonsense."""

    failure: Exception | None = None

    async def number(self, case_id: UUID, kind: str, values: Sequence[str]) -> tuple:
        if self.failure:
            raise self.failure
        return ()


@pytest.mark.parametrize("failure", [StoreUnavailable("away"), ValueError("bug"), TimeoutError(), None])
async def test_any_failure_is_called_by_its_one_name(failure: Exception | None) -> None:
    with pytest.raises(RedactionUnavailable):
        await CaseRedactor(FailingVault(failure=failure)).redact(uuid4(), ("clean", "ann@shop.test"))


async def test_two_calls_at_once_give_one_number() -> None:
    hiding, case_id = redactor(), uuid4()
    found = await asyncio.gather(*(hiding.redact(case_id, ("ann@shop.test",)) for _ in range(5)))
    assert set(found) == {("<EMAIL_1>",)}


async def test_without_redaction_text_stays_as_it_is() -> None:
    assert await PlainRedactor().redact(uuid4(), ("ann@shop.test",)) == ("ann@shop.test",)
    assert await PlainRedactor().restore(uuid4(), "<EMAIL_1>") == "<EMAIL_1>"
