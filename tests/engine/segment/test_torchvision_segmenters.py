"""torchvision's segmenters: its own answers are the oracle, with weights drawn at random."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torchvision import models
from torchvision.models._api import WeightsEnum

from engine.errors import InputError
from engine.nets import weights as weight_files
from engine.pictures import sample
from engine.progress import finish
from engine.segment import torchvision_segmenters as published
from engine.segment.segmenter import Settings
from engine.segment.segmenters import find_segmenter, seen_by, segment
from engine.segment.torchvision_segmenters import (
    PixelClasses,
    ThingMasks,
    build_unfilled,
    class_names,
    classify_pixels,
    fill_in,
    find_things,
    instance_answer,
    instance_names,
    pixel_class_steps,
    semantic_answer,
    semantic_names,
    title_of,
    weights_of,
)

LRASPP = "lraspp_mobilenet_v3_large"
MASKS = "maskrcnn_resnet50_fpn"


def picture(height: int = 60, width: int = 80) -> np.ndarray:
    return np.ascontiguousarray(sample("coffee").pixels[:height, :width])


def tensors_at_random(name: str) -> dict[str, torch.Tensor]:
    """Tensors of a network's shapes for which signals neither vanish nor grow beyond bounds."""
    dice = torch.Generator().manual_seed(7)
    drawn = build_unfilled(name).state_dict()
    for key, tensor in drawn.items():
        if tensor.ndim > 1:
            reach = (6 / tensor[0].numel()) ** 0.5 / (20 if "bbox" in key else 1)
            empty = torch.empty_like(tensor, device="cpu")
            drawn[key] = empty.uniform_(-reach, reach, generator=dice)
        elif tensor.is_floating_point():
            value = 0.0 if key.endswith(("bias", "mean")) else 0.6
            drawn[key] = torch.full(tensor.shape, value)
    return drawn


def drawn(name: str) -> Any:
    model: Any = build_unfilled(name)
    fill_in(name, model, tensors_at_random(name))
    return model.requires_grad_(False)


def test_all_of_torchvision_s_segmenters_are_known_by_a_title() -> None:
    assert set(semantic_names()) == set(models.list_models(module=models.segmentation))
    assert instance_names() == ("maskrcnn_resnet50_fpn", "maskrcnn_resnet50_fpn_v2")
    assert all(title_of(name) != name for name in (*semantic_names(), *instance_names()))
    assert class_names(LRASPP)[:2] == ("background", "aeroplane")
    assert len(class_names(LRASPP)) == 21


@pytest.mark.parametrize("name", [LRASPP, "deeplabv3_mobilenet_v3_large", MASKS])
def test_weights_are_filled_in_as_torchvisions_builder_does(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tensors = tensors_at_random(name)
    if name == MASKS:  # files of frozen batch norm hold no counters
        tensors = {k: v for k, v in tensors.items() if not k.endswith("batches_tracked")}
    monkeypatch.setattr(WeightsEnum, "get_state_dict", lambda *_, **__: tensors)
    theirs = models.get_model(name, weights=weights_of(name)).eval()
    ours = build_unfilled(name)
    fill_in(name, ours, dict(tensors))
    state = ours.state_dict()
    assert all(torch.equal(state[key], value) for key, value in theirs.state_dict().items())
    assert added_to_variances(ours) == added_to_variances(theirs) != {}


def added_to_variances(model: nn.Module) -> dict[str, float]:
    layers = model.named_modules()
    return {name: layer.eps for name, layer in layers if hasattr(layer, "running_var")}  # pyright: ignore


def test_each_pixel_has_the_class_that_the_network_itself_finds_best() -> None:
    model, pixels, weights = drawn(LRASPP), picture(), weights_of(LRASPP)
    said = classify_pixels(model, pixels, weights)
    shown = weights.transforms()(torch.tensor(pixels).permute(2, 0, 1))[None]
    logits = model(shown)["out"]
    probs = nn.functional.interpolate(logits, (60, 80), mode="bilinear").softmax(1)[0]
    assert np.array_equal(said.classes, probs.argmax(0).numpy())
    assert np.allclose(said.probs, probs.amax(0).numpy())
    found = semantic_answer(said, class_names(LRASPP))
    assert np.array_equal(found.found.categories, said.classes)
    assert found.found.void_px == 0
    for row, each in zip(found.to_dicts(), found.found.segments, strict=True):
        inside = said.classes == each.category
        assert row["score"] == pytest.approx(said.probs[inside].mean())
        assert row["thing"] == (row["class"] != "background")


def test_classes_that_are_not_probable_enough_leave_void() -> None:
    classes = np.array([[0, 1], [1, 2]])
    probs = np.array([[0.5, 0.49], [0.9, 1.0]], np.float32)
    found = semantic_answer(PixelClasses(classes, probs), ("background", "cat", "dog"), 0.5)
    assert found.found.categories.tolist() == [[0, -1], [1, 2]]
    nothing = semantic_answer(PixelClasses(classes[:1, :1], probs[:1, :1]), ("background",), 1)
    assert nothing.to_dicts() == []


def test_masks_are_those_of_the_network_and_the_better_thing_has_the_pixel() -> None:
    model, pixels = drawn(MASKS), picture()
    model.transform.min_size, model.transform.max_size = (96,), 128
    model.roi_heads.score_thresh, model.roi_heads.detections_per_img = 0.0, 12
    theirs = model([torch.tensor(pixels).permute(2, 0, 1) / 255])[0]
    said = find_things(model, pixels)
    assert len(said.scores) == 12
    assert np.array_equal(said.masks, (theirs["masks"][:, 0] > 0.5).numpy())
    assert np.array_equal(said.labels, theirs["labels"].numpy())
    found = instance_answer(said, class_names(MASKS), 0)
    expected = np.full((60, 80), -1)
    for mask, label in zip(said.masks[::-1], said.labels[::-1], strict=True):
        expected[mask] = label  # the best one last
    assert np.array_equal(found.found.categories, expected)
    assert (expected >= 0).any()


def test_things_that_score_too_little_or_are_hidden_are_left_out() -> None:
    masks = np.zeros((3, 2, 3), bool)
    masks[0, :, :2] = masks[1, 0, 0] = masks[2, 1] = True
    said = ThingMasks(masks, np.array([0.9, 0.8, 0.5], np.float32), np.array([1, 1, 2]))
    found = instance_answer(said, ("background", "cat", "dog"), 0.5)
    assert found.found.ids.tolist() == [[1, 1, 0], [1, 1, 2]]
    assert [row["class"] for row in found.to_dicts()] == ["cat", "dog"]
    assert len(instance_answer(said, ("background", "cat", "dog"), 0.6).to_dicts()) == 1
    none = ThingMasks(masks[:0], np.zeros(0, np.float32), np.zeros(0, np.int64))
    assert instance_answer(none, ("background",)).found.void_px == 6


def test_the_house_s_call_scales_the_picture_and_the_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(published, "read_weights", lambda _: tensors_at_random(LRASPP))
    monkeypatch.setattr(published, "choose_device", lambda: torch.device("cpu"))
    there = lambda _: "there"  # noqa: E731
    monkeypatch.setattr(weight_files, "find_weights", there)
    published._residence.cache_clear()
    pixels = np.ascontiguousarray(np.tile(picture(70, 100), (10, 10, 1)))
    found = segment(LRASPP, pixels, Settings(least=0.04))
    small = seen_by(find_segmenter(LRASPP), pixels)
    assert small.shape == (448, 640, 3)
    said = finish(pixel_class_steps(LRASPP, small))
    published._residence.cache_clear()
    expected = semantic_answer(said, class_names(LRASPP), 0.04)
    assert found.size == (700, 1000)
    assert np.array_equal(found.found.ids, expected.resized((700, 1000)).found.ids)


def test_absent_weights_and_thin_pictures_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weight_files, "find_weights", lambda _: None)
    with pytest.raises(InputError, match="are not on this computer"):
        segment("fcn_resnet50", picture())
    with pytest.raises(InputError, match="at most 8 times"):
        classify_pixels(drawn(LRASPP), np.zeros((1, 9, 3), np.uint8), weights_of(LRASPP))
