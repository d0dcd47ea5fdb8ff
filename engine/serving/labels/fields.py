"""Forms of which a field holds labels: they may be longer than a form's fields usually are."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

FIELD_MB = 16  # the most boxes, each with a name of 200 letters of three bytes


class LabelsInFields(APIRoute):
    """A route whose form is read before FastAPI reads it with Starlette's limit of 1 MB a field."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """As the base, with the form read and kept by the request."""
        handle = super().get_route_handler()

        async def read_and_handle(request: Request) -> Response:
            if request.method == "POST":
                await request.form(max_part_size=FIELD_MB * 2**20)
            return await handle(request)

        return read_and_handle
