"""BudgetLedger: sums of what other calls took, a reservation once, a settlement once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

from domain.diagnosis.budgets import Cost, Payer
from tests.builders import NOON, a_reservation
from tests.integration.conftest import Stores

ALL = {"turn", "case", "user", "team"}


def payer(case: int = 1, turn: str = "turn_1", user: str = "user_1", team: str = "team_1") -> Payer:
    return Payer(case_id=UUID(int=case), turn_key=turn, user_id=user, team_id=team)


async def test_each_scope_sums_up_what_counts_against_it(stores: Stores) -> None:
    others = {
        "same-turn": (payer(), NOON),
        "same-case": (payer(turn="turn_2", user="user_2", team="team_2"), NOON),
        "same-user": (payer(case=2, turn="turn_3", team="team_2"), NOON),
        "same-team": (payer(case=3, turn="turn_4", user="user_3"), NOON),
        "yesterday": (payer(case=4, turn="turn_5"), NOON - timedelta(days=1)),
        "elsewhere": (payer(case=5, user="user_9", team="team_9"), NOON),
    }
    for place, (key, (who, at)) in enumerate(others.items()):
        await stores.budgets.reserve(a_reservation(key=key, payer=who, at=at, cost=Cost(tokens=10**place, money=2 * 10**place)))
    spent = await stores.budgets.reserve(a_reservation(key="mine", payer=payer()))
    assert {scope: cost.tokens for scope, cost in spent.items()} == {"turn": 1, "case": 11, "user": 101, "team": 1_001}
    assert all(cost.money == 2 * cost.tokens for cost in spent.values())


async def test_an_empty_id_has_no_budget(stores: Stores) -> None:
    nobody = payer(turn="", user="", team="")
    await stores.budgets.reserve(a_reservation(key="one", payer=nobody))
    spent = await stores.budgets.reserve(a_reservation(key="two", payer=nobody))
    assert {scope for scope, cost in spent.items() if cost.tokens} == {"case"}
    assert spent.keys() == ALL


async def test_a_reservation_made_again_stands_once_and_at_its_newest_cost(stores: Stores) -> None:
    for tokens in (100, 200):
        await stores.budgets.reserve(a_reservation(cost=Cost(tokens=tokens)))
    assert (await stores.budgets.reserve(a_reservation(key="other")))["case"] == Cost(tokens=200)


async def test_the_first_settlement_stands(stores: Stores) -> None:
    await stores.budgets.reserve(a_reservation())
    for tokens in (7, 9_999):
        await stores.budgets.settle("call_1", Cost(tokens=tokens, money=1))
    await stores.budgets.settle("never reserved", Cost(tokens=5))
    assert (await stores.budgets.reserve(a_reservation(key="other")))["case"] == Cost(tokens=7, money=1)


async def test_what_was_reserved_long_ago_is_released_and_what_was_settled_is_not(stores: Stores) -> None:
    for key in ("lost", "settled"):
        await stores.budgets.reserve(a_reservation(key=key))
    await stores.budgets.reserve(a_reservation(key="running", at=NOON + timedelta(minutes=5), cost=Cost(tokens=3)))
    await stores.budgets.settle("settled", Cost(tokens=40))
    assert [await stores.budgets.release(NOON + timedelta(minutes=5)) for _ in range(2)] == [1, 0]
    assert (await stores.budgets.reserve(a_reservation(key="other")))["case"] == Cost(tokens=43)


async def test_of_calls_at_once_the_last_sees_all_others(stores: Stores) -> None:
    spent = await asyncio.gather(*(stores.budgets.reserve(a_reservation(key=f"call_{n}")) for n in range(8)))
    seen = sorted(each["team"].tokens for each in spent)
    assert seen[-1] <= 700
    assert (await stores.budgets.reserve(a_reservation(key="last")))["team"].tokens == 800


async def test_the_numbers_of_an_erased_case_stay_for_the_budgets_of_its_day(stores: Stores) -> None:
    call = a_reservation()
    await stores.budgets.reserve(call)
    await stores.erasure.erase(call.payer.case_id)
    assert (await stores.budgets.reserve(a_reservation(key="other", payer=payer(case=9))))["user"].tokens == 100
