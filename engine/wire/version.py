"""The version of what screen and engine agree on: a hash of the files that say it.

Two of different versions may still understand each other; that they differ is said, so that nobody
looks elsewhere for the reason where they do not.
"""

import hashlib
from functools import cache
from pathlib import Path

_ENGINE = Path(__file__).resolve().parents[1]


@cache
def contract_version() -> str:
    """Twelve hex digits: the same where ``engine/wire`` and all pages' contracts are."""
    digest = hashlib.sha256()
    files = [*_ENGINE.glob("wire/*.py"), *_ENGINE.glob("serving/**/contract.py")]
    for file in sorted(files):
        digest.update(file.relative_to(_ENGINE).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]
