"""Cases of MobileNetV2 at 224×224: preparing a picture, tracing, feature maps, maps of blame."""

import copy
from collections.abc import Iterator

import torch
import torch.nn.functional as F
from captum.attr import IntegratedGradients, LayerGradCam, Occlusion
from PIL import Image
from torch import Tensor, nn
from torchvision.models.feature_extraction import create_feature_extractor

from engine.explain.attribution import Settings, attribute
from engine.explain.deletion import deletion_check
from engine.explain.target_score import BATCH, TargetScore
from engine.nets import catalog
from engine.nets.classify import classify, preprocess
from engine.nets.features import FeatureReader
from engine.nets.graph import trace_net
from engine.nets.stages import stages
from engine.pictures import sample
from tests.bench.clock import Case

MODEL = "mobilenet_v2"
SETTINGS = Settings()


def load_on(device: torch.device) -> nn.Module:
    """MobileNetV2 as the server keeps it on that device."""
    model = catalog.load(MODEL).requires_grad_(False).to(device)
    if device.type == "cuda":  # torch's overloads leave the memory format out
        model = model.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    return model


def net_cases(device: torch.device) -> Iterator[Case]:
    """What the pages ask of a network, on one device."""
    entry = catalog.find_classifier(MODEL)
    pixels = sample("chelsea").pixels
    model = load_on(device)
    x = preprocess(pixels, entry.weights).to(device)
    if device.type == "cpu":
        preset, image = entry.weights.transforms(), Image.fromarray(pixels)
        yield Case(
            "prepare a picture for the network",
            lambda: preprocess(pixels, entry.weights),
            peer=("torchvision, from a Pillow image", lambda: preset(image)),
        )
        other, names = copy.deepcopy(model), _stage_names(model)  # the extractor may change it
        yield Case(
            "trace the network: maps, shapes, costs",
            lambda: trace_net(model, (224, 224)),
            peer=("torchvision's extractor, made", lambda: create_feature_extractor(other, names)),
        )
    yield _features(model, x)
    target = int(classify(model, x).argmax())
    yield from _blame(model, x, target)


def _stage_names(model: nn.Module) -> list[str]:
    return list(stages(list(trace_net(model, (224, 224)).maps.values())))


def _features(model: nn.Module, x: Tensor) -> Case:
    net = trace_net(model, (224, 224))
    names = _stage_names(model)
    reader = FeatureReader(model, net, names)
    extractor = create_feature_extractor(copy.deepcopy(model), names).eval()

    def extract() -> dict[str, Tensor]:
        with torch.no_grad():
            return extractor(x)

    def one_by_one() -> list[dict[str, Tensor]]:
        return [FeatureReader(model, net, [name]).read(x).maps for name in names]

    return Case(
        f"maps of {len(names)} stages, and the logits",
        lambda: reader.read(x, with_logits=True),
        ("a pass for each map", one_by_one),
        ("torchvision's extractor, without logits", extract),
    )


def _blame(model: nn.Module, x: Tensor, target: int) -> Iterator[Case]:
    prob, logit = TargetScore(model, target, "prob"), TargetScore(model, target, "logit")
    gradients, occlusion = IntegratedGradients(prob), Occlusion(prob)
    window, stride = SETTINGS.window_px, SETTINGS.stride_px
    last = dict(model.named_modules())[str(_passes(model, x, target, "grad_cam")[1]["layer"])]

    def captum_grad_cam() -> Tensor:
        cam = LayerGradCam(logit, last).attribute(x)
        assert isinstance(cam, Tensor)
        return F.interpolate(cam.relu(), x.shape[2:], mode="bilinear").cpu()

    def captum_gradients(batch: int) -> object:
        return gradients.attribute(x, n_steps=SETTINGS.steps, internal_batch_size=batch)

    @torch.no_grad()
    def captum_occlusion(batch: int) -> object:
        windows, strides = (3, window, window), (3, stride, stride)
        return occlusion.attribute(x, windows, strides, perturbations_per_eval=batch)

    yield Case(
        _titled("Grad-CAM", model, x, target, "grad_cam"),
        lambda: attribute("grad_cam", model, x, target),
        peer=("Captum, the layer given", captum_grad_cam),
    )
    yield Case(
        _titled("integrated gradients", model, x, target, "integrated_gradients"),
        lambda: attribute("integrated_gradients", model, x, target, SETTINGS),
        ("Captum, one at a time", lambda: captum_gradients(1)),
        (f"Captum, {BATCH} at a time", lambda: captum_gradients(BATCH)),
    )
    yield Case(
        _titled("occlusion", model, x, target, "occlusion"),
        lambda: attribute("occlusion", model, x, target, SETTINGS),
        ("Captum, one at a time", lambda: captum_occlusion(1)),
        (f"Captum, {BATCH} at a time", lambda: captum_occlusion(BATCH)),
    )
    order = attribute("grad_cam", model, x, target).map.to(x.device)
    generator = torch.Generator().manual_seed(0)
    check = deletion_check(model, x, target, order, generator)
    yield Case(
        f"deletion, the map and its copies elsewhere, {check.forward_passes} passes",
        lambda: deletion_check(model, x, target, order, generator),
    )


def _passes(model: nn.Module, x: Tensor, target: int, method: str) -> tuple[int, dict]:
    found = attribute(method, model, x, target, SETTINGS)
    return found.forward_passes, found.notes


def _titled(title: str, model: nn.Module, x: Tensor, target: int, method: str) -> str:
    return f"{title}, {_passes(model, x, target, method)[0]} passes"
