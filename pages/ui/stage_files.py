"""The scripts of the live stages, served under a path that names their content.

The path holds a hash of the files, so that a browser may keep them for ever and still never runs
a script of yesterday; relative imports between the modules stay within the same version. Plotly's
own script, as its Python package brings it, stands at the top.
"""

import gzip
import hashlib
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_PAGES = Path(__file__).resolve().parents[1]
_PLOTLY = "plotly.min.js"


def _version() -> str:
    digest = hashlib.sha256(version("plotly").encode())
    for file in sorted(_PAGES.rglob("*.js")):
        digest.update(file.relative_to(_PAGES).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()[:12]


STAGE_PATH = f"/stage/{_version()}"


def plotly_script() -> Path:
    """Plotly's script within the installed package, which is not imported for it.

    Raises:
        FileNotFoundError: the package ``plotly`` is not installed.
    """
    spec = find_spec("plotly")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("the package plotly is not installed")
    return Path(spec.submodule_search_locations[0]) / "package_data" / _PLOTLY


@cache
def _plotly(zipped: bool) -> bytes:
    """4.8 MB, or 1.5 MB zipped: done once, since a browser asks for it once a version."""
    script = plotly_script().read_bytes()
    return gzip.compress(script) if zipped else script


class _Immutable(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        if not path.endswith(".js"):
            raise HTTPException(404)
        if path == _PLOTLY:
            response = await self._plotly_response(scope)
        else:
            response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response

    async def _plotly_response(self, scope: Scope) -> Response:
        zipped = "gzip" in Headers(scope=scope).get("accept-encoding", "")
        script = await to_thread.run_sync(_plotly, zipped)
        headers = {"Vary": "Accept-Encoding"} | ({"Content-Encoding": "gzip"} if zipped else {})
        return Response(script, media_type="text/javascript", headers=headers)


def stage_files() -> StaticFiles:
    """An ASGI app that serves the scripts of ``pages/`` as they lie there, and Plotly's."""
    return _Immutable(directory=_PAGES)


def module_loader(script: str) -> str:
    """The JavaScript of a component that hands itself over to a module of ``pages/``.

    The module exports ``mount(component, base)``, called at every run of the component, and
    ``unmount(component)``. The component's data holds ``page``, the page's own name in its address:
    the server may stand under any path of a proxy, and what precedes that name is ``base``.

    Args:
        script: its path below ``pages/``.
    """
    return f"""
export default function (component) {{
  const page = component.data.page
  const path = location.pathname.replace(/\\/+$/, "")
  const base = page && path.endsWith("/" + page) ? path.slice(0, -page.length - 1) : path
  const loaded = import(location.origin + base + "{STAGE_PATH}/{script}")
  loaded.then((module) => module.mount(component, base))
  return () => loaded.then((module) => module.unmount(component))
}}
"""
