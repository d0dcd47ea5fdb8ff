"""The classifier on every window: against the classifier on the crop, and at the edges."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torchvision.models import MobileNetV2

from engine.detection.classified_windows import WINDOW_PX, classify_windows
from engine.errors import InputError

MEAN = torch.tensor([0.485, 0.456, 0.406]).reshape(1, 3, 1, 1)
STD = torch.tensor([0.229, 0.224, 0.225]).reshape(1, 3, 1, 1)
NAMES = tuple(f"class {i}" for i in range(12))


@pytest.fixture(scope="module")
def net() -> MobileNetV2:
    torch.manual_seed(5)
    made = MobileNetV2(num_classes=12).eval()
    with torch.no_grad():
        made.classifier.get_parameter("1.weight").mul_(40)  # so that classes differ
    return made


def picture(height: int, width: int) -> np.ndarray:
    pixels = np.random.default_rng(2).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return pixels // 2 + np.linspace(0, 120, width, dtype=np.uint8)[:, None]


def test_one_window_is_the_classifiers_own_answer(net: MobileNetV2) -> None:
    pixels = picture(WINDOW_PX, WINDOW_PX)
    found = classify_windows(net, pixels, NAMES, sides=(1.0,), per_window=12, least=0.0)
    x = (torch.tensor(pixels).permute(2, 0, 1)[None] / 255 - MEAN) / STD
    with torch.no_grad():
        probs = net(x).softmax(dim=1)[0]
    torch.testing.assert_close(found.scores, probs[found.labels])
    assert sorted(found.labels.tolist()) == list(range(12))
    assert found.boxes.unique(dim=0).tolist() == [[0, 0, WINDOW_PX, WINDOW_PX]]


def test_a_window_sees_what_lies_under_its_box(net: MobileNetV2) -> None:
    """Padding reaches a window from its border, so a crop agrees in class, not to the digit."""
    pixels = picture(2 * WINDOW_PX, 3 * WINDOW_PX)
    found = classify_windows(net, pixels, NAMES, sides=(0.5,), per_window=1, least=0.0)
    assert len(found) == (1 + WINDOW_PX // 32) * (1 + 2 * WINDOW_PX // 32)
    assert found.boxes[:, 2:].sub(found.boxes[:, :2]).unique().tolist() == [WINDOW_PX]
    steps = found.boxes[:, :2] / 32
    assert torch.equal(steps, steps.round())
    left, top = (int(edge) for edge in found.boxes[0, :2])
    crop = torch.tensor(pixels[top : top + WINDOW_PX, left : left + WINDOW_PX])
    x = (crop.permute(2, 0, 1)[None] / 255 - MEAN) / STD
    with torch.no_grad():
        crop_features = F.adaptive_avg_pool2d(net.features(x), 1).flatten()
        whole = (torch.tensor(pixels).permute(2, 0, 1)[None] / 255 - MEAN) / STD
        cells = net.features(whole)[0, :, top // 32 : top // 32 + 7, left // 32 : left // 32 + 7]
    expected = net.classifier(cells.mean(dim=(1, 2))).softmax(dim=0)
    assert found.scores[0].item() == pytest.approx(expected[found.labels[0]].item(), abs=1e-5)
    cosine = F.cosine_similarity(crop_features, cells.mean(dim=(1, 2)), dim=0)
    assert cosine > 0.9


@pytest.mark.parametrize(("height", "width"), [(1, 1), (7, 60), (300, 31)])
def test_small_and_thin_pictures(net: MobileNetV2, height: int, width: int) -> None:
    found = classify_windows(net, picture(height, width), NAMES, sides=(1.0,), least=0.0)
    assert len(found) > 0
    assert (found.boxes >= 0).all()
    assert (found.boxes[:, 2] <= width).all()
    assert (found.boxes[:, 3] <= height).all()


def test_no_more_than_asked_for_and_nothing_below_the_least(net: MobileNetV2) -> None:
    pixels = picture(300, 300)
    every = classify_windows(net, pixels, NAMES, sides=(0.8, 1.0), least=0.0, most=10_000)
    best = classify_windows(net, pixels, NAMES, sides=(0.8, 1.0), least=0.0, most=4)
    assert torch.equal(best.scores, every.scores[:4])
    middle = every.scores.median().item()
    named = classify_windows(net, pixels, NAMES, sides=(0.8, 1.0), least=middle)
    assert torch.equal(named.scores, every.scores[every.scores >= middle])


def test_too_thin_a_picture_is_refused(net: MobileNetV2) -> None:
    with pytest.raises(InputError) as refused:
        classify_windows(net, picture(10, 121), NAMES)
    assert refused.value.key == "windows_too_thin"
