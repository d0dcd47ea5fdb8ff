"""Augmentations: what was drawn is what was done, and the training does the same."""

import pytest
import torch
from torch import Tensor
from torchvision.transforms import v2
from torchvision.transforms.v2 import functional as F

from engine.data.datasets import load_digits
from engine.errors import InputError
from engine.fields import read_graded
from engine.train.augment import make_transform, make_transforms
from engine.train.augment_samples import Draw, draw_samples
from engine.train.label_keeping import SUBJECTS, judge_label
from engine.train.seeding import seeded
from engine.train.settings import AUGMENTATIONS, TrainSettings, settings_from_dict

CPU = torch.device("cpu")
COUNT = 12


@pytest.fixture(scope="module")
def image() -> Tensor:
    torch.manual_seed(0)
    return torch.randint(0, 256, (3, 40, 40), dtype=torch.uint8)


def draws(image: Tensor, name: str) -> list[tuple[Tensor, Draw]]:
    return [(s.image, s.draws[0]) for s in draw_samples(image, (name,), 0.5, 0, COUNT)]


def test_a_flip_is_told_where_it_happened(image: Tensor):
    for name, flipped in (("flip:0.5", image.flip(2)), ("flip_vertical:0.5", image.flip(1))):
        found = draws(image, name)
        assert 0 < sum(draw.values is not None for _, draw in found) < COUNT
        for changed, draw in found:
            assert torch.equal(changed, image if draw.values is None else flipped)


def test_the_angle_told_is_the_angle_turned(image: Tensor):
    bilinear = v2.InterpolationMode.BILINEAR
    for changed, draw in draws(image, "rotate:0.5"):
        assert draw.values is not None
        assert -30 <= draw.values["degrees"] <= 30
        assert torch.equal(changed, F.rotate(image, draw.values["degrees"], bilinear, fill=[0.0]))


def test_a_shift_moves_the_picture_as_told(image: Tensor):
    for changed, draw in draws(image, "crop:1"):
        assert draw.values is not None
        right, down = int(draw.values["right_px"]), int(draw.values["down_px"])
        assert max(abs(right), abs(down)) <= 10
        inner = slice(10, 30)
        source = image[:, 10 - down : 30 - down, 10 - right : 30 - right]
        assert torch.equal(changed[:, inner, inner], source)


def test_a_zoom_shows_the_part_told(image: Tensor):
    for changed, draw in draws(image, "zoom:0.7"):
        assert draw.values is not None
        top, left, height, width = (
            int(draw.values[f"{key}_px"]) for key in ("top", "left", "height", "width")
        )
        assert draw.values["share"] == height * width / 1600
        assert torch.equal(changed, F.resized_crop(image, top, left, height, width, [40, 40]))


def test_the_farthest_corner_of_a_perspective_is_found(image: Tensor):
    transform = v2.RandomPerspective(0.6, p=1)
    with seeded(CPU, 0, "sample", 0, "perspective"):
        torch.rand(1)  # the coin
        drawn = [int(torch.randint(0, 13, (1,))) for _ in range(2)]
        more = [(28, 40), (0, 13), (28, 40), (28, 40), (0, 13), (28, 40)]
        rest = [int(torch.randint(low, high, (1,))) for low, high in more]
    corners = torch.tensor([*drawn, *rest]).view(4, 2)
    start = torch.tensor([[0, 0], [39, 0], [39, 39], [0, 39]])
    farthest = float((corners - start).double().norm(dim=1).max())
    values = draw_samples(image, ("perspective:1",), 0.5, 0, 1)[0].draws[0].values
    assert values is not None
    assert values["corner_px"] == pytest.approx(farthest, abs=1e-3)
    assert transform.distortion_scale == 0.6


def test_an_erased_rectangle_is_as_large_as_told(image: Tensor):
    for changed, draw in draws(image + (image == 0), "erase:0.5"):
        share = 0 if draw.values is None else draw.values["share"]
        assert share <= 0.25
        assert (changed == 0).all(dim=0).sum() == round(share * 1600)


def test_jitter_and_blur_tell_what_torchvision_drew(image: Tensor):
    for _, draw in draws(image, "colour:0.5"):
        assert draw.values is not None
        assert all(0.6 <= draw.values[key] <= 1.4 for key in ("brightness", "contrast"))
        assert -0.1 <= draw.values["hue"] <= 0.1
    for changed, draw in draws(image, "blur:1"):
        assert draw.values is not None
        assert torch.equal(changed, F.gaussian_blur(image, [3, 3], [draw.values["sigma_px"]]))


@pytest.mark.parametrize("name", ["auto_augment", "rand_augment", "trivial_augment"])
def test_policies_tell_their_operations(image: Tensor, name: str):
    """torchvision hands them to a private method: a version without it is noticed here."""
    found = draws(image, name)
    counts = [len(draw.operations) for _, draw in found]
    assert max(counts) >= 1
    assert set(counts) <= {"auto_augment": {0, 1, 2}, "rand_augment": {2}}.get(name, {1})
    for changed, draw in found:
        if not draw.operations or all(each == "Identity" for each, _ in draw.operations):
            assert torch.equal(changed, image)


@pytest.mark.parametrize("names", [(), ("flip",), ("rotate:0.3", "flip:1", "rand_augment:0.9")])
def test_samples_come_from_the_transforms_that_train(image: Tensor, names: tuple[str, ...]):
    sample = draw_samples(image, names, 0.5, 7, 1)[0]
    expected = image
    for name, transform in make_transforms(names, 0.5, (40, 40)):
        with seeded(CPU, 7, "sample", 0, name):
            expected = transform(expected)
    assert torch.equal(sample.image, expected)
    assert [draw.name for draw in sample.draws] == [read_graded(name)[0] for name in names]


def test_one_change_leaves_the_other_draws_alone(image: Tensor):
    one = draw_samples(image, ("flip:0.5", "rotate:0.5"), 0.5, 0, COUNT)
    other = draw_samples(image, ("flip:0.5", "crop:1", "rotate:0.5"), 0.5, 0, COUNT)
    assert [s.draws[0] for s in one] == [s.draws[0] for s in other]
    assert [s.draws[1] for s in one] == [s.draws[2] for s in other]


# A reflected border, and the four corners of a perspective, need a second pixel.
ENDS = [
    (name, side)
    for name in AUGMENTATIONS
    for side in (1, 8, 33)
    if side > 1 or name not in ("crop", "blur", "perspective")
]


@pytest.mark.parametrize(("name", "side"), ENDS)
def test_the_ends_of_each_slider_work_on_any_size(name: str, side: int):
    grey = torch.full((1, side, side), 200, dtype=torch.uint8)
    for strength in (0, 1):
        found = draw_samples(grey, (f"{name}:{strength}",), 0.5, 0, 2)
        assert all(sample.image.shape == (3, side, side) for sample in found)


def blur_for(side: int) -> v2.GaussianBlur:
    transform = make_transforms(("blur:1",), 0.5, (side, side))[0][1]
    assert isinstance(transform, v2.GaussianBlur)
    return transform


def test_lengths_follow_the_size_of_the_picture():
    small, large = (blur_for(side) for side in (32, 128))
    assert small.sigma == pytest.approx([0.1, 2.1])
    assert large.sigma == pytest.approx([0.4, 8.4])


def test_a_strength_of_its_own_goes_before_the_common_one():
    found = {}
    for name in ("rotate:0.5", "rotate"):
        transform = make_transforms((name,), 0.2, (8, 8))[0][1]
        assert isinstance(transform, v2.RandomRotation)
        found[name] = transform.degrees
    assert found == {"rotate:0.5": [-30.0, 30.0], "rotate": [-12.0, 12.0]}
    assert make_transform(("rotate:0.5",), 0.2, (8, 8)) is not None


@pytest.mark.parametrize(
    "wrong", ["rotate:2", "rotate:", "rotate:x", "rotate:nan", "turn:0.5", ":1"]
)
def test_a_wrong_strength_gets_a_sentence(wrong: str):
    with pytest.raises(InputError):
        settings_from_dict({"train": {"augment": [wrong]}})
    assert TrainSettings(augment=("rotate:1", "flip")).augment == ("rotate:1", "flip")


def test_labels_are_judged_for_every_subject():
    levels = {
        (name, subject): judge_label(f"{name}:1", subject).level
        for name in AUGMENTATIONS
        for subject in SUBJECTS
    }
    assert levels["flip", "digit"] == levels["flip_vertical", "digit"] == "lost"
    assert levels["flip", "photo"] == levels["flip", "shape"] == "kept"
    assert levels["rotate", "digit"] == levels["erase", "shape"] == "risky"
    assert judge_label("rotate:0.3", "digit").level == "kept"
    assert judge_label("rotate", "digit", strength=0.5).level == "risky"


def test_flipped_digits_really_are_other_digits():
    """The nearest other picture of a digit is mostly the same digit; of a flipped one it is not."""
    data = load_digits()
    pixels = data.images[..., 0].float()
    asked, known = pixels[:400], pixels[400:].flatten(1)

    def right(pictures: Tensor) -> float:
        nearest = torch.cdist(pictures.flatten(1), known).argmin(dim=1) + 400
        return float((data.targets[nearest] == data.targets[:400]).float().mean())

    assert right(asked) > 0.9
    assert right(asked.flip(2)) < 0.6
    assert right(asked.flip(1)) < 0.6
