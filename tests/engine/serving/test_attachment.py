"""A file's name in the header that browsers read it from."""

from urllib.parse import unquote

import pytest

from engine.serving.attachment import attachment


@pytest.mark.parametrize("name", ["cat.png", "휴가 1.coco.json", "a' b (2).zip", "naïve_ÿ.png"])
def test_names_come_through(name: str) -> None:
    answer = attachment(name, b"x", "image/png")
    said = answer.headers["content-disposition"]
    assert said.isascii()
    plain, _, encoded = said.removeprefix("attachment; filename=").partition("; filename*=UTF-8''")
    assert (unquote(encoded) or plain.strip('"')) == name
    assert len(plain.strip('"')) == len(name)
    assert answer.headers["cache-control"] == "private, no-store"
