"""What the home page's stage is told, against torchvision's own feature extractor."""

from collections.abc import Callable

import numpy as np
import torch
from torchvision.models import MobileNet_V2_Weights
from torchvision.models.feature_extraction import create_feature_extractor

from engine.nets.residence import residence
from engine.pictures import sample


def test_the_strongest_maps_of_each_depth(ask: Callable) -> None:
    model = residence().private_copy("mobilenet_v2").cpu()
    nodes = ["features.0", "features.3.add", "features.18"]
    extractor = create_feature_extractor(model, nodes).eval()
    picture = torch.tensor(sample("coffee").pixels).permute(2, 0, 1)
    x = MobileNet_V2_Weights.IMAGENET1K_V1.transforms()(picture)[None]
    with torch.no_grad():
        expected = extractor(x)
    for depth, node in ((1, "features.0"), (4, "features.3.add"), (19, "features.18")):
        arrays, about = ask("home", picture="coffee", depth=depth)
        maps = expected[node][0]
        strength = maps.abs().mean(dim=(1, 2))
        best = strength.sort(descending=True, stable=True).indices[:16]
        assert about["picked"] == best.tolist()
        assert [about["channels"], *about["size"]] == list(maps.shape)
        np.testing.assert_allclose(arrays["maps"], maps[best].numpy(), rtol=1e-3, atol=1e-4)
    assert about["labels"][0]["name"] == "espresso"
    assert about["field_px"] == [224, 224]
