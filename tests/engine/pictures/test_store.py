"""The store behind the tokens: bounded, forgetful, safe from several threads."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InputError
from engine.pictures import Note, PictureStore, keep_hours, picture_store
from engine.pictures.store import _make_store

PIXELS = np.arange(300, dtype=np.uint8).reshape(10, 10, 3)  # 300 bytes


class Clock:
    """A clock that tests move by hand."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def is_gone(store: PictureStore, token: str) -> bool:
    try:
        store.get(token)
    except InputError as error:
        return (error.key, error.status) == ("picture_gone", 404)
    return False


def test_what_was_put_comes_back() -> None:
    store = PictureStore(1000, 60)
    notes = (Note("first_frame"),)
    token = store.put(PIXELS, "cat.png", notes)
    picture = store.get(token)
    np.testing.assert_array_equal(picture.pixels, PIXELS)
    assert (picture.ref, picture.name, picture.notes) == (token, "cat.png", notes)
    assert (picture.file_name, picture.original_size) == ("cat.png", (10, 10))
    assert store.used_bytes == 300


def test_an_empty_store_knows_nothing() -> None:
    store = PictureStore(1000, 7200)
    for token in ("", "chelsea", "x" * 10_000, "../../etc/passwd"):
        with pytest.raises(InputError, match="at most 2 hours") as caught:
            store.get(token)
        assert caught.value.status == 404
        store.forget(token)
    assert store.used_bytes == 0


def test_kept_pixels_belong_to_nobody_else() -> None:
    store = PictureStore(1000, 60)
    mine = PIXELS.copy()
    token = store.put(mine)
    mine[:] = 0
    kept = store.get(token).pixels
    np.testing.assert_array_equal(kept, PIXELS)
    with pytest.raises(ValueError, match="read-only"):
        kept[0, 0, 0] = 1
    with pytest.raises(ValueError, match="WRITEABLE"):
        kept.setflags(write=True)


def test_tokens_are_long_random_and_fit_a_link() -> None:
    store = PictureStore(10**6, 60)
    tokens = {store.put(PIXELS) for _ in range(500)}
    assert len(tokens) == 500
    assert all(len(token) == 22 and token.replace("-", "").replace("_", "").isalnum()
               for token in tokens)  # fmt: skip


def test_a_picture_lives_for_its_time_and_not_longer_by_use() -> None:
    clock = Clock()
    store = PictureStore(1000, 60, clock)
    token = store.put(PIXELS)
    clock.now_s += 59.9
    assert not is_gone(store, token)
    clock.now_s += 0.1
    assert is_gone(store, token)
    assert store.used_bytes == 0


def test_the_least_recently_used_goes_first() -> None:
    store = PictureStore(900, 60)
    first, second, third = (store.put(PIXELS) for _ in range(3))
    store.get(first)
    fourth = store.put(PIXELS)
    assert [is_gone(store, token) for token in (first, second, third, fourth)] == [
        False, True, False, False,
    ]  # fmt: skip
    assert store.used_bytes == 900


def test_expired_pictures_give_way_before_living_ones() -> None:
    clock = Clock()
    store = PictureStore(600, 60, clock)
    old = store.put(PIXELS)
    clock.now_s += 30
    young = store.put(PIXELS)
    store.get(old)  # the old one is now the most recently used
    clock.now_s += 30
    store.put(PIXELS)
    assert is_gone(store, old)
    assert not is_gone(store, young)


def test_forgetting_is_at_once_and_final() -> None:
    store = PictureStore(1000, 60)
    token, other = store.put(PIXELS), store.put(PIXELS)
    store.forget(token)
    store.forget(token)
    assert is_gone(store, token)
    assert not is_gone(store, other)
    assert store.used_bytes == 300


def test_a_picture_that_exactly_fits_and_one_that_does_not() -> None:
    store = PictureStore(300, 60)
    token = store.put(PIXELS)
    with pytest.raises(InputError) as caught:
        store.put(np.zeros((10, 11, 3), np.uint8))
    assert (caught.value.key, caught.value.status) == ("picture_store_too_small", 413)
    assert not is_gone(store, token), "a refused picture must not push others out"


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((0, 4, 3), np.uint8),
        np.zeros((4, 4), np.uint8),
        np.zeros((4, 4, 4), np.uint8),
        np.zeros((4, 4, 3), np.float32),
    ],
    ids=["empty", "grey", "RGBA", "float"],
)
def test_only_rgb_pixels_are_kept(pixels: np.ndarray) -> None:
    with pytest.raises(ValueError, match="expected uint8"):
        PictureStore(1000, 60).put(pixels)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("", ""),
        ("내 고양이.png", "내 고양이.png"),
        ("a\x00b\nc\u202ed", "abcd"),
        ("x" * 500, "x" * 255),
    ],
)
def test_names_are_cleaned(name: str, kept: str) -> None:
    store = PictureStore(1000, 60)
    assert store.get(store.put(PIXELS, name)).name == kept


@given(st.lists(st.tuples(st.sampled_from(["put", "get", "forget", "wait"]), st.integers(0, 9))))
def test_never_over_capacity_and_always_the_right_picture(steps: list[tuple[str, int]]) -> None:
    clock = Clock()
    store = PictureStore(1000, 10, clock)
    put: list[tuple[str, int, float]] = []  # token, value, when
    for action, number in steps:
        if action == "put":
            value = number + 1
            token = store.put(np.full((value, 10, 3), value, np.uint8))
            put.append((token, value, clock.now_s))
        elif action == "wait":
            clock.now_s += number
        elif put:
            token, value, when_s = put[number % len(put)]
            if action == "forget":
                store.forget(token)
                assert is_gone(store, token)
            elif not is_gone(store, token):
                assert clock.now_s - when_s < 10
                assert (store.get(token).pixels == value).all()
        living = [value for token, value, _ in put if not is_gone(store, token)]
        assert store.used_bytes == sum(30 * value for value in living) <= 1000


def test_many_threads_at_once() -> None:
    store = PictureStore(3000, 60)

    def work(seed: int) -> None:
        for step in range(100):
            token = store.put(np.full((10, 10, 3), seed, np.uint8))
            if not is_gone(store, token):
                try:
                    assert (store.get(token).pixels == seed).all()
                except InputError as error:
                    assert error.status == 404  # noqa: PT017  another thread may have pushed it out
            if step % 3 == 0:
                store.forget(token)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert store.used_bytes <= 3000


@pytest.fixture
def fresh_store(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The process's store is made anew before and after."""
    for variable in ("FOVEA_PICTURE_HOURS", "FOVEA_PICTURE_MB"):
        monkeypatch.delenv(variable, raising=False)
    _make_store.cache_clear()
    yield monkeypatch
    _make_store.cache_clear()


def test_one_store_a_process_even_for_first_calls_at_once(
    fresh_store: pytest.MonkeyPatch,
) -> None:
    with ThreadPoolExecutor(8) as pool:
        stores = list(pool.map(lambda _: picture_store(), range(32)))
    assert len({id(store) for store in stores}) == 1


def test_the_environment_sets_hours_and_megabytes(fresh_store: pytest.MonkeyPatch) -> None:
    assert keep_hours() == 12
    fresh_store.setenv("FOVEA_PICTURE_HOURS", "0.5")
    fresh_store.setenv("FOVEA_PICTURE_MB", "1")
    assert keep_hours() == 0.5
    with pytest.raises(InputError, match=r"at most 0\.5 hours"):
        picture_store().get("nothing")
    with pytest.raises(InputError, match="only 1 MB"):
        picture_store().put(np.zeros((1000, 1000, 3), np.uint8))


@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf", "twelve"])
def test_a_senseless_setting_is_named(text: str, fresh_store: pytest.MonkeyPatch) -> None:
    fresh_store.setenv("FOVEA_PICTURE_HOURS", text)
    with pytest.raises(ValueError, match="FOVEA_PICTURE_HOURS must be a positive number"):
        keep_hours()


def test_name_and_size_of_the_file_stay_with_the_picture() -> None:
    store = PictureStore(1000, 60)
    picture = store.get(store.put(PIXELS, "휴가 1.HEIC", original_size=(3000, 4000)))
    assert (picture.file_name, picture.stem) == ("휴가 1.HEIC", "휴가 1")
    assert picture.original_size == (3000, 4000)
    assert store.get(store.put(PIXELS)).file_name == "picture.png"


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("", "picture"),
        ("cat.png", "cat"),
        ("archive.tar.gz", "archive.tar"),
        ("noending", "noending"),
        ("/etc/passwd", "passwd"),
        ("..\\..\\evil.exe", "evil"),
        ("../..", "picture"),
        (".jpg", "jpg"),
        ('a"b;c\r\nSet-Cookie: x.png', "a_b_cSet-Cookie_ x"),
        ("con?*|<>.png", "con_____"),
    ],
)
def test_a_name_is_fit_to_begin_another_files_name(name: str, stem: str) -> None:
    store = PictureStore(1000, 60)
    assert store.get(store.put(PIXELS, name)).stem == stem
