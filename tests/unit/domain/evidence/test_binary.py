"""Bytes that are no text: their type, their entropy and the strings that tell something."""

import pytest

from domain.evidence.binary import analyser as binary
from domain.evidence.binary.strings import entropy
from domain.evidence.values import Context, Document, Text
from tests import told

STRINGS = (
    "/opt/kiln/libgas.so",
    "cannot open brick store",
    "fatal: heap is corrupt",
    "kiln 1.22.333",
    "oven.py",
    "nothing to say",
    "short",
)


def test_bytes_tell_their_type_and_their_telling_strings_with_lines() -> None:
    data = b"\x7fELF" + b"\x00" * 40 + b"\x00\n".join(string.encode() for string in STRINGS)
    text = Text(lines=tuple(data.decode("latin-1").split("\n")))
    parsed = binary.analyse(text, Document(evidence="e1", name="x", chunks=(data,)), Context())
    assert told.findings(parsed) == [
        "2.5 field - @2: string in a binary: fatal: heap is corrupt | message=fatal: heap is corrupt",
        "1.5 field - @3: string in a binary: cannot open brick store | message=cannot open brick store",
    ]
    assert parsed.summary == (
        f"elf, file for machine 0, entropy {entropy(data):.1f} bits per byte, strings: "
        "/opt/kiln/libgas.so; cannot open brick store; fatal: heap is corrupt; kiln 1.22.333; oven.py"
    )
    assert parsed.notes[0] == f"6 printable strings in the first {len(data)} bytes"
    assert parsed.notes[1].startswith("elf: not read as text; send its stack")
    assert parsed.share_parsed == 0.0
    assert parsed.extract is not None
    assert parsed.extract.text.split("\n")[1:] == [
        "string in a binary: fatal: heap is corrupt",
        "string in a binary: cannot open brick store",
        *STRINGS[:5],
        "",
    ]


def test_two_hundred_strings_are_kept_and_eight_are_named() -> None:
    data = "\n".join(f"cannot open brick {n}" for n in range(201)).encode()
    parsed = binary.analyse(Text(lines=()), Document(evidence="e1", name="x", chunks=(data,)), Context())
    assert len(parsed.findings) == 200
    assert parsed.summary.count(";") == 7


@pytest.mark.parametrize(
    ("data", "bits"), [(b"", 0.0), (b"aaaa", 0.0), (b"abab", 1.0), (b"abcd", 2.0), (b"aaab", 0.8112781), (bytes(range(256)), 8.0)]
)
def test_entropy_counts_bits_per_byte(data: bytes, bits: float) -> None:
    assert entropy(data) == pytest.approx(bits)
