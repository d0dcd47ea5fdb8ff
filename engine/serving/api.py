"""The API of Fovea: the same routes beside the pages, alone, and on a cluster.

- beside the pages: ``streamlit_app.py`` mounts :data:`api` at ``/api``;
- alone: ``uvicorn engine.serving.api:app``.

In each home the paths are ``/api/v1/…`` and the description is at ``/api/docs``, offline too.
Nothing here imports torch: the routes do, when they are first asked (see ``warmup``).
"""

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi_offline import FastAPIOffline
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Mount

from engine.errors import InputError
from engine.serving.guard import Guard, error_response
from engine.serving.routers import routers
from engine.serving.training import looked_after
from engine.serving.warmup import start_warmup

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


async def _answer_fault(request: Request, error: Exception) -> JSONResponse:
    """A fault of ours: logged with its traceback, told without it."""
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
    limits = [f"{_SIGNS[key]} {limit}" for key, limit in bounds.items() if key in _SIGNS]
    accepted = ", ".join(limits) or _KINDS.get(first["type"].partition("_")[0], first["type"])
    return InputError("value_wrong", name=name, value=value, accepted=accepted)


def create_api() -> FastAPI:
    """The FastAPI app with its routes, error sentences and guard; mount it at ``/api``."""
    created = FastAPIOffline(
        title="Fovea",
        description="Pictures in, measured answers out. Errors are one sentence each.",
        version="1",
        redoc_url=None,
        exception_handlers={
            InputError: _answer_input_error,
            RequestValidationError: _answer_validation,
            HTTPException: _answer_http,
            Exception: _answer_fault,
        },
    )
    created.add_middleware(Guard)
    for router in routers():
        created.include_router(router, prefix="/v1")
    return created


@asynccontextmanager
async def _lifespan(_: Starlette) -> AsyncIterator[None]:
    start_warmup()
    with looked_after():
        yield


api = create_api()
app = Starlette(routes=[Mount("/api", api)], lifespan=_lifespan)
