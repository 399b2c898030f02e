"""HTML to text: what a reader sees, in lines; scripts and styles never, hidden text marked as hidden."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from activities.adapters.page_lines import PageLines, columns
from domain.evidence.decoding.decode import decode
from domain.evidence.extracts import Extract

SILENT = frozenset({"script", "style", "template", "svg", "iframe", "object", "noscript", "head", "select", "math", "-comment"})
"""Elements whose text nobody reads."""
BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption", "figure",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "nav", "ol", "p", "pre", "section", "summary",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
"""Elements that begin and end a paragraph."""
HEADINGS = {f"h{level}": "#" * level + " " for level in range(1, 7)}
HIDDEN = re.compile(r"(?:display:none|visibility:hidden|opacity:0(?:\.0{1,9})?(?:;|$)|font-size:0|left:-\d{3,6}px|clip:rect\(0)")
TEXT, TABLE, PRE = "-text", "table", "pre"
DEPTH = 400
"""Elements within each other beyond which nothing is read: browsers stop at 512."""
NODES = 500_000
NESTED = 2_000
"""Elements left open beyond which a page is not parsed: the parser's time grows with their square, 0.03 s for 5,000."""
TAG = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9-]{0,40})")
UNCLOSED = frozenset(
    b"area base br col dd dt embed hr img input li link meta option p rp rt source tbody td tfoot th thead tr track wbr".split()
)
"""Elements that stand alone or whose end is commonly left out (HTML standard, 13.1.2)."""


def html_text(data: bytes) -> Extract:
    """Return what a reader sees, with "paragraph n" for places."""
    plain = b"".join(decode([data]))
    if _is_too_deep(plain):
        return Extract(notes=(f"the page leaves more than {NESTED:,} elements open and was not read",))
    try:
        root = LexborHTMLParser(plain.decode("utf-8", "replace")).root
    except (SelectolaxError, ValueError) as broken:
        return Extract(notes=(f"the page could not be read ({type(broken).__name__})",))
    walk = _Walk()
    if root is not None:
        title = root.css_first("head > title")
        walk.found.add("# " + " ".join(title.text().split()) if title else "", "title")
        walk.through(root)
    return walk.found.extract("selectolax")


def _is_too_deep(data: bytes) -> bool:
    """Tell whether too many elements are open at once; an end without its beginning closes nothing."""
    left_open: Counter[bytes] = Counter()
    depth = 0
    for found in TAG.finditer(data):
        name = found.group(2).lower()
        if name in UNCLOSED:
            continue
        if not found.group(1):
            left_open[name] += 1
            depth += 1
        elif left_open[name] > 0:
            left_open[name] -= 1
            depth -= 1
        if depth > NESTED:
            return True
    return False


class _Walk:
    """Goes through a page once, without recursion: nesting is the sender's choice."""

    def __init__(self) -> None:
        self.found = PageLines()
        self._paragraphs = self._nodes = 0
        self._pieces: list[str] = []
        self._mark = ""
        self._hidden = False

    def through(self, root: LexborNode) -> None:
        """Read everything below a node."""
        stack: list[tuple[LexborNode, int, bool, bool]] = [(root, 0, False, False)]
        while stack and not self.found.full and self._nodes < NODES:
            node, depth, hidden, leaving = stack.pop()
            self._nodes += 1
            if leaving:
                self._end()
            elif depth <= DEPTH and node.tag not in SILENT:
                hidden = hidden or _is_hidden(node)
                inside = self._enter(node, hidden)
                if node.tag in BLOCKS:
                    stack.append((node, depth, hidden, True))
                stack += [(child, depth + 1, hidden, False) for child in reversed(inside)]
        self._end()
        if self._nodes >= NODES:
            self.found.notes.append(f"the page has more than {NODES:,} elements; the rest was left out")

    def _enter(self, node: LexborNode, hidden: bool) -> list[LexborNode]:
        """Take what begins here; return the nodes inside that are still to be read."""
        tag = node.tag or ""
        if tag == TEXT:
            self._pieces.append(re.sub(r"\s+", " ", node.text_content or ""))
            return []
        if tag == "br":
            self._pieces.append("\n")
        if tag in BLOCKS:
            self._end()
            self._hidden = hidden
            self._mark = HEADINGS.get(tag, "- " if tag == "li" else "")
        if tag in {TABLE, PRE} and (whole := _table(node) if tag == TABLE else node.text()):
            self._keep(whole)
            return []
        return list(_children(node))

    def _end(self) -> None:
        """End a paragraph."""
        text = "\n".join(" ".join(row.split()) for row in "".join(self._pieces).split("\n"))
        if text.strip():
            self._keep(self._mark + text.strip())
            self._mark = ""
        self._pieces.clear()

    def _keep(self, text: str) -> None:
        self._paragraphs += self.found.add(text, f"paragraph {self._paragraphs + 1}", hidden=self._hidden)


def _children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.child
    while child is not None:
        yield child
        child = child.next


def _is_hidden(node: LexborNode) -> bool:
    given = node.attributes if node.tag != TEXT else {}
    style = "".join((given.get("style") or "").lower().split())[:2_000]
    return "hidden" in given or bool(HIDDEN.search(style))


def _table(node: LexborNode) -> str:
    """Return a table of data as aligned columns, "" for one that only lays out a page."""
    rows = [[cell.text(separator=" ") for cell in _children(row) if cell.tag in {"td", "th"}] for row in node.css("tr")]
    laid_out = len(node.css(TABLE)) > 1 or not any(len(row) > 1 for row in rows) or node.css("script, style, [style], [hidden]")
    return "" if laid_out else columns(rows)
