"""Pictures, bytes, prose, code and profiles: little is said, and nothing beyond what stands there."""

import random
import secrets
import struct

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.evidence.binary import analyser as binary
from domain.evidence.binary.strings import entropy
from domain.evidence.code import outline, program
from domain.evidence.documents import images
from domain.evidence.profiles import analyser as profiles
from domain.evidence.prose import analyser as prose
from domain.evidence.values import Context, Document, Text
from tests.evidence import Analyser, read_by
from tests.unit.domain.evidence import samples


def test_a_picture_tells_type_and_size_and_covers_nothing() -> None:
    data = samples.picture(random.Random(3))
    parsed = images.analyse(Text(lines=()), Document(evidence="e", name="x", chunks=(data[:7], data[7:])), Context())
    assert parsed.summary.startswith("png image, ")
    assert "not readable here" in parsed.summary
    assert parsed.share_parsed == 0
    assert parsed.findings == ()


def test_sizes_are_read_from_headers_and_broken_ones_are_left_out() -> None:
    jpeg = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08" + struct.pack(">HH", 40, 30) + b"\x03"
    assert images.dimensions("jpeg", jpeg) == (30, 40)
    assert images.dimensions("gif", b"GIF89a" + struct.pack("<HH", 5, 6)) == (5, 6)
    assert [images.dimensions(name, b"\xff\xd8") for name in ("jpeg", "png", "gif", "tiff")] == [None] * 4


def test_bytes_tell_their_type_and_telling_strings() -> None:
    data = b"\x7fELF" + b"\x00" * 40 + b"/opt/kiln/libgas.so\x00cannot open brick store: no such file\x00" + bytes(range(256))
    text = Text(lines=tuple(data.decode("latin-1").split("\n")))
    parsed = binary.analyse(text, Document(evidence="e", name="x", chunks=(data,)), Context())
    assert parsed.summary.startswith("elf, file for machine 0, entropy")
    assert "libgas.so" in parsed.summary
    assert "no such file" in parsed.findings[0].statement
    assert entropy(b"") == 0
    assert entropy(bytes(range(256))) == pytest.approx(8)


def test_prose_is_reported_never_observed() -> None:
    parsed = read_by(prose.analyse, "# Cold kiln\n\nThe gas refused to open, code GAS-104.\nAll was well before.\n")
    [found] = parsed.findings
    assert found.attributes["source"] == "reported"
    assert found.attributes["code"] == "GAS-104"
    assert found.severity <= 2
    assert "Cold kiln" in parsed.summary
    assert read_by(prose.analyse, "\n\n").findings[0].kind == "empty"


def test_code_tells_its_language_and_marks_places_weakly() -> None:
    value = secrets.token_hex(8)
    text = f'import requests\n\ndef fire(url):\n    token = "{value}"\n    return requests.get(url, verify=False)\n'
    parsed = read_by(program.analyse, text)
    assert parsed.summary.startswith("python code")
    assert {f.attributes["reason"] for f in parsed.findings} == {"secret in code", "TLS check disabled", "missing timeout"}
    assert all(f.severity == 1 for f in parsed.findings)
    assert outline.language(("?", "!")) == "unknown"


def test_profiles_show_what_takes_most() -> None:
    folded = read_by(profiles.analyse, "main;run;fire 900\nmain;run;cool 50\nmain;gc 50\n")
    assert (folded.findings[0].attributes["function"], folded.findings[0].numbers["used"]) == ("fire", 90)
    flat = read_by(profiles.analyse, "      flat  flat%   sum%\n    11.40s 66.51% 66.51%     12.02s 67.95%  kiln.Fire\n")
    assert flat.findings[0].attributes["function"] == "kiln.Fire"
    assert read_by(profiles.analyse, "nothing here").share_parsed == 0


@pytest.mark.parametrize("analyse", [images.analyse, binary.analyse, prose.analyse, program.analyse, profiles.analyse])
@given(text=st.text(max_size=300))
@example(text="UNAVAILABLE")
def test_any_text_is_read_without_failing(analyse: Analyser, text: str) -> None:
    read_by(analyse, text)
