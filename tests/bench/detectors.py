"""The detectors that are here: how large, how quick, what of drawn scenes and what of photos.

Times are taken in turn with torchvision's MobileNetV2, so that a busy machine meets both.
"""

from collections import Counter
from collections.abc import Callable, Iterator

import torch
from torch import nn
from torchvision import models

from engine.data.shapes import SHAPES
from engine.detection.average_precision import average_precision_50
from engine.detection.detectnet.scenes import HELD_OUT, HELD_OUT_SEED, draw_scenes
from engine.detection.detectnet.weights import load_detectnet
from engine.detection.detectors import Detector, list_detectors, raw_detections, thin, why_missing
from engine.detection.mtcnn.nets import load_mtcnn
from engine.detection.nanodet.weights import load_nanodet
from engine.nets import catalog
from engine.pictures.samples import SAMPLE_NAMES, sample
from engine.trainable.truths import pack_truths
from tests.bench.clock import clock
from tests.bench.numbers import ms, p50, p95, table

CPU = torch.device("cpu")
HEAD = ("detector", "parameters", "n", "p50 ms", "p95", "× MobileNetV2", "AP50 on scenes", "photos")
NOTES = (
    "ms: all bare boxes of the sample camera (512 × 512), without NMS. MobileNetV2: torchvision's, "
    "one pass at 224 × 224, in the same run. Scenes: the {scenes} held-out ones, for detectors "
    "that know shapes. Photos: on how many of the {photos} samples a detector finds something at "
    "its usual score, and what. – of parameters: a cascade or a template, no network."
)
NMS_IOU = 0.5
LEAST = 0.05  # of a score, where average precision is taken
NAMED = 4  # classes
_CASCADES = ("haar_frontalface_default", "haar_frontalcatface")
_PARAMETERS: dict[str, Callable[[], list[nn.Module]]] = {
    "nanodet": lambda: [load_nanodet(CPU)],
    "detectnet": lambda: [load_detectnet(CPU).net],
    "sliding_window": lambda: [catalog.load("mobilenet_v2")],
    "pnet": lambda: [load_mtcnn(CPU).p],
    "mtcnn": lambda: [load_mtcnn(CPU).p, load_mtcnn(CPU).r, load_mtcnn(CPU).o],
}


def run(samples: int) -> str:
    """The table of every detector that needs no download; of the cascades two stand for all."""
    here = [each for each in list_detectors() if why_missing(each.name) is None]
    there = [each for each in here if each.family != "cascade" or each.name in _CASCADES]
    notes = NOTES.format(scenes=HELD_OUT, photos=len(SAMPLE_NAMES))
    return table("Detectors", HEAD, list(_rows(there, samples)), notes)


def _rows(there: list[Detector], samples: int) -> Iterator[list[str]]:
    peer = models.mobilenet_v2(weights=None).eval()
    square, pixels = torch.zeros(1, 3, 224, 224), sample("camera").pixels

    def forward() -> object:
        with torch.inference_mode():
            return peer(square)

    for each in there:

        def look(name: str = each.name) -> object:
            return raw_detections(name, pixels)

        times = clock({"ours": look, "peer": forward}, samples, CPU)
        ours, theirs = times["ours"], p50(times["peer"])
        yield [
            each.title,
            count_parameters(each.name),
            str(len(ours)),
            ms(p50(ours)),
            ms(p95(ours)),
            f"{p50(ours) / theirs:.2g}" if p50(ours) < 10 * theirs else f"{p50(ours) / theirs:.0f}",
            _on_scenes(each),
            on_photos(each),
        ]


def count_parameters(name: str) -> str:
    """All numbers that a detector's networks have learnt; – where it has none."""
    if name not in _PARAMETERS:
        return "–"
    return f"{sum(p.numel() for net in _PARAMETERS[name]() for p in net.parameters()):,}"


def _on_scenes(detector: Detector) -> str:
    if detector.knows != "shapes":
        return "–"
    scenes = draw_scenes(HELD_OUT, HELD_OUT_SEED)
    found = [thin(raw_detections(detector.name, s.pixels), LEAST, NMS_IOU) for s in scenes]
    truths = pack_truths(torch.from_numpy(scenes.boxes), torch.from_numpy(scenes.labels))
    return f"{average_precision_50(found, truths, len(SHAPES)):.3f}"


def on_photos(detector: Detector) -> str:
    """On how many samples something is found at the usual score, and what."""
    found = [
        thin(raw_detections(detector.name, sample(name).pixels), detector.usual, NMS_IOU)
        for name in SAMPLE_NAMES
    ]
    names = Counter(each.class_names[label] for each in found for label in each.labels.tolist())
    told = ", ".join(f"{name} {count}" for name, count in names.most_common(NAMED))
    return f"{sum(len(each) > 0 for each in found)}: {told}" if told else "0"
