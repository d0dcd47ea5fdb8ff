"""An engine with a secret: strangers are refused, whoever knows it is believed."""

import pytest
from starlette.testclient import TestClient

from engine.serving.api import create_app

SECRET = "s3cret"


@pytest.fixture(scope="module")
def engine() -> TestClient:
    return TestClient(create_app(SECRET), base_url="http://127.0.0.1:9", follow_redirects=False)


@pytest.mark.parametrize("headers", [{}, {"X-Fovea-Secret": ""}, {"X-Fovea-Secret": "s3cre"}])
@pytest.mark.parametrize("path", ["/api/v1/pictures/chelsea", "/api/docs", "/api/v1/health"])
def test_nobody_is_answered_without_the_secret(
    engine: TestClient, headers: dict[str, str], path: str
) -> None:
    answer = engine.get(path, headers=headers)
    assert answer.status_code == 403
    assert answer.json()["detail"].endswith(".")


def test_with_it_neither_host_nor_origin_are_looked_at_again(engine: TestClient) -> None:
    headers = {"X-Fovea-Secret": SECRET, "Host": "class.example", "Origin": "https://x.example"}
    assert engine.get("/api/v1/pictures/chelsea/about", headers=headers).status_code == 200


def test_the_documentation_knows_where_the_browser_found_it(engine: TestClient) -> None:
    headers = {
        "X-Fovea-Secret": SECRET,
        "X-Forwarded-Prefix": "/fovea",
        "X-Forwarded-Host": "class.example",
        "X-Forwarded-Proto": "https",
    }
    page = engine.get("/api/docs", headers=headers)
    assert page.status_code == 200
    named = [part for part in page.text.split('"') if part.endswith((".js", ".css", ".png"))]
    assert named
    for path in named:
        assert path.startswith("/fovea/api/")
        found = engine.get(path.removeprefix("/fovea"), headers=headers)
        assert found.status_code == 200, path
    assert "/fovea/api/openapi.json" in page.text
    moved = engine.get("/api/docs/", headers=headers)
    assert moved.headers.get("location", "https://class.example/fovea").startswith(
        "https://class.example/fovea"
    )


def test_a_picture_is_kept_under_the_screens_token_again_and_again(engine: TestClient) -> None:
    from engine.pictures import encode_png, sample

    file = encode_png(sample("coffee").pixels[:40, :30], 24)
    path, token = "/api/v1/pictures/", "t" * 22
    trusted = {"X-Fovea-Secret": SECRET}
    for _ in range(2):
        stored = engine.put(path + token, params={"name": "cup.png"}, content=file, headers=trusted)
        assert stored.json() == {
            "name": "cup.png",
            "height_px": 40,
            "width_px": 30,
            "original_height_px": 40,
            "original_width_px": 30,
            "notes": [],
            "token": token,
            "keep_s": 12 * 3600,
        }
    assert engine.get(path + token, headers=trusted).headers["content-type"] == "image/png"
    assert engine.put(path + "guess", content=file, headers=trusted).status_code == 422
    soon = {"keep_s": "60"}
    again = engine.put(path + token, params=soon, content=file, headers=trusted).json()
    assert again["keep_s"] == 60
    assert engine.put(path + token, content=b"no picture", headers=trusted).status_code == 415


def test_strangers_choose_no_tokens(api: TestClient) -> None:
    assert api.put(f"/api/v1/pictures/{'t' * 22}", content=b"x").status_code == 403
