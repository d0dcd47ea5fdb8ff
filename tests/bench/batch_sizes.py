"""How many pictures at once? What justifies the server's cap on a batch."""

import torch

from engine.nets import catalog
from engine.nets.classify import classify, preprocess
from engine.pictures import sample
from engine.serving.batching import MAX_BATCH_CPU, MAX_BATCH_CUDA
from tests.bench.cases_nets import MODEL, load_on
from tests.bench.clock import clock, devices
from tests.bench.numbers import ms, p50, p95, table

SIZES = {"cpu": (1, 2, 4, 8, 16), "cuda": (1, 2, 4, 8, 16, 32, 64)}
CAPS = {"cpu": MAX_BATCH_CPU, "cuda": MAX_BATCH_CUDA}
HEAD = ("pictures at once", "device", "n", "p50 ms", "p95", "ms a picture", "against one")


def measure_batches(samples: int) -> str:
    """Classification of already prepared pictures in batches of several sizes, as a table."""
    rows, notes = [], []
    pixels = sample("chelsea").pixels
    x = preprocess(pixels, catalog.find_classifier(MODEL).weights)
    for device in devices():
        each = _measure(device, x, samples)
        for size, times in each.items():
            here, alone = p50(times) / size, p50(each[1])
            cells = [device.type, str(len(times)), ms(p50(times)), ms(p95(times))]
            rows.append([str(size), *cells, ms(here), f"{here / alone:.2f}"])
        best = min(each, key=lambda size: p50(each[size]) / size)
        notes.append(
            f"{device.type}: the server's cap is {CAPS[device.type]}, the least is at {best}"
        )
    return table("Batches: MobileNetV2, 224×224", HEAD, rows, ". ".join(notes) + ".")


def _measure(device: torch.device, x: torch.Tensor, samples: int) -> dict[int, list[float]]:
    model = load_on(device)
    batches = {size: x.repeat(size, 1, 1, 1) for size in SIZES[device.type]}
    variants = {
        str(size): lambda batch=batch: classify(model, batch) for size, batch in batches.items()
    }
    return {int(name): times for name, times in clock(variants, samples, device).items()}
