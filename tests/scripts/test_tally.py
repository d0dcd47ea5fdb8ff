"""The tally counts what lies in a checkout, whichever layout it has."""

from pathlib import Path

from scripts import tally


def written(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def test_a_small_checkout(tmp_path: Path) -> None:
    written(tmp_path, "streamlit_app.py", "app = 1\n")
    written(tmp_path, "engine/a.py", "x = 1\n" * 301)
    written(tmp_path, "pages/detection/nms/page.py", 'Slider("iou", 0, 1)\nToggle("on")\nlen("")\n')
    written(tmp_path, "pages/detection/nms/view.js", "1\n2\n")
    written(tmp_path, "pages/ui/stage/core.js", "1\n")
    found = tally.tally(tmp_path)
    assert found["lines of Python"] == 305
    assert found["lines of JavaScript"] == 3
    assert found["files of Python over 300 lines"] == 1
    assert found["controls that pages build beside their models"] == 2
    assert (found["pages"], found["files a page, median"]) == (1, 2)
    assert found["scripts flat in pages/ui/stage"] == 1


def test_a_flat_layout(tmp_path: Path) -> None:
    written(tmp_path, "streamlit_app.py", "")
    written(tmp_path, "pages/detection/nms.py", 'ui.Slider("iou")\nChoice("kind", [])\n')
    written(tmp_path, "pages/detection/__init__.py", "")
    written(tmp_path, "pages/ui/stage/nms_player.js", "")
    written(tmp_path, "assets/text/nms.en.md", "")
    found = tally.tally(tmp_path)
    assert (found["pages"], found["files a page, median"]) == (1, 3)
    assert found["controls that pages build beside their models"] == 1


def test_this_checkout_has_its_pages() -> None:
    found = tally.tally(tally.ROOT)
    assert found["pages"] >= 23
    assert found["lines of Python"] > found["lines of Python, engine"] > 0
