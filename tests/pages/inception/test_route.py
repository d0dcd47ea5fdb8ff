"""What the page Inception module is told."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from starlette.testclient import TestClient
from torch import nn
from torchvision.models import googlenet

from engine.inception.weights import load_inception
from engine.nets import catalog
from engine.pictures import resize_longest, sample
from engine.serving.inception.compute import LONGEST_PX

Ask = Callable[..., tuple[dict[str, np.ndarray], dict]]
PATH = "inception"


def test_the_page_opens_with_four_branches_of_the_trained_module(ask: Ask) -> None:
    arrays, about = ask(PATH, picture="chelsea")
    assert (
        arrays["view"].shape[:2] == resize_longest(sample("chelsea").pixels, LONGEST_PX).shape[:2]
    )
    assert [each["name"] for each in about["branches"]] == ["one", "three", "five", "pool"]
    assert [each["steps"]["out"]["channels"] for each in about["branches"]] == [8, 16, 8, 8]
    assert [each["kernel"] for each in about["branches"]] == [1, 3, 5, 1]
    assert about["out"] == 40
    assert about["changed_percent"] == 0
    trained = load_inception()
    x = torch.tensor(arrays["view"]).permute(2, 0, 1).float() / 255
    x = (x - trained.mean[:, None, None]) / trained.std[:, None, None]
    with torch.no_grad():
        out = trained.net.a(trained.net.stem(x[None]))[0]
    five = about["branches"][2]["steps"]["out"]
    assert five["high"] == pytest.approx(out[24:32].max().item(), rel=1e-4)
    strongest = out[24 + five["picked"][0]]
    expected = (strongest * 255 / five["high"]).round().numpy()
    assert np.abs(arrays["five_out"][0].astype(int) - expected).max() <= 1


def test_costs_are_with_and_without_the_bottleneck(ask: Ask) -> None:
    _, about = ask(PATH, picture="chelsea")
    places = about["shape"][1] * about["shape"][2]
    five = about["branches"][2]
    assert five["kept"]["macs"] == places * (24 * 4 + 25 * 4 * 8)
    assert five["without"]["macs"] == places * 25 * 24 * 8
    assert about["branches"][0]["kept"] == about["branches"][0]["without"]
    assert about["large"]["times"]["macs"] > 3
    assert min(about["large"][kind]["ms"] for kind in ("kept", "without")) > 0
    _, half = ask(PATH, picture="chelsea", share=50)
    assert half["branches"][2]["steps"]["between"]["channels"] == 2
    assert half["large"]["kept"]["macs"] < about["large"]["kept"]["macs"]
    assert half["large"]["without"]["macs"] == about["large"]["without"]["macs"]
    _, least = ask(PATH, picture="chelsea", share=1)
    assert 0 < half["changed_percent"] < least["changed_percent"]


def test_a_pixel_is_the_sum_that_is_written(ask: Ask) -> None:
    arrays, about = ask(f"{PATH}/pixel", picture="chelsea", channel=2, pixel="3,5", branch="three")
    assert (about["row"], about["column"], about["channel"]) == (3, 5, 2)
    products = arrays["inputs"] * arrays["weights"]
    np.testing.assert_allclose(arrays["products"], products, rtol=1e-6)
    assert about["total"] == pytest.approx(float(products.sum()) + about["bias"], abs=1e-4)
    assert about["positive"] + about["negative"] == pytest.approx(float(products.sum()), abs=1e-4)
    assert about["value"] == pytest.approx(float(arrays["out"][3, 5]), abs=1e-4)
    assert arrays["came"][3, 5] == arrays["inputs"][about["largest"]]


@pytest.mark.parametrize("branch", ["one", "three", "five", "pool"])
def test_without_a_pixel_it_is_the_brightest(ask: Ask, branch: str) -> None:
    arrays, about = ask(f"{PATH}/pixel", picture="astronaut", branch=branch, pixel="9999,0")
    place = divmod(int(arrays["out"].argmax()), arrays["out"].shape[1])
    assert (about["row"], about["column"]) == place
    _, last = ask(f"{PATH}/pixel", picture="astronaut", branch=branch, channel=383)
    assert last["channel"] == last["filters"] - 1 == last["limits"]["channel"]["high"]


def test_curves_cross_where_the_gain_ends(ask: Ask) -> None:
    arrays, about = ask(f"{PATH}/cost")
    assert about["breaks_even"] == 154
    saves = arrays["bottleneck"] < arrays["direct"]
    np.testing.assert_array_equal(saves, arrays["widths"] <= 154)
    told = {each["way"]: each for each in about["ways"]}
    assert told["direct"]["macs"] == 120_422_400
    assert told["bottleneck"]["macs"] == 12_443_648
    assert all(each["ms"] > 0 for each in about["ways"])
    at = list(arrays["widths"]).index(154)
    assert arrays["bottleneck"][at] == 28 * 28 * (192 * 154 + 25 * 154 * 32)
    params, _ = ask(f"{PATH}/cost", measure="params")
    np.testing.assert_array_equal(params["direct"] * 28 * 28, arrays["direct"])


def test_nine_modules_with_and_without(ask: Ask) -> None:
    arrays, about = ask(f"{PATH}/nine")
    assert arrays["kept"].sum() == about["kept"]["macs"]
    assert about["times"]["macs"] == pytest.approx(arrays["without"].sum() / arrays["kept"].sum())
    assert len(about["modules"]) == 9
    assert [each["found"] > 0 for each in about["followed"]] == [False, True, True, False]


def test_googlenets_modules_are_a_sentence_without_its_weights(
    api: TestClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    answer = api.get(f"/api/v1/{PATH}", params={"picture": "chelsea", "module": "4a"})
    assert answer.status_code == 424
    assert "googlenet-1378be20.pth" in answer.json()["detail"]


def test_googlenets_modules_are_opened_where_its_weights_are(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(name: str) -> nn.Module:
        assert name == "googlenet"
        torch.manual_seed(0)
        return googlenet(init_weights=False, aux_logits=False, transform_input=True).eval()

    monkeypatch.setattr(catalog, "load", load)
    _, about = ask(PATH, picture="coffee", module="3a", share=50)
    assert about["shape"] == [192, 28, 28]
    assert [each["kernel"] for each in about["branches"]] == [1, 3, 3, 1]
    assert about["branches"][2]["steps"]["between"]["channels"] == 8


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("", {"share": 0}),
        ("", {"share": 101}),
        ("", {"module": "d"}),
        ("/pixel", {"pixel": "1;2"}),
        ("/pixel", {"channel": -1}),
        ("/cost", {"width": 0}),
        ("/cost", {"inputs": 10**9}),
        ("/cost", {"size": "4"}),
        ("/nine", {"counted": "ms"}),
    ],
)
def test_what_cannot_be_is_a_sentence(api: TestClient, path: str, values: dict) -> None:
    answer = api.get(f"/api/v1/{PATH}{path}", params=values)
    assert answer.status_code == 422
    assert len(answer.json()["detail"]) > 20
