"""Whatever is installed that reads text out of documents and pictures; each part is loaded in the process that first needs it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

from domain.evidence.documents.images import UNREADABLE
from domain.evidence.extracts import Extract, Pixels

NO_DOCUMENTS = "documents of this form are not readable here; send the text, or install what reads them (extra: documents)"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentText:
    """Reads PDF, DOCX and HTML with the extra `documents`, pictures with the extra `ocr`; it may be sent to another process."""

    documents: bool = True
    pictures: bool = True

    def read(self, form: str, data: bytes) -> Extract:
        """Return the text; for a form that nothing here reads an extract without text that says so."""
        if form in {"pdf", "zip", "html"}:
            return self._document(form, data) if self.documents else Extract(notes=(NO_DOCUMENTS,))
        picture_text = self._picture_text()
        return picture_text(data) if picture_text else Extract(notes=(UNREADABLE,))

    def pixels(self, data: bytes) -> Pixels | str:
        """Return the picture drawn anew; the extra `ocr` draws, too."""
        if not self.pictures:
            return UNREADABLE
        from activities.adapters.picture_pixels import picture_pixels  # ruff: ignore[import-outside-top-level]  # an extra

        return picture_pixels(data)

    def _document(self, form: str, data: bytes) -> Extract:
        if form == "pdf":
            from activities.adapters.pdf_text import pdf_text  # ruff: ignore[import-outside-top-level]  # an extra

            return pdf_text(data, self._picture_text())
        if form == "zip":
            from activities.adapters.word_text import word_text  # ruff: ignore[import-outside-top-level]  # an extra

            return word_text(data)
        from activities.adapters.html_text import html_text  # ruff: ignore[import-outside-top-level]  # an extra

        return html_text(data)

    def _picture_text(self) -> Callable[[bytes], Extract] | None:
        if not self.pictures:
            return None
        from activities.adapters.picture_text import picture_text  # ruff: ignore[import-outside-top-level]  # an extra, and heavy

        return picture_text


def open_documents() -> DocumentText:
    """Return the reader of what is installed; extras are whole or absent."""
    return DocumentText(documents=find_spec("pypdf") is not None, pictures=find_spec("rapidocr") is not None)
