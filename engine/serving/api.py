"""The API of Fovea: the same routes behind the screen, alone, and on a cluster.

- behind the screen: ``python -m engine.serving``, started by it;
- alone: ``uvicorn engine.serving.api:app``; with ``FOVEA_ENGINE_SECRET`` set it answers only a
  screen that knows the secret (and names it with ``FOVEA_ENGINE``).

In each home the paths are ``/api/v1/…`` and the description is at ``/api/docs``, offline too.
Nothing here imports torch: see ``loading``.
"""

import logging
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi_offline import FastAPIOffline
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartParser
from starlette.routing import Mount
from starlette.types import ASGIApp

from engine.errors import InputError
from engine.serving.answer_headers import AnswerHeaders
from engine.serving.labels.contract import BODY_MB as LABELS_MB
from engine.serving.loading import StillLoading, start_loading
from engine.serving.routers import include_routers
from engine.serving.runs.contract import OWN_SET_MB
from engine.serving.training import looked_after
from engine.serving.visitors import Askers
from engine.wire.guard import MAX_BODY_BYTES, BodyLimit, Guard, Trusted
from engine.wire.headers import ENGINE
from engine.wire.hosts import error_response
from engine.wire.in_flight import InFlight

log = logging.getLogger(__name__)

# pydantic's names of bounds and kinds, in signs that need no translation
_SIGNS = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<", "max_length": "length ≤"}
_KINDS = {
    "int": "…, −1, 0, 1, 2, …",
    "float": "0.5, 1, …",
    "finite": "0.5, 1, …",  # a number, but no infinity and no NaN
    "bool": "true / false",
}


async def _answer_input_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, InputError)
    return error_response(error, request.headers)


async def _answer_validation(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    return error_response(_one_sentence(error.errors()), request.headers)


async def _answer_http(request: Request, error: Exception) -> JSONResponse:
    """Unknown paths and methods, in the same form as every other answer."""
    assert isinstance(error, HTTPException)
    return JSONResponse({"detail": str(error.detail)}, status_code=error.status_code)


async def _answer_still_loading(request: Request, error: Exception) -> JSONResponse:
    """202, as for any answer that is not there yet, and that it is the engine which starts."""
    assert isinstance(error, StillLoading)
    progress = {"done": error.progress.done, "total": error.progress.total}
    return JSONResponse(progress | {"starting": True}, 202, {ENGINE: "starting"})


async def _answer_fault(request: Request, error: Exception) -> JSONResponse:
    """A fault of ours: logged with its traceback, answered without it."""
    log.error("fault while answering %s", request.url.path, exc_info=error)
    return error_response(InputError("server_fault", status=500), request.headers)


def _one_sentence(errors: Sequence[Any]) -> InputError:
    """The first thing that is wrong with a request's values, as a sentence."""
    first = errors[0]
    name = str(first["loc"][-1]) if first["loc"] else "?"
    if first["type"] == "missing":
        return InputError("value_missing", name=name)
    value = repr(first["input"])[:80]
    bounds = first.get("ctx") or {}
    if "expected" in bounds:
        return InputError("value_not_a_choice", name=name, choices=bounds["expected"], value=value)
    if "pattern" in bounds:
        return InputError("value_malformed", name=name, value=value, pattern=bounds["pattern"])
    limits = [f"{_SIGNS[key]} {limit}" for key, limit in bounds.items() if key in _SIGNS]
    accepted = ", ".join(limits) or _KINDS.get(first["type"].partition("_")[0])
    if accepted is None:
        return InputError("value_refused", name=name, value=value)
    return InputError("value_wrong", name=name, value=value, accepted=accepted)


def create_api() -> FastAPI:
    """The FastAPI app with its routes and error sentences; it is mounted at ``/api``."""
    created = FastAPIOffline(
        title="Fovea",
        description="Pictures in, measured answers out. Errors are one sentence each.",
        version="1",
        redoc_url=None,
        exception_handlers={
            InputError: _answer_input_error,
            RequestValidationError: _answer_validation,
            HTTPException: _answer_http,
            StillLoading: _answer_still_loading,
            Exception: _answer_fault,
        },
    )
    # Uploads stay in memory, as is said; their bodies are bounded before they are read.
    MultiPartParser.spool_max_size = MAX_BODY_BYTES
    created.add_middleware(Askers)
    include_routers(created, prefix="/v1")
    return created


def _largest_body_bytes(path: str) -> int:
    """A learner's own data set and labelled photos are whole archives; everything else one file."""
    if path.endswith(("/v1/labels/import", "/v1/labels/export", "/v1/labels/set")):
        return LABELS_MB * 2**20
    return OWN_SET_MB * 2**20 if path.endswith("/v1/own-sets") else MAX_BODY_BYTES


@asynccontextmanager
async def _lifespan(_: Starlette) -> AsyncIterator[None]:
    start_loading()
    with looked_after():
        yield


def create_app(secret: str = "") -> ASGIApp:
    """The API at ``/api`` with everything that it needs to be served.

    Args:
        secret: where there is one, only a screen that knows it is answered, and is believed who the
            visitor is; else hosts and origins are checked here.
    """
    bounded = InFlight(create_api(), _largest_body_bytes)  # together; each by itself around that
    api = AnswerHeaders(BodyLimit(bounded, _largest_body_bytes))
    home = Starlette(routes=[Mount("/api", api)], lifespan=_lifespan)
    return Trusted(home, secret) if secret else Guard(home)


app = create_app(os.environ.get("FOVEA_ENGINE_SECRET", ""))
