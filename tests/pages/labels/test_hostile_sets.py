"""Sets of labels and photos that are too large, oddly named or cut short, over the API."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from engine.pictures.lanes import Lane
from engine.serving.labels import contract, incoming, outgoing, room
from tests.pages.labels.test_route import given, photo, row, take, taken, zipped


def test_many_large_photos_in_a_small_file_are_refused_together(
    api: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming, "MOST_LOOKED_AT", 2 * 60 * 40)
    photos = {f"{k}.jpg": photo(orientation=k) for k in (1, 3, 6)}
    answer = take(api, {"all.zip": zipped(photos)})
    assert answer.status_code == 413
    assert "megapixels together" in answer.json()["detail"]
    photos.pop("6.jpg")
    assert take(api, {"all.zip": zipped(photos)}).status_code == 200


def test_turning_is_bounded_by_what_the_files_hold_and_not_by_what_labels_say(
    api: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing, "MOST_TURNED", 60 * 40)
    files = [photo(orientation=k) for k in (3, 6)]
    rows = [
        row(f"{k}.jpg", data, [], orientation=k, width=1, height=1)
        for k, data in zip((3, 6), files, strict=True)
    ]
    answer = given(api, {"classes": [], "photos": rows}, files)
    assert answer.status_code == 413
    assert given(api, {"classes": [], "photos": rows}, files, upright="false").status_code == 200


@pytest.mark.parametrize("name", ["../evil.jpg", "..", "a/b.jpg", "a\\b.jpg", "\x00.jpg"])
def test_a_photos_name_is_no_path(api: TestClient, name: str) -> None:
    answer = given(api, {"classes": [], "photos": [row(name, photo(), [])]}, [])
    assert answer.status_code == 422
    assert "name" in answer.json()["detail"]


def test_whoever_comes_when_too_many_wait_for_room_is_told_so(
    api: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        waiting = room.MOST_WAITING

    monkeypatch.setattr(room, "_lane", Full())
    answers = [take(api, {"one.jpg": photo()}), given(api, {"photos": []}, [])]
    assert [each.status_code for each in answers] == [503, 503]


def test_a_request_holds_room_by_its_size_and_gives_it_back(api: TestClient) -> None:
    held: list[int] = []

    class Noted(Lane):
        def hold(self, needed_bytes: int) -> Any:
            held.append(needed_bytes)
            return super().hold(needed_bytes)

    lane, file = Noted(2**20), photo()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, "_lane", lane)
        assert take(api, {"one.jpg": file}).status_code == 200
        assert take(api, {"one.jpg": b"no photo"}).status_code != 200
    assert held == [room.SHARE * len(file), room.SHARE * len(b"no photo")]
    with lane.hold(2**20):  # all of it is free again
        assert lane.waiting == 0


def test_the_most_boxes_go_out_and_one_more_is_a_sentence(api: TestClient) -> None:
    data = photo()
    boxes = [{"box": [1.123456, 2.123456, 33.123456, 31.123456], "label": "traffic light"}]
    many = {"classes": [], "photos": [row("a.jpg", data, boxes * contract.MOST_BOXES)]}
    assert len(json.dumps(many)) > 2**20  # more than a form's field usually holds
    assert given(api, many, []).status_code == 200
    many["photos"].append(row("b.jpg", photo((8, 8)), [{"box": [0, 0, 1, 1], "label": "cat"}]))
    answer = given(api, many, [])
    assert answer.status_code == 422
    assert "b.jpg, line 1: this is one box too many" in answer.json()["detail"]


@pytest.mark.parametrize("label", ["a\nb", "a\x00b", "  ", "a\u2028b"])
def test_a_name_that_no_label_file_can_keep_is_refused(api: TestClient, label: str) -> None:
    one = row("a.jpg", photo(), [{"box": [0, 0, 1, 1], "label": label}])
    assert given(api, {"classes": [], "photos": [one]}, []).status_code == 422


def test_half_letters_of_json_are_a_sentence(api: TestClient) -> None:
    images = [
        {"id": number, "file_name": name, "width": 60, "height": 40}
        for number, name in enumerate(["a.jpg", "\ud800.jpg"])
    ]
    labels = {"images": images, "annotations": [], "categories": []}
    _, about = taken(api, {"a.jpg": photo(), "x.json": json.dumps(labels).encode()})
    assert "\\ud800.jpg" in about["notes"][0]
    labels["categories"] = [{"id": 1, "name": "\ud800"}]
    answer = take(api, {"a.jpg": photo(), "x.json": json.dumps(labels).encode()})
    assert answer.status_code == 422, answer.text


def test_what_came_in_under_an_odd_name_goes_out_again(api: TestClient) -> None:
    files, about = taken(api, {"z.zip": zipped({"a\nb\tc.jpg": photo()})})
    (one,) = about["photos"]
    assert one["name"] == "a_b_c.jpg"
    ready = {key: value for key, value in one.items() if key not in ("from", "to")}
    assert given(api, {"classes": [], "photos": [ready]}, [files]).status_code == 200


def test_a_zip_that_is_cut_short_is_said_to_be_so(api: TestClient) -> None:
    answer = take(api, {"z.zip": zipped({"a.jpg": photo()})[:80]})
    assert answer.status_code == 415
    assert answer.json()["detail"].startswith("z.zip is not a zip file, or it is damaged")
