"""The selfie net against TensorFlow.js, and that it can learn.

``tensorflow_js.npz`` holds what TensorFlow.js answers on the published graph for scikit-image's
``astronaut``, resized by ``cv2.resize`` to 256 × 256.
"""

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from torch.nn import functional as F

from engine.nets.published_weights import read_published
from engine.pictures import sample
from engine.segment.selfie.__main__ import main
from engine.segment.selfie.net import INPUT_PX, HardSwish, SameConv
from engine.segment.selfie.weights import WEIGHTS_FILE, load_selfie_net, new_selfie_net
from tests.engine.nets.graph_models import write_graph_model
from tests.engine.nets.sources import check_sources

CPU = torch.device("cpu")


def test_the_mask_is_tensorflow_js_s() -> None:
    with np.load(Path(__file__).parent / "tensorflow_js.npz") as file:
        theirs = file["astronaut"]
    resized = cv2.resize(sample("astronaut").pixels, (INPUT_PX, INPUT_PX))
    x = torch.from_numpy(resized).permute(2, 0, 1)[None].float() / 255
    with torch.no_grad():
        ours = load_selfie_net(CPU)(x).sigmoid()[0, 0].numpy()
    assert ours.shape == theirs.shape == (INPUT_PX, INPUT_PX)
    assert np.abs(ours - theirs).max() < 1e-3
    assert 0.5 < (theirs > 0.5).mean() < 0.6


@pytest.mark.parametrize(
    ("kernel", "stride", "before"), [(3, 2, 0), (5, 2, 1), (3, 1, 1), (5, 1, 2), (1, 1, 0)]
)
def test_strided_convolutions_pad_more_at_the_lower_right(
    kernel: int, stride: int, before: int
) -> None:
    conv = SameConv(2, 3, kernel, stride)
    x = torch.randn(1, 2, 16, 16, generator=torch.Generator().manual_seed(0))
    padded = torch.zeros(1, 2, 30, 30)
    padded[:, :, before : before + 16, before : before + 16] = x
    every = F.conv2d(padded, conv.weight, conv.bias)
    steps = 16 // stride
    expected = every[:, :, : stride * steps : stride, : stride * steps : stride]
    torch.testing.assert_close(conv(x), expected)


def test_hard_swish_is_torch_s_but_for_the_published_sixth() -> None:
    x = torch.linspace(-5, 5, 101)
    torch.testing.assert_close(HardSwish()(x), F.hardswish(x), rtol=3e-4, atol=1e-6)


def test_every_parameter_learns() -> None:
    net = new_selfie_net()
    assert net.training
    net(torch.rand(1, 3, 256, 256, generator=torch.Generator().manual_seed(0))).mean().backward()
    for name, weights in net.named_parameters():
        assert weights.grad is not None, name
        assert weights.grad.isfinite().all(), name
    moved = [
        weights.grad.abs().max() > 0 for weights in net.parameters() if weights.grad is not None
    ]
    assert sum(moved) > 0.95 * len(moved)  # a unit of ReLU may be off for all of one picture


def test_the_shipped_file_says_where_it_comes_from() -> None:
    tensors, _ = read_published(WEIGHTS_FILE)
    assert {tensor.dtype for tensor in tensors.values()} == {torch.float16}
    assert sum(tensor.numel() for tensor in tensors.values()) == 106_401
    assert WEIGHTS_FILE.stat().st_size < 250_000
    check_sources(WEIGHTS_FILE, {"selfie.json", "selfie.bin"})


def test_the_command_refuses_another_network(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = ("Conv2D", np.zeros((16, 3, 3, 3), np.float16), np.zeros(16, np.float16))
    made = tmp_path / "made.safetensors"
    assert main([str(write_graph_model(tmp_path, [one])), "--file", str(made)]) == 2
    assert "encoder.quarter" in capsys.readouterr().out
    assert not made.exists()
