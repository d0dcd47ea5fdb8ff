"""The scripts of the live stages, served under a path that names their content.

The path holds a hash of the files, so that a browser may keep them for ever and still never runs
a script of yesterday; relative imports between the modules stay within the same version.
"""

import hashlib
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_PAGES = Path(__file__).resolve().parents[1]


def _version() -> str:
    digest = hashlib.sha256()
    for file in sorted(_PAGES.rglob("*.js")):
        digest.update(file.relative_to(_PAGES).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()[:12]


STAGE_PATH = f"/stage/{_version()}"


class _Immutable(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        if not path.endswith(".js"):
            raise HTTPException(404)
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def stage_files() -> StaticFiles:
    """An ASGI app that serves the scripts of ``pages/``, and nothing else, as they lie there."""
    return _Immutable(directory=_PAGES)
