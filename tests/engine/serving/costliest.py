"""Asks an engine of its own for the costliest legal values of every route, and says what it took.

``python -m tests.engine.serving.costliest [part of a path …]``: one line of JSON a request on the
standard output. A process of its own, since what is measured is a process. Values come from the
API's own description, which the pydantic models make: all at their largest, all at their least,
and each choice once with the others at their largest. A job is begun, looked at once, and turned
away from; ``--whole`` waits for it.
"""

import argparse
import io
import json
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import psutil
from PIL import Image
from starlette.testclient import TestClient

from engine.serving import jobs as jobs_module
from engine.serving.api import app, create_api
from engine.serving.jobs import jobs
from engine.serving.loading import loading
from engine.serving.training import workers

SIDES = (1536, 2048)
WANTED_S = jobs_module.ABANDONED_AFTER_S
DRAINED_S = 120.0
WHOLE_S = 120.0
ME = "c" * 22
#: What bounds alone do not say: texts that cost, and what stands in a path.
BOXES = ";".join(["0,0,399,299"] * 50)
TEXTS = {
    "pages": ",".join(["pixels", "classify", "nms", "sliding_window", "segment", "overfitting"]),
    "boxes": BOXES,
    "background": BOXES,
    "truth_box": "0,0,1000,1000",
    "names": ",".join(["nobody"] * 5),
    "name": "nobody",
    "run": "nobody",
    "start": "-5.00,5.00",
    "chain": "non_local_means,60,7,15;bilateral_filter,200,21,20;"
    + ";".join(["gaussian_noise,100,1", "median_blur,31"] * 3),
}
#: Where the largest values together are refused: what makes them fit, asked besides.
FITTING: dict[str, dict[str, Any]] = {
    "/v1/filter-sliding": {
        "same": "false", "preset": "random", "scene": "crop64", "row": 9, "col": 9,
        "transposed": "false", "stride": 1, "dilation": 1, "filter": 0,
    },
    "/v1/feature-maps/patches": {"channel": 1279},
    "/v1/haar-hog/response": {"level": 0, "row": 0, "column": 0},
    "/v1/haar-hog/window": {"x": 9, "y": 9},
    "/v1/face-cascade/window": {"level": 0, "row": 0, "column": 0},
    "/v1/selective-search": {"mode": "fast"},
    "/v1/training-studio": {"width": 64, "depth": 4, "batch_size": 256, "net": "small_resnet"},
}  # fmt: skip
IN_PATHS = {
    "token": "chelsea",
    "name": "nobody",
    "reading": "nothing",
    "form": "onnx",
    "kind": "classifiers",
}


class Watch:
    """What the process takes, looked at a hundred times a second."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._lock = threading.Lock()  # else a look begun before a restart would end after it
        self.peak = self.now()
        threading.Thread(target=self._look, daemon=True).start()

    def now(self) -> float:
        """MiB."""
        return self._process.memory_info().rss / 2**20

    def restart(self) -> float:
        """From now on the peak is of what follows; MiB now."""
        with self._lock:
            self.peak = self.now()
            return self.peak

    def _look(self) -> None:
        while True:
            with self._lock:
                self.peak = max(self.peak, self.now())
            time.sleep(0.01)


def legal(schema: dict[str, Any], largest: bool) -> list[Any]:
    """The largest or the least value of a parameter, or all its choices; none without an end."""
    kind = next(each for each in schema.get("anyOf", [schema]) if each.get("type") != "null")
    if "enum" in kind:
        return list(kind["enum"])
    if kind.get("type") == "boolean":
        return ["true" if largest else "false"]
    end = kind.get("maximum" if largest else "minimum", kind.get("minimum"))
    return [] if end is None else [end]


def questions(
    path: str, parameters: list[dict[str, Any]], picture: str
) -> Iterator[dict[str, Any]]:
    """All largest, with each choice once; the largest that go together; all least."""
    given: dict[str, Any] = {}
    for each in parameters:
        name = each["name"]
        if name == "picture" or name == "taught":
            given[name] = picture
        elif name in TEXTS:
            given[name] = TEXTS[name]
    rest = [each for each in parameters if each["name"] not in given]
    for largest in (True, False):
        values = {each["name"]: legal(each["schema"], largest) for each in rest}
        values = {name: found for name, found in values.items() if found}
        turns = max([len(found) for found in values.values()], default=1) if largest else 1
        for turn in range(turns):
            asked = given | {name: found[turn % len(found)] for name, found in values.items()}
            yield asked
            fitting = next((own for start, own in FITTING.items() if path.startswith(start)), {})
            if largest and turn == 0 and fitting:
                yield asked | {name: each for name, each in fitting.items() if name in asked}


def noise() -> bytes:
    """A picture that nothing makes smaller or simpler."""
    pixels = np.random.default_rng(0).integers(0, 256, (*SIDES, 3), np.uint8)
    data = io.BytesIO()
    Image.fromarray(pixels).save(data, "PNG")
    return data.getvalue()


def posts(file: bytes) -> Iterator[tuple[str, dict[str, Any]]]:
    """What is sent: the path, and what TestClient is to send."""
    picture = {"file": ("noise.png", file, "image/png")}
    yield "/v1/classify", {"files": picture, "data": {"top": 1000}}
    for detector in ("mtcnn", "nanodet", "hog_people", "haar_eye", "sliding_window"):
        values = {"detector": detector, "score": 0, "iou": 1}
        yield "/v1/detect", {"files": picture, "data": values}
    for model in ("grabcut", "slic", "felzenszwalb"):
        yield "/v1/segment", {"files": picture, "data": {"model": model}}
    yield "/v1/segment", {"data": {"scene": 2**63 - 1, "kind": "panoptic"}}
    huge = {"net": {"name": "small_resnet", "width": 1024, "depth": 50}}
    huge["train"] = {"epochs": 10_000, "batch_size": 65_536}
    yield "/v1/runs", {"json": {"settings": huge}}
    yield "/v1/runs/expect", {"json": {"settings": huge}}
    most = json.dumps({"classes": ["x" * 200] * 1000, "photos": []})
    yield "/v1/labels/import", {"files": {"files": ("n.png", file)}, "data": {"known": most}}
    yield "/v1/labels/export", {"data": {"labels": most, "form": "voc"}}
    yield "/v1/own-sets", {"content": file, "params": {"size_px": 256}}
    yield "/v1/downloads/classifiers/nothing", {}
    for act in ("stop", "resume", "fork", "test", "share"):
        yield f"/v1/runs/nobody/{act}", {"json": {}}


def filled(path: str) -> str:
    """A path with something in its braces."""
    for name, value in IN_PATHS.items():
        path = path.replace("{" + name + "}", value)
    return path


class Asker:
    """Sends one request at a time and writes down what it took."""

    def __init__(self, api: TestClient, watch: Watch, whole: bool) -> None:
        self.api, self.watch, self.whole = api, watch, whole
        self.most_mib = 0.0

    def ask(self, method: str, path: str, **sent: Any) -> None:
        self.drain()
        jobs_module.ABANDONED_AFTER_S = WANTED_S
        before = self.watch.restart()
        begun, cpu = time.perf_counter(), time.process_time()
        answer = self.api.request(method, f"/api{filled(path)}", headers={"X-Owner": ME}, **sent)
        while self.whole and answer.status_code == 202 and time.perf_counter() - begun < WHOLE_S:
            answer = self.api.request(method, f"/api{filled(path)}", **sent)
        self.most_mib = max(self.most_mib, self.watch.peak)
        told = {
            "method": method,
            "path": path,
            "status": answer.status_code,
            "wall_s": round(time.perf_counter() - begun, 3),
            "cpu_s": round(time.process_time() - cpu, 3),
            "more_mib": round(self.watch.peak - before),
            "asked": {k: v for k, v in sent.get("params", {}).items() if k != "picture"},
            "detail": answer.text[:200] if answer.status_code >= 400 else "",
        }
        print(json.dumps(told), flush=True)

    def drain(self) -> None:
        """Until what was begun has noticed that nobody wants it any more."""
        jobs_module.ABANDONED_AFTER_S = 0.0
        until = time.monotonic() + DRAINED_S
        while sum(jobs().counts()):
            if time.monotonic() > until:
                print(json.dumps({"stuck": jobs().counts()}), flush=True)
                return
            time.sleep(0.01)


def main(arguments: list[str]) -> None:
    """Ask for everything, or for paths that hold one of some words."""
    parser = argparse.ArgumentParser()
    parser.add_argument("words", nargs="*")
    parser.add_argument("--whole", action="store_true")
    chosen = parser.parse_args(arguments)

    def wanted(path: str) -> bool:
        return not chosen.words or any(word in path for word in chosen.words)

    loading().load()
    api = TestClient(app, base_url="http://localhost:8501", raise_server_exceptions=False)
    file, watch = noise(), Watch()
    stored = api.post("/api/v1/pictures", files={"file": ("noise.png", file, "image/png")})
    asker = Asker(api, watch, chosen.whole)
    described = create_api().openapi()["paths"]
    for path, methods in sorted(described.items()):
        if "get" in methods and wanted(path):
            asked = [p for p in methods["get"].get("parameters", []) if p["in"] == "query"]
            seen: list[dict[str, Any]] = []
            for values in questions(path, asked, stored.json()["token"]):
                if values not in seen and not (chosen.whole and seen):
                    seen.append(values)
                    asker.ask("GET", path, params=values)
    for path, sent in posts(file):
        if wanted(path):
            asker.ask("POST", path, **sent)
    asker.drain()
    workers().close()
    print(json.dumps({"peak_mib": round(asker.most_mib)}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
