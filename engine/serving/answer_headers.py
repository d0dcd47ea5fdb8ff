"""What every answer of the API tells a browser: take it as data, load and run nothing."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.wire.headers import ALWAYS, API_POLICY, DOCS_POLICY


class AnswerHeaders:
    """ASGI middleware that adds the headers to answers, errors included."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        policy = DOCS_POLICY if scope["path"].endswith("/docs") else API_POLICY

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update({**ALWAYS, "Content-Security-Policy": policy})
            await send(message)

        await self.app(scope, receive, send_with_headers)
