"""What networks learn: one class a picture unless a subject has registered something else."""

import subprocess
import sys

import pytest

import engine.runs.subjects  # noqa: F401  a run may be of any subject
from engine.train.learning_data import LearningData
from engine.train.settings import RunSettings
from engine.train.tasks import Classification, make_task, subject_of
from engine.trainable.net_settings import DETECTORS, NETS, SEGMENTERS, net_defaults


@pytest.mark.parametrize("net", NETS)
def test_a_classifier_needs_no_subject(net: str, digits: LearningData) -> None:
    assert subject_of(net) is None
    assert isinstance(make_task(RunSettings(net=net_defaults(net)), digits), Classification)


@pytest.mark.parametrize("net", [*DETECTORS, *SEGMENTERS])
def test_every_other_network_has_registered_what_it_learns(net: str) -> None:
    subject = subject_of(net)
    assert subject is not None
    settings = RunSettings(net=net_defaults(net))
    task = subject.make_task(settings, ("a", "b"), (96, 96))
    assert not isinstance(task, Classification)


def test_a_subject_that_nobody_imported_is_said_and_not_taken_for_classes() -> None:
    code = "from engine.train.tasks import subject_of\nsubject_of('unet')"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode != 0
    assert "LookupError: nothing has registered what 'unet' learns" in run.stderr
