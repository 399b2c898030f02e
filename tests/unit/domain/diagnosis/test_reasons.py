"""Lines that tell why: shared names, reasons, answers to the question, and what is never shown."""

from __future__ import annotations

import pytest

from domain.case.state import Stance
from domain.diagnosis.reasons import BESIDE, NOBODY, asked
from domain.diagnosis.rows import cause_drafts
from domain.diagnosis.values import Candidate
from tests.quality.reading import Read, read, text_case

STEPS = "".join(f"2031-03-04 09:{n // 60:02}:{n % 60:02},000 INFO step {n} of the round is done\n" for n in range(90))


def log(*said: str) -> str:
    return STEPS + "".join(f"2031-03-04 09:01:{n:02},000 {line}\n" for n, line in enumerate(said, start=30))


def leader(told: Read) -> Candidate:
    return told.diagnosis.candidates[0]


def shown(told: Read) -> str:
    first = told.answer.causes[0]
    return "\n".join([first.statement, *(line.text for line in first.evidence[:3])])


LOOKUP = log(
    "ERROR call of api.partner.test failed: java.net.UnknownHostException: api.partner.test: Temporary failure in name resolution"
)
RESOLVER = """[INFO] plugin/reload: Running configuration SHA512 = 591cf328
[ERROR] plugin/errors: 2 api.partner.test. A: read udp 10.2.0.9:46512->10.9.9.53:53: i/o timeout
[INFO] 10.2.2.31:50122 - 4412 "A IN cart.shop.svc.cluster.local. udp 46 false 512" NOERROR qr,aa,rd 90 0.000102s
"""


def test_another_file_that_tells_of_the_same_name_is_shown_with_the_cause() -> None:
    told = text_case({"app.log": LOOKUP, "resolver.log": RESOLVER}, "why do calls fail?")
    assert leader(told).family == "dns_failure"
    assert "10.9.9.53:53: i/o timeout" in shown(told)


def test_a_line_that_names_something_else_is_not_shown() -> None:
    told = text_case(
        {"app.log": LOOKUP, "resolver.log": RESOLVER.replace("api.partner.test", "mail.other.test")}, "why do calls fail?"
    )
    assert "10.9.9.53" not in shown(told)


def test_what_is_shown_beside_a_cause_weighs_nothing_for_it() -> None:
    told = text_case({"app.log": LOOKUP, "resolver.log": RESOLVER}, "why do calls fail?")
    rows = cause_drafts(told.diagnosis)[0].rows
    beside = [place for place, sign in enumerate(leader(told).signals) if sign.meaning == BESIDE.meaning]
    assert beside
    assert {rows[place].stance for place in beside} == {Stance.NEUTRAL}


REFUSED = log(
    "INFO login of u881 refused: 50 of 50 licensed seats in use",
    "ERROR tile 8/31/12 of the map is not available",
)


def test_a_calm_line_that_answers_the_question_comes_before_an_error_that_does_not() -> None:
    assert "licensed seats" in text_case({"app.log": REFUSED}, "Some dispatchers cannot log in").answer.causes[0].statement
    assert "tile 8/31/12" in text_case({"app.log": REFUSED}, "the map has holes").answer.causes[0].statement


@pytest.mark.parametrize("question", ["", "is the billing service healthy?", "are logins ok?", "how is checkout doing?"])
def test_a_question_that_reports_no_fault_makes_no_calm_line_one(question: str) -> None:
    assert asked(question, ()) is NOBODY
    calm = log("INFO login of u881 refused: 50 of 50 licensed seats in use")
    assert not text_case({"app.log": calm}, question).answer.causes


POLICY = """apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: egress-data
  namespace: finance
spec:
  egress:
  - to:
    - ipBlock:
        cidr: 10.40.0.0/22
        except:
        - 10.40.3.0/24
  podSelector:
    matchLabels:
      app: ledger
  policyTypes:
  - Egress
"""


def test_a_setting_that_keeps_out_the_address_that_fails_is_shown() -> None:
    told = text_case(
        {"app.log": log(*["ERROR connect ETIMEDOUT 10.40.3.17:5432"] * 3), "policy.yaml": POLICY}, "why no database?"
    )
    assert "10.40.3.0/24" in shown(told)
    far = text_case({"app.log": log(*["ERROR connect ETIMEDOUT 10.41.3.17:5432"] * 3), "policy.yaml": POLICY}, "why no database?")
    assert "10.40.3.0/24" not in shown(far)


def test_a_setting_that_holds_something_back_is_no_fault_by_itself() -> None:
    assert not text_case({"policy.yaml": POLICY}, "why is it slow?").answer.causes


NESTED = (
    log("ERROR Application run failed")
    + """test.acme.BeanCreationException: Error creating bean with name 'migrations' defined in class path resource
\tat test.acme.Factory.make(Factory.java:178)
Caused by: test.acme.ValidateException: Validate failed: Migrations have failed validation
Migration checksum mismatch for migration version 14
"""
)


def test_the_innermost_cause_of_a_nested_exception_is_what_a_crashed_container_said() -> None:
    pods = "NAME            READY   STATUS             RESTARTS       AGE\ncrm-6d5f-abcde  0/1     CrashLoopBackOff   7 (2m ago)     20m\n"
    command = "kubectl logs crm-6d5f-abcde --previous"
    told = read(
        {"pods.txt": pods.encode(), "crm.log": NESTED.encode()},
        "crm does not come up",
        {"crm.log": command, "pods.txt": "kubectl get pods"},
    )
    assert "checksum mismatch for migration version 14" in shown(told)
