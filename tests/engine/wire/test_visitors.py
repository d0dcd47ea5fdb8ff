"""Visitors are known by a cookie that only we can sign."""

import hypothesis.strategies as st
import pytest
from hypothesis import given
from starlette.datastructures import Headers

from engine.wire.visitors import COOKIE, Visitors, cookie_header, cookie_of


def test_what_was_signed_is_read_again() -> None:
    visitors = Visitors(b"key")
    first, second = visitors.make(), visitors.make()
    assert visitors.read(first) != visitors.read(second)
    assert visitors.read(first) == first.partition(".")[0]
    assert Visitors(b"key").read(first) == visitors.read(first)  # another screen with the same key
    assert Visitors(b"other").read(first) is None


@given(st.text(max_size=80))
def test_what_was_not_signed_is_nobody(cookie: str) -> None:
    assert Visitors(b"key").read(cookie) is None


def test_a_changed_visitor_is_nobody() -> None:
    visitors = Visitors(b"key")
    name, _, signature = visitors.make().partition(".")
    changed = ("A" if name[0] != "A" else "B") + name[1:]
    assert visitors.read(f"{changed}.{signature}") is None
    assert visitors.read(f"{name}.") is None


def test_the_key_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOVEA_VISITOR_KEY", "of the whole school")
    assert Visitors().read(Visitors().make()) is not None
    monkeypatch.delenv("FOVEA_VISITOR_KEY")
    assert Visitors().read(Visitors().make()) is None


def test_the_cookie_is_kept_from_scripts_and_other_sites() -> None:
    header = cookie_header("value", "/fovea/", secure=True)
    parts = header.split("; ")
    assert parts[0] == f"{COOKIE}=value"
    assert {"Path=/fovea/", "HttpOnly", "SameSite=Lax", "Secure"} <= set(parts)
    assert "Secure" not in cookie_header("value", "/", secure=False)
    sent = Headers({"cookie": f"other=1; {COOKIE}=value"})
    assert cookie_of(sent) == "value"
