"""Router: order, what a failure tells, and who is skipped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from activities.adapters.model_calls import AccountRefused
from activities.adapters.model_router import ModelRouter, open_router
from domain.errors import FaultMavenError, ModelBusy, ModelRefused, ModelUnreachable
from domain.evidence.extracts import Pixels
from domain.ports.models import ModelRequest
from domain.privacy.placeholders import SafeText
from tests.fakes import MemoryFeed, ScriptedModel
from tests.unit.activities.adapters.test_breaker import Clock


def request(attempt: int = 1) -> ModelRequest:
    return ModelRequest(
        key="k", system="s", prompt=SafeText("p"), schema="{}", schema_name="proposal", deadline_s=10, attempt=attempt
    )


def model(reply: str | Exception | Callable[[], str | Exception]) -> ScriptedModel:
    return ScriptedModel(script=lambda _: reply() if callable(reply) else reply)


def router(*models: ScriptedModel, clock: Clock | None = None) -> ModelRouter:
    return open_router([(f"p{number}", one) for number, one in enumerate(models, start=1)], clock or Clock())


async def failing(it: ModelRouter, attempt: int = 1) -> FaultMavenError:
    with pytest.raises(FaultMavenError) as caught:
        await it.answer(request(attempt), MemoryFeed())
    return caught.value


def test_without_providers_no_model_is_configured():
    assert not open_router([]).configured
    assert router(model("{}")).configured


async def test_the_first_provider_in_order_answers():
    first, second = model("{}"), model("{}")
    answer = await router(first, second).answer(request(), MemoryFeed())
    assert (answer.provider, answer.skipped, len(second.asked)) == ("p1", (), 0)


async def test_the_third_attempt_goes_to_the_second_provider_and_says_whom_it_skipped():
    first, second = model(ModelUnreachable("away")), model("{}")
    it = router(first, second)
    await failing(it, 1)
    await failing(it, 2)
    answer = await it.answer(request(3), MemoryFeed())
    assert (answer.provider, answer.skipped) == ("p2", ("p1",))


async def test_a_model_that_a_case_wants_is_asked_first_and_the_others_by_their_own_names():
    first, second = model("{}"), model(ModelUnreachable("away"))
    it = router(first, second)
    wanting = replace(request(), model="p2/large")
    with pytest.raises(ModelUnreachable):
        await it.answer(wanting, MemoryFeed())
    answer = await it.answer(replace(wanting, attempt=3), MemoryFeed())
    assert (answer.provider, answer.skipped) == ("p1", ("p2",))
    assert [asked.model for one in (second, first) for asked in one.asked] == ["large", ""]


async def test_a_provider_that_is_not_there_any_more_changes_no_order():
    first = model("{}")
    answer = await router(first).answer(replace(request(), model="p9/large"), MemoryFeed())
    assert (answer.provider, first.asked[0].model) == ("p1", "")


async def test_one_call_asks_one_provider():
    first, second = model(ModelUnreachable("away")), model("{}")
    assert isinstance(await failing(router(first, second)), ModelUnreachable)
    assert (len(first.asked), len(second.asked)) == (1, 0)


async def test_an_open_breaker_is_skipped_until_its_probe():
    clock = Clock()
    replies: list[str | Exception] = [ModelUnreachable("away")] * 5
    first, second = model(lambda: replies.pop() if replies else "{}"), model("{}")
    it = router(first, second, clock=clock)
    for _ in range(5):
        await failing(it)
    assert it.failing == ("p1",)
    assert (await it.answer(request(), MemoryFeed())).provider == "p2"
    clock.now += 30
    assert (await it.answer(request(), MemoryFeed())).provider == "p1"
    assert it.failing == ()


async def test_a_wait_of_more_than_a_minute_skips_the_provider_at_once():
    it = router(model(ModelBusy("busy", 61)), model("{}"))
    assert isinstance(await failing(it), ModelUnreachable), "retried at once, at the next provider"
    assert (await it.answer(request(2), MemoryFeed())).provider == "p2"


async def test_a_wait_of_a_minute_is_handed_on():
    failure = await failing(router(model(ModelBusy("busy", 60)), model("{}")))
    assert isinstance(failure, ModelBusy)
    assert failure.retry_after == 60


async def test_a_long_wait_of_the_only_provider_is_handed_on():
    it = router(model(ModelBusy("busy", 600)))
    first = await failing(it)
    assert (type(first), first.retry_after) == (ModelBusy, 600)
    assert isinstance(await failing(it, 2), ModelBusy), "it is not asked again"


async def test_a_refused_account_is_no_end_while_another_provider_is_left():
    first = model(AccountRefused("key"))
    it = router(first, model("{}"))
    assert isinstance(await failing(it), ModelUnreachable)
    assert (await it.answer(request(2), MemoryFeed())).provider == "p2"
    assert len(first.asked) == 1


async def test_a_refused_account_of_the_only_provider_is_waited_for():
    failure = await failing(router(model(AccountRefused("key"))))
    assert isinstance(failure, ModelBusy)
    assert failure.retry_after == 300


async def test_when_nobody_takes_calls_the_soonest_provider_is_named():
    clock = Clock()
    it = router(model(ModelBusy("busy", 7_200)), model(ModelBusy("busy", 600)), clock=clock)
    await failing(it)
    await failing(it)
    clock.now += 100
    failure = await failing(it)
    assert isinstance(failure, ModelBusy)
    assert failure.retry_after == 500


async def test_a_refused_request_says_nothing_against_the_provider():
    it = router(model(ModelRefused("too long")))
    for _ in range(20):
        assert isinstance(await failing(it), ModelRefused)
    assert it.failing == ()


async def test_a_picture_goes_only_where_pictures_may():
    one, picture = model("{}"), Pixels(media_type="image/png", data=b"p", width=1, height=1)
    shown = replace(request(), picture=picture)
    with pytest.raises(ModelRefused, match="not sent"):
        await open_router([("p1", one)], Clock()).answer(shown, MemoryFeed())
    assert one.asked == []
    await open_router([("p1", one)], Clock(), sees=True).answer(shown, MemoryFeed())
    assert one.asked == [shown]
