"""Events of error trackers in JSON: exceptions with their frames, as Sentry's event payload and its like hold them."""

from __future__ import annotations

from collections.abc import Iterator

from domain.evidence.errors.stacks import Stack
from domain.evidence.structure import jsontree
from domain.evidence.structure.trees import Node, walk

FUNCTIONS = ("function", "method", "name")
PLACES = ("filename", "file", "abs_path", "module")
ROWS = ("lineno", "lineNumber", "line")
"""Fields of a frame, likeliest first."""


def stacks(lines: tuple[str, ...]) -> Iterator[Stack]:
    """Yield the exceptions of every event, nothing where the document is no JSON."""
    first = next((line for line in lines if line.strip()), "").lstrip()
    if first[:1] not in {"{", "["}:
        return
    for root in jsontree.read("\n".join(lines)).roots:
        for _, node in walk(root):
            values = node.get("exception", "values") or node.get("exceptions")
            if values and values.items:
                yield _stack(node, values.items)


def _stack(event: Node, values: tuple[Node, ...]) -> Stack:
    """Return one event: its exceptions come root first, the frames of each outermost first."""
    chain = [
        ((one.get("type") or one).line, one.text("type") or one.text("class"), one.text("value") or one.text("message"))
        for one in values
    ]
    line, name, message = chain[-1]
    stack = Stack(line=line, name=name or "exception", message=message, language=event.text("platform"))
    stack.causes = list(reversed(chain[:-1]))
    frames = values[0].get("stacktrace", "frames") or values[0].get("stacktrace") or values[0]
    stack.frames = [_frame(one) for one in frames.items]
    if event.text("platform") != "python":
        stack.frames.reverse()
    own = [frame for frame, one in zip(stack.frames, _order(event, frames), strict=True) if one.text("in_app") == "true"]
    stack.frames = own or stack.frames
    process = event.text("server_name") or event.text("logger")
    stack.about = {key: text for key, text in (("release", event.text("release")), ("process", process)) if text}
    return stack


def _order(event: Node, frames: Node) -> tuple[Node, ...]:
    return frames.items if event.text("platform") == "python" else frames.items[::-1]


def _frame(one: Node) -> tuple[int, str, str]:
    function = next((text for name in FUNCTIONS if (text := one.text(name))), "")
    place = next((text for name in PLACES if (text := one.text(name))), "")
    row = next((text for name in ROWS if (text := one.text(name))), "")
    return (one.get("function") or one).line, function, f"{place}:{row}" if row else place
