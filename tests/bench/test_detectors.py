"""The bench's table of detectors holds those that are here, and counts what they have learnt."""

import torch
from torchvision import models

from engine.detection.detectors import find_detector, list_detectors, why_missing
from engine.detection.nanodet.finding import find_things
from engine.detection.nanodet.weights import load_nanodet
from engine.pictures.samples import SAMPLE_NAMES, sample
from tests.bench.detectors import count_parameters, on_photos


def test_parameters_are_those_that_are_published() -> None:
    assert count_parameters("nanodet") == "3,786,068"
    mobile = sum(p.numel() for p in models.mobilenet_v2(weights=None).parameters())
    assert count_parameters("sliding_window") == f"{mobile:,}"
    assert count_parameters("haar_eye") == "–"


def test_every_network_that_is_here_is_counted() -> None:
    here = [each for each in list_detectors() if why_missing(each.name) is None]
    networks = {each.name for each in here if each.family not in ("cascade", "template")}
    assert networks
    assert all(count_parameters(name) != "–" for name in networks)


def test_photos_are_those_on_which_something_is_found() -> None:
    net = load_nanodet(torch.device("cpu"))
    pixels = [sample(name).pixels for name in SAMPLE_NAMES]
    usual = find_detector("nanodet").usual
    count = sum(len(each) > 0 for each in find_things(net, pixels, usual))
    assert on_photos(find_detector("nanodet")).startswith(f"{count}: ")
