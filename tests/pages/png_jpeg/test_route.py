"""What the PNG and JPEG page's stages are told, against Pillow and scikit-image."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image
from skimage.metrics import peak_signal_noise_ratio, structural_similarity
from starlette.testclient import TestClient

from engine.codecs.generations import save_again
from engine.codecs.subjects import MOST_PIXELS, subject_pixels
from engine.pictures import picture_store, sample

CAT = sample("chelsea").pixels


def test_both_encodes_are_pillows(ask: Callable) -> None:
    asked = {"form": "webp", "quality": 30, "against": "jpeg", "against_quality": 80}
    arrays, about = ask("png-jpeg", picture="chelsea", **asked)
    calls = (("pixels", "shown", "WEBP", {"quality": 30, "method": 2}),)
    calls += (("other", "other", "JPEG", {"quality": 80, "subsampling": "4:2:0"}),)
    for array, name, form, options in calls:
        data = io.BytesIO()
        Image.fromarray(CAT).save(data, form, **options)
        with Image.open(data) as image:
            back = np.array(image.convert("RGB"))
        np.testing.assert_array_equal(arrays[array], back)
        told = about[name]
        assert told["file_bytes"] == len(data.getvalue())
        assert told["psnr_db"] == pytest.approx(peak_signal_noise_ratio(CAT, back))
        wanted = structural_similarity(CAT, back, channel_axis=2, data_range=255)
        assert told["ssim"] == pytest.approx(wanted)
        assert told["worst"] == np.abs(CAT.astype(int) - back).max()
        assert all(f"{key}={value!r}" in told["call"] for key, value in options.items())
    assert arrays["error"].max() == about["shown"]["worst"]


def test_png_is_exact_and_has_no_quality(ask: Callable) -> None:
    arrays, about = ask("png-jpeg", picture="chelsea", form="png", quality=3)
    np.testing.assert_array_equal(arrays["pixels"], CAT)
    told = about["shown"]
    assert (told["psnr_db"], told["quality"], told["ssim"], told["worst"]) == (None, None, 1, 0)
    assert about["limits"]["quality"] == {"disabled": True}


def test_png_wins_where_things_repeat_only(api: TestClient) -> None:
    found = api.get("/api/v1/png-jpeg/subjects", params={"picture": "chelsea"}).json()["subjects"]
    smaller = {each["subject"]: each["smaller"] for each in found}
    assert smaller == {"own": "jpeg", "drawing": "png", "screenshot": "jpeg", "noise": "jpeg"}
    noise = found[-1]
    assert noise["png"]["file_bytes"] > noise["raw_bytes"]  # as the page says


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (1400, 900)])
def test_pictures_of_any_size(ask: Callable, size: tuple[int, int]) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (*size, 3), dtype=np.uint8)
    token = picture_store().put(pixels)
    arrays, about = ask("png-jpeg", picture=token)
    height, width = about["size"]
    assert height * width <= MOST_PIXELS
    assert arrays["error"].shape == (height, width)
    assert about["original_size"] == list(size)
    for path in ("png-jpeg/png", "png-jpeg/again"):
        assert ask(path, picture=token)[0]["pixels"].size
    for place in ("0,0", "999,999"):
        arrays, about = ask("png-jpeg/block", picture=token, place=place, component="cr")
        x1, y1, _, _ = about["box"]
        assert x1 < width
        assert y1 < height
        assert arrays["source"].shape == arrays["shown"].shape
    picture_store().forget(token)


def test_a_blocks_numbers_follow_from_one_another(ask: Callable) -> None:
    arrays, about = ask("png-jpeg/block", picture="chelsea", block_quality=10)
    x1, y1, x2, y2 = about["box"]
    np.testing.assert_array_equal(arrays["source"], CAT[y1:y2, x1:x2])
    np.testing.assert_array_equal(arrays["restored"], arrays["quantised"] * arrays["table"])
    steps = arrays["coefficients"] / arrays["table"]
    assert np.abs(steps - arrays["quantised"]).max() <= 0.55
    assert about["left"] == np.count_nonzero(arrays["quantised"])
    data = io.BytesIO()
    Image.fromarray(CAT).save(data, "JPEG", quality=10)
    with Image.open(data) as image:
        assert arrays["table"].ravel().tolist() == image.quantization[0]  # type: ignore[attr-defined]
    fine = ask("png-jpeg/block", picture="chelsea", block_quality=95)[1]
    assert fine["bits"] > about["bits"]


@pytest.mark.parametrize(
    "wrong",
    [{"quality": "0"}, {"quality": "101"}, {"form": "gif"}, {"lens": "1000,0"}, {"subject": "x"}],
)
def test_what_is_not_offered_is_refused(api: TestClient, wrong: dict[str, str]) -> None:
    answer = api.get("/api/v1/png-jpeg", params={"picture": "chelsea"} | wrong)
    assert answer.status_code == 422
    assert isinstance(answer.json()["detail"], str)


@pytest.mark.parametrize(
    "path",
    ["png-jpeg", "png-jpeg/subjects", "png-jpeg/block", "png-jpeg/png", "png-jpeg/again"],
)
def test_a_picture_that_there_is_not(api: TestClient, path: str) -> None:
    assert api.get(f"/api/v1/{path}", params={"picture": "nobody"}).status_code == 404


def test_a_png_is_what_pillow_wrote(ask: Callable) -> None:
    arrays, about = ask("png-jpeg/png", picture="chelsea", subject="drawing")
    drawing = subject_pixels("drawing", CAT)[:106, :160]
    np.testing.assert_array_equal(arrays["pixels"], drawing)
    data = io.BytesIO()
    Image.fromarray(drawing).save(data, "PNG", compress_level=6)
    assert about["file_bytes"] == len(data.getvalue())
    assert sum(about["counts"]) == about["size"][0] == arrays["kinds"].size
    np.testing.assert_allclose(arrays["bits"].sum(axis=1), arrays["row_bits"], rtol=0.5)
    assert arrays["bits"].mean() < 5  # flat colours repeat
    photo, told = ask("png-jpeg/png", picture="chelsea")
    assert photo["bits"].mean() > arrays["bits"].mean()
    assert told["stream_bytes"] < told["if_all"][0]  # as the page draws it: filters pay on a photo


def test_generations_are_saves_of_saves(ask: Callable) -> None:
    arrays, about = ask("png-jpeg/again", picture="chelsea", generation=2, between="crop")
    first, second = save_again(CAT, 75, "crop", 2)
    np.testing.assert_array_equal(arrays["first"], first.pixels)
    np.testing.assert_array_equal(arrays["pixels"], second.pixels)
    assert about["psnr_db"] == pytest.approx(second.psnr_db)
    assert arrays["psnr_crop"][1] == pytest.approx(second.psnr_db)
    lost = about["last_lost_db"]
    assert lost["nothing"] < lost["quality"] < lost["crop"]  # as the first state shows
