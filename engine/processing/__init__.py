"""Image processing: OpenCV operations, one small dataclass each, and chains of them.

Inside a chain a picture is what OpenCV works on: uint8 ``(H, W, 3)``, channels blue, green, red, or
uint8 ``(H, W)`` for one channel. An operation's ``apply`` is the only place that says what it does;
the code that a page prints is read from that method's own source, with the values written in.
"""

from engine.processing.catalogue import FAMILIES, OPERATIONS, describe
from engine.processing.chain import (
    MAX_COST_S,
    MAX_STEPS,
    Done,
    Step,
    parse_chain,
    run_chain,
    write_chain,
)
from engine.processing.program import program

__all__ = [
    "FAMILIES",
    "MAX_COST_S",
    "MAX_STEPS",
    "OPERATIONS",
    "Done",
    "Step",
    "describe",
    "parse_chain",
    "program",
    "run_chain",
    "write_chain",
]
