"""What the screen tells browsers with its pages: whom it takes them for, what a page may load.

Streamlit's page starts its scripts from files of its own, makes the components' scripts into blobs
and sets styles within the document; nothing comes from another site. Frames around the pages are
left to whoever wants to embed them.
"""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.wire.headers import ALWAYS
from engine.wire.visitors import Visitors, cookie_header, cookie_of

PAGE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'unsafe-inline' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' ws: wss: data: blob:",
        "worker-src 'self' blob:",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "object-src 'none'",
    )
)


class PageHeaders:
    """ASGI middleware around the whole screen.

    Args:
        app: the application behind it.
        visitors: makes the cookies.
        prefix: the path that the app stands under; "" at the root.
    """

    def __init__(self, app: ASGIApp, visitors: Visitors, prefix: str = "") -> None:
        self.app = app
        self.visitors = visitors
        self.prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(f"{self.prefix}/api/"):
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message), scope)
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def _add(self, headers: MutableHeaders, scope: Scope) -> None:
        headers.update(ALWAYS)
        if not headers.get("content-type", "").startswith("text/html"):
            return
        headers["Content-Security-Policy"] = PAGE_POLICY
        if self.visitors.read(cookie_of(Headers(scope=scope))) is None:
            secure = scope.get("scheme") == "https"
            cookie = cookie_header(self.visitors.make(), f"{self.prefix}/", secure)
            headers.append("Set-Cookie", cookie)
