"""Published sets: small files in torchvision's layout, and a server on this machine."""

import gzip
import hashlib
import http.server
import io
import pickle
import struct
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from torchvision.datasets import CIFAR10, MNIST

from engine.data.datasets import load_data_set
from engine.data.published import data_folder, download
from engine.errors import InputError

GENERATOR = np.random.default_rng(0)
SMALL = {
    "train": GENERATOR.integers(0, 256, (6, 28, 28), np.uint8),
    "t10k": GENERATOR.integers(0, 256, (3, 28, 28), np.uint8),
}


def idx(array: np.ndarray) -> bytes:
    """LeCun's format: two zeros, 8 for bytes, the rank, the sides, the values."""
    head = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    return head + array.tobytes()


def mnist_files() -> dict[str, bytes]:
    files = {}
    for part, pictures in SMALL.items():
        files[f"{part}-images-idx3-ubyte"] = idx(pictures)
        files[f"{part}-labels-idx1-ubyte"] = idx(np.arange(len(pictures), dtype=np.uint8))
    return files


def md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FOVEA_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of a server on this machine, and the folder that it serves."""
    root = tmp_path / "served"
    root.mkdir()

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, directory=str(root), **kwargs)

        def log_message(self, format, *args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}/", root
        running.shutdown()
        thread.join()


@pytest.fixture
def served_mnist(server: tuple[str, Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    address, root = server
    resources = []
    for name, data in mnist_files().items():
        packed = gzip.compress(data)
        (root / f"{name}.gz").write_bytes(packed)
        resources.append((f"{name}.gz", md5(packed)))
    monkeypatch.setattr(MNIST, "mirrors", [address])
    monkeypatch.setattr(MNIST, "resources", resources)
    return root


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist", "cifar10"])
def test_a_set_that_is_not_here_says_how_to_get_it(name: str, folder: Path) -> None:
    with pytest.raises(InputError, match="is not on this computer") as caught:
        load_data_set(name)
    assert str(folder) in str(caught.value)
    assert (caught.value.key, caught.value.status) == ("data_missing", 424)
    assert not folder.exists()


def test_the_folder_without_a_wish(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOVEA_DATA", " ")
    assert data_folder() == Path.home() / ".cache" / "fovea" / "data"


def test_what_is_on_disk_is_read(folder: Path) -> None:
    raw = folder / "FashionMNIST" / "raw"
    raw.mkdir(parents=True)
    for name, data in mnist_files().items():
        (raw / name).write_bytes(data)
    fashion = load_data_set("fashion_mnist")
    np.testing.assert_array_equal(fashion.images[:6, ..., 0], SMALL["train"])
    np.testing.assert_array_equal(fashion.images[6:, ..., 0], SMALL["t10k"])
    assert fashion.targets.tolist() == [0, 1, 2, 3, 4, 5, 0, 1, 2]
    assert fashion.test_start == 6
    assert fashion.classes[:2] == ("T-shirt/top", "Trouser")


@pytest.mark.parametrize("broken", [b"", b"\0\0\x08\x03", idx(SMALL["t10k"])[:-5]])
def test_damaged_files_are_a_sentence(broken: bytes, folder: Path) -> None:
    raw = folder / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name, data in mnist_files().items():
        (raw / name).write_bytes(broken if name.startswith("t10k-images") else data)
    with pytest.raises(InputError, match=r"files of MNIST in .* are damaged"):
        load_data_set("mnist")


def test_mnist_is_fetched_unpacked_and_read(served_mnist: Path, folder: Path) -> None:
    steps = list(download("mnist"))
    packed_bytes = sum(path.stat().st_size for path in served_mnist.iterdir())
    assert sum(step.done for step in steps) == packed_bytes
    assert all(step.done == step.total for step in steps)  # each fits one part
    mnist = load_data_set("mnist")
    assert mnist.images.shape == (9, 28, 28, 1)
    assert mnist.classes[3] == "three"
    assert {path.name for path in (folder / "MNIST" / "raw").iterdir()} == set(mnist_files())


def test_a_file_that_is_not_the_published_one_is_thrown_away(
    served_mnist: Path, folder: Path
) -> None:
    (served_mnist / "t10k-images-idx3-ubyte.gz").write_bytes(gzip.compress(b"another"))
    with pytest.raises(InputError, match="is not the published file of MNIST"):
        list(download("mnist"))
    names = {path.name for path in (folder / "MNIST" / "raw").iterdir()}
    assert names == {"train-images-idx3-ubyte", "train-labels-idx1-ubyte"}


def test_a_download_that_is_stopped_leaves_nothing(served_mnist: Path, folder: Path) -> None:
    steps = download("mnist")
    next(steps)
    steps.close()
    assert list((folder / "MNIST" / "raw").iterdir()) == []


def test_no_server_is_a_sentence(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(CIFAR10, "url", "http://127.0.0.1:9/cifar-10-python.tar.gz")
    with pytest.raises(InputError, match="CIFAR-10 could not be downloaded") as caught:
        list(download("cifar10"))
    assert caught.value.status == 424
    assert list(folder.iterdir()) == []


def test_a_missing_file_on_the_server_is_a_sentence(served_mnist: Path) -> None:
    (served_mnist / "train-images-idx3-ubyte.gz").unlink()
    with pytest.raises(InputError, match="could not be downloaded"):
        list(download("mnist"))


def test_a_folder_that_cannot_be_written_is_a_sentence(served_mnist: Path, folder: Path) -> None:
    folder.write_text("a file stands in its place")
    with pytest.raises(InputError, match="cannot be stored in"):
        list(download("mnist"))


def test_cifar_is_fetched_unpacked_and_read(
    server: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, root = server
    pictures = GENERATOR.integers(0, 256, (4, 3072), np.uint8)
    batch = pickle.dumps({"data": pictures, "labels": [0, 1, 2, 9]})
    meta = pickle.dumps({"label_names": [f"class {index}" for index in range(10)]})
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, data in {"one": batch, "test": batch, "batches.meta": meta}.items():
            info = tarfile.TarInfo(f"{CIFAR10.base_folder}/{name}")
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    (root / "cifar-10-python.tar.gz").write_bytes(packed.getvalue())
    monkeypatch.setattr(CIFAR10, "url", address + "cifar-10-python.tar.gz")
    monkeypatch.setattr(CIFAR10, "tgz_md5", md5(packed.getvalue()))
    monkeypatch.setattr(CIFAR10, "train_list", [["one", md5(batch)]])
    monkeypatch.setattr(CIFAR10, "test_list", [["test", md5(batch)]])
    monkeypatch.setattr(CIFAR10, "meta", {**CIFAR10.meta, "md5": md5(meta)})
    list(download("cifar10"))
    cifar = load_data_set("cifar10")
    assert cifar.images.shape == (8, 32, 32, 3)
    expected = pictures.reshape(4, 3, 32, 32).transpose(0, 2, 3, 1)
    np.testing.assert_array_equal(cifar.images[:4], expected)
    assert cifar.targets.tolist() == [0, 1, 2, 9] * 2
    assert (cifar.test_start, cifar.classes[9]) == (4, "class 9")
    (data_folder() / CIFAR10.base_folder / "one").write_bytes(pickle.dumps("tampered with"))
    with pytest.raises(InputError, match="damaged"):  # before a pickle is opened
        load_data_set("cifar10")
