"""How far long work on data has come."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """So many bytes or files done; ``total`` is None where it is not known."""

    done: int
    total: int | None
