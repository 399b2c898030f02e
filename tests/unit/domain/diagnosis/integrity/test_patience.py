from domain.diagnosis.integrity import patience
from tests.unit.domain.diagnosis.integrity.graphs import calls, thing, told

STOCK = thing("deployment/stock", container__main__env__DB_QUERY_TIMEOUT="5s")
EDGE = thing("deployment/edge", container__main__env__SHOP_TIMEOUT="6s")
CALLED = (calls("service/shop", "service/stock"), calls("service/edge", "service/shop"))


def test_a_caller_that_gives_up_before_its_callee_is_told() -> None:
    shop = thing("deployment/shop", container__main__env__STOCK_TIMEOUT="2s")
    assert told(patience.check, STOCK, shop, edges=CALLED) == [("patience", "deployment/shop")]


def test_a_caller_that_waits_as_long_is_in_order() -> None:
    shop = thing("deployment/shop", container__main__env__STOCK_TIMEOUT_MS="5000")
    assert told(patience.check, STOCK, shop, edges=CALLED) == []


def test_a_time_out_for_another_callee_says_nothing() -> None:
    shop = thing("deployment/shop", container__main__env__MAIL_TIMEOUT="2s")
    assert told(patience.check, STOCK, shop, edges=CALLED) == []
    idle = thing("deployment/shop", container__main__env__STOCK_IDLE_TIMEOUT="2s")
    assert told(patience.check, STOCK, idle, edges=CALLED) == []


def test_tries_that_last_longer_than_the_outer_caller_waits_are_told() -> None:
    shop = thing("deployment/shop", container__main__env__STOCK_TIMEOUT="5s", container__main__env__STOCK_MAX_RETRIES="3")
    assert told(patience.check, STOCK, shop, EDGE, edges=CALLED) == [("patience", "deployment/edge")]


def test_tries_that_fit_are_in_order() -> None:
    shop = thing("deployment/shop", container__main__env__STOCK_TIMEOUT="5s", container__main__env__STOCK_MAX_RETRIES="1")
    assert told(patience.check, STOCK, shop, EDGE, edges=CALLED) == []
