"""What a training takes of the memory is known beforehand, and refused where it is not there."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest
import torch

from engine import memory
from engine.errors import InputError
from engine.train.loop import Training
from engine.train.memory import check_memory, reckon_bytes
from engine.train.settings import RunSettings, TrainSettings
from engine.trainable.net_settings import NetSettings

CPU = torch.device("cpu")
MIB = 2**20
#: Trains one epoch and writes its checkpoints; says by how much the process grew.
MEASURE = """
import json, re, sys, tempfile, torch
from pathlib import Path
from engine.runs.checkpoints import save_checkpoint
from engine.train.learning_data import make_learning_data
from engine.train.loop import EpochEnd, Training, train
from engine.train.settings import settings_from_dict
from engine.train.snapshot import capture

settings = settings_from_dict(json.loads(sys.argv[1]))
side, count = int(sys.argv[2]), int(sys.argv[3])
images = torch.randint(0, 256, (count, side, side, 3), dtype=torch.uint8)
targets = torch.arange(count) % 10
data = make_learning_data((images, targets), (images[:64], targets[:64]), tuple("0123456789"))
torch.nn.Conv2d(1, 1, 3)(torch.rand(1, 1, 8, 8)).sum().backward()  # what torch itself needs
# Not getrusage: a child's ru_maxrss starts at its parent's, which hides any growth below it.
status = Path("/proc/self/status")
peak = lambda: int(re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1]) * 1024
before = peak()
training = Training(settings, data, torch.device("cpu"))
with tempfile.TemporaryDirectory() as place:
    Path(place, "checkpoints").mkdir()
    save_checkpoint(Path(place), capture(training))
    for event in train(training):
        if isinstance(event, EpochEnd):
            save_checkpoint(Path(place), capture(training))
print(peak() - before)
"""


@pytest.mark.parametrize(
    ("net", "optimiser", "side"),
    [
        (NetSettings("mlp", width=768, depth=8), "adamw", 16),
        (NetSettings("small_vgg", width=24, norm="batch"), "adamw", 32),
    ],
)
def test_a_training_stays_below_what_was_reckoned_and_not_far(
    net: NetSettings, optimiser: str, side: int
):
    train = TrainSettings(epochs=1, batch_size=256, optimiser=optimiser)
    settings = RunSettings(net=net, train=train)
    command = [sys.executable, "-c", MEASURE, json.dumps(settings.to_dict()), str(side), "256"]
    measured = int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    reckoned = reckon_bytes(settings, (3, side, side), 10, 256)
    assert measured < reckoned + 40 * MIB
    assert reckoned < 3 * measured


def test_more_than_there_is_is_refused_with_the_numbers(monkeypatch: pytest.MonkeyPatch):
    largest = RunSettings(net=NetSettings("small_resnet", width=1024, depth=50, norm="batch"))
    with pytest.raises(
        InputError, match=r"would need \d+\.\d GiB of memory, and there are \d"
    ) as e:
        check_memory(largest, (1, 8, 8), 10, 1000, CPU)
    assert float(e.value.params["needed"]) > 300  # pyright: ignore[reportArgumentType]
    monkeypatch.setenv("FOVEA_TRAIN_MIB", "64")
    small = RunSettings(net=NetSettings("mlp", width=32))
    check_memory(small, (1, 8, 8), 10, 1000, CPU)
    batch = replace(small, net=NetSettings("small_vgg"), train=TrainSettings(batch_size=65_536))
    with pytest.raises(InputError, match=r"there are 0\.1 GiB .* smaller than 65536"):
        check_memory(batch, (1, 8, 8), 10, 5000, CPU)
    monkeypatch.setenv("FOVEA_TRAIN_MIB", "much")
    with pytest.raises(InputError, match="FOVEA_TRAIN_MIB"):
        check_memory(small, (1, 8, 8), 10, 1000, CPU)


def test_what_others_hold_counts_when_it_starts(monkeypatch: pytest.MonkeyPatch):
    small = RunSettings(net=NetSettings("mlp", width=32))
    monkeypatch.setattr("engine.train.memory.free_bytes", lambda: 1000)
    check_memory(small, (1, 8, 8), 10, 1000, CPU)
    with pytest.raises(InputError, match=r"there are 0\.0 GiB"):
        check_memory(small, (1, 8, 8), 10, 1000, CPU, starting=True)


def test_a_training_refuses_before_it_reserves(begin):
    with pytest.raises(InputError, match="GiB"):
        begin(net={"width": 1024, "depth": 50, "name": "small_resnet"})


def test_a_containers_limit_is_the_memory_there_is(monkeypatch: pytest.MonkeyPatch, tmp_path):
    monkeypatch.setattr(memory, "_GROUPS", tmp_path)
    whole = memory.total_bytes()
    assert whole > 2**28
    (tmp_path / "memory.max").write_text("max\n")
    (tmp_path / "memory.current").write_text("1048576\n")
    assert memory.total_bytes() == whole
    (tmp_path / "memory.max").write_text("268435456\n")
    (tmp_path / "memory.current").write_text("200000000\n")
    (tmp_path / "memory.stat").write_text("anon 5\ninactive_file 50000000\n")
    assert memory.total_bytes() == 2**28
    assert memory.free_bytes() == 2**28 - 150_000_000
    assert memory.training_bytes(CPU) == 2**27


def test_a_transfer_on_tiny_pictures_and_batches_of_one_is_a_sentence(digits):
    net = NetSettings("transfer", input_px=32)
    settings = RunSettings(net=net, train=TrainSettings(batch_size=1))
    with pytest.raises(InputError, match="at least two images"):
        Training(settings, digits, CPU)
