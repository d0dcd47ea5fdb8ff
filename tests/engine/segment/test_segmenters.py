"""The segmenters behind one call: scikit-image, Captum by hand and OpenCV are the oracles."""

from typing import get_args

import numpy as np
import pytest
import torch
from skimage.segmentation import felzenszwalb, slic

from engine.errors import InputError
from engine.nets import weights as weight_files
from engine.nets.catalog import find_classifier
from engine.nets.residence import residence
from engine.pictures import sample
from engine.progress import finish
from engine.segment.class_seed import CLASSIFIER, find_seed, whole_picture
from engine.segment.grab_cut import make_trimap
from engine.segment.segmented_picture import Kind
from engine.segment.segmenter import Settings
from engine.segment.segmenters import (
    DEFAULT,
    DRAWN,
    SCENES,
    SMALL_PX,
    find_segmenter,
    list_segmenters,
    look_at,
    seen_by,
    segment,
    why_missing,
)

CAT = sample("chelsea").pixels


def same_pieces(ids: np.ndarray, others: np.ndarray) -> bool:
    """Whether two maps cut the picture alike, however they count."""
    pairs = len(np.unique(np.stack([ids.ravel(), others.ravel()]), axis=1).T)
    return pairs == len(np.unique(ids)) == len(np.unique(others))


def test_names_are_unique_and_what_needs_no_download_comes_first() -> None:
    entries = list_segmenters()
    first = [DEFAULT, DRAWN, "boxes", "selfie", "slic", "felzenszwalb", SCENES]
    assert [entry.name for entry in entries[: len(first)]] == first
    assert len({entry.name for entry in entries}) == len(entries) == 15
    assert all(why_missing(entry.name) is None for entry in entries[: len(first)])
    assert {kind for entry in entries for kind in entry.kinds} == set(get_args(Kind))


@pytest.mark.parametrize(("pieces", "compactness"), [(2, 10.0), (60, 10.0), (60, 0.5)])
def test_slic_is_scikit_image_s(pieces: int, compactness: float) -> None:
    pixels = CAT[:120, :160]
    found = segment("slic", pixels, Settings(pieces=pieces, compactness=compactness))
    assert same_pieces(found.found.ids, slic(pixels, pieces, compactness))
    assert found.found.void_px == 0
    assert sum(row["area_px"] for row in found.to_dicts()) == 120 * 160


@pytest.mark.parametrize("scale", [10.0, 400.0])
def test_felzenszwalb_is_scikit_image_s(scale: float) -> None:
    pixels = CAT[:120, :160]
    found = segment("felzenszwalb", pixels, Settings(scale=scale))
    assert same_pieces(found.found.ids, felzenszwalb(pixels, scale=scale))
    assert found.kind == "regions"


@pytest.mark.parametrize("name", ["slic", "felzenszwalb"])
@pytest.mark.parametrize("size", [(1, 1), (1, 30), (40, 2), (700, 900)])
def test_pictures_of_any_size_are_cut_on_their_own_size(name: str, size: tuple[int, int]) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (*size, 3), dtype=np.uint8)
    found = segment(name, pixels)
    assert found.size == size
    assert found.found.void_px == 0
    assert max(seen_by(find_segmenter(name), pixels).shape) <= SMALL_PX


def test_the_seed_is_grad_cam_of_the_best_class_over_the_whole_picture() -> None:
    seed = finish(look_at(find_segmenter(DEFAULT), CAT))
    net = residence().private_copy(CLASSIFIER).requires_grad_(False)
    x = whole_picture(CAT)
    assert x.shape == (1, 3, 256, 385)
    maps = net.features(x).detach().requires_grad_()  # pyright: ignore[reportCallIssue]
    logits = net.classifier(maps.mean(dim=(2, 3)))  # pyright: ignore[reportCallIssue]
    best = int(logits.argmax())
    (gradient,) = torch.autograd.grad(logits[0, best], maps)
    by_hand = (gradient.mean(dim=(2, 3), keepdim=True) * maps).sum(dim=1)[0].detach()
    assert seed.class_name == "Egyptian cat"
    assert np.allclose(seed.coarse, by_hand.numpy(), atol=1e-3)
    assert seed.map.shape == seen_by(find_segmenter(DEFAULT), CAT).shape[:2]
    assert seed.map.max() == 1
    assert seed.map.min() >= 0


@pytest.mark.parametrize("name", ["chelsea", "flower", "astronaut"])
def test_a_picture_has_one_class_and_one_probability_wherever_it_is_asked(name: str) -> None:
    seed = finish(look_at(find_segmenter(DEFAULT), sample(name).pixels))
    entry = find_classifier(CLASSIFIER)
    with torch.no_grad():
        x = entry.weights.transforms()(torch.tensor(sample(name).pixels).permute(2, 0, 1))
        probs = residence().resident(CLASSIFIER)(x[None]).softmax(1)[0]
    assert seed.class_name == entry.categories[int(probs.argmax())]
    assert seed.prob == pytest.approx(probs.max().item(), abs=1e-4)


def test_grabcut_stays_in_the_seed_s_box_and_leaves_the_rest_void() -> None:
    pixels = CAT[::2, ::2]
    found = segment(DEFAULT, pixels, Settings(seed=0.4))
    (row,) = found.to_dicts()
    assert row["thing"] is True
    assert row["area_px"] == (found.found.ids == 1).sum() > 1000
    seed = find_seed(pixels)
    assert (row["class"], row["score"]) == (seed.class_name, seed.prob)
    left, top, right, bottom = make_trimap(seed.map, 0.4).box
    assert not found.found.ids[:top].any()
    assert not found.found.ids[bottom:].any()
    assert not found.found.ids[:, :left].any()
    assert not found.found.ids[:, right:].any()


def test_a_picture_of_one_pixel_has_no_background() -> None:
    with pytest.raises(InputError, match="GrabCut"):
        segment(DEFAULT, np.zeros((1, 1, 3), np.uint8))


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("slic", {"pieces": 1}),
        ("slic", {"compactness": 0.0}),
        ("felzenszwalb", {"scale": float("nan")}),
        (DEFAULT, {"seed": 0.9}),
        ("fcn_resnet50", {"least": 1.5}),
    ],
)
def test_settings_out_of_range_are_refused(name: str, settings: dict[str, float]) -> None:
    with pytest.raises(InputError, match="must lie between"):
        segment(name, CAT[:20, :20], Settings(**settings))  # pyright: ignore[reportArgumentType]


def test_unknown_and_absent_segmenters_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="There are: grabcut") as caught:
        find_segmenter("grabcat")
    assert caught.value.status == 404
    monkeypatch.setattr(weight_files, "find_weights", lambda _: None)
    missing = why_missing("maskrcnn_resnet50_fpn_v2")
    assert missing is not None
    assert "are not on this computer" in missing.sentence("en")


def test_a_kind_that_a_segmenter_does_not_have_is_refused() -> None:
    assert segment("slic", CAT[:20, :20], Settings(kind="regions")).kind == "regions"
    with pytest.raises(InputError, match="regions segments, not with panoptic"):
        segment("slic", CAT[:20, :20], Settings(kind="panoptic"))
