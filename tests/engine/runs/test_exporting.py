"""Exports against ONNX Runtime and torch.export, by whoever knows nothing of this engine."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from engine.errors import InputError
from engine.runs import exporting
from engine.runs.exporting import export_onnx, export_program
from engine.runs.folder import Run
from engine.runs.opening import open_net
from engine.runs.recording import record

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def pixels() -> torch.Tensor:
    return torch.rand(5, 1, 8, 8, generator=torch.Generator().manual_seed(0))


def expected(run: Run, pixels: torch.Tensor, epoch: int | None = None) -> torch.Tensor:
    opened = open_net(run.folder, epoch)
    with torch.no_grad():
        return opened.net((pixels - opened.mean[:, None, None]) / opened.std[:, None, None])


def test_a_network_is_opened_as_it_was_at_an_epoch(trained: Run, pixels: torch.Tensor):
    first, last = expected(trained, pixels, 0), expected(trained, pixels)
    assert not torch.allclose(first, last)
    opened = open_net(trained.folder, 2)
    assert (opened.checkpoint.epoch, opened.input_shape) == (2, (1, 8, 8))
    assert opened.classes == tuple("0123456789")
    assert not opened.net.training
    levels = (pixels * 255).to(torch.uint8)
    torch.testing.assert_close(
        opened.prepare(levels), (levels / 255 - opened.mean) / opened.std[:, None, None]
    )


@pytest.mark.filterwarnings("default")  # torch's exporter warns of its own inner doings
def test_onnx_gives_the_same_logits_for_any_batch(trained: Run, pixels: torch.Tensor):
    path = export_onnx(trained.folder)
    assert path == trained.folder / "exports" / "epoch-0003-step-000012.onnx"
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    assert {p.key: p.value for p in model.metadata_props}["classes"] == "\n".join("0123456789")
    session = onnxruntime.InferenceSession(path)
    for count in (1, 5):
        (logits,) = session.run(None, {"pixels": pixels[:count].numpy()})
        oracle = expected(trained, pixels[:count]).numpy()
        np.testing.assert_allclose(np.asarray(logits), oracle, rtol=1e-4, atol=1e-5)


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("name", ["lenet", "small_resnet"])
def test_convolutions_are_exported_too(make: Callable[..., Run], name: str, pixels: torch.Tensor):
    run = make(net={"name": name, "norm": "batch"}, epochs=1)
    record(run.folder, CPU)
    session = onnxruntime.InferenceSession(export_onnx(run.folder))
    (logits,) = session.run(None, {"pixels": pixels.numpy()})
    np.testing.assert_allclose(
        np.asarray(logits), expected(run, pixels).numpy(), rtol=1e-3, atol=1e-4
    )


@pytest.mark.filterwarnings("default")
def test_the_program_gives_the_same_logits(trained: Run, pixels: torch.Tensor):
    path = export_program(trained.folder, epoch=1)
    assert path.name == "epoch-0001-step-000004.pt2"
    program = torch.export.load(path).module()
    torch.testing.assert_close(program(pixels), expected(trained, pixels, 1))


@pytest.mark.filterwarnings("default")
def test_an_export_that_differs_is_not_written(trained: Run, monkeypatch: pytest.MonkeyPatch):
    run_onnx = exporting._run_onnx
    monkeypatch.setattr(exporting, "_run_onnx", lambda c, pixels: run_onnx(c, pixels) + 0.5)
    with pytest.raises(InputError, match="other logits than PyTorch"):
        export_onnx(trained.folder)
    assert not (trained.folder / "exports").exists()


def test_nothing_to_export_is_a_sentence(make: Callable[..., Run], tmp_path: Path):
    with pytest.raises(InputError, match="no checkpoint"):
        export_onnx(make().folder)
