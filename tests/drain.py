"""Drain3, the miner of templates that others use, as figures are compared with it."""

from __future__ import annotations

from drain3 import TemplateMiner
from drain3.masking import MaskingInstruction
from drain3.template_miner_config import TemplateMinerConfig

MASKS = (
    (r"(([0-9a-f]{2,}:){3,}([0-9a-f]{2,}))", "ID"),
    (r"(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})", "IP"),
    (r"([0-9a-f]{6,} ?){3,}", "SEQ"),
    (r"([0-9A-F]{4} ?){4,}", "SEQ"),
    (r"(0x[a-f0-9A-F]+)", "HEX"),
    (r"([\-\+]?\d+)", "NUM"),
)
"""The masks of Drain3's own example configuration, but the one for a single system."""


def drain_miner() -> TemplateMiner:
    """Return Drain3 with its masks, in memory only."""
    config = TemplateMinerConfig()
    edges = r"((?<=[^A-Za-z0-9])|^)", r"((?=[^A-Za-z0-9])|$)"
    config.masking_instructions = [MaskingInstruction(edges[0] + mask + edges[1], name) for mask, name in MASKS]
    return TemplateMiner(persistence_handler=None, config=config)
