"""Gives Streamlit's page our own style before anything is shown.

What a script writes into the page comes after the first elements are there, which then jump. So
the style goes into the head of the page itself, as it is sent.
"""

from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_OF_ITS_FILE = ("if-none-match", "if-modified-since")  # the file is unchanged, what is sent is not
_HEAD_END = b"</head>"
ROOMS_PX = range(100, 1001, 20)


def room_key(name: str, height_px: int) -> str:
    """The key of a container that is never lower than this.

    Raises:
        ValueError: no such height is in the style; they are multiples of 20 from 100 to 1000 px.
    """
    if height_px not in ROOMS_PX:
        raise ValueError(f"{height_px} px is no multiple of 20 from 100 to 1000")
    return f"room_{height_px}_{name}"


def style() -> str:
    """The style of the frame, and a rule for each height of :data:`ROOMS_PX`."""
    frame = Path(__file__).with_name("frame.css").read_text(encoding="utf-8")
    rooms = [f'.stApp [class*="st-key-room_{px}_"] {{ min-height: {px}px }}' for px in ROOMS_PX]
    return "\n".join([frame, *rooms])


class FirstStyle:
    """ASGI middleware that puts the style into the pages that the application sends.

    Args:
        app: the application behind it.
        prefix: the path that the app stands under; "" at the root.
    """

    def __init__(self, app: ASGIApp, prefix: str = "") -> None:
        self.app = app
        self._api = f"{prefix}/api/"
        self._style = f"<style>\n{style()}\n</style>".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_page = scope["type"] == "http" and _wants_page(scope)
        if not is_page or scope["path"].startswith(self._api):
            await self.app(scope, receive, send)
            return
        await self.app(_plain(scope), receive, _Styled(send, self._style))


def _wants_page(scope: Scope) -> bool:
    accepted = dict(scope["headers"]).get(b"accept", b"")
    return scope["method"] == "GET" and b"text/html" in accepted


def _plain(scope: Scope) -> Scope:
    """The same request for a whole page that is not compressed."""
    asked = {**scope, "headers": list(scope["headers"])}
    headers = MutableHeaders(scope=asked)
    headers["accept-encoding"] = "identity"
    for name in _OF_ITS_FILE:
        del headers[name]
    return asked


class _Styled:
    """Sends a page on, with the style at the end of its head; all else untouched."""

    def __init__(self, send: Send, style: bytes) -> None:
        self._send = send
        self._style = style
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if headers.get("content-type", "").startswith("text/html"):
                self._start = message
                return
        if self._start is None:
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        body = self._body.replace(_HEAD_END, self._style + _HEAD_END, 1)
        headers = MutableHeaders(scope=self._start)
        headers["content-length"] = str(len(body))
        for name in ("etag", "last-modified"):
            del headers[name]
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": body})
