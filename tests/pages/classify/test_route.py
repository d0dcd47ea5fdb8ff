"""What the Classify page's stage is told, against torchvision and Captum used directly."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from captum.attr import LayerGradCam
from starlette.testclient import TestClient
from torchvision.models import MobileNet_V2_Weights

from engine.explain.deletion import DeletionCheck, DeletionCurve
from engine.nets.residence import residence
from engine.pictures import sample
from engine.serving.classify.explanation import judge

WEIGHTS = MobileNet_V2_Weights.IMAGENET1K_V1


def prepared(name: str) -> torch.Tensor:
    picture = torch.tensor(sample(name).pixels).permute(2, 0, 1)
    return WEIGHTS.transforms()(picture)[None]


@pytest.fixture(scope="module")
def model() -> torch.nn.Module:
    return residence().private_copy("mobilenet_v2").cpu()


def test_labels_and_blame_are_those_of_torchvision_and_captum(
    ask: Callable, model: torch.nn.Module
) -> None:
    arrays, about = ask("classify/why", picture="coffee", rank=2)
    x = prepared("coffee")
    with torch.no_grad():
        probs, classes = model(x).softmax(dim=1)[0].sort(descending=True)
    assert [label["index"] for label in about["labels"]] == classes[:5].tolist()
    told = [label["prob"] for label in about["labels"]]
    np.testing.assert_allclose(told, probs[:5].numpy(), rtol=1e-4)
    captum = LayerGradCam(model, model.get_submodule("features"))
    blame = captum.attribute(x, target=int(classes[1]), relu_attributions=True)
    assert isinstance(blame, torch.Tensor)
    enlarged = torch.nn.functional.interpolate(blame, (224, 224), mode="bilinear")[0, 0].detach()
    np.testing.assert_allclose(arrays["blame"], enlarged.numpy(), rtol=1e-3, atol=1e-5)
    assert arrays["view"].shape == (224, 224, 3)


def test_what_is_removed_is_what_is_blamed(ask: Callable, model: torch.nn.Module) -> None:
    arrays, about = ask("classify/why", picture="coffee", removed=30)
    changed = (arrays["without"] != arrays["view"]).any(axis=2)
    assert changed.mean() == pytest.approx(0.3, abs=0.01)
    assert arrays["blame"][changed].min() >= np.quantile(arrays["blame"], 0.69)
    assert about["prob_without"] < about["labels"][0]["prob"]
    picture = torch.tensor(arrays["without"]).permute(2, 0, 1) / 255
    mean, std = (
        torch.tensor(v).view(3, 1, 1) for v in ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
    )
    with torch.no_grad():
        prob = model(((picture - mean) / std)[None]).softmax(dim=1)[0, about["labels"][0]["index"]]
    assert about["prob_without"] == pytest.approx(prob.item(), abs=0.02)  # uint8 rounding


@pytest.mark.parametrize(("picture", "removed"), [("chelsea", 30), ("camera", 30), ("flower", 60)])
def test_the_five_best_are_those_of_what_is_left(
    ask: Callable, model: torch.nn.Module, picture: str, removed: int
) -> None:
    arrays, about = ask("classify/why", picture=picture, removed=removed)
    gone = arrays["gone"].astype(bool)
    assert gone.mean() == pytest.approx(removed / 100, abs=1e-3)
    x = prepared(picture)
    with torch.no_grad():
        before = model(x).softmax(dim=1)[0]
        left = torch.where(torch.from_numpy(gone), x.mean(dim=(2, 3), keepdim=True), x)
        after, classes = model(left).softmax(dim=1)[0].sort(descending=True)
    five = about["now"][:5]
    assert [each["index"] for each in five] == classes[:5].tolist()
    np.testing.assert_allclose([each["prob"] for each in five], after[:5].numpy(), rtol=1e-3)
    explained = about["labels"][0]["index"]
    assert explained in [each["index"] for each in about["now"]]
    for each in about["now"]:
        assert each["before"] == pytest.approx(before[each["index"]].item(), rel=1e-3)


def test_a_logit_is_the_probability_before_softmax(api: TestClient, model: torch.nn.Module) -> None:
    params: dict[str, str | int] = {"picture": "camera", "top": 3}
    told = api.get("/api/v1/classify/labels", params=params).json()
    with torch.no_grad():
        logits = model(prepared("camera"))[0]
    indices = [each["index"] for each in told["labels"]]
    assert told["logits"] == pytest.approx(logits[indices].tolist(), rel=1e-4)
    for each, logit in zip(told["labels"], told["logits"], strict=True):
        assert each["prob"] == pytest.approx(np.exp(logit - told["log_sum"]), rel=1e-5)
    metrics = WEIGHTS.meta["_metrics"]["ImageNet-1K"]
    assert (told["acc1_percent"], told["acc5_percent"]) == (metrics["acc@1"], metrics["acc@5"])


@pytest.mark.parametrize(("picture", "verdict"), [("camera", "passes"), ("chelsea", "fails")])
def test_the_verdict_is_that_of_the_areas(ask: Callable, picture: str, verdict: str) -> None:
    _, about = ask("classify/deletion", picture=picture)
    areas = about["areas"]
    assert about["verdict"] == verdict
    assert (areas["blamed"] < areas["elsewhere"]) == (verdict == "passes")
    assert (about["beaten"] == about["places"]) == (verdict == "passes")


@pytest.mark.parametrize(
    ("blamed", "others", "verdict"),
    [
        (0.1, [0.2, 0.3], ("passes", 2)),
        (0.2, [0.1, 0.5], ("open", 1)),
        (0.31, [0.2, 0.4], ("fails", 1)),
        (0.3, [0.2, 0.1], ("fails", 0)),
    ],
)
def test_what_passes_and_what_fails(blamed: float, others: list, verdict: tuple) -> None:
    def curve(area: float) -> DeletionCurve:
        return DeletionCurve(torch.zeros(2), torch.zeros(2), area)

    moved = tuple(map(curve, others))
    check = DeletionCheck(curve(blamed), curve(sum(others) / len(others)), moved, 0, 0)
    assert judge(check) == verdict


def test_nothing_removed_leaves_the_probability(ask: Callable) -> None:
    arrays, about = ask("classify/why", picture="chelsea")
    assert "without" not in arrays
    assert about["prob_without"] == pytest.approx(about["labels"][0]["prob"], rel=1e-4)


def test_deletion_curves_start_at_the_answer_and_end_alike(ask: Callable) -> None:
    arrays, about = ask("classify/deletion", picture="camera")
    _, why = ask("classify/why", picture="camera")
    for order in ("blamed", "elsewhere", "random"):
        curve = arrays[order]
        assert curve[0] == pytest.approx(why["labels"][0]["prob"], rel=1e-3)
        assert curve[-1] == pytest.approx(arrays["blamed"][-1], rel=1e-3)
        area = np.trapezoid(curve, arrays["fraction"])
        assert about["areas"][order] == pytest.approx(area, rel=1e-4)
    assert about["areas"]["blamed"] < about["areas"]["elsewhere"]


@pytest.mark.parametrize("method", ["integrated_gradients", "occlusion"])
def test_slow_methods_tell_how_far_they_are_and_then_answer(
    api, ask: Callable, method: str
) -> None:
    params = {"picture": "rocket", "method": method}
    first = api.get("/api/v1/classify/why", params=params)
    assert first.status_code == 202
    assert set(first.json()) == {"done", "total"}
    arrays, about = ask("classify/why", **params)
    assert about["signed"] is True
    assert arrays["blame"].min() < 0 < arrays["blame"].max()
    assert about["passes"] > 10
