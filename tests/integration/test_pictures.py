"""Screenshots through the real recogniser: words, columns, what is refused before it is decoded."""

from __future__ import annotations

import struct
import time
import zlib
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from textwrap import dedent

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from activities.adapters.document_text import DocumentText
from activities.adapters.picture_text import picture_text
from activities.extracting import extracted
from domain.evidence.analyse import analyse
from domain.evidence.decoding.decode import resolve
from domain.evidence.extracts import Extract
from domain.evidence.values import Analysis, Context, Document, Hint, Kind
from tests import screens
from tests.evidence import OBSERVED
from tests.pace import within

SCREENS = {one.name: one for one in screens.screens()}
WORDS, SECONDS = 0.95, 5.0
"""Share of words over all screenshots (issue 4), and CPU seconds of one."""


@cache
def seen(name: str) -> tuple[Extract, float]:
    """What is read of a screenshot, and the CPU seconds it took."""
    data, start = screens.drawn(SCREENS[name]), time.process_time()
    return picture_text(data), time.process_time() - start


def read(data: bytes, reader: DocumentText | None = None) -> Analysis:
    document = Document(evidence="e1", name="shot", chunks=(data,), size=len(data), observed_at=OBSERVED, hint=Hint(name="shot"))
    return analyse(extracted(document, reader or DocumentText()), Context(observed_at=OBSERVED))


def test_at_least_95_of_100_words_of_twenty_screenshots_are_read() -> None:
    hit = total = 0
    for one in SCREENS.values():
        wanted, got = Counter(one.text.split()), Counter(seen(one.name)[0].text.split())
        hit, total = hit + (wanted & got).total(), total + wanted.total()
    slowest = max(seen(name)[1] for name in SCREENS)
    print(f"{hit / total:.4f} of {total} words of {len(SCREENS)} screenshots; slowest {slowest:.2f} CPU s")
    assert (len(SCREENS), hit / total >= WORDS) == (20, True)
    assert slowest < SECONDS


def test_most_lines_are_read_letter_by_letter_with_their_columns() -> None:
    same = total = 0
    for one in SCREENS.values():
        wanted, got = dedent(one.text).rstrip().split("\n"), seen(one.name)[0].text.rstrip().split("\n")
        same, total = same + sum(left.rstrip() == right for left, right in zip(wanted, got, strict=False)), total + len(wanted)
    print(f"{same} of {total} lines verbatim")
    assert same >= 0.9 * total


def test_a_screenshot_of_pods_is_a_picture_whose_rows_are_objects_of_its_lines() -> None:
    found = read(screens.drawn(SCREENS["pods"]))
    assert found.classification.kind is Kind.IMAGE
    assert found.classification.format.startswith("png, read as command_output")
    assert found.extract is not None
    objects = {one.id: one for one in found.objects}
    crashing = objects["pod/checkout-5f6b7c8d9f-9wzl7"]
    assert crashing.fields["status"] == "CrashLoopBackOff"
    assert resolve(crashing.citation, [found.extract.text.encode()]).startswith("checkout-5f6b7c8d9f-9wzl7")
    [worst, *_] = found.findings
    assert worst.attributes["place"] == "block 1"
    assert worst.statement.endswith("(block 1)")


def test_a_screenshot_of_a_stack_tells_its_root_cause() -> None:
    found = read(screens.drawn(SCREENS["java"]))
    assert any("SocketTimeoutException" in one.statement for one in found.findings)


def test_without_a_recogniser_a_picture_covers_nothing_and_says_so() -> None:
    found = read(screens.drawn(SCREENS["df"]), DocumentText(pictures=False))
    assert (found.classification.kind, found.coverage.share_read, found.coverage.share_parsed) == (Kind.IMAGE, 0.0, 0.0)
    assert "not readable here" in " ".join(found.coverage.notes)
    assert found.findings == ()


def test_the_time_that_a_camera_wrote_is_an_event_whose_zone_is_assumed() -> None:
    taken = Image.open(BytesIO(screens.drawn(SCREENS["df"])))
    exif = Image.Exif()
    exif[0x0132] = "2026:05:04 11:58:07"
    data = BytesIO()
    taken.save(data, "JPEG", quality=92, exif=exif)
    event = read(data.getvalue()).events[0]
    assert (event.time, event.certainty) == (datetime(2026, 5, 4, 11, 58, 7, tzinfo=UTC), "zone assumed")


def png(width: int, height: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(64))), (b"IEND", b""))
    packed = [struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks]
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


FLOODS = {
    "png": png(60_000, 60_000),
    "jpeg": b"\xff\xd8\xff\xc0\x00\x11\x08" + struct.pack(">HH", 60_000, 60_000) + b"\x03" + bytes(20),
    "gif": b"GIF89a" + struct.pack("<HH", 60_000, 60_000) + bytes(20),
    "webp": b"RIFF\x40\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00" + bytes(4) + (59_999).to_bytes(3, "little") * 2 + bytes(40),
    "bmp": b"BM" + bytes(12) + struct.pack("<Iii", 40, 60_000, -60_000) + bytes(20),
    "tiff": b"II*\x00\x08\x00\x00\x00\x02\x00"
    + struct.pack("<HHII", 256, 4, 1, 60_000)
    + struct.pack("<HHII", 257, 4, 1, 60_000)
    + bytes(8),
}


@pytest.mark.parametrize("form", FLOODS)
def test_a_flood_of_pixels_is_refused_by_its_header(form: str) -> None:
    with within(1.0):
        found = read(FLOODS[form])
    assert found.classification.kind is Kind.IMAGE
    assert "60000 x 60000 pixels" in found.coverage.notes[0]


@pytest.mark.parametrize("form", FLOODS)
def test_the_adapter_refuses_a_flood_as_well(form: str) -> None:
    assert picture_text(FLOODS[form]).text == ""


def test_a_picture_cut_in_half_is_damaged_not_a_failure() -> None:
    whole = screens.drawn(SCREENS["df"])
    found = read(whole[: len(whole) // 2])
    assert (found.classification.kind, found.coverage.share_read) == (Kind.IMAGE, 0.0)
    assert "damaged" in found.coverage.notes[0]


def test_of_an_animation_the_first_picture_is_read() -> None:
    frames = [Image.open(BytesIO(screens.drawn(SCREENS["df"]))).convert("P") for _ in range(3)]
    frames[1] = Image.new("P", frames[0].size, 7)
    data = BytesIO()
    frames[0].save(data, "GIF", save_all=True, append_images=frames[1:])
    found = read(data.getvalue())
    assert "the first of 3 pictures was read" in found.coverage.notes
    assert "filesystem" in " ".join(one.id for one in found.objects)


@pytest.mark.parametrize("size", [(1, 1), (4, 4_000), (4_000, 4), (300, 200)])
def test_a_picture_without_text_says_so(size: tuple[int, int]) -> None:
    data = BytesIO()
    Image.new("RGB", size, (30, 60, 90)).save(data, "PNG")
    assert "no text was found in the picture" in read(data.getvalue()).coverage.notes


def small(form: str) -> bytes:
    data = BytesIO()
    Image.effect_noise((24, 16), 90).convert("RGB").save(data, form)
    return data.getvalue()


SMALL = {form: small(form) for form in ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_mutated_pictures_are_read_or_refused_by_name(data: st.DataObject) -> None:
    whole = bytearray(SMALL[data.draw(st.sampled_from(sorted(SMALL)))])
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    found = picture_text(bytes(whole[: data.draw(st.integers(1, len(whole)))]))
    assert found.text or found.notes
