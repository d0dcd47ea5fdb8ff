"""A trained network for elsewhere: ONNX and torch.export, each checked before it counts.

What is exported takes pixels in [0, 1], float32 (N, C, H, W) with any N, and gives logits: it
normalises by itself. TorchScript is deprecated and not offered.
"""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor

from engine.errors import InputError
from engine.runs.opening import FromPixels, OpenedNet, open_net
from engine.runs.writing import report_disk, write_atomically

FOLDER = "exports"
TOLERANCE = 1e-3  # of a logit, relative to the largest
_BATCHES = (2, 3)


def export_onnx(folder: Path, epoch: int | None = None) -> Path:
    """Writes the network as ONNX, with the class names in its metadata ("classes", one a line).

    Raises:
        InputError: no checkpoint, the disk refuses, or ONNX Runtime's logits differ from PyTorch's.
    """
    import onnx

    opened = open_net(folder, epoch)
    net, batch = FromPixels(opened).eval(), _pictures(opened, _BATCHES[0])
    program = torch.onnx.export(
        net,
        (batch,),
        dynamo=True,
        verbose=False,
        input_names=["pixels"],
        output_names=["logits"],
        dynamic_shapes=({0: torch.export.Dim("n")},),
    )
    assert program is not None
    model = program.model_proto
    entry = onnx.StringStringEntryProto(key="classes", value="\n".join(opened.classes))
    model.metadata_props.append(entry)
    content = model.SerializeToString()
    _check(opened, net, lambda pixels: _run_onnx(content, pixels))
    return _write(folder, opened, "onnx", content)


def _run_onnx(content: bytes, pixels: Tensor) -> Tensor:
    import onnxruntime

    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    (logits,) = session.run(["logits"], {"pixels": pixels.numpy()})
    return torch.from_numpy(logits)


def export_program(folder: Path, epoch: int | None = None) -> Path:
    """Writes the network as torch.export's program (.pt2), for ``torch.export.load``.

    Raises:
        InputError: no checkpoint, the disk refuses, or the program's logits differ.
    """
    opened = open_net(folder, epoch)
    net, batch = FromPixels(opened).eval(), _pictures(opened, _BATCHES[0])
    shapes = ({0: torch.export.Dim("n")},)
    program = torch.export.export(net, (batch,), dynamic_shapes=shapes)
    with tempfile.TemporaryDirectory() as place, report_disk(folder):
        path = os.path.join(place, "net.pt2")
        torch.export.save(program, path)
        content = Path(path).read_bytes()
        again = torch.export.load(path).module()
    _check(opened, net, again)
    return _write(folder, opened, "pt2", content)


def _pictures(opened: OpenedNet, count: int) -> Tensor:
    """Random pixels in [0, 1], the same each time."""
    drawn = torch.Generator().manual_seed(count)
    return torch.rand(count, *opened.input_shape, generator=drawn)


@torch.no_grad()
def _check(opened: OpenedNet, net: FromPixels, run: Callable[[Tensor], Tensor]) -> None:
    """Raises InputError unless ``run`` gives the network's logits, for batches of two sizes."""
    for count in _BATCHES:
        pixels = _pictures(opened, count)
        expected = net(pixels)
        error = (run(pixels) - expected).abs().max().item()
        allowed = TOLERANCE * max(1.0, expected.abs().max().item())
        if not error <= allowed:
            raise InputError("export_differs", error=f"{error:.2g}", allowed=f"{allowed:.2g}")


def _write(folder: Path, opened: OpenedNet, ending: str, content: bytes) -> Path:
    with report_disk(folder):
        (folder / FOLDER).mkdir(exist_ok=True)
    path = folder / FOLDER / f"{opened.checkpoint.path.stem}.{ending}"
    write_atomically(path, content)
    return path
