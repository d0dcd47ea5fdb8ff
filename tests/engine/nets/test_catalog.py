"""The catalog: complete, in order, and building what torchvision's own builders build."""

import re
import shutil

import pytest
import torch
from torchvision import models

from engine.errors import InputError
from engine.nets.catalog import (
    at_hand,
    build,
    build_unfilled,
    fill,
    find_classifier,
    list_classifiers,
    load,
)
from engine.nets.weights import name_file

NAMES = models.list_models(module=models)


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """An empty torch.hub cache that no other test sees; removed, as weights are large."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    folder = tmp_path / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    yield folder
    shutil.rmtree(tmp_path)


def test_every_classifier_of_torchvision_is_listed_once():
    assert sorted(c.name for c in list_classifiers()) == NAMES


def test_those_at_hand_come_first_then_the_smaller(cache):
    (cache / name_file(find_classifier("resnet152").weights)).touch()
    listed = list_classifiers()
    assert [c.name for c in listed[:2]] == ["mobilenet_v2", "resnet152"]
    assert [at_hand(c.name) for c in listed] == [True] * 2 + [False] * (len(NAMES) - 2)
    sizes = [c.num_params for c in listed[2:]]
    assert sizes == sorted(sizes)


def test_mobilenet_is_the_one_that_is_packaged_and_the_rest_torchvisions_choice():
    assert find_classifier("mobilenet_v2").weights is models.MobileNet_V2_Weights.IMAGENET1K_V1
    for name in NAMES:
        if name != "mobilenet_v2":
            assert find_classifier(name).weights is models.get_model_weights(name)["DEFAULT"]


def test_published_numbers_of_mobilenet():
    entry = find_classifier("mobilenet_v2")
    assert (entry.num_params, entry.acc1_percent, entry.gmacs) == (3_504_872, 71.878, 0.301)
    assert entry.acc5_percent == 90.286
    assert (entry.file_mib, entry.input_size) == (13.555, (224, 224))
    assert entry.categories[967] == "espresso"


def test_every_classifier_has_a_thousand_categories_and_a_size_its_transform_gives():
    for entry in list_classifiers():
        assert len(entry.categories) == 1000
        picture = torch.zeros(3, 700, 900, dtype=torch.uint8)
        assert tuple(entry.weights.transforms()(picture).shape) == (3, *entry.input_size)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("convnext_tiny", "ConvNeXt-Tiny"),
        ("efficientnet_b7", "EfficientNet-B7"),
        ("efficientnet_v2_s", "EfficientNetV2-S"),
        ("mnasnet0_75", "MNASNet 0.75"),
        ("regnet_x_1_6gf", "RegNetX-1.6GF"),
        ("regnet_y_400mf", "RegNetY-400MF"),
        ("resnext101_32x8d", "ResNeXt-101 32x8d"),
        ("shufflenet_v2_x0_5", "ShuffleNetV2 0.5×"),
        ("swin_v2_t", "SwinV2-T"),
        ("vgg16_bn", "VGG-16 BN"),
        ("vit_l_32", "ViT-L/32"),
    ],
)
def test_titles(name, title):
    assert find_classifier(name).title == title


def test_titles_are_all_written_out_and_differ():
    titles = {c.title for c in list_classifiers()}
    assert len(titles) == len(NAMES)
    assert not titles & set(NAMES)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("", "mobilenet_v2"),
        ("banana", "mobilenet_v2"),
        ("resnet", "resnet18"),
        ("MobileNet_V2", "mobilenet_v2"),
        ("x" * 10_000, "mobilenet_v2"),
    ],
)
def test_an_unknown_name_is_a_sentence_with_the_nearest(wanted, expected):
    with pytest.raises(InputError) as caught:
        find_classifier(wanted)
    assert caught.value.status == 404
    for lang in ("en", "ko"):
        sentence = caught.value.sentence(lang)
        assert expected in sentence
        assert sum(bool(re.search(rf"\b{name}\b", sentence)) for name in NAMES) <= 4
        assert len(sentence) < 200


def test_what_is_not_at_hand_cannot_be_loaded():
    with pytest.raises(InputError, match=r"resnet18-f37072fd\.pth are not on this computer"):
        load("resnet18")


@pytest.mark.parametrize("name", ["squeezenet1_1", "googlenet", "regnet_y_400mf"])
def test_building_gives_torchvisions_own_initialisation(name):
    torch.manual_seed(3)
    ours = build(name).state_dict()
    torch.manual_seed(3)
    options = {"init_weights": True, "aux_logits": False} if name == "googlenet" else {}
    theirs = models.get_model(name, **options).state_dict()
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(ours[key], theirs[key]) for key in ours)


def test_vision_transformers_are_built_for_the_size_of_their_weights():
    weights = models.ViT_B_16_Weights.IMAGENET1K_SWAG_E2E_V1
    assert build_unfilled("vit_b_16").get_parameter("encoder.pos_embedding").shape[1] == 14**2 + 1
    large = build_unfilled("vit_b_16", weights)
    assert large.get_parameter("encoder.pos_embedding").shape[1] == 24**2 + 1


def test_an_unfilled_network_holds_no_numbers_where_its_layers_are():
    model = build_unfilled("vgg19")
    assert sum(p.numel() for p in model.parameters()) == 143_667_240
    assert all(p.is_meta for p in model.parameters())


def _published_file(name: str) -> dict[str, torch.Tensor]:
    """What a file of this classifier holds, with fresh numbers and the names of its time."""
    options = {"init_weights": False} if name in ("googlenet", "inception_v3") else {}
    torch.manual_seed(11)
    tensors = models.get_model(name, **options).state_dict()
    if not name.startswith("densenet"):
        return tensors
    return {
        re.sub(r"(denselayer\d+\.(?:norm|conv))([12]\.)", r"\1.\2", key): value
        for key, value in tensors.items()
        if "num_batches_tracked" not in key  # came with torch 0.4.1
    }


@pytest.mark.parametrize("name", ["mnasnet0_5", "densenet121", "googlenet", "inception_v3"])
def test_filled_networks_compute_what_torchvisions_loaded_ones_do(name, cache):
    entry = find_classifier(name)
    path = cache / name_file(entry.weights)
    torch.save(_published_file(name), path)
    theirs = models.get_model(name, weights=entry.weights).eval()
    ours = build_unfilled(name)
    fill(ours, torch.load(path, weights_only=True))
    assert sum(p.numel() for p in ours.parameters()) == entry.num_params
    batch = torch.rand(1, 3, *entry.input_size, generator=torch.Generator().manual_seed(5))
    with torch.no_grad():
        assert torch.equal(ours.eval()(batch), theirs(batch))


def test_a_file_that_lacks_a_tensor_does_not_fill():
    model = build_unfilled("squeezenet1_1")
    tensors = build("squeezenet1_1").state_dict()
    del tensors["classifier.1.bias"]
    with pytest.raises(RuntimeError, match=r"Missing key.*classifier\.1\.bias"):
        fill(model, tensors)


def test_loading_mobilenet_equals_torchvision(cache):
    ours = load("mobilenet_v2")
    weights = find_classifier("mobilenet_v2").weights
    theirs = models.mobilenet_v2().eval()
    torch.save(ours.state_dict(), cache / name_file(weights))
    theirs.load_state_dict(weights.get_state_dict(weights_only=True))
    batch = torch.rand(2, 3, 224, 224, generator=torch.Generator().manual_seed(5))
    assert not ours.training
    with torch.no_grad():
        assert torch.equal(ours(batch), theirs(batch))
