"""LanguageModel without a provider: the same prompt gives the same answer, for tests and demonstrations."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson

from domain.errors import ModelRefused
from domain.ports.models import ModelAnswer, ModelRequest, TurnFeed

_QUOTED = re.compile(
    r"^(?P<file>[A-Za-z][^\s:]*):L(?P<first>\d+)(?:-L?(?P<last>\d+))?\s+(?:×\S+\s+)?(?:\d\d:\d\d:\d\d\s+)?(?:.*\s\|\s)?(?P<text>\S.*)$",
    re.MULTILINE,
)
"""A line of the digest: `E2:L50001 ×1 04:31:10 statement | quote`; only the quote stands in the evidence."""
_PIECE = 24
"""Characters published at a time."""


@dataclass(frozen=True, slots=True)
class RecordedModel:
    """Answers by a function of the request."""

    write: Callable[[ModelRequest], str]

    @property
    def configured(self) -> bool:
        """Whether it answers: always."""
        return True

    @property
    def who(self) -> str:
        """Its only name."""
        return "recorded"

    async def answer(self, request: ModelRequest, feed: TurnFeed) -> ModelAnswer:
        """Return the recorded answer, published in pieces as a provider would."""
        text = self.write(request)
        for start in range(0, len(text), _PIECE):
            await feed.publish("draft", {"text": text[start : start + _PIECE]})
        tokens_in = (len(request.system) + len(request.prompt)) // 4
        return ModelAnswer(text=text, provider="recorded", model="recorded", tokens_in=tokens_in, tokens_out=len(text) // 4)


def open_recorded_model(path: Path | None = None) -> RecordedModel:
    """Return a model that reads its answers from a JSON object, schema name → answer, or without a file quotes the prompt's own lines."""
    if path is None:
        return RecordedModel(quote_first_lines)
    answers: dict[str, object] = orjson.loads(path.read_bytes())
    return RecordedModel(lambda request: _recorded(answers, request.schema_name))


def quote_first_lines(request: ModelRequest) -> str:
    """Return a proposal that says nothing but lines of the prompt, each with the place where it stands."""
    lines = list(_QUOTED.finditer(request.prompt))[:3]
    claims = [
        {
            "text": line["text"][:300],
            "file": line["file"],
            "first_line": int(line["first"]),
            "last_line": int(line["last"] or line["first"]),
        }
        for line in lines
    ]
    summary = " ".join(f"{claim['text']} ({claim['file']}:{claim['first_line']})." for claim in claims)
    causes = [{"family": "other", "subject": "", "statement": claims[0]["text"], "claims": claims}] if claims else []
    return orjson.dumps({"summary": summary, "causes": causes}).decode()


def _recorded(answers: Mapping[str, object], schema_name: str) -> str:
    if schema_name not in answers:
        raise ModelRefused(f"no answer to `{schema_name}` is recorded; add it to the file of recorded answers")
    return orjson.dumps(answers[schema_name]).decode()
