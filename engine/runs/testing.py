"""The test part of a run's data: looked at once, when all has been decided.

Epochs and settings are chosen by what they do on the validation pictures, so that the figure of
the chosen one is too good by as much as was chosen among. Pictures that nobody has chosen by say
how good a network is on new ones: measured once, written down, never measured again.
"""

from dataclasses import asdict

from engine.errors import InputError
from engine.runs.curves import CurveReader
from engine.runs.folder import Run
from engine.runs.opening import open_net
from engine.runs.own_data import load_test_pictures
from engine.runs.state import read_state
from engine.runs.test_result import TEST_FILE, TestResult, read_test
from engine.runs.writing import report_disk, write_json
from engine.train.measuring import judge, predict
from engine.train.overfitting import STANDARD_ERRORS, standard_error

_OVER = ("finished", "early_stopped")


def measure_test(run: Run) -> TestResult:
    """The run's best epoch on its test pictures; what was measured before stands.

    Raises:
        InputError: the run is not over, has no test part, or its pictures cannot be had.
    """
    known = read_test(run.folder)
    if known is not None:
        return known
    if read_state(run.folder).status not in _OVER:
        raise InputError("test_too_early", 409, name=run.name)
    images, targets = load_test_pictures(run.folder, run.settings)
    if not len(images):
        raise InputError("test_none", 409, name=run.name)
    curves = CurveReader(run.folder).read()
    if curves.best_epoch is None:
        raise InputError("test_too_early", 409, name=run.name)
    opened = open_net(run.folder, curves.best_epoch)
    logits = predict(opened.net, images, opened.mean, opened.std)
    found = judge(logits, targets, len(opened.classes), run.settings.train.loss)
    row = curves.epochs[curves.epochs[:, 0] == curves.best_epoch][0]
    result = TestResult(
        epoch=curves.best_epoch,
        count=len(images),
        accuracy=found.accuracy,
        loss=found.loss,
        noise=STANDARD_ERRORS * standard_error(found.accuracy, len(images)),
        validation_accuracy=float(row[4]),
    )
    with report_disk(run.folder):
        write_json(run.folder / TEST_FILE, asdict(result))
    return result
