import pytest
import torch
from torch import nn

from engine.errors import InputError
from engine.explain.target_score import TargetScore


@pytest.mark.parametrize("target", [-1, 3, 1000])
def test_a_class_that_does_not_exist_is_refused(tiny, tiny_x, target):
    with pytest.raises(InputError) as raised:
        TargetScore(tiny, target, "logit")(tiny_x)
    assert raised.value.params == {"name": "target", "low": 0, "high": 2, "value": target}


def test_a_model_in_training_mode_is_refused(tiny):
    with pytest.raises(ValueError, match="eval"):
        TargetScore(tiny.train(), 0, "logit")


def test_logit_and_prob_are_the_models_own(tiny, tiny_x):
    logits = tiny(tiny_x)
    torch.testing.assert_close(TargetScore(tiny, 1, "logit")(tiny_x), logits[:, 1])
    torch.testing.assert_close(TargetScore(tiny, 1, "prob")(tiny_x), logits.softmax(1)[:, 1])


def test_it_counts_pictures_not_calls(tiny, tiny_x):
    score = TargetScore(tiny, 0, "prob")
    score(tiny_x)
    score(tiny_x.repeat(3, 1, 1, 1))
    assert score.forward_passes == 4


def test_a_first_layer_that_works_in_place_leaves_the_picture_alone(tiny, tiny_x):
    before = tiny_x.clone()
    TargetScore(nn.Sequential(nn.ReLU(inplace=True), tiny).eval(), 0, "logit")(tiny_x)
    assert torch.equal(tiny_x, before)
