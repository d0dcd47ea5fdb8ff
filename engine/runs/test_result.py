"""What a run did on its test pictures, as its folder has it. Imports no torch."""

from dataclasses import dataclass
from pathlib import Path

from engine.runs.writing import read_json

TEST_FILE = "test.json"


@dataclass(frozen=True)
class TestResult:
    """What a run's best epoch did on pictures that nothing was chosen by.

    Attributes:
        epoch: the one of least validation loss.
        count: test pictures.
        accuracy, loss: on them.
        noise: two standard errors of the accuracy (Agresti and Coull, 1998).
        validation_accuracy: of the same epoch.
    """

    __test__ = False  # no test of pytest's

    epoch: int
    count: int
    accuracy: float
    loss: float
    noise: float
    validation_accuracy: float


def read_test(folder: Path) -> TestResult | None:
    """What was measured before; None where nothing was, or the file is not ours."""
    try:
        return TestResult(**(read_json(folder / TEST_FILE) or {}))
    except TypeError:
        return None
