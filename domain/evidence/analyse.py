"""One piece of evidence to its Analysis: decode, classify, one analyser per kind, sealed citations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from domain.evidence import logs
from domain.evidence.decode import blocks, decode, fold_space, line_hash
from domain.evidence.inflate import Reading, peek
from domain.evidence.logs import LogReading
from domain.evidence.values import (
    Analysis,
    Citation,
    Classification,
    Context,
    Coverage,
    Document,
    Edge,
    Event,
    Finding,
    Kind,
    ObservedObject,
    Parsed,
    Text,
)

VERSION = "1"
"""Raised with every change that gives another Analysis for the same bytes."""
WHOLE = 64 << 20
"""Decoded bytes above which a document is read as a log, whatever it is."""
Analyser = Callable[[Text, Document, Context], Parsed]
Classify = Callable[[bytes, bytes, bytes], Classification]
