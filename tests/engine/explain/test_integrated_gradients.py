"""Integrated gradients against Captum, the axiom of completeness, and a model known exactly."""

import pytest
import torch
from captum.attr import IntegratedGradients

from engine.explain.integrated_gradients import integrated_gradients_steps
from engine.explain.target_score import TargetScore
from engine.progress import finish


@pytest.mark.parametrize("steps", [1, 3, 4, 13])
@pytest.mark.parametrize("of", ["logit", "prob"])
def test_equal_to_captum(tiny, tiny_x, of, steps):
    baseline = torch.full_like(tiny_x, 0.3)
    found = finish(integrated_gradients_steps(TargetScore(tiny, 2, of), tiny_x, baseline, steps))
    model = tiny if of == "logit" else torch.nn.Sequential(tiny, torch.nn.Softmax(1))
    expected = IntegratedGradients(model).attribute(tiny_x, baseline, target=2, n_steps=steps)
    torch.testing.assert_close(found, expected[0], atol=1e-6, rtol=1e-4)


def test_of_a_linear_model_it_is_weight_times_way_whatever_the_steps():
    x, baseline = torch.rand(2, 1, 3, 4, 5).unbind()
    linear = torch.nn.Linear(60, 2)
    model = torch.nn.Sequential(torch.nn.Flatten(), linear).eval()
    weight = linear.weight[1].view(3, 4, 5)
    found = finish(integrated_gradients_steps(TargetScore(model, 1, "logit"), x, baseline, 1))
    torch.testing.assert_close(found, weight.detach() * (x - baseline)[0])


def test_the_shares_add_up_to_the_difference_of_the_scores(tiny, tiny_x):
    score = TargetScore(tiny, 0, "prob")
    baseline = torch.zeros_like(tiny_x)
    whole = (score(tiny_x) - score(baseline)).item()
    errors = [
        abs(finish(integrated_gradients_steps(score, tiny_x, baseline, n)).sum().item() - whole)
        for n in (1, 100)
    ]
    assert abs(whole) > 0.01
    assert errors[1] < 0.01 * abs(whole)
    assert errors[1] < errors[0]


def test_progress_is_true_and_the_work_can_be_abandoned(tiny, tiny_x):
    score = TargetScore(tiny, 0, "prob")
    steps = integrated_gradients_steps(score, tiny_x, torch.zeros_like(tiny_x), 10)
    first = next(steps)
    assert (first.done, first.total, first.result) == (4, 10, None)
    assert score.forward_passes == 4
    steps.close()
    assert score.forward_passes == 4
    again = list(integrated_gradients_steps(score, tiny_x, torch.zeros_like(tiny_x), 10))
    assert [step.done for step in again] == [4, 8, 10]


def test_gradients_stay_as_the_caller_had_them_and_parameters_get_none(tiny, tiny_x):
    score = TargetScore(tiny, 0, "prob")
    with torch.no_grad():
        for _ in integrated_gradients_steps(score, tiny_x, torch.zeros_like(tiny_x), 6):
            assert not torch.is_grad_enabled()
    assert not tiny_x.requires_grad
    assert all(parameter.grad is None for parameter in tiny.parameters())
