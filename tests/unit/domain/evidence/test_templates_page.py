"""Which lines are of one kind, as a page."""

from __future__ import annotations

from pathlib import Path

from domain.evidence.logs.templates import group
from tests.pages import kept

NAMES = ("ann", "bob", "cid", "dora", "eve", "finn")
ROWS: dict[str, tuple[str, ...]] = {
    "five words at a plain place": tuple(f"link of {name} went up today" for name in NAMES[:5]),
    "four words at a plain place": tuple(f"link of {name} went up today" for name in NAMES[:4]),
    "three words after a name": tuple(f"session for {name} opened today" for name in NAMES[:3]),
    "two words after a name": tuple(f"session for {name} opened today" for name in NAMES[:2]),
    "four words after an equals sign": tuple(f"request done by state={name} today" for name in NAMES[:4]),
    "three words after an equals sign": tuple(f"request done by state={name} today" for name in NAMES[:3]),
    "four words in quotes": tuple(f"cannot open the 'file {name}' again now" for name in NAMES[:4]),
    "four words in brackets": tuple(f"worker stopped the ({name}) again" for name in NAMES[:4]),
    "too few anchors": tuple(f"link {name}" for name in NAMES),
    "two anchors beside it": tuple(f"link {name} up" for name in NAMES),
    "the first word": tuple(f"{name} went up today again" for name in NAMES),
    "two places": tuple(f"copy from {one} to {other} has ended" for one in NAMES[:4] for other in NAMES[:4]),
    "verbs": tuple(f"done with {verb} of the item" for verb in ("GET", "POST", "PUT", "DELETE", "HEAD", "PATCH")),
    "identifiers": ("worker node-a went down now", "worker node_b went down now"),
    "camel case": ("class OrderView was loaded now", "class CartView was loaded now"),
    "plain words": ("worker alpha went down now", "worker gamma went down now"),
    "identifiers in a short line": ("up node-a", "up node-b"),
    "unlike lines": ("node-a <*> <*> <*> up", "node-b <*> <*> <*> up"),
    "seven of ten words": ("a1 b c d e f g h <*> <*>", "a2 b c d e f g h <*> <*>"),
    "six of nine words": ("k1 b c d e f g <*> <*> <*>", "k2 b c d e f g <*> <*> <*>"),
    "runs of wild parts": ("read <*>:<*>/<*> of <*> <*> now", "wrote <*>, <*> and <*>-<*> <*>"),
    "very long": (" ".join(["word"] * 80), " ".join(["word"] * 81)),
}  # fmt: skip


def test_lines_are_grouped_as_the_page_says() -> None:
    parts = []
    for name, rows in ROWS.items():
        found = group(rows)
        kinds = dict.fromkeys(found.values())
        parts.append(
            "\n".join((f"{name}:", *(f"  {sum(kind == each for each in found.values())} × {kind[:90]}" for kind in kinds)))
        )
    kept(Path(__file__).parent / "pages" / "templates.txt", "\n".join(parts))
