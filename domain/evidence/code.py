"""Source code: its language, and places that often fail; only what stands near a fault matters to a diagnosis."""

from __future__ import annotations

import re
from collections.abc import Mapping
from re import Pattern

from domain.evidence.reading import Reading, beginning
from domain.evidence.values import Context, Document, Parsed, Text

LANGUAGES: Mapping[str, Pattern[str]] = {
    "diff": re.compile(r"^(?:diff --git|@@ -\d+|\+\+\+ b/|--- a/)"),
    "python": re.compile(r"^\s*(?:def \w+\(.*:$|from [\w.]+ import|import \w+$|elif |except\b.*:|@\w+$|async def)"),
    "java": re.compile(
        r"^\s*(?:package [\w.]+;|import [\w.*]+;|(?:public|private|protected) (?:static |final )*[\w<>\[\]]+ \w+)"
    ),
    "go": re.compile(r"^(?:package \w+$|func (?:\(\w+ \*?\w+\) )?\w+\(|\s+if err != nil|import \($)"),
    "rust": re.compile(r"^\s*(?:use [\w:]+|(?:pub )?(?:fn|struct|enum|impl|mod)\b|#\[\w+)"),
    "javascript": re.compile(r"^\s*(?:const|let|var) \w+ =|^\s*(?:export |import .* from )|=> \{$|require\("),
    "shell": re.compile(r"^(?:#!.*sh$|set -\w+|\s*(?:fi|done|esac|then)$)"),
    "sql": re.compile(r"^\s*(?:SELECT|INSERT INTO|CREATE TABLE|ALTER TABLE|UPDATE \w+ SET)\b", re.IGNORECASE),
    "c": re.compile(r"^(?:#include [<\"]|#define |\w[\w *]+\([^;]*\)\s*\{$)"),
}
"""Language → a line that only it has."""
SMELLS: Mapping[str, Pattern[str]] = {
    "swallowed exception": re.compile(r"except\s*(?:Exception)?\s*:\s*(?:pass)?$|catch\s*\([^)]{0,100}\)\s*\{\s*\}"),
    "TLS check disabled": re.compile(
        r"verify\s*=\s*False|InsecureSkipVerify:\s*true|rejectUnauthorized:\s*false|CURLOPT_SSL_VERIFYPEER,\s*0"
    ),
    "statement built from strings": re.compile(r"(?:execute|query)\(\s*f?[\"'][^\"']{0,300}(?:[\"']\s*[+%]|\{)"),
    "loop without end": re.compile(r"while\s*\(?\s*(?:True|true|1)\s*\)?\s*[:{]"),
    "secret in code": re.compile(r"(?i)(?:password|secret|api_?key|token)\s*[:=]+\s*[\"'][^\"'\s]{8,}[\"']"),
}
"""What a reviewer would mark; each is a count unless a stack names the place."""
PLACES = 50


def analyse(text: Text, document: Document, _context: Context) -> Parsed:
    """Return the language and the marked places, weak by themselves."""
    reading = Reading(document=document, lines=text.lines)
    name = language(text.lines)
    for number, line in enumerate(text.lines, start=1):
        for reason, pattern in SMELLS.items():
            if len(reading.findings) < PLACES and pattern.search(beginning(line)):
                reading.find("setting", "file:code", number, 1.0, f"{reason}, line {number}", reason=reason, field="code")
    return reading.parsed(f"{name} code, {len(text.lines)} lines, {len(reading.findings)} marked places")


def language(lines: tuple[str, ...]) -> str:
    """Return the language most lines speak for, "unknown" when none does."""
    counts = {name: sum(bool(p.search(beginning(line))) for line in lines[:2000]) for name, p in LANGUAGES.items()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else "unknown"
