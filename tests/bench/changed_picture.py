"""Another picture: from the click to its maps on the screen, none of them seen before.

The page is the one about feature maps (home, while that is not listed). The samples are chosen in
the strip; own photographs, each different, are uploaded as a learner does it.
"""

from pathlib import Path
from subprocess import Popen
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image
from playwright.sync_api import Browser

from engine.pictures import SAMPLE_NAMES, sample
from tests.bench.numbers import Target, ms, p50, p95, table
from tests.bench.serving import LONG_REST_MS, Tab, wait_calm
from tests.bench.subjects import Subject, subjects
from tests.browser.stage_driver import pixels_hash

PEER_MS = 930
TARGET = Target(300, "≤ 300 ms p50")
HEAD = ("changed picture", "n", "p50 ms", "p95", "target")
NOTES = (
    f"CNN Explainer: {PEER_MS} ms (p50 of 10) for a 64×64 picture through a Tiny-VGG, built from "
    "its source and measured in the same way on two cores, 2026-11."
)
PHOTOS = 4
PHOTO_SIZE = (1280, 960)
PREFERRED = "feature_maps"


class ChangedPictures:
    """Times of all the changes, from server to server."""

    def __init__(self) -> None:
        self.subject = _subject()
        self.chosen: list[float] = []
        self.uploaded: list[float] = []

    def measure(self, browser: Browser, url: str, process: Popen[bytes]) -> None:
        """Every sample but the first, then own photographs, on a server that knows none of them."""
        tab = Tab(browser, url + self.subject.address)
        tab.wait_painted()
        wait_calm(process)
        opened = _ref_shown(tab)
        for ref in SAMPLE_NAMES:
            if ref != opened:
                click = tab.page.locator(f"[data-testid=picture-{ref}]").click
                self.chosen.append(self._change(tab, "click", click, ref))
        place = tab.page.locator("[data-testid=stFileUploaderDropzoneInput]")
        with TemporaryDirectory() as folder:
            for number in range(PHOTOS):
                file = _photo(Path(folder), number)
                tab.page.locator("[data-testid=stPopoverButton]").click()
                place.wait_for(state="attached")
                upload = lambda file=file: place.set_input_files(file)  # noqa: E731
                self.uploaded.append(self._change(tab, "change", upload, r"[\w-]{22}"))
                place.wait_for(state="detached")  # a file that was taken closes the popover
        tab.close()

    def _change(self, tab: Tab, event: str, act: object, ref: str) -> float:
        """Milliseconds until the stage is painted with the answer for that picture."""
        before = pixels_hash(tab.page)
        source = self.subject.stem.replace("_", "-")
        address = rf"/\/v1\/{source}\?(.*&)?picture={ref}(&|$)/"
        times = tab.measure(event, act, maps=f"bench.paintedSince({address})")  # type: ignore[arg-type]
        tab.rest(LONG_REST_MS)
        if pixels_hash(tab.page) == before:
            raise RuntimeError("another picture, and the same maps")
        return times["maps"]

    def table(self) -> str:
        """The topic's table."""
        times = {"sample in the strip → its maps": self.chosen}
        width, height = PHOTO_SIZE
        times[f"own photo, {width}×{height} JPEG, uploaded → its maps"] = self.uploaded
        rows = [
            [name, str(len(found)), ms(p50(found)), ms(p95(found)), TARGET.judge(p50(found))]
            for name, found in times.items()
        ]
        return table(f"Changed picture, on the page {self.subject.stem}", HEAD, rows, NOTES)


def _subject() -> Subject:
    listed = {subject.stem: subject for subject in subjects()}
    return listed.get(PREFERRED, listed["home"])


def _ref_shown(tab: Tab) -> str:
    pressed = tab.page.locator(".strip [aria-pressed=true]").first
    return (pressed.get_attribute("data-testid") or "").removeprefix("picture-")


def _photo(folder: Path, number: int) -> Path:
    """A photograph as a file; each number gives other pixels."""
    picture = Image.fromarray(np.roll(sample("astronaut").pixels, 40 * number, axis=1))
    path = folder / f"photo_{number}.jpg"
    picture.resize(PHOTO_SIZE, Image.Resampling.BICUBIC).save(path, quality=90)
    return path
