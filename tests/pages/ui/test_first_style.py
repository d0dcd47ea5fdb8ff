"""Our style is in the page as it is sent, so that nothing is shown without it."""

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from pages.ui.first_style import ROOMS_PX, FirstStyle, room_key, style

PAGE = "<html><head><title>A</title></head><body>" + "한 " * 2000 + "</body></html>"
BROWSER = {"accept": "text/html,*/*", "accept-encoding": "gzip"}


def page(request: Request) -> Response:
    seen = {"ETag": '"file"', "Last-Modified": "Mon, 30 Nov 2026 00:00:00 GMT"}
    if "if-none-match" in request.headers or "if-modified-since" in request.headers:
        return Response(status_code=304, headers=seen)
    return HTMLResponse(PAGE, headers=seen)


def numbers(_: Request) -> Response:
    return JSONResponse({"html": "</head>"})


@pytest.fixture
def client() -> Iterator[TestClient]:
    routes = [Route("/", page), Route("/numbers", numbers)]
    layers = [Middleware(FirstStyle), Middleware(GZipMiddleware, minimum_size=10)]
    with TestClient(Starlette(routes=routes, middleware=layers)) as opened:
        yield opened


def test_the_style_stands_at_the_end_of_the_head(client: TestClient) -> None:
    answer = client.get("/", headers=BROWSER)
    head, body = answer.text.split("</head>")
    assert head == f"<html><head><title>A</title><style>\n{style()}\n</style>"
    assert body == PAGE.split("</head>")[1]
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_a_page_is_sent_anew_whatever_the_browser_has_of_its_file(client: TestClient) -> None:
    known = {"if-none-match": '"file"', "if-modified-since": "Mon, 30 Nov 2026 00:00:00 GMT"}
    answer = client.get("/", headers=BROWSER | known)
    assert answer.status_code == 200
    assert "etag" not in answer.headers
    assert "last-modified" not in answer.headers


def test_all_else_is_sent_as_it_is(client: TestClient) -> None:
    answer = client.get("/numbers", headers={"accept": "*/*", "accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.json() == {"html": "</head>"}
    assert client.get("/numbers", headers=BROWSER).json() == {"html": "</head>"}
    client.headers["accept"] = "application/json"
    assert client.get("/").text == PAGE


def test_every_height_that_can_be_kept_free_has_its_rule() -> None:
    for px in ROOMS_PX:
        prefix = room_key("", px)
        assert f'[class*="st-key-{prefix}"] {{ min-height: {px}px }}' in style()
    with pytest.raises(ValueError, match="multiple of 20"):
        room_key("home", 510)
