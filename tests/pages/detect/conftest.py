"""What the tests of Detect share."""

import pytest


@pytest.fixture
def absent_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    """No file of torchvision's detectors, whatever this computer holds."""
    from engine.nets import weights

    find = weights.find_weights
    absent = "retinanet_resnet50_fpn_coco"
    there = lambda w: None if absent in w.url else find(w)  # noqa: E731
    monkeypatch.setattr(weights, "find_weights", there)
