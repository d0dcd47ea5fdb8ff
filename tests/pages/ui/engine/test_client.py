"""What a page is told: answers, how far one is, and sentences; never a stack of HTTP errors."""

import json
from collections.abc import Callable

import httpx2
import numpy as np
import pytest

from engine.errors import InputError
from engine.progress import Progress
from engine.wire.arrays import HEADER, pack_bytes
from engine.wire.visitors import Caller
from pages.ui.engine import client
from pages.ui.engine.client import ask, keep_picture, send
from pages.ui.engine.originals import Originals
from pages.ui.engine.over_http import EngineOverHttp
from pages.ui.engine.place import Address, Place
from pages.ui.engine.question import Question, Refused

ME = Caller("me", "127.0.0.1")
Reply = Callable[[httpx2.Request], httpx2.Response]


def over(reply: Reply, place: Place, kept: Originals | None = None) -> EngineOverHttp:
    """An engine over HTTP whose network is a function."""
    transport = httpx2.MockTransport(reply)
    return EngineOverHttp(place, kept or Originals(1000), httpx2.Client(transport=transport))


@pytest.fixture
def place() -> Place:
    found = Place()
    found.answers(Address("http://engine:9/fovea", "s3cret", "first"))
    return found


@pytest.fixture
def answered(place: Place, monkeypatch: pytest.MonkeyPatch) -> Callable[[Reply], None]:
    """Have the pages' questions answered by a function."""
    monkeypatch.setattr(client, "caller", lambda: ME)

    def answer_with(reply: Reply) -> None:
        engine = over(reply, place)
        monkeypatch.setattr(client, "engine", lambda: engine)

    return answer_with


def test_arrays_and_facts_come_back(answered: Callable[[Reply], None]) -> None:
    seen: list[httpx2.Request] = []

    def reply(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        body, header = pack_bytes({"map": np.eye(2, dtype=np.float32)}, {"name": "고양이"})
        return httpx2.Response(200, content=body, headers={HEADER: header})

    answered(reply)
    answer = ask("home", {"picture": "chelsea", "skip": True, "absent": None, "depth": 3})
    assert not isinstance(answer, Progress)
    np.testing.assert_array_equal(answer.arrays["map"], np.eye(2))
    assert answer["name"] == "고양이"
    assert str(seen[0].url) == (
        "http://engine:9/fovea/api/v1/home?picture=chelsea&skip=true&depth=3"
    )
    assert seen[0].headers["x-fovea-secret"] == "s3cret"
    assert seen[0].headers["x-fovea-visitor"] == "me"


def test_a_slow_answer_is_waited_for_and_then_is_a_value(
    answered: Callable[[Reply], None],
) -> None:
    asked = []

    def reply(_: httpx2.Request) -> httpx2.Response:
        asked.append(1)
        if len(asked) == 3:
            return httpx2.Response(200, json={"found": 7})
        return httpx2.Response(202, json={"done": len(asked), "total": 9})

    answered(reply)
    assert ask("detect/count", patience_s=0) == Progress(1, 9)
    answer = ask("detect/count", patience_s=5)
    assert not isinstance(answer, Progress)
    assert answer["found"] == 7


def test_an_answer_that_lacks_parts_is_waited_for_and_then_taken_as_it_is(
    answered: Callable[[Reply], None],
) -> None:
    asked = []

    def reply(_: httpx2.Request) -> httpx2.Response:
        asked.append(1)
        return httpx2.Response(200, json={"found": len(asked), "unfinished": len(asked) < 3})

    answered(reply)
    answer = ask("detect/panels", patience_s=0)
    assert not isinstance(answer, Progress)
    assert answer["unfinished"]
    answer = ask("detect/panels", patience_s=5)
    assert not isinstance(answer, Progress)
    assert answer["found"] == 3


def test_one_that_starts_is_not_waited_for(answered: Callable[[Reply], None]) -> None:
    starting = {"done": 1, "total": 3, "starting": True}
    answered(lambda _: httpx2.Response(202, json=starting))
    assert ask("home", patience_s=30) == Progress(1, 3)


def test_a_refusal_is_the_engines_sentence(answered: Callable[[Reply], None]) -> None:
    answered(lambda _: httpx2.Response(422, json={"detail": "The value is wrong."}))
    with pytest.raises(Refused) as refused:
        ask("home")
    assert (refused.value.sentence, refused.value.status) == ("The value is wrong.", 422)
    answered(lambda _: httpx2.Response(502, text="<html>a proxy's page</html>"))
    with pytest.raises(Refused) as refused:
        send("POST", "runs", json={})
    assert refused.value.sentence.endswith(".")
    assert "<" not in refused.value.sentence


def test_an_engine_that_is_away_is_a_sentence_in_the_readers_language(place: Place) -> None:
    place.fails(InputError("engine_away", status=503), passing=False)
    engine = over(lambda _: httpx2.Response(200), place)
    with pytest.raises(Refused) as refused:
        engine.send(Question("GET", "home", lang="ko"), ME, wait_s=0)
    assert refused.value.status == 503
    assert "엔진" in refused.value.sentence


def test_a_question_is_asked_again_where_the_engine_dies_over_it(place: Place) -> None:
    tries = []

    def reply(request: httpx2.Request) -> httpx2.Response:
        tries.append(request.method)
        if len(tries) < 3:
            raise httpx2.ReadError("it died", request=request)
        return httpx2.Response(200, json={})

    engine = over(reply, place)
    assert engine.send(Question("GET", "home"), ME, wait_s=5).status_code == 200
    tries.clear()
    with pytest.raises(Refused) as refused:
        engine.send(Question("POST", "runs"), ME, wait_s=5)
    assert tries == ["POST"]
    assert refused.value.status == 503


def test_a_picture_is_kept_here_too_and_given_to_the_next_start(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Originals(1000)
    asked: list[tuple[str, str, bytes]] = []

    def reply(request: httpx2.Request) -> httpx2.Response:
        asked.append((request.method, request.url.path.rpartition("/")[2], request.read()))
        return httpx2.Response(200, json={"token": "", "notes": [], "keep_s": 60})

    engine = over(reply, place, kept)
    for name, value in {"engine": engine, "originals": kept, "place": place, "caller": ME}.items():
        monkeypatch.setattr(client, name, lambda value=value: value)
    keep_picture(b"a photo", "cat.jpg")
    method, token, content = asked.pop()
    assert (method, content) == ("PUT", b"a photo")
    ask("home", {"picture": token})
    assert [each[0] for each in asked] == ["GET"]
    place.answers(Address("http://engine:9/fovea", "s3cret", "second"))
    asked.clear()
    ask("home", {"picture": token})
    ask("home", {"picture": token})
    assert [each[0] for each in asked] == ["PUT", "GET", "GET"]
    assert json.dumps(asked[0][1:2]) == json.dumps([token])
