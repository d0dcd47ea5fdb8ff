"""Occlusion against Captum's, window for window, and on a model whose falls are known."""

import pytest
import torch
from captum.attr import Occlusion

from engine.explain.occlusion import occlusion_steps, spread, window_starts
from engine.explain.target_score import TargetScore
from engine.progress import finish


@pytest.mark.parametrize(
    ("length", "window", "stride", "starts"),
    [
        (1, 1, 1, [0]),
        (5, 5, 2, [0]),
        (6, 2, 2, [0, 2, 4]),
        (7, 3, 2, [0, 2, 4]),
        (8, 3, 2, [0, 2, 4, 6]),  # the last is cut off by the border
    ],
)
def test_where_windows_begin(length, window, stride, starts):
    assert list(window_starts(length, window, stride)) == starts


@pytest.mark.parametrize(("window", "stride"), [(1, 1), (3, 2), (4, 4), (5, 3), (10, 1)])
@pytest.mark.parametrize("of", ["logit", "prob"])
def test_equal_to_captum(tiny, tiny_x, of, window, stride):
    baseline = torch.full_like(tiny_x, 0.3)
    score = TargetScore(tiny, 1, of)
    falls = finish(occlusion_steps(score, tiny_x, baseline, window, stride))
    found = spread(falls, (12, 10), window, stride)
    model = tiny if of == "logit" else torch.nn.Sequential(tiny, torch.nn.Softmax(1))
    expected = Occlusion(model).attribute(
        tiny_x, (3, window, window), (3, stride, stride), baseline, target=1
    )
    torch.testing.assert_close(found, expected[0, 0], atol=1e-6, rtol=1e-4)
    assert score.forward_passes == falls.numel() + 1


def test_only_the_covered_pixel_that_the_model_reads_makes_it_fall():
    linear = torch.nn.Linear(48, 1, bias=False)
    model = torch.nn.Sequential(torch.nn.Flatten(), linear).eval()
    weight = torch.zeros(3, 4, 4)
    weight[1, 2, 3] = 5.0
    linear.weight.data = weight.view(1, 48)
    x = torch.ones(1, 3, 4, 4)
    score = TargetScore(model, 0, "logit")
    falls = finish(occlusion_steps(score, x, torch.zeros_like(x), 1, 1))
    expected = torch.zeros(4, 4)
    expected[2, 3] = 5.0
    assert torch.equal(falls, expected)


def test_progress_is_true_and_the_work_can_be_abandoned(tiny, tiny_x):
    score = TargetScore(tiny, 0, "prob")
    steps = occlusion_steps(score, tiny_x, torch.zeros_like(tiny_x), 4, 4)  # 3 x 3 windows
    first = next(steps)
    assert (first.done, first.total, first.result) == (4, 9, None)
    assert torch.is_grad_enabled()
    steps.close()
    assert score.forward_passes == 5
    again = list(occlusion_steps(score, tiny_x, torch.zeros_like(tiny_x), 4, 4))
    assert [step.done for step in again] == [4, 8, 9]
