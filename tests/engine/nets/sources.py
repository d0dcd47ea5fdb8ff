"""What ``assets/weights/SOURCES.md`` says of published weights, held against the files."""

import re
from pathlib import Path

from engine.nets.published_weights import WEIGHTS_FOLDER, read_published, sha256


def check_sources(path: Path, published: set[str]) -> None:
    """A file that ships, and those that it was made of, have the digests that are told of them."""
    told = dict(
        re.findall(
            r"\| `(\S+)` \| `([0-9a-f]{64})` \|", (WEIGHTS_FOLDER / "SOURCES.md").read_text()
        )
    )
    hashes = read_published(path)[1]["sha256"]
    assert hashes.keys() == published
    for name, digest in {**hashes, path.name: sha256(path)}.items():
        assert told[name] == digest, name
    assert "Apache License" in (WEIGHTS_FOLDER / "APACHE-2.0.txt").read_text()
