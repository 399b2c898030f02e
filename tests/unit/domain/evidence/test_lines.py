"""Everything that is read of one line, as a page: severity, codes, time, message, kind of line, what it names."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from domain.evidence import ages, severity, telling
from domain.evidence.clocks import parse_time, time_span
from domain.evidence.decoding.decode import fold_space, plain
from domain.evidence.digest import tokens
from domain.evidence.logs import messages, records
from domain.evidence.logs.mask import signature
from domain.evidence.reading import window
from tests.pages import kept, told

PAGES = Path(__file__).parent / "pages"
SEEN = datetime(2026, 3, 5, 10, tzinfo=UTC)
LINES = (
    "2026-03-01T12:34:56.5Z ERROR [db] connection to db.internal:5432 refused",
    "2026-03-01 12:34:56,250 +0200 WARN retrying order 17 in 3 s",
    "2026/03/01 12:34:60 info: done",
    '01/Mar/2026:12:34:56 -0100 "GET /item/7 HTTP/1.1" 503 12',
    '10.0.0.7 - - [01/Mar/2026:12:34:56 +0000] "POST /pay HTTP/2" 429 0',
    "Mar  5 23:34:56 oak-1 kernel: Out of memory: Killed process 77 (java)",
    "Mar  7 12:34:56 oak-1 sshd[17]: Failed password for root",
    "Feb 29 12:34:56 oak-1 cron: leap",
    "[Sun Mar 01 12:34:56 2020] [error] caught it",
    "E0301 12:34:56.000000       1 a.go:1] sync of node-7 failed",
    "W0301 12:34:56.000000       1 a.go:1] slow",
    "260301 123456 12 INFO dfs.DataNode: received block",
    "26/03/01 12:34:56 INFO executor.Executor: finished",
    "20260301-12:34:5:606|Step|30002312|flush",
    "2026-03-01-12.34.56.000001 RAS KERNEL FATAL data TLB error interrupt",
    '{"ts":1772368496.25,"level":"error","msg":"charge failed","error":"card refused","code":502}',
    '{"time":"2026-03-01T12:34:56Z","severity":"WARNING","message":"slow reply","error":null}',
    '{"level":"info","log":"fine","count":3}',
    '{"a":1,"b":2}',
    '{"msg": broken',
    'ts=2026-03-01T12:34:56Z level=error msg="charge broke" err="card refused" code=17',
    "level=info a=1 b=2",
    "a=1 b=2 c=3",
    "[   12.345678] eth0: link down",
    "03-01 12:34:56.789  1000  2000 E Camera: cannot open",
    "web-1  | 2026-03-01 12:34:56 ERROR boom",
    "2026-03-01T12:34:56.000000001Z stderr F panic: runtime error: index out of range",
    "\tat shop.Cart.add(Cart.java:12)",
    "Caused by: java.net.SocketTimeoutException: read of db.internal timed out",
    "java.lang.IllegalStateException: cart closed",
    "ValueError: brick 7 is wet",
    "Traceback (most recent call last):",
    '  File "/srv/oven.py", line 12, in step',
    "panic: runtime error: invalid memory address",
    "INFO 0 errors, no failures, retries=0",
    "INFO error: null, timeout: 30s, failure-domain=eu",
    "INFO dropped 3 frames, connection refused",
    "ERROR could not reach host='pay.internal' port=8443",
    "container main exited with code 137",
    "exit status 0",
    "exit code 1",
    "server returned status 404 for /cart",
    "status=408 took=31s",
    "request served in 200 ms",
    "Warning BackOff pod/orders-7d9c6b5f4-x2x4z Back-off restarting failed container",
    "certificate has expired",
    "user 8f14e45f-ceea-467f-a8f7-000011112222 logged in from 10.1.2.3",
    "GET https://shop.test/item/123?x=1 took 31.5ms",
    "disk /dev/sda1 is 97% full",
    "\x1b[31mERROR\x1b[0m red \x07 bell",
    "tabs\tand   runs of    blanks",
    "1772368496 plain epoch",
    "v1.2.3 of 9999999999 is not a time",
    "2026-13-41T25:61:00Z is none either",
    "=" * 40,
    "",
)  # fmt: skip


def reading(line: str) -> str:
    """Return what each reader takes from the line, without what it does not find."""
    moment, message, low = parse_time(line, SEEN), messages.read_message(line), line.strip()
    parts = {
        "severity": (severity.severity(line), severity.level_of(line), severity.word_severity(line), telling.words(line)),
        "codes": (severity.status_of(line), severity.exit_code_of(line)),
        "time": moment and (moment.seconds, moment.time, moment.certainty, time_span(line)),
        "message": (message.form, message.text),
        "fields": dict(message.fields),
        "thrown": messages.thrown(line),
        "continues": messages.continues(line),
        "signature": signature(message.text),
        "names": dict(records.attributes(line, STACK if low.startswith("ERROR") else ())),
        "record": records.record_text(line, STACK) if low.startswith("ERROR") else "",
        "tokens": tokens(line),
        "shown": (fold_space(line, 24), plain(line)[:24], window(line, "refused", 20)),
    }
    rows = "\n".join(f"  {name}: {told(part)}" for name, part in parts.items() if part)
    return f"{line!r}\n{rows}"


STACK = ("java.io.IOException: shut", "\tat a.B.c(B.java:1)", "Caused by: java.net.ConnectException: refused", "next")


def test_each_line_is_read_as_the_page_says() -> None:
    kept(PAGES / "lines.txt", "\n".join(map(reading, LINES)))


AGES = (
    "4m12s", "2d3h", "1y2d", "0s", "59s (x3 over 7m)", "3m (x26 over 7m)", "abc", "", "5", "1001y", "400001d", "<unknown>",
)  # fmt: skip
DATES = (
    "2026-03-01T12:34:56Z", "2026-03-01 12:34:56+02:00", "Sun, 01 Mar 2026 12:34:56 +0100", '"2026-03-01"', "1990-01-01", "1991-01-01",
    "2099-12-31", "2100-01-01", "20260301", "never", "2026-03-01T12:34:56.123456789123456789123456789123456789123456789123456789Z",
)  # fmt: skip


def test_ages_and_dates_are_read_as_the_page_says() -> None:
    rows = [
        f"{text!r}: {told((ages.age(text), ages.before(SEEN, text), ages.before(None, text), ages.repeats(text)))}"
        for text in AGES
    ]
    rows += [f"{text!r}: {told(ages.date(text))}" for text in DATES]
    kept(PAGES / "ages.txt", "\n".join(rows))


PAIRS: tuple[tuple[str, str | float | bool | None], ...] = (
    ("ready", True), ("ready", False), ("Disk Pressure", True), ("disk_pressure", False), ("ready", "unknown"), ("errors", 3), ("errors", 0),
    ("errors_total", 3), ("timeout", 30), ("timeout", "failed badly"), ("status", "Running"), ("status", "CrashLoopBackOff"),
    ("status", "Init:0/2"), ("status", "Init:Error"), ("pod.phase", "Pending"), ("state", "SomethingFailed"), ("message", "could not bind"),
    ("message", "refused"), ("message", "no errors"), ("reason", "out of memory while sorting"), ("name", "failed"), ("error", None),
    ("error", "true"), ("running", "false"), ("partitioned", "true"), ("note", "could not bind"), ("failures", 0.5),
)  # fmt: skip


def test_a_field_tells_of_a_fault_as_the_page_says() -> None:
    rows = [f"{name} = {value!r}: {telling.pair(name, value):g}" for name, value in PAIRS]
    kept(PAGES / "fields.txt", "\n".join(rows))
