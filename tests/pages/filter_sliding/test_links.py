"""Which numbers feed which: links of filter sliding, against autograd."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
import torch.nn.functional as F

PATH = "filter-sliding"


@pytest.mark.parametrize(
    "asked",
    [
        {"scene": "tiny"},
        {"scene": "tiny", "stride": 2, "padding": 1, "dilation": 2},
        {"scene": "tiny", "transposed": True, "stride": 3, "padding": 2},
        {"scene": "signal", "preset": "blur", "stride": 2},
    ],
    ids=str,
)
def test_fed_outputs_are_those_with_a_gradient(ask: Callable, asked: dict) -> None:
    """Ones as weights, so that no gradient vanishes by chance."""
    dims = 1 if asked["scene"] == "signal" else 2
    asked = asked | {"weights": ",".join("1" * 3**dims)}
    arrays, _ = ask(PATH, **asked)
    given = torch.from_numpy(arrays["input"].copy()).requires_grad_()
    kernel = torch.from_numpy(arrays["kernel"].copy())
    row, col = (0, 4) if dims == 1 else (3, 5)
    links, _ = ask(f"{PATH}/fed", **asked, row=row, col=col)
    leaf = {"input": given, "kernel": kernel, "bias": torch.zeros(1)}
    fed = set()
    output = _traceable(leaf, asked, dims)
    for at in np.ndindex(*output.shape[1:]):
        (gradient,) = torch.autograd.grad(output[(0, *at)], given, retain_graph=True)
        if gradient[0, row, col] != 0:
            fed.add(at)
    assert {(int(out[4]), int(out[5])) for out in links["links"]} == fed
    assert fed


def test_far_outputs_have_their_own_numbers(ask: Callable) -> None:
    asked = {"scene": "crop64", "transposed": True, "stride": 4, "kernel_size": 7, "dilation": 3}
    links, _ = ask(f"{PATH}/fed", **asked, row=63, col=63)
    rows, cols = links["links"][:, 4], links["links"][:, 5]
    assert sorted(set(rows.tolist())) == sorted(set(cols.tolist())) == list(range(252, 271, 3))


@pytest.mark.parametrize("asked", [{"scene": "tiny"}, {"scene": "tiny", "padding": 2, "stride": 2}])
def test_met_inputs_are_those_the_weights_gradient_is_made_of(ask: Callable, asked: dict) -> None:
    """The sum of the outputs changes with a weight by the sum of the inputs that it meets."""
    arrays, _ = ask(PATH, **asked)
    given = torch.from_numpy(arrays["input"].copy())
    kernel = torch.from_numpy(arrays["kernel"].copy()).requires_grad_()
    leaf = {"input": given, "kernel": kernel, "bias": torch.zeros(1)}
    _traceable(leaf, asked, 2).sum().backward()
    assert kernel.grad is not None
    for row, col in np.ndindex(3, 3):
        links, _ = ask(f"{PATH}/weight", **asked, row=row, col=col)
        met = sum(given[0, int(link[0]), int(link[1])] for link in links["links"])
        assert float(met) == pytest.approx(kernel.grad[0, 0, row, col].item())
        assert {(link[2], link[3]) for link in links["links"].tolist()} == {(row, col)}


def _traceable(leaf: dict[str, torch.Tensor], asked: dict, dims: int) -> torch.Tensor:
    stride, padding = asked.get("stride", 1), asked.get("padding", 0)
    if dims == 1:
        kernel = leaf["kernel"]
        return F.conv2d(leaf["input"], kernel, leaf["bias"], (1, stride), (0, padding))
    if asked.get("transposed"):
        kernel = leaf["kernel"].transpose(0, 1)
        return F.conv_transpose2d(leaf["input"], kernel, leaf["bias"], stride, padding)
    dilation = asked.get("dilation", 1)
    return F.conv2d(leaf["input"], leaf["kernel"], leaf["bias"], stride, padding, dilation)
