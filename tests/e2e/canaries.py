"""Values that must never be seen again, made anew in each run, and every form in which bytes may hold them."""

from __future__ import annotations

import base64
import json
import random
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, quote_plus

from tests.planted import LETTERS, UPPER, password, some, webtoken

RESTORED = ("email", "ip")
DROPPED = ("bearer", "cloud", "password")
PLACES = ("message", "file", "name", "gzip", "pasted", "title", "description", "url", "reason", "error")


@dataclass(frozen=True, slots=True, kw_only=True)
class Canaries:
    """One value per kind for one place."""

    email: str
    ip: str
    bearer: str
    cloud: str
    password: str

    @property
    def all(self) -> Mapping[str, str]:
        """Return the values by kind."""
        return {kind: getattr(self, kind) for kind in (*RESTORED, *DROPPED)}

    def lines(self, time: str) -> str:
        """Return five failing lines of a log, one per kind."""
        told = (
            f"FATAL: sorry, too many clients already user={self.email}",
            f"FATAL: sorry, too many clients already client={self.ip}",
            f"upstream refused, authorization: Bearer {self.bearer}",
            f"upload refused for aws_access_key_id={self.cloud}",
            f"cannot connect with password={self.password}",
        )
        return "\n".join(f"{time} ERROR checkout order failed: {line}" for line in told)

    def sentence(self) -> str:
        """Return what a person may write."""
        return (
            f"{self.email} at {self.ip} sees 503; they call with Authorization: Bearer {self.bearer} "
            f"and aws_access_key_id={self.cloud}, password={self.password}"
        )

    def words(self) -> str:
        """Return a short text."""
        return f"{self.email} {self.ip} {self.cloud} password={self.password}"


def plant(seed: int) -> Mapping[str, Canaries]:
    """Return the values of every place; none is a literal, none is real."""
    dice = random.Random(seed)
    return {place: _canaries(dice) for place in PLACES}


def _canaries(dice: random.Random) -> Canaries:
    return Canaries(
        email=f"{some(dice, string.ascii_lowercase, 9)}@{some(dice, string.ascii_lowercase, 7)}.org",
        ip=".".join(str(dice.randrange(128, 169)) for _ in range(4)),
        bearer=webtoken(dice),
        cloud="AK" + "IA" + some(dice, UPPER, 16),
        password=password(dice) + some(dice, LETTERS, 4),
    )


def found(canaries: Mapping[str, Canaries], place: str, data: bytes) -> list[str]:
    """Return every value that these bytes hold in any form, as `place of planting/kind/form in place`."""
    return [
        f"{planted}/{kind} as {form} in {place}"
        for planted, values in canaries.items()
        for kind, value in values.all.items()
        for form, needle in forms(value)
        if needle in data
    ]


def forms(value: str) -> Iterator[tuple[str, bytes]]:
    """Yield the value raw, JSON-escaped, URL-encoded, and as the middle of base64 at each of three offsets."""
    raw = value.encode()
    yield "raw", raw
    yield "json", json.dumps(value)[1:-1].replace("/", "\\/").encode()
    yield "url", quote(value, safe="").encode()
    yield "form", quote_plus(value).encode()
    yield "utf-16", value.encode("utf-16-le")
    for offset in range(3):
        whole = base64.b64encode(b"\0" * offset + raw)
        cut = whole[4 if offset else 0 : -4].rstrip(b"=")
        yield f"base64+{offset}", cut
        yield f"base64url+{offset}", cut.replace(b"+", b"-").replace(b"/", b"_")
