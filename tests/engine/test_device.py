"""The device: chosen once, overridden by name, and out of memory without a crash."""

import subprocess
import sys

import pytest
import torch

from engine.device import (
    choose_device,
    describe_device,
    is_out_of_memory,
    report_out_of_memory,
    run_in_batches,
)
from engine.errors import InputError

CPU = torch.device("cpu")
BEYOND_ANY_MACHINE = 2**52  # float32 numbers: 16 PiB


@pytest.fixture(autouse=True)
def _choose_anew():
    choose_device.cache_clear()
    yield
    choose_device.cache_clear()


def test_importing_the_module_does_not_import_torch():
    code = "import sys, engine.device; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("cuda", "mps", "expected"),
    [(False, False, "cpu"), (False, True, "mps"), (True, False, "cuda"), (True, True, "cuda")],
)
def test_cuda_then_mps_then_cpu(monkeypatch, cuda, mps, expected):
    monkeypatch.delenv("FOVEA_DEVICE", raising=False)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.cuda, "current_device", lambda: 0)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    assert choose_device().type == expected


@pytest.mark.parametrize("wanted", ["cpu", " cpu ", "cpu:0"])
def test_the_environment_overrides(monkeypatch, wanted):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setenv("FOVEA_DEVICE", wanted)
    assert choose_device().type == "cpu"


def test_an_index_is_kept(monkeypatch):
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setenv("FOVEA_DEVICE", "cuda:1")
    assert choose_device() == torch.device("cuda", 1)


def test_the_choice_is_made_once(monkeypatch):
    monkeypatch.setenv("FOVEA_DEVICE", "cpu")
    first = choose_device()
    monkeypatch.setenv("FOVEA_DEVICE", "banana")
    assert choose_device() is first


@pytest.mark.parametrize("wanted", ["banana", "cuda:x", "0", "meta", "xpu"])
def test_what_is_no_device_is_a_sentence(monkeypatch, wanted):
    monkeypatch.setenv("FOVEA_DEVICE", wanted)
    with pytest.raises(InputError, match=f"FOVEA_DEVICE is {wanted}.*cuda, mps, cpu") as caught:
        choose_device()
    assert caught.value.key == "device_unknown"


@pytest.mark.parametrize("wanted", ["cuda:7", "cpu:1"])
def test_a_device_this_machine_lacks_is_a_sentence(monkeypatch, wanted):
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    monkeypatch.setenv("FOVEA_DEVICE", wanted)
    with pytest.raises(InputError, match=f"asks for {wanted}.*cuda:0.*cpu:0") as caught:
        choose_device()
    assert caught.value.key == "device_missing"


def test_words_for_the_cpu():
    assert describe_device(CPU).startswith("CPU (")
    assert f"{torch.get_num_threads()} threads" in describe_device(CPU)


def test_words_for_the_chosen_device(monkeypatch):
    monkeypatch.setenv("FOVEA_DEVICE", "cpu")
    assert describe_device() == describe_device(CPU)


def test_running_out_of_memory_is_a_sentence():
    with (
        pytest.raises(InputError, match=r"CPU .* has not enough memory"),
        report_out_of_memory(CPU),
    ):
        torch.empty(BEYOND_ANY_MACHINE)


def test_other_errors_pass_through():
    with pytest.raises(RuntimeError, match="must match"), report_out_of_memory(CPU):
        torch.add(torch.ones(2), torch.ones(3))


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (torch.OutOfMemoryError("CUDA out of memory."), True),
        (RuntimeError("MPS backend out of memory (MPS allocated: 5 GB)"), True),
        (MemoryError(), True),
        (RuntimeError("shape mismatch"), False),
        (ValueError("DefaultCPUAllocator"), False),
    ],
)
def test_what_counts_as_out_of_memory(error, expected):
    assert is_out_of_memory(error) is expected


def _doubling_with_room_for(items: int, sizes: list[int]):
    """Doubles a batch; asks the allocator for the impossible where it has more than ``items``."""

    def forward(batch: torch.Tensor) -> torch.Tensor:
        sizes.append(len(batch))
        if len(batch) > items:
            torch.empty(BEYOND_ANY_MACHINE)
        return batch * 2

    return forward


@pytest.mark.parametrize(
    ("n", "room", "tried"),
    [
        (1, 1, [1]),
        (5, 5, [5]),
        (4, 2, [4, 2, 2]),
        (7, 3, [7, 4, 2, 2, 2, 1]),
        (3, 1, [3, 2, 1, 1, 1]),
    ],
)
def test_a_batch_that_does_not_fit_is_halved(n, room, tried):
    batch, sizes = torch.arange(n * 2.0).reshape(n, 2), []
    assert torch.equal(run_in_batches(_doubling_with_room_for(room, sizes), batch, CPU), batch * 2)
    assert sizes == tried


def test_one_item_that_does_not_fit_is_a_sentence():
    with pytest.raises(InputError, match="smaller network, picture or batch"):
        run_in_batches(_doubling_with_room_for(0, []), torch.ones(4, 1), CPU)


def test_a_mistake_in_the_forward_pass_is_not_mistaken_for_memory():
    with pytest.raises(RuntimeError, match="must match"):
        run_in_batches(lambda batch: batch + torch.ones(3), torch.ones(4, 2), CPU)
