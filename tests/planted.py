"""Sensitive values and the places where they stand, made anew from a seed: none is a literal, none is real."""

from __future__ import annotations

import base64
import json
import random
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass

LETTERS, UPPER = string.ascii_letters + string.digits, string.ascii_uppercase + string.digits
HEX, SAFE = "0123456789abcdef", string.ascii_letters + string.digits + "-_"


@dataclass(frozen=True)
class Planted:
    """A text, and the value of a kind that stands in it; kind and value are empty in a harmless text."""

    text: str
    kind: str = ""
    value: str = ""


def planted(seed: int, count: int) -> Iterator[Planted]:
    """Yield texts that hold one value each, every maker in turn."""
    dice = random.Random(seed)
    makers = [(kind, make, place) for kind, make, places in MAKERS for place in places]
    for number in range(count):
        kind, make, place = makers[number % len(makers)]
        value = make(dice)
        yield Planted(text=place.replace("{}", value), kind=kind, value=value)


def harmless(seed: int, count: int) -> Iterator[Planted]:
    """Yield look-alikes that hold nothing sensitive."""
    dice = random.Random(seed)
    for number in range(count):
        yield Planted(text=HARMLESS[number % len(HARMLESS)](dice))


def some(dice: random.Random, alphabet: str, size: int) -> str:
    return "".join(dice.choice(alphabet) for _ in range(size))


def password(dice: random.Random) -> str:
    return dice.choice(("Wren", "Oak", "Slate")) + some(dice, string.digits, 3) + dice.choice("!#*") + some(dice, LETTERS, 6)


def webtoken(dice: random.Random) -> str:
    parts = ({"alg": "ES256"}, {"sub": some(dice, LETTERS, 8)})
    encoded = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
    return ".".join((*encoded, some(dice, SAFE, 43)))


def private_key(dice: random.Random) -> str:
    lines = "\n".join(some(dice, LETTERS + "+/", 64) for _ in range(4))
    return f"-----BEGIN EC PRIVATE {'KEY'}-----\n{lines}\n-----END EC PRIVATE {'KEY'}-----"


def card(dice: random.Random) -> str:
    digits = [4, *(dice.randrange(10) for _ in range(14))]
    total = sum(digit if place % 2 else digit * 2 - 9 * (digit > 4) for place, digit in enumerate(digits))
    return "".join(map(str, digits)) + str(-total % 10)


def iban(dice: random.Random) -> str:
    account = some(dice, string.digits, 18)
    check = 98 - int(account + "131400") % 97
    return f"DE{check:02}{account}"


def token(prefix: str, size: int, alphabet: str = LETTERS) -> Callable[[random.Random], str]:
    return lambda dice: prefix + some(dice, alphabet, size)


PASSWORD_PLACES = (
    "db.password={}",
    "DB_PASS={} ./run.sh",
    '{"user":"app","passwd":"{}"}',
    "postgres://app:{}@db-1:5432/orders",
    "mysql -u root -p{} -h db-1",
    "CREATE USER 'app' IDENTIFIED BY '{}';",
    "the temporary password is {} until Monday",
    "--admin-password {} --yes",
    "I signed in with password {} and it fails",
    "  clientSecret: {}",
    "<password>{}</password>",
    '{\\"password\\":\\"{}\\"}',
    "curl -u deploy:{} https://ci.internal/job",
    "curl --user deploy:{} https://ci.internal/job",
    "Server=db;User Id=app;Password={};Encrypt=true",
)
TOKEN_PLACES = (
    "authorization: Bearer {}",
    "calling with {} failed",
    "GET /x?access_token={} 200",
    "cookie: session={}; theme=dark",
)

MAKERS: tuple[tuple[str, Callable[[random.Random], str], tuple[str, ...]], ...] = (
    ("SECRET", password, PASSWORD_PLACES),
    ("SECRET", webtoken, TOKEN_PLACES),
    ("SECRET", token("AK" + "IA", 16, UPPER), ("aws_access_key_id = {}", "using {} from environment")),
    ("SECRET", token("", 40, LETTERS + "/"), ("aws_secret_access_key = {}", '{"SecretAccessKey": "{}"}')),
    ("SECRET", token("gh" + "p_", 36), ("git clone https://{}@git.internal/x.git", "remote: invalid {}")),
    ("SECRET", token("sk" + "-ant-", 40, SAFE + "a"), ("ANTHROPIC_API_KEY={}", "key {} was refused")),
    ("SECRET", token("xo" + "xb-", 24, string.digits), ("posting with {} failed",)),
    ("SECRET", private_key, ("loaded:\n{}\ndone",)),
    ("EMAIL", lambda dice: some(dice, string.ascii_lowercase, 8) + "@shop.test", ("login by {} failed", "to=<{}>, relay=x")),
    (
        "IP",
        lambda dice: ".".join(str(dice.randrange(11, 100)) for _ in range(4)),
        ("from {} port 22", "http://{}:8080/x", "[{}]:80"),
    ),
    ("IP", lambda dice: f"2a01:{some(dice, HEX, 4)}::{dice.randrange(1, 9)}", ("peer {} reset", "[{}]:443")),
    ("CARD", card, ("paid with {}", '{"pan":"{}"}')),
    ("IBAN", iban, ("transfer to {} refused",)),
    ("MAC", lambda dice: ":".join(f"{dice.randrange(1, 255):02x}" for _ in range(6)), ("dhcp {} offered",)),
    ("PHONE", lambda dice: f"+49 30 {dice.randrange(10**6, 10**7)}", ("call {} now",)),
    ("SSN", lambda dice: f"{dice.randrange(100, 600)}-{dice.randrange(10, 99)}-{dice.randrange(1000, 9999)}", ("ssn {}",)),
    ("USER", lambda dice: "ann" + some(dice, string.ascii_lowercase, 5), ("user={} failed", "/home/{}/app", 'for user "{}"')),
    (
        "HOST",
        lambda dice: some(dice, string.ascii_lowercase, 6) + ".customer-shop.com",
        ("GET https://{}/cart", "lookup {} failed"),
    ),
)

HARMLESS: tuple[Callable[[random.Random], str], ...] = (
    lambda dice: f"commit {some(dice, HEX, 40)} pushed",
    lambda dice: f"pulled image x@sha256:{some(dice, HEX, 64)}",
    lambda dice: f"trace_id={some(dice, HEX, 32)} span_id={some(dice, HEX, 16)} status=ok",
    lambda dice: "password expired, reset required",
    lambda dice: "password=**** (hidden)",
    lambda dice: f"token count={dice.randrange(9_000)} limit=9000",
    lambda dice: "secretName: app-tls",
    lambda dice: "Enter password:",
    lambda dice: "valueFrom: secretKeyRef: name: db key: password",
    lambda dice: f"took {dice.randrange(10**12)} ns at 12:34:56.789",
    lambda dice: "listening on 127.0.0.1:8080 and [::1]:8080",
    lambda dice: f"version {dice.randrange(9)}.{dice.randrange(9)}.1.{dice.randrange(9)} of java.util.concurrent.Executor",
    lambda dice: "node.kubernetes.io/not-ready taint on db.orders.svc.cluster.local",
    lambda dice: "at com.acme.auth.TokenStore.find(TokenStore.java:81)",
    lambda dice: f"blk_{dice.randrange(10**18)} replicated",
    lambda dice: "session opened for user root by (uid=0)",
    lambda dice: "password: ${DB_PASSWORD} token: {{ .Values.token }}",
)
