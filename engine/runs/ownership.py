"""Whose run it is, and who may look at it. Imports no torch.

A run belongs to the browser that began it: the browser holds a token, the folder only the token's
hash; where a trusted screen knows the visitor, the hash of that too. Whoever lacks both can look,
unless the run learnt from somebody's own pictures: then it is as if there were no such run, until
its owner shares it by a key. Runs made from the command line belong to whoever has the machine, and
to no browser.
"""

import hashlib
import secrets
from collections.abc import Collection
from pathlib import Path

from engine.errors import InputError
from engine.runs.folder import OWNER_FILE, Run
from engine.runs.writing import read_json, report_disk, write_json

OWN_DATA = "own"  # what the settings of a run on somebody's own pictures call its data set
SHARED_FILE = "shared.json"


def new_token() -> str:
    """A token that cannot be guessed: 128 random bits in 22 characters."""
    return secrets.token_urlsafe(16)


def hash_token(token: str) -> str:
    """What a run's folder keeps of a token: SHA-256 in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_owner(run: Run, proofs: Collection[str]) -> bool:
    """Whether one of the proofs, hashes of tokens, is what the run was made with."""
    return _opens(proofs, run.owner, run.visitor)


def check_owner(run: Run, proofs: Collection[str]) -> None:
    """Raises InputError (403) unless a proof is the run's: to stop, fork, share or delete it."""
    if not is_owner(run, proofs):
        raise InputError("run_not_yours", 403, name=run.name)


def is_private(run: Run) -> bool:
    """Whether the run learnt from somebody's own pictures."""
    return run.settings.data.name == OWN_DATA


def may_look(run: Run, proofs: Collection[str]) -> bool:
    """Whether whoever has these proofs may see the run and what it gave."""
    return not is_private(run) or is_owner(run, proofs) or _opens(proofs, _shared_by(run.folder))


def check_may_look(run: Run, proofs: Collection[str]) -> None:
    """Raises InputError (404), as if there were no such run, unless it may be looked at."""
    if not may_look(run, proofs):
        raise InputError("run_unknown", 404, name=run.name)


def share_run(run: Run) -> str:
    """A new key to look at the run; whoever has it may look, and an older key no longer opens.

    Raises:
        InputError: the disk refuses.
    """
    key = new_token()
    write_json(run.folder / SHARED_FILE, {"key": hash_token(key)})
    return key


def unshare_run(run: Run) -> None:
    """The run is its owner's alone again.

    Raises:
        InputError: the disk refuses.
    """
    with report_disk(run.folder):
        (run.folder / SHARED_FILE).unlink(missing_ok=True)


def is_shared(run: Run) -> bool:
    """Whether there is a key to the run."""
    return _shared_by(run.folder) is not None


def owns_folder(folder: Path, proofs: Collection[str]) -> bool:
    """:func:`is_owner` where run.json cannot be used: the hashes stand in a second file too."""
    kept = read_json(folder / OWNER_FILE) or {}
    return _opens(proofs, kept.get("owner"), kept.get("visitor"))


def check_owns_folder(folder: Path, proofs: Collection[str]) -> None:
    """Raises InputError (403) unless :func:`owns_folder`."""
    if not owns_folder(folder, proofs):
        raise InputError("run_not_yours", 403, name=folder.name)


def _shared_by(folder: Path) -> str | None:
    key = (read_json(folder / SHARED_FILE) or {}).get("key")
    return key if isinstance(key, str) and key else None


def _opens(proofs: Collection[str], *kept: object) -> bool:
    """Compares in a time that tells nothing; what is kept may be anything that a file can hold."""
    wanted = [each.encode() for each in kept if isinstance(each, str) and each and each.isascii()]
    found = [secrets.compare_digest(one.encode(), each) for one in proofs for each in wanted]
    return any(found)
