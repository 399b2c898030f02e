"""What is hidden in which text, as pages of safe text; values that look like secrets are made when the test runs."""

from __future__ import annotations

import random
import string
from pathlib import Path

import pytest

from domain.privacy.detectors import Preset, spans
from domain.privacy.grouping import normalised
from domain.privacy.placeholders import Placeholder
from domain.privacy.redaction import recurs, redact, values, with_known, words
from tests.pages import kept
from tests.planted import planted

PAGES = Path(__file__).parent / "pages"
DICE = random.Random(11)
MIXED, DIGITS, LETTERS, PLAIN = (
    "".join(DICE.choices(alphabet, k=12))
    for alphabet in (string.ascii_letters + string.digits, string.digits, string.ascii_lowercase, "wren")
)
SHORT = MIXED[:5]
TEXTS = (
    f"password: {MIXED}", f"password={LETTERS}", f"password is {MIXED}", f"password is {SHORT}", f"the password is {LETTERS} now",
    f"password: {LETTERS} was changed", f"password={DIGITS}", f"token: {MIXED}", f"token: {LETTERS}", f"token={SHORT}", f"token={DIGITS}",
    f"api key: {MIXED}", f"private key: {MIXED}", f"apiKey = '{MIXED}'", f'{{"api_key": "{MIXED}", "api_key_id": "{MIXED}"}}',
    f'{{\\"password\\": \\"{MIXED}\\"}}', f"db_pass={LETTERS}", f"pass the salt: {LETTERS}", f"compass={MIXED}", f"passphrase: {LETTERS}",
    f"pin: {DIGITS}", "secret: my-plain-name", f"secret: {MIXED}(arg)", f"token: {MIXED}[0]", f"password: {DIGITS} bytes",
    f"--password {MIXED} --verbose", f"--token '{MIXED}'", "--token none", f"--secret {LETTERS}", f"--api-key={MIXED}", "run --token-file /x", f"<password>{MIXED}</password>", "<password>none</password>",
    f'Password: "{MIXED} and more"', "password: null", "password = os.environ['X']", "secret: ${SECRET}", f"PASSWORD={MIXED}.",
    f"İpassword={MIXED}", f"login ann password {MIXED}", f"bind password {MIXED} used", f"Cookie: a={MIXED}; b={MIXED}",
    f"Set-Cookie: a={MIXED}; Path=/longpath; Domain=.shop.test", f"Authorization: Bearer {MIXED}{MIXED}", f"postgres://ann:{MIXED}@db/x",
    f"mysql -u root -p{MIXED}", f"redis-cli -h x -a {MIXED}", f"curl -u ann:{MIXED} http://x", f"?sig={MIXED}&x=1",
    f"kind: Secret\ndata:\n  a: {MIXED}\n  b: |\n", f"ann:x:{MIXED}", f"IDENTIFIED BY '{MIXED}'", f"client-key-data: {MIXED}{MIXED}",
    "ann.bee@shop.test and bee@kiln.local and x@y", "mail <Ann@Shop.com>, then", "4111 1111 1111 1111 and 4111 1111 1111 1112",
    "378282246310005 and 6011111111111117 and 1234567812345670", "IBAN: DE89 3704 0044 0532 0130 00 please", "DE89370400440532013000",
    "iban de89370400440532013000", "GB82 WEST 1234 5698 7654 32 paid", "DE88370400440532013000", "078-05-1120 and 000-12-3456",
    "ssn 078051120", "078 05 1120", "+49 30 1234567 x12", "call me at 030 1234567", "(212) 555-0123", "1-212-555-0123", "fax: 0301234567",
    "phone 123", "user=ann", "user: root", "user=postgres", "user_name: bee,", "invalid user bob from 10.1.2.3", "session opened for user carl(uid=0)",
    "failed password for dan", "/home/eve/x and C:\\Users\\fay\\y and /Users/gus", "uid=hal", "user=8f14e45f-ceea-467f-a8f7-000011112222",
    "user system:serviceaccount:x", "user=i", 'login: "ivy"', "user = not", "10.1.2.3 and 127.0.0.1 and 255.255.255.0 and 999.1.1.1",
    "version 10.1.2.3", "v=1.2.3.4", "2a01:db8::1 and ::1 and fe80::1 and 12:34:56", "::ffff:10.1.2.3", "00:1a:2b:3c:4d:5e", "00:00:00:00:00:00",
    "ff:ff:ff:ff:ff:ff", "001a.2b3c.4d5e", "1234.5678.9012", "shop.com is up", "www.shop.de", "shop.de", "https://shop.de/x", "https://a.b.shop.de",
    "com.shop.Cart", "Shop.com", "db.svc.cluster.local", "db.shop.svc.cluster.local", "api.internal.shop.com", "github.com/x", "example.com",
    "ann@shop.co.uk", "host web-1 and db_2", "hostname: web-1", "server=mill", "node: oak7 down", "connect to kiln.yard.internal:5432",
    "web-1:8080 and a.b:80 and mill:80", "oak-1/10.0.0.7", "/var/log/app.log and C:\\logs\\app.log", "http://x/y/z", "a/b/c", "user id: 12345",
    "order 777", "order #123456", "request_0012", "uid=1000", "0x00007fff5fbff8c0", "job-77", "a.b.c.kiln.net", "file.name.py", "java.util.net",
    "<IP_1> and &lt;USER_2&gt; and \\u003cSECRET_3\\u003e", "password: <SECRET_1>", "nothing here at all",
)  # fmt: skip


def shown(text: str, preset: Preset) -> str:
    """Return the safe text; numbers are given in order of appearance."""
    found = spans(text, preset)
    numbering: dict[tuple[str, str], Placeholder] = {}
    for kind, value in values(text, found):
        same = sum(known == kind for known, _ in numbering) + 1
        numbering.setdefault((kind, normalised(kind, value)), Placeholder(kind=kind, number=same))
    return redact(text, found, numbering).replace("\n", "\\n")


def both(text: str) -> str:
    """Return what both presets leave of a text."""
    balanced, strict = shown(text, "balanced"), shown(text, "strict")
    hidden = sorted({text[span.start : span.end] for span in spans(text) if span.kind == "SECRET"})
    ends = f"   | hides {', '.join(str(len(each)) for each in hidden)} characters" if hidden else ""
    return f"{balanced}{ends}" if balanced == strict else f"{balanced}{ends}\n    strict: {strict}"


def test_each_text_is_made_safe_as_its_row_says() -> None:
    made = {MIXED: "MIXED", LETTERS: "LETTERS", DIGITS: "DIGITS", SHORT: "SHORT"}
    rows = []
    for text in TEXTS:
        row = both(text)
        for value, name in made.items():
            row = row.replace(value, name)
        rows.append(row)
    kept(PAGES / "texts.txt", "\n".join(rows))


def test_each_planted_value_is_hidden_as_its_row_says() -> None:
    kept(PAGES / "planted.txt", "\n".join(f"{each.kind}: {both(each.text)}" for each in planted(5, 160)))


@pytest.mark.parametrize(
    ("secret", "known"),
    [
        (PLAIN.lower()[:12], True),
        (PLAIN[:11], False),
        ("wr3n", False),
        ("wr3n5", True),
        ("Wrens", False),
        ("wRens", True),
        ("wren-", True),
        ("12345", False),
        ("1234a", True),
        ("postgres", False),
    ],
)
def test_a_secret_is_remembered_unless_it_may_be_a_plain_word(secret: str, known: bool) -> None:
    assert recurs(secret) is known


def test_words_of_a_text_are_looked_at_whole_and_in_parts() -> None:
    text = f"see url=http://ann:{MIXED}@db?x={DIGITS}. then {LETTERS}! and key={MIXED}"
    assert words(text) == {
        f"url=http://ann:{MIXED}@db?x={DIGITS}.",
        f"url=http://ann:{MIXED}@db?x={DIGITS}",
        f"http://ann:{MIXED}@db?x={DIGITS}.",
        f"{DIGITS}.",
        MIXED,
        DIGITS,
        LETTERS,
        f"{LETTERS}!",
        f"key={MIXED}",
    }


def test_a_known_secret_is_hidden_only_where_it_stands_alone() -> None:
    text = f"{MIXED} x{MIXED} {MIXED}_ ({MIXED})"
    found = with_known(text, (), [MIXED, LETTERS], "SECRET")
    assert [text[span.start - 1 : span.end + 1] for span in found[1:]] == [f"({MIXED})"]
    assert (found[0].start, len(found)) == (0, 2)
