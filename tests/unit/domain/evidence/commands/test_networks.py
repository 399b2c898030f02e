"""Networks: what sockets, round trips, resolvers, clients and certificates say, line by line."""

from domain.evidence.commands.networks import certificates, names, reach, sockets, web
from tests import told
from tests.evidence import read_part


def test_a_full_accept_queue_and_half_closed_sockets_are_found_once() -> None:
    parsed, understood = read_part(
        sockets.sockets,
        """
    Netid State      Recv-Q Send-Q Local Address:Port Peer Address:Port
    tcp   LISTEN     127    128    0.0.0.0:8080       0.0.0.0:*
    tcp   LISTEN     128    128    [::]:8081          [::]:*
    LISTEN           0      0      127.0.0.1:9000     0.0.0.0:*
    tcp   ESTAB      500    0      10.0.0.1:8080      10.0.0.2:5
    tcp   CLOSE-WAIT 1      0      10.0.0.1:8082      10.0.0.2:6
    tcp   CLOSE_WAIT 1      0      10.0.0.1:8083      10.0.0.2:7
    tcp   LISTEN     200    128    0.0.0.0:8084       0.0.0.0:*
    """,
    )
    assert told.findings(parsed) == [
        "3.5 connection listener/8081 @4: accept queue of port 8081 is full: 128 of 128 | port=8081 resource=accept queue used:128 limit:128",
        "3.5 connection listener/8084 @9: accept queue of port 8084 is full: 200 of 128 | port=8084 resource=accept queue used:200 limit:128",
        "2 connection listener/8082 @7: 2 sockets wait to be closed by the program, 1 of them of port 8082 | state=CLOSE-WAIT count:2 port=8082",
    ]
    assert told.objects(parsed) == [
        "listener/8080 @3 address=0.0.0.0:8080 protocol=tcp queue=127 limit=128",
        "listener/8081 @4 address=[::]:8081 protocol=tcp queue=128 limit=128",
        "listener/9000 @5 address=127.0.0.1:9000 queue=0 limit=0",
        "socket/tcp:10.0.0.1:8080-10.0.0.2:5 @6 address=10.0.0.1:8080 protocol=tcp queue=500 limit=0 state=ESTABLISHED peer=10.0.0.2:5",
        "socket/tcp:10.0.0.1:8082-10.0.0.2:6 @7 address=10.0.0.1:8082 protocol=tcp queue=1 limit=0 state=CLOSE-WAIT peer=10.0.0.2:6",
        "socket/tcp:10.0.0.1:8083-10.0.0.2:7 @8 address=10.0.0.1:8083 protocol=tcp queue=1 limit=0 state=CLOSE-WAIT peer=10.0.0.2:7",
        "listener/8084 @9 address=0.0.0.0:8084 protocol=tcp queue=200 limit=128",
    ]
    assert understood == 8


def test_loss_and_slow_answers_weigh_by_how_bad_they_are() -> None:
    parsed, understood = read_part(
        reach.ping,
        """
    4 packets transmitted, 4 received, 0% packet loss
    4 packets transmitted, 3 received, 0.5% packet loss
    100 packets transmitted, 49 received, 49.9% packet loss
    4 packets transmitted, 2 received, 50% packet loss
    rtt min/avg/max/mdev = 0.1/0.2/200.0/0.3 ms
    rtt min/avg/max/mdev = 0.1/100.5/200.5/0.3 ms
    From 10.0.0.1 icmp_seq=1 Destination Host Unreachable
    64 bytes from 10.0.0.1: icmp_seq=1 ttl=64
    connect: No route to host
    """,
    )
    assert told.findings(parsed) == [
        "4 connection - @5: 50 % of packets are lost | resource=packets used:50 limit:100",
        "3.5 connection - @8: From 10.0.0.1 icmp_seq=1 Destination Host Unreachable | message=From 10.0.0.1 icmp_seq=1 Destination Host Unreachable",
        "3.5 connection - @10: connect: No route to host | message=connect: No route to host",
        "3 connection - @3: 0.5 % of packets are lost | resource=packets used:0.5 limit:100",
        "3 connection - @4: 49.9 % of packets are lost | resource=packets used:49.9 limit:100",
        "2.5 connection - @7: round trip 100.5 ms, at most 200.5 ms | used:200.5",
        "1.5 connection - @6: round trip 0.2 ms, at most 200 ms | used:200",
        "0.5 reached - @2: 0 % of packets are lost | resource=packets used:0 limit:100",
    ]
    assert understood == 9


def test_a_resolver_that_does_not_answer_is_found() -> None:
    parsed, understood = read_part(
        names.names,
        """
    ;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1
    ;; ->>HEADER<<- opcode: QUERY, status: SERVFAIL, id: 2
    kiln said status: REFUSED
    ** server can't find kiln.test: NXDOMAIN
    ;; connection timed out; no servers could be reached
    """,
    )
    assert told.findings(parsed) == [
        "4 dns - @3: the resolver answers SERVFAIL | reason=SERVFAIL",
        "4 dns - @5: ** server can't find kiln.test: NXDOMAIN | message=** server can't find kiln.test: NXDOMAIN reason=not resolved",
        "4 dns - @6: ;; connection timed out; no servers could be reached | message=;; connection timed out; no servers could be reached reason=not resolved",
    ]
    assert understood == 5


def test_a_client_tells_who_answered_what() -> None:
    parsed, understood = read_part(
        web.http,
        """
    < HTTP/1.1 500 Internal Server Error
    *   Trying 10.0.0.1:443...
    * Connected to kiln.test. (10.0.0.1) port 443
    * SSL certificate problem: unable to get local issuer certificate
      certificate expired, but not said by the client
    * Server certificate:
    < HTTP/1.1 399 Odd
    < HTTP/1.1 400 Bad Request
    < HTTP/2 499
    < HTTP/1.1 503 Service Unavailable
    curl: (60) SSL certificate problem: self-signed certificate
    curl: (6) Could not resolve host: yard.test
    curl: (7) Failed to connect to kiln.test port 443: Connection refused
    """,
    )
    assert told.findings(parsed) == [
        "4 tls - @12: curl: (60) SSL certificate problem: self-signed certificate | message=SSL certificate problem: self-signed certificate code=60 host=kiln.test",
        "4 dns - @13: curl: (6) Could not resolve host: yard.test | message=Could not resolve host: yard.test code=6 host=kiln.test",
        "4 connection - @14: curl: (7) Failed to connect to kiln.test port 443: Connection refused | message=Failed to connect to kiln.test port 443: Connection refused code=7 host=kiln.test",
        "3.5 connection - @2: the server answers 500 Internal Server Error | status_code:500 reason=Internal Server Error",
        "3.5 tls - @5: * SSL certificate problem: unable to get local issuer certificate | message=SSL certificate problem: unable to get local issuer certificate host=kiln.test",
        "3.5 connection - @11: kiln.test answers 503 Service Unavailable | status_code:503 reason=Service Unavailable host=kiln.test",
        "2.5 connection - @9: kiln.test answers 400 Bad Request | status_code:400 reason=Bad Request host=kiln.test",
        "2.5 connection - @10: kiln.test answers 499 | status_code:499 host=kiln.test",
    ]
    assert understood == 13


def test_a_refused_chain_is_told_in_words_and_the_end_of_a_certificate_is_kept() -> None:
    parsed, understood = read_part(
        certificates.certificates,
        """
    verify error:num=10:certificate has expired
    Verify return code: 0 (ok)
    Verify return code: 21 (unable to verify the first certificate)
    verify error:num=7:certificate signature failure
    Not After : May  4 11:59:59 2026 GMT
    notAfter=May  4 12:00:00 2026 GMT
    Not After : when it rains
    verify error:num=62:hostname mismatch
    """,
    )
    assert told.findings(parsed) == [
        "4 tls - @2: certificate refused: certificate expired | code=10 reason=certificate expired message=certificate has expired",
        "4 tls - @4: certificate refused: chain incomplete | code=21 reason=chain incomplete message=unable to verify the first certificate",
        "4 tls - @5: certificate refused: certificate signature failure | code=7 reason=certificate signature failure message=certificate signature failure",
        "4 tls - @6: certificate is valid until 2026-05-04 | not_after=2026-05-04T11:59:59+00:00 reason=certificate expired | 2026-05-04 11:59:59+00:00",
        "4 tls - @9: certificate refused: name mismatch | code=62 reason=name mismatch message=hostname mismatch",
        "3 tls - @7: certificate is valid until 2026-05-04 | not_after=2026-05-04T12:00:00+00:00 reason=certificate expires soon | 2026-05-04 12:00:00+00:00",
    ]
    assert understood == 8


def test_a_connection_test_names_target_and_source() -> None:
    parsed, understood = read_part(
        reach.tests,
        """
    Connection Failed before any target
    === Service kiln:9000 Connectivity test report ===
    Connection Succeeded
    curl from oak-1: connection refused
    === yard.test:80 test ===
    Results on oak-2: Connection Failed
    """,
    )
    assert told.findings(parsed) == [
        "3.5 connection - @2: Connection Failed before any target | message=Connection Failed before any target",
        "3.5 connection service/kiln @5: kiln:9000 does not answer oak-1 | host=kiln port=9000 source=oak-1 message=curl from oak-1: connection refused",
        "3.5 connection service/yard.test @7: yard.test:80 does not answer oak-2 | host=yard.test port=80 source=oak-2 message=Results on oak-2: Connection Failed",
    ]
    assert told.objects(parsed) == [
        "service/kiln @3 tested_port=9000",
        "service/yard.test @6 tested_port=80",
    ]
    assert understood == 6
