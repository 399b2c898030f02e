"""PDF, DOCX and HTML through their real readers: places, what is hidden, what is refused, what is damaged."""

from __future__ import annotations

import pathlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities.adapters.document_text import NO_DOCUMENTS, DocumentText
from activities.adapters.page_lines import CHARACTERS, columns
from activities.adapters.pdf_text import ENCRYPTED, PAGES
from activities.adapters.word_text import BODY
from activities.extracting import extracted
from domain.evidence.analyse import analyse
from domain.evidence.decoding.decode import resolve
from domain.evidence.extracts import Extract
from domain.evidence.values import Analysis, Context, Document, Hint, Kind
from tests import papers, screens
from tests.pace import within

READER = DocumentText()
DOCUMENTS = {"pdf": papers.pdf(), "zip": papers.word(), "html": papers.HTML.encode()}


def analysed(data: bytes, reader: DocumentText = READER) -> Analysis:
    document = Document(evidence="e1", name="upload", chunks=(data,), size=len(data), hint=Hint(name="upload.txt"))
    return analyse(extracted(document, reader), Context())


def labels(extract: Extract) -> dict[str, str]:
    """First line of every place → its label."""
    lines = extract.text.split("\n")
    return {lines[place.first - 1]: place.label for place in extract.places}


def test_a_pdf_is_cited_by_page_and_paragraph() -> None:
    found = analysed(papers.pdf())
    assert found.extract is not None
    assert labels(found.extract)["The gas refused to open."] == "page 1, paragraph 2"
    assert labels(found.extract)["$ valve open --id 7"] == "page 2, paragraph 2"
    [gas] = [one for one in found.findings if "gas refused" in one.statement]
    assert gas.attributes["place"] == "page 1, paragraph 2"
    assert resolve(gas.citations[0], [found.extract.text.encode()]) == "The gas refused to open."


def test_a_word_document_keeps_headings_lists_and_tables() -> None:
    read = READER.read("zip", papers.word())
    assert labels(read)["# Cold kiln"] == "page 1, paragraph 1"
    assert "- Check the valve" in read.text
    assert "Code     Meaning\nGAS-104  no gas in the pipe" in read.text


def test_of_a_page_only_what_is_read_by_people_is_read() -> None:
    read = READER.read("html", papers.HTML.encode())
    assert not any(word in read.text for word in ("stolen", "color", "comment", "<"))
    assert "## Meaning" in read.text
    assert "NAME     READY   STATUS             RESTARTS   AGE\nkiln-0   0/1     CrashLoopBackOff   12         41m" in read.text
    assert "Code     Meaning\nGAS-104  no gas in the pipe" in read.text


@pytest.mark.parametrize("form", ["zip", "html"])
def test_text_that_readers_do_not_see_is_untrusted(form: str) -> None:
    found = analysed(DOCUMENTS[form])
    hidden = [one for one in found.findings if "disk failed" in one.statement]
    assert all(one.untrusted and "hidden from readers" in one.statement for one in hidden)
    assert hidden


@pytest.mark.parametrize(
    "style",
    [
        "visibility:hidden",
        "DISPLAY : NONE",
        "opacity:0",
        "font-size:0px",
        "position:absolute;left:-9999px",
        "opacity:0.0;color:red",
    ],
)
def test_every_way_to_hide_is_seen(style: str) -> None:
    [place] = READER.read("html", f"<html><div style='{style}'><span>gone</span></div>".encode()).places
    assert place.hidden


@pytest.mark.parametrize("style", ["display:block", "opacity:0.5", "font-size:10px", "left:-9px"])
def test_what_is_shown_is_not_hidden(style: str) -> None:
    [place] = READER.read("html", f"<html><div style='{style}'>there</div>".encode()).places
    assert not place.hidden


def test_a_locked_pdf_is_refused_by_name() -> None:
    found = analysed(papers.locked_pdf("made-up"))
    assert found.coverage.notes[0] == ENCRYPTED
    assert found.coverage.share_read == 0.0


def test_a_pdf_locked_against_changes_only_is_read() -> None:
    assert "gas refused" in READER.read("pdf", papers.locked_pdf("")).text


def test_a_scanned_page_is_read_as_a_picture() -> None:
    [shot] = [one for one in screens.screens() if one.name == "df"]
    found = analysed(papers.scanned_pdf(screens.drawn(shot)))
    assert found.classification.kind is Kind.COMMAND_OUTPUT
    assert "filesystem//var/lib/postgresql" in {one.id for one in found.objects}
    assert found.findings[0].attributes["place"] == "page 1, scanned"


def test_without_a_recogniser_a_scanned_page_says_what_to_send() -> None:
    found = DocumentText(pictures=False).read("pdf", papers.scanned_pdf(screens.drawn(screens.screens()[6])))
    assert found.text == ""
    assert any("scanned pictures were not read" in note for note in found.notes)
    assert "the PDF holds no text" in found.notes


def test_pages_beyond_the_bound_are_counted() -> None:
    read = READER.read("pdf", papers.pdf([("one",)] * (PAGES + 5)))
    assert f"5 pages beyond the first {PAGES} were left out" in read.notes


def test_without_the_extra_a_document_says_what_to_send() -> None:
    found = analysed(papers.pdf(), DocumentText(documents=False))
    assert (found.coverage.notes[0], found.coverage.share_read) == (NO_DOCUMENTS, 0.0)


def archive(**members: bytes) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as packed:
        for name, data in members.items():
            packed.writestr(name.replace("__", "/"), data)
    return out.getvalue()


def test_a_bomb_in_a_document_is_not_unpacked() -> None:
    with within(2.0):
        read = READER.read("zip", archive(**{BODY: bytes(30 << 20)}))
    assert (read.text, "was not unpacked" in read.notes[0]) == ("", True)


def test_an_archive_of_many_members_is_not_unpacked() -> None:
    read = READER.read("zip", archive(**{BODY: b"<x/>"}, **{f"m{n}": b"" for n in range(1_000)}))
    assert "more than 1,000 members" in read.notes[0]


def swapped(part: bytes) -> bytes:
    """The document with another body."""
    out = BytesIO()
    with ZipFile(BytesIO(papers.word())) as good, ZipFile(out, "w", ZIP_DEFLATED) as packed:
        for name in good.namelist():
            packed.writestr(name, part if name == BODY else good.read(name))
    return out.getvalue()


W = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 12))


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE w [<!ENTITY l0 "ha">'
        + LAUGHS
        + b"]><w:document "
        + W
        + b"><w:body><w:p><w:r><w:t>&l11;</w:t></w:r></w:p></w:body></w:document>",
        b'<!DOCTYPE w [<!ENTITY f SYSTEM "file:///etc/hostname">]><w:document '
        + W
        + b"><w:body><w:p><w:r><w:t>&f;</w:t></w:r></w:p></w:body></w:document>",
        b"<w:document " + W + b"><w:body>" + b"<w:p>" * 100_000,
        b"",
    ],
)
def test_entities_and_depth_in_a_document_are_not_followed(body: bytes) -> None:
    with within(3.0):
        read = READER.read("zip", swapped(body))
    with pathlib.Path("/etc/hostname").open(encoding="utf-8") as file:
        assert file.read().strip() not in read.text
    assert len(read.text) < 1_000


@pytest.mark.parametrize("piece", [b"<div>", b"<b></p>", b"<i></b>", b"<ul><li>"])
def test_a_page_of_elements_that_stay_open_is_refused(piece: bytes) -> None:
    with within(2.0):
        read = READER.read("html", b"<html><p>first</p>" + piece * 100_000 + b"last")
    assert (read.text, "elements open" in read.notes[0]) == ("", True)


def test_a_page_that_leaves_out_ends_as_the_standard_allows_is_read() -> None:
    read = READER.read("html", b"<html><ul>" + b"<li>one<br>" * 5_000)
    assert read.text.startswith("- one")


def test_text_of_a_document_is_bounded() -> None:
    read = READER.read("html", b"<html>" + b"<p>word word word word</p>" * 250_000)
    assert len(read.text) <= CHARACTERS
    assert any("left out" in note for note in read.notes)


def test_marks_without_a_shape_are_left_out() -> None:
    assert READER.read("html", "<html><p>re\u200bfu\u00adsed\u202e</p>".encode()).text.strip() == "refused"


def test_cells_of_a_table_begin_in_one_column() -> None:
    assert columns([["a", "bb", "c"], ["aaa", "b"], []]) == "a    bb  c\naaa  b\n"


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_mutated_documents_are_read_or_refused_by_name(data: st.DataObject) -> None:
    form = data.draw(st.sampled_from(sorted(DOCUMENTS)))
    whole = bytearray(DOCUMENTS[form])
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(whole[: data.draw(st.integers(1, len(whole)))])
    read = READER.read(form, cut)
    assert read.text or read.notes or form in {"html", "zip"}
    for one in analysed(cut).findings:
        assert one.citations


@settings(max_examples=60, deadline=None)
@given(form=st.sampled_from(["pdf", "zip", "html"]), data=st.binary(max_size=400))
def test_any_bytes_in_any_form_are_no_failure(form: str, data: bytes) -> None:
    READER.read(form, {"pdf": b"%PDF-1.7\n", "zip": b"PK\x03\x04", "html": b"<html>"}[form] + data)
