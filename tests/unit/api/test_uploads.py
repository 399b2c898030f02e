from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.intake import one_piece
from api.uploads import Incoming, display_name, keep
from tests import builders
from tests.fakes import MemoryBlobs, MemoryFiles, StarRedactor


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("app.log", "app.log"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ada\\app.log", "app.log"),
        ("/", "unnamed"),
        ("..", "unnamed"),
        ("", "unnamed"),
        ("a\x00b\u202egpj.exe", "abgpj.exe"),
    ],
)
def test_a_file_name_is_display_text_without_path_parts_and_marks(given_name: str, shown: str) -> None:
    assert display_name(given_name) == shown


@given(st.text())
def test_no_name_keeps_separators_or_controls(name: str) -> None:
    shown = display_name(name)
    assert shown
    assert "/" not in shown
    assert "\\" not in shown
    assert "\x00" not in shown


@pytest.mark.parametrize("padding", range(236, 252))
async def test_a_long_name_is_cut_after_redaction_so_that_no_half_of_a_value_stays(padding: int) -> None:
    ports = SimpleNamespace(blobs=MemoryBlobs(), files=MemoryFiles(), redactor=StarRedactor(hidden=("hunter2-of-ada",)))
    incoming = Incoming(name=f"hunter2-of-ada{'x' * padding}", chunks=one_piece(b"INFO started\n"))
    ref, _ = await keep(ports, builders.a_case_record(), incoming, datetime.now(UTC))
    assert len(ref.name) <= 255
    assert "of-ada" not in ref.name


async def test_the_address_of_a_page_is_stored_without_what_redaction_hides() -> None:
    ports = SimpleNamespace(blobs=MemoryBlobs(), files=MemoryFiles(), redactor=StarRedactor(hidden=("ada",)))
    incoming = Incoming(name="app.log", chunks=one_piece(b"INFO started\n"), source_url="https://wiki.internal/?user=ada")
    ref, _ = await keep(ports, builders.a_case_record(), incoming, datetime.now(UTC))
    ports.redactor.broken = True
    other = Incoming(name="ada.log", chunks=one_piece(b"INFO stopped\n"), source_url="https://wiki.internal/?user=ada")
    held_back, _ = await keep(ports, builders.a_case_record(), other, datetime.now(UTC))
    rows = ports.files.rows.files
    assert rows[ref.file_id].source_url == "https://wiki.internal/?user=<STAR_1>"
    assert (rows[held_back.file_id].source_url, rows[held_back.file_id].name[-8:-4]) == (None, held_back.file_id[-4:])
