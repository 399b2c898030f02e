"""What a message asks for and tells."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.case.intents import read_message
from domain.case.outcome import ReplyClass
from domain.case.state import Pending, RowCategory
from tests.pace import within
from tests.unit.domain.case.build import NOON


def pending(target: str = "investigating") -> Pending:
    return Pending(pending_id="pend_1", target=target, turn=1, asked=1)


def read(text: str, target: str = "", attached: bool = False):
    return read_message(text, attached, pending(target) if target else None, NOON)


@pytest.mark.parametrize(
    ("text", "target", "reply"),
    [
        ("Yes!", "closed", ReplyClass.YES),
        ("yes please", "closed", ReplyClass.YES),
        ("Go ahead, thanks", "resolved", ReplyClass.YES),
        ("That's right.", "investigating", ReplyClass.YES),
        ("ok resolve it", "resolved", ReplyClass.YES),
        ("yes, close it please", "closed", ReplyClass.YES),
        ("👍", "closed", ReplyClass.YES),
        ("👍🏽", "closed", ReplyClass.YES),
        ("✅", "closed", ReplyClass.YES),
        ("ＹＥＳ", "closed", ReplyClass.YES),
        ("yes?", "closed", ReplyClass.QUESTION),
        ("what happens then？", "closed", ReplyClass.QUESTION),
        ("No", "closed", ReplyClass.NO),
        ("don't", "closed", ReplyClass.NO),
        ("no thanks", "closed", ReplyClass.NO),
        ("👎", "closed", ReplyClass.NO),
        ("no, it happened again at 10:40", "resolved", ReplyClass.NO_WITH_CONTENT),
        ("not yet, the queue is still growing", "resolved", ReplyClass.NO_WITH_CONTENT),
        ("yes but later", "closed", ReplyClass.AMBIGUOUS),
        ("I think so", "closed", ReplyClass.AMBIGUOUS),
        ("yes close it", "resolved", ReplyClass.AMBIGUOUS),
        ("да", "closed", ReplyClass.AMBIGUOUS),
        ("!!!", "closed", ReplyClass.AMBIGUOUS),
        ("ok, but only EU is affected by this", "investigating", ReplyClass.SUBSTANTIVE),
        ("", "closed", ReplyClass.EMPTY),
    ],
)
def test_2_2_a_reply_reads_as_its_class(text, target, reply):
    assert read(text, target).reply is reply


def test_2_2_a_new_file_makes_every_reply_substantive():
    assert read("yes", "closed", attached=True).reply is ReplyClass.SUBSTANTIVE


@pytest.mark.parametrize("text", ["thanks!", "Hello", "good morning team", "Ok, great"])
def test_d2_courtesies_are_no_content(text):
    reading = read(text)
    assert reading.is_greeting
    assert reading.substance == 0


@pytest.mark.parametrize("text", ["CPU of db-2 is 95 %", "hello, checkout is down"])
def test_d2_content_is_no_courtesy(text):
    assert not read(text).is_greeting


@pytest.mark.parametrize("text", ["status?", "Where are we?", "any update", "What's the status of this case?"])
def test_a_status_question_is_recognised(text):
    assert read(text).is_status_question


def test_a_long_question_with_the_word_status_is_none():
    assert not read("why does the status endpoint of our payment gateway answer with 503 since noon?").is_status_question


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("it is slow", False),
        ("checkout p99 is 4 s", True),
        ("checkout is failing since 14:00", True),
        ("we see NullPointerException errors", True),
        ("the pods get OOMKilled", True),
        ("CPU of db-2 is 95 %", True),
        ("nothing changed, everything is fine", False),
        ("is checkout failing?", False),
    ],
)
def test_m1_a_quote_needs_an_error_a_measure_or_a_named_operation(text, quoted):
    reading = read(text)
    assert bool(reading.quotes) is quoted
    assert len(reading.quotes) == len(reading.quote_texts)


@given(st.text(max_size=200), st.sampled_from(["checkout is failing.", "p99 is 4 s", "ERROR 500 again!", ""]))
def test_d5_quotes_are_verbatim_parts_of_the_message(noise, fact):
    text = f"{noise} {fact}"
    reading = read(text)
    assert all(quote in text for quote in reading.quote_texts)
    assert len(reading.statement.encode()) <= 240


def test_the_statement_is_the_sentence_that_says_most():
    text = "Hi team. Something is broken. Checkout p99 is 4 s since 11:30 in eu-west-1. Can you help?"
    assert read(text).statement == "Checkout p99 is 4 s since 11:30 in eu-west-1."
    assert not read("hello there").statement
    assert not read("We use Kubernetes 1.29 with two clusters.").statement


@pytest.mark.parametrize(
    ("text", "level", "named"),
    [
        ("prod is down", "critical", False),
        ("this is a sev1", "critical", True),
        ("customers see errors on login", "high", False),
        ("P2: the search returns nothing", "high", True),
        ("some requests to search are degraded", "medium", False),
        ("a typo on the start page", "low", False),
        ("not urgent: prod is down", "low", True),
        ("attacker has shell", "critical", False),
        ("we use two clusters", "", False),
    ],
)
def test_u1_u2_urgency_is_read_from_rules_and_a_word_of_the_user_wins(text, level, named):
    reading = read(text)
    assert (reading.urgency_word, reading.urgency_explicit) == (level, named)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("checkout is failing", "ongoing"),
        ("it fails sometimes", "intermittent"),
        ("checkout was down yesterday", "historical"),
        ("checkout returned errors", ""),
    ],
)
def test_u3_temporal_state_is_read(text, word):
    assert read(text).temporal_word == word


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("the API is slow", "slowness"),
        ("the site is down", "unavailability"),
        ("orders show wrong data", "data_issue"),
        ("we get errors", "error"),
    ],
)
def test_u1_the_type_of_problem_is_read(text, kind):
    assert read(text).problem_type == kind


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("nothing changed", "denies_changes"),
        ("there were no deployments", "denies_changes"),
        ("we rolled back the release", "reports_applied"),
        ("the fix was applied", "reports_applied"),
        ("it happened again", "reports_recurrence"),
        ("that did not help", "reports_recurrence"),
        ("orders still fail with 502", "reports_recurrence"),
        ("customers still get the same errors", "reports_recurrence"),
        ("we rolled back at 10:05 but it is still slow", "applied_in_vain"),
        ("I restarted the pods. That made no difference", "applied_in_vain"),
        ("we have not applied it as described", "not_as_described"),
        ("works now, no errors since 15:00", "reports_recovery"),
        ("we do not have that", "cannot_provide"),
        ("please escalate to a human", "asks_for_human"),
        ("an attacker has shell on web-1", "breach"),
        ("we are losing orders", "data_loss"),
    ],
)
def test_what_a_user_reports_is_heard(text, field):
    assert getattr(read(text), field)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("is it fixed?", "reports_recovery"),
        ("it is not fixed", "reports_recovery"),
        ("it was fixed but it happened again", "reports_recovery"),
        ("it failed again, so we rolled back", "applied_in_vain"),
        ("orders still fail", "applied_in_vain"),
        ("there is no sign of a security breach", "breach"),
        ("could this be a security breach?", "breach"),
        ("no data loss so far", "data_loss"),
        ("we have not changed anything", "reports_applied"),
    ],
)
def test_what_a_user_denies_or_asks_is_not_heard_as_a_report(text, field):
    assert not getattr(read(text), field)


def test_trouble_that_is_still_there_keeps_its_onset():
    assert read("orders still fail since 11:00").onset == read("orders fail since 11:00").onset is not None


def test_a_recovery_becomes_an_absence_row_and_a_recurrence_a_symptom_row():
    gone = read("no errors since 15:00")
    assert [draft.category for draft in gone.quotes] == [RowCategory.SYMPTOM_ABSENCE]
    back = read("no, it happened again at 10:40")
    assert [draft.category for draft in back.quotes] == [RowCategory.SYMPTOM]
    assert back.quotes[0].witness.startswith("recurrence:")


def test_m2_facets_are_read_in_the_users_words():
    reading = read("12 % of requests to the payments service fail for EU customers in eu-west-1")
    assert reading.services == ("payments",)
    assert reading.share == "12 % of requests"
    assert reading.users == "customers"
    assert "eu-west-1" in reading.places


def test_m2_a_resource_level_or_a_status_code_is_no_share():
    assert not read("CPU of db-2 is 95 %").share
    assert not read("users see 502 errors").share


@pytest.mark.parametrize(
    ("text", "onset"),
    [
        ("failing since 11:00", NOON.replace(hour=11)),
        ("failing since 14:00", NOON.replace(hour=14) - timedelta(days=1)),
        ("failing since 2026-03-01 09:30", datetime(2026, 3, 1, 9, 30, tzinfo=NOON.tzinfo)),
        ("errors started 20 minutes ago", NOON - timedelta(minutes=20)),
        ("errors for half an hour, started half an hour ago", NOON - timedelta(minutes=30)),
        ("slow for 2 hours", NOON - timedelta(hours=2)),
        ("slow since 9am", NOON.replace(hour=9)),
        ("slow since 9 pm", NOON.replace(hour=21) - timedelta(days=1)),
        ("slow since 9:15 pm", NOON.replace(hour=21, minute=15) - timedelta(days=1)),
        ("failing since 25:99", None),
        ("failing since 2026-13-45 09:30", None),
        ("failing since 30 pm", None),
        ("failing badly", None),
    ],
)
def test_m3_the_onset_is_read_against_the_time_of_posting(text, onset):
    assert read(text).onset == onset


@pytest.mark.parametrize(
    ("text", "limitation"),
    [
        ("I have no access to the cluster", "expertise_required"),
        ("we are not allowed to restart it", "general_limitation"),
        ("it fails", ""),
    ],
)
def test_limits_are_read(text, limitation):
    assert read(text).limitation == limitation


def test_a_message_without_referent_says_so():
    assert not read("it does not work").has_referent
    assert read("checkout does not work").has_referent


def test_t2_the_extractive_title_has_two_to_eight_words():
    words = read("Checkout p99 is 4 s since 11:30 in eu-west-1 for all of our customers and partners").title_words.split()
    assert 2 <= len(words) <= 8
    assert words[0] == "Checkout"


def test_questions_are_told_from_statements():
    assert read("why does checkout fail").is_question
    assert read("checkout fails, right?").is_question
    assert not read("checkout fails").is_question


@given(st.text(max_size=400), st.booleans())
def test_any_text_can_be_read(text, attached):
    reading = read(text, "closed", attached)
    assert reading.reply in set(ReplyClass)
    assert reading.problem_type in {"", "error", "slowness", "unavailability", "data_issue"}


@pytest.mark.parametrize("unit", ["a", "a-", "1 ", "is ", "no ", "since ", "the service ", "1.", "data ", "data is "])
def test_reading_takes_linear_time_for_hostile_texts(unit):
    with within(2.0):
        read(unit * (20_000 // len(unit)))
