"""Hosts, networks, databases and unknown tools: what is not in order is found with its line."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.evidence.commands import output
from tests.evidence import of_kind, read_by

SYSTEMCTL = """
Node: oak-1
● kiln.service - brick kiln
     Loaded: loaded (/etc/systemd/system/kiln.service; enabled)
     Active: failed (Result: exit-code) since Mon 2026-05-04 04:12:09 UTC; 46min ago
    Process: 2511 ExecStart=/usr/bin/kiln (code=exited, status=203/EXEC)

May 04 04:12:09 oak-1 systemd[1]: kiln.service: Failed at step EXEC spawning /usr/bin/kiln: No such file or directory
"""
SAMPLES = {
    "systemctl": (SYSTEMCTL, "unhealthy_object", "unit/kiln@oak-1", "failed"),
    "df": ("Filesystem  Size Used Avail Use% Mounted on\n/dev/sdb1  10G 10G 0 100% /var", "resource", "filesystem//var", "100 %"),
    "free": ("       total   used   free  available\nMem:   16000  15900  50    90\nSwap:  0  0  0", "resource", "", "memory is left"),
    "ps": ("USER  PID %CPU %MEM  VSZ  RSS TTY STAT START TIME COMMAND\napp   64  781  35.1  1  2  ?   Rl   Nov01 4:02 /bin/kiln --hot", "resource", "process/kiln[64]", "781 %"),
    "ss": ("Netid State Recv-Q Send-Q Local Address:Port Peer Address:Port\ntcp LISTEN 129 128 0.0.0.0:8080 0.0.0.0:*\ntcp ESTAB 0 0 10.0.0.1:8080 10.0.0.2:5", "connection", "listener/8080", "queue"),
    "ping": ("PING kiln (10.0.0.1) 56(84) bytes of data.\n64 bytes from 10.0.0.1: icmp_seq=1 ttl=64\n4 packets transmitted, 1 received, 75% packet loss", "connection", "host/kiln", "75 %"),
    "dig": ("; <<>> DiG 9.18 <<>> kiln.test\n;; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 1\n;; QUESTION SECTION:", "dns", "", "NXDOMAIN"),
    "curl": ("*   Trying 10.0.0.1:443...\n* Connected to kiln.test (10.0.0.1) port 443\n> GET / HTTP/1.1\n< HTTP/1.1 503 Service Unavailable", "connection", "", "kiln.test answers 503"),
    "openssl": ("CONNECTED(00000003)\ndepth=0 CN = kiln.test\nverify error:num=10:certificate has expired\nCertificate chain", "tls", "", "certificate expired"),
    "docker": ("CONTAINER ID   IMAGE    STATUS                      NAMES\ne087285c       kiln:1   Restarting (137) 8 seconds ago   kiln\na1b2c3d4       pg:16    Up 3 days                        db", "unhealthy_object", "container/kiln", "restarting"),
    "connection test": ("=== Service kiln:9000 Connectivity test report ===\nResults on oak-1: kiln open\nConnection Succeeded\nResults on oak-2: Connection Failed", "connection", "service/kiln", "oak-2"),
    "processlist": ("+----+------+------+-------------------------------+\n| Id | Time | Command | State | Info |\n| 1 | 900 | Query | Waiting for table metadata lock | ALTER TABLE bricks |\n+----+------+", "row", "session/1", "lock"),
    "explain": ("Limit  (cost=0.00..9.00 rows=1)\n  ->  Seq Scan on bricks  (cost=0.00..90211.00 rows=9 width=8)\nPlanning Time: 0.1 ms\nExecution Time: 900 ms", "slow_span", "table/bricks", "Seq Scan"),
    "redis": ("# Server\nredis_version:7\n# Memory\nused_memory:1000000\nmaxmemory:1000000\nevicted_keys:12", "resource", "", "100% of its memory"),
    "kafka": ("GROUP  TOPIC   PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG     CONSUMER-ID\nkiln   bricks  0          10              90010           90000   -", "row", "queue/kiln:bricks", "90000"),
    "dmesg": ("[ 12.000001] eth0: up\n[ 99.123456] Out of memory: Killed process 41 (kiln) total-vm:1kB", "row", "process/kiln[41]", "Killed process"),
}  # fmt: skip


@pytest.mark.parametrize("name", SAMPLES)
def test_each_command_tells_what_is_not_in_order(name: str) -> None:
    text, kind, subject, words = SAMPLES[name]
    worst = of_kind(read_by(output.analyse, text), kind)[0]
    assert worst.subject == subject
    assert words in worst.statement


def test_telling_fields_of_unknown_json_are_found_with_line_and_owner() -> None:
    status = {
        "ok": True,
        "members": [{"name": "a", "running": True}, {"name": "b", "running": False, "alarm": False}],
        "split_brain_detected": True,
        "unreachable_nodes": ["b"],
        "limits": {"timeout": 30, "error": None, "failures": 0},
    }
    found = {f.attributes["path"]: f for f in read_by(output.analyse, json.dumps(status, indent=1)).findings}
    assert set(found) == {"members.1.running", "split_brain_detected", "unreachable_nodes"}
    assert found["members.1.running"].subject == "member/b"
    assert found["split_brain_detected"].text == '"split_brain_detected": true,'


def test_healthy_json_and_messages_of_a_calm_alert_are_no_finding() -> None:
    calm = {
        "alerts": [{"name": "errors", "state": "OK", "message": "error rate exceeded 2%"}],
        "status": "success",
        "error": None,
    }
    assert read_by(output.analyse, json.dumps(calm, indent=1)).findings == ()


def test_what_is_being_removed_weighs_little() -> None:
    pods = {
        "pods": [{"name": "old", "deletion_timestamp": "2026-05-04T00:00:00Z", "containers": [{"name": "c", "ready": False}]}]
    }
    assert all(f.severity <= 1.0 for f in read_by(output.analyse, json.dumps(pods, indent=1)).findings)


def test_events_and_log_text_inside_json_are_read() -> None:
    listed = {
        "events": [
            {
                "reason": "FailedMount",
                "message": "volume is gone",
                "type": "Warning",
                "involved_object": "Pod/p",
                "last_time": "2026-05-04T01:00:00Z",
            }
        ],
        "logs": "all fine\nkiln: fatal: cannot open brick.db\nbye\n",
    }
    parsed = read_by(output.analyse, json.dumps(listed, indent=1))
    [event] = of_kind(parsed, "event")
    assert (event.subject, event.time is not None) == ("pod/p", True)
    assert "brick.db" in of_kind(parsed, "row")[0].statement


def test_json_inside_a_string_is_cited_by_the_line_of_the_string() -> None:
    wrapped = json.dumps({"id": "1", "data": json.dumps([{"rows": [["Reason", "exec: gridn not found in path"]]}])}, indent=1)
    [found] = read_by(output.analyse, wrapped).findings
    assert found.citations[0].first == 3
    assert "gridn not found" in found.text


def test_cut_json_is_read_up_to_the_break_which_is_noted() -> None:
    parsed = read_by(output.analyse, '{"nodes": [\n {"name": "a", "healthy": false},\n {"name": "b", "hea')
    assert parsed.findings[0].subject == "node/a"
    assert "line 3" in parsed.notes[0]


def test_the_odd_row_of_an_unknown_table_is_found() -> None:
    text = """
    Brick   Zone    Mode
    b1      north   active
    b2      north   active
    b3      north   passive
    b4      north   active
    """
    [odd] = read_by(output.analyse, text).findings
    assert (odd.subject, odd.citations[0].first) == ("row/b3", 4)


def test_a_report_of_calls_becomes_edges() -> None:
    text = "[Service]: kiln\n[Upstream (Called By)]: shop, yard\n[Downstream (Calls)]:\nkiln\n├── store\n│   └── db\n└── mail"
    edges = {(e.source, e.target) for e in read_by(output.analyse, text).edges}
    assert edges == {
        ("service/shop", "service/kiln"),
        ("service/yard", "service/kiln"),
        ("service/kiln", "service/store"),
        ("service/store", "service/db"),
        ("service/kiln", "service/mail"),
    }


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=400))
def test_any_text_is_read_without_failing(text: str) -> None:
    read_by(output.analyse, text)


@given(st.lists(st.sampled_from([line for text, *_ in SAMPLES.values() for line in text.split("\n")]), max_size=30))
def test_any_mixture_of_real_lines_is_read_without_failing(lines: list[str]) -> None:
    read_by(output.analyse, "\n".join(lines))


def test_one_statement_is_named_only_when_it_dominates_a_real_load() -> None:
    def listed(load: float) -> str:
        rows = [
            {"statement": "SELECT a FROM bricks", "db_load_avg": load},
            {"statement": "SELECT b FROM ovens", "db_load_avg": load / 9},
        ]
        return json.dumps({"top": rows}, indent=1)

    [found] = read_by(output.analyse, listed(9.0)).findings
    assert (found.kind, found.attributes["statement"]) == ("slow_span", "SELECT a FROM bricks")
    assert read_by(output.analyse, listed(0.9)).findings == ()


def test_things_of_a_list_become_objects_with_their_failed_containers_and_missing_replicas() -> None:
    listed = {
        "pods": [{
            "name": "kiln-1", "node_name": "oak",
            "containers": [{"name": "c", "restart_count": 5, "state": {"reason": "CrashLoopBackOff"}, "last_state": {"reason": "OOMKilled", "exit_code": 137}}],
        }],
        "deployments": [{"name": "kiln", "desired": 3, "ready": 1, "available": 1}],
        "policies": [{"id": "p1"}],
    }  # fmt: skip
    parsed = read_by(output.analyse, json.dumps(listed, indent=1))
    assert {o.id for o in parsed.objects} >= {"pod/kiln-1", "deployment/kiln", "policy/p1"}
    [worst] = of_kind(parsed, "exit")
    assert (worst.subject, worst.severity, worst.numbers["exit_code"]) == ("pod/kiln-1", 5.0, 137)
    assert {f.subject for f in of_kind(parsed, "unhealthy_object")} == {"pod/kiln-1", "deployment/kiln"}
    assert ("pod/kiln-1", "runs on", "node/oak") in {(e.source, e.relation, e.target) for e in parsed.edges}


def test_a_certificate_that_ended_before_the_observation_has_expired() -> None:
    text = "CONNECTED(00000003)\ndepth=0 CN = kiln.test\n   Not Before: Jan  1 00:00:00 2025 GMT\n   Not After : Jan  2 00:00:00 2026 GMT\nCertificate chain\n"
    [found] = of_kind(read_by(output.analyse, text), "tls")
    assert (found.attributes["reason"], found.severity) == ("certificate expired", 4.0)
    valid = read_by(output.analyse, text.replace("2026", "2036"))
    assert of_kind(valid, "tls")[0].severity < 1
