"""Clients of a service: HTTP, TLS with its certificates, load tests."""

from __future__ import annotations

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from domain.evidence.values import Kind
from tests.unit.domain.evidence.formats.table import Format, Must

OUTPUT = Kind.COMMAND_OUTPUT


AUTHORITY = """\
[ca]
default_ca = made
[made]
database = {folder}/index
serial = {folder}/serial
new_certs_dir = {folder}
default_md = sha256
policy = any
x509_extensions = names
[any]
organizationName = optional
commonName = supplied
[names]
subjectAltName = DNS:kiln.test,DNS:*.kiln.test
"""
"""What `openssl ca` needs to sign itself with the dates that it is told."""


def certificate(begin: str, end: str) -> str:
    """What `openssl x509` says of a self-signed certificate made now, valid between two dates."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "ca.cnf").write_text(AUTHORITY.format(folder=folder), encoding="utf-8")
        (Path(folder) / "index").touch()
        (Path(folder) / "serial").write_text("01\n", encoding="utf-8")
        key = [
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-keyout",
            f"{folder}/key",
            "-subj",
            "/O=Kiln works/CN=kiln.test",
        ]
        signed = [
            "-selfsign",
            "-keyfile",
            f"{folder}/key",
            "-startdate",
            begin,
            "-enddate",
            end,
            "-in",
            f"{folder}/asked",
            "-out",
            f"{folder}/made",
        ]
        openssl("req", "-new", *key, "-out", f"{folder}/asked")
        openssl("ca", "-batch", "-notext", "-config", f"{folder}/ca.cnf", *signed)
        return openssl("x509", "-in", f"{folder}/made", "-noout", "-text")


def openssl(*words: str) -> str:
    """Standard output of the real command."""
    return subprocess.run(["openssl", *words], check=True, capture_output=True, text=True, timeout=60).stdout


def subject(text: str) -> dict[str, int]:
    """The certificate by its subject line."""
    number, line = next((n, line) for n, line in enumerate(text.split("\n"), 1) if line.lstrip().startswith("Subject:"))
    return {f"certificate/{line.split('Subject:')[1].strip().lower()}": number}


CURL = """\
*   Trying 192.0.2.9:443...
* Connected to kiln.test (192.0.2.9) port 443 (#0)
* ALPN: offers h2,http/1.1
> GET /bricks HTTP/1.1
> Host: kiln.test
>
< HTTP/1.1 503 Service Unavailable
< server: envoy
< content-length: 19
< retry-after: 30
<
no healthy upstream
"""
CURL_TLS = """\
*   Trying 192.0.2.9:443...
* Connected to kiln.test (192.0.2.9) port 443 (#0)
* TLSv1.3 (OUT), TLS alert, unknown CA (560):
* SSL certificate problem: unable to get local issuer certificate
curl: (60) SSL certificate problem: unable to get local issuer certificate
"""
CURL_I = "HTTP/2 502 \nserver: nginx\ncontent-type: text/html\ndate: Mon, 04 May 2026 04:12:09 GMT\n"
CURL_REFUSED = "*   Trying 192.0.2.9:8080...\n* connect to 192.0.2.9 port 8080 failed: Connection refused\ncurl: (7) Failed to connect to kiln.test port 8080 after 3 ms: Couldn't connect to server\n"
CURL_W = "time_namelookup:  0.004112\ntime_connect:  0.012001\ntime_starttransfer:  8.120044\ntime_total:  8.122004\n"
WGET = """\
--2026-05-04 04:12:09--  http://kiln.test/bricks
Resolving kiln.test (kiln.test)... 192.0.2.9
Connecting to kiln.test (kiln.test)|192.0.2.9|:80... connected.
HTTP request sent, awaiting response... 404 Not Found
2026-05-04 04:12:09 ERROR 404: Not Found.
"""
S_CLIENT = """\
CONNECTED(00000003)
depth=0 CN = mill.test
verify error:num=20:unable to get local issuer certificate
verify return:1
---
Certificate chain
 0 s:CN = mill.test
   i:C = XX, O = Kiln works, CN = Works CA
   a:PKEY: id-ecPublicKey, 256 (bit); sigalg: ecdsa-with-SHA256
   v:NotBefore: Apr 11 00:00:00 2026 GMT; NotAfter: May  9 00:00:00 2026 GMT
---
SSL handshake has read 1811 bytes and written 391 bytes
Verification error: unable to get local issuer certificate
Verify return code: 20 (unable to get local issuer certificate)
"""
DATES = "notBefore=Apr  1 00:00:00 2025 GMT\nnotAfter=May  4 11:59:59 2026 GMT\n"
AB = """\
This is ApacheBench, Version 2.3 <$Revision: 1903618 $>
Benchmarking kiln.test (be patient).....done

Concurrency Level:      50
Time taken for tests:   12.112 seconds
Complete requests:      1000
Failed requests:        41
   (Connect: 0, Receive: 0, Length: 41, Exceptions: 0)
Non-2xx responses:      41
Requests per second:    82.56 [#/sec] (mean)
Time per request:       605.600 [ms] (mean)

Percentage of the requests served within a certain time (ms)
  50%    411
  95%   2101
 100%   9120 (longest request)
"""
WRK = """\
Running 30s test @ http://kiln.test/bricks
  4 threads and 100 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   411.20ms  210.10ms   2.00s    81.20%
    Req/Sec    61.20     12.10   120.00     70.11%
  7311 requests in 30.02s, 8.12MB read
  Socket errors: connect 0, read 12, write 0, timeout 411
  Non-2xx or 3xx responses: 210
Requests/sec:    243.54
Transfer/sec:    277.01KB
"""
HEY = """\
Summary:
  Total:	10.0120 secs
  Slowest:	4.1200 secs
  Requests/sec:	199.7603

Latency distribution:
  50% in 0.2010 secs
  99% in 4.0120 secs

Status code distribution:
  [200]	1900 responses
  [503]	100 responses

Error distribution:
  [12]	Get "http://kiln.test/bricks": dial tcp 192.0.2.9:80: connect: connection refused
"""
K6 = """\
     ✓ status is 200
     ✗ body is a brick
      ↳  88% — ✓ 880 / ✗ 120

     checks.........................: 94.00% ✓ 1880      ✗ 120
     http_req_duration..............: avg=411.2ms min=11.2ms med=211.1ms max=9.12s p(90)=1.01s p(95)=2.1s
     http_req_failed................: 12.00% ✓ 120       ✗ 880
     http_reqs......................: 1000   33.31/s
"""

FORMATS: tuple[Format, ...] = (
    Format(name="curl -v", kind=OUTPUT, example=CURL, source="curl manual", rows={"answer/kiln.test:7": 7}, must=(Must(what="an answer that says no", kind="connection", line=7, says="503"),)),
    Format(name="curl -v, refused chain", kind=OUTPUT, example=CURL_TLS, source="curl manual", must=(Must(what="why the chain is refused", kind="tls", line=5, says="unable to get local issuer"),)),
    Format(name="curl -v, refused connection", kind=OUTPUT, example=CURL_REFUSED, source="curl manual", must=(Must(what="a refused connection", kind="connection", line=3, says="8080"),)),
    Format(name="curl -I", kind=OUTPUT, example=CURL_I, source="curl manual", rows={"answer/server:1": 1}, must=(Must(what="an answer that says no", kind="connection", line=1, says="502"),)),
    Format(name="curl -w", kind=OUTPUT, example=CURL_W, source="curl manual", rows={"timing/time_namelookup": 1, "timing/time_connect": 2, "timing/time_starttransfer": 3, "timing/time_total": 4}, must=(Must(what="a slow request", kind="connection", line=4, says="8.122"),)),
    Format(name="wget", kind=OUTPUT, example=WGET, source="wget manual", rows={"answer/kiln.test:4": 4}, must=(Must(what="an answer that says no", kind="connection", line=4, says="404"),)),
    Format(name="openssl s_client", kind=OUTPUT, example=S_CLIENT, source="OpenSSL manual, s_client", command="openssl s_client -connect kiln.test:443 -showcerts", rows={"certificate/cn = mill.test": 7},
           must=(Must(what="why the chain is refused", kind="tls", line=3, says="issuer unknown"), Must(what="an end that comes soon", kind="tls", line=10, says="expires soon"), Must(what="a name that is not covered", kind="tls", line=7, says="not kiln.test"))),
    Format(name="openssl x509 -dates", kind=OUTPUT, example=DATES, source="OpenSSL manual, x509", must=(Must(what="a certificate that has expired", kind="tls", line=2, says="certificate expired"),)),
    Format(name="openssl x509 -text, captured", kind=OUTPUT, example=lambda: certificate("20260101000000Z", "20360101000000Z"), source="captured", rows=subject, must=(Must(what="the end of a certificate", kind="tls", says="valid until"),)),
    Format(name="openssl x509 -text, expired, captured", kind=OUTPUT, example=lambda: certificate("20250101000000Z", "20260501000000Z"), source="captured", rows=subject, must=(Must(what="a certificate that has expired", kind="tls", says="certificate expired"),)),
    Format(name="ab", kind=OUTPUT, example=AB, source="Apache manual, ab", rows={"figure/concurrency level": 4, "figure/time taken for tests": 5, "figure/complete requests": 6, "figure/failed requests": 7, "figure/requests per second": 10, "percentile/50": 14, "percentile/95": 15, "percentile/100": 16},
           must=(Must(what="failed requests", kind="connection", line=7, says="41 of 1000"),)),
    Format(name="wrk", kind=OUTPUT, example=WRK, source="wrk documentation", rows={"figure/latency": 4, "figure/req/sec": 5, "figure/requests/sec": 9}, must=(Must(what="timeouts", kind="connection", line=7, says="423 of 7311"), Must(what="answers that say no", kind="connection", line=8, says="210"))),
    Format(name="hey", kind=OUTPUT, example=HEY, source="hey documentation", rows={"figure/slowest": 3, "percentile/50": 7, "percentile/99": 8, "answer/200": 11, "answer/503": 12}, must=(Must(what="answers that say no", kind="connection", line=12, says="503"), Must(what="refused connections", kind="connection", line=15, says="refused"))),
    Format(name="k6", kind=OUTPUT, example=K6, source="k6 documentation", rows={"figure/checks": 5, "figure/http_req_duration": 6, "figure/http_req_failed": 7, "figure/http_reqs": 8}, must=(Must(what="a failed check", kind="row", line=2, says="body is a brick"), Must(what="failed requests", kind="connection", line=7, says="12 of 100"))),
)  # fmt: skip
