"""What the page says of its measurements, and the modules that it offers."""

import streamlit as st

from pages.ui.controls import Options
from pages.ui.engine import Answer
from pages.ui.offered import Listed, chosen_before, list_all, show_missing
from pages.ui.words import brief, label, told_apart

STEM, SOURCE = "inception", "inception"
GOOGLENET = "googlenet"
OURS = ("a", "b", "c")
THEIRS = ("3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b")


def modules() -> Options:
    """The small network's, and GoogLeNet's where its weights are on the engine's computer."""
    found = _googlenet()
    chosen = chosen_before(STEM, "module")
    is_asked = found is None and chosen in THEIRS  # the engine has not said yet
    names = [*OURS, *(THEIRS if is_asked or (found and found.missing is None) else ())]
    titles = {n: label(STEM, "module_ours", name=n) for n in OURS}
    titles |= {n: label(STEM, "module_theirs", name=n) for n in THEIRS}
    return Options(names, titles)


def offer_googlenet() -> None:
    """GoogLeNet's weights for download, where they are not at hand."""
    found = _googlenet()
    if found is not None and found.missing is not None:
        with st.expander(label(STEM, "theirs")):
            show_missing(STEM, "classifiers", found)


def _googlenet() -> Listed | None:
    return list_all("classifiers").get(GOOGLENET)


def show_result(found: Answer) -> None:
    """What the bottlenecks save in this module, counted and measured."""
    large = found["large"]
    kept, without = told_apart(large["kept"]["macs"] / 1e6, large["without"]["macs"] / 1e6)
    numbers = {"kept": kept, "without": without, "times": brief(large["times"]["macs"])}
    ms = told_apart(large["kept"]["ms"], large["without"]["ms"])
    timed = "timed_less" if large["times"]["ms"] > 1 else "timed_more"
    said = label(STEM, timed, kept_ms=ms[0], without_ms=ms[1], times=brief(large["times"]["ms"]))
    st.markdown(label(STEM, "result", **numbers) + " " + said)


def show_pixel(found: Answer) -> None:
    """The sum that a 1×1 convolution makes at this pixel, and what ReLU does with it."""
    names = ("inputs", "filters", "row", "column", "channel")
    told = {name: found[name] for name in names}
    numbers = {k: brief(found[k]) for k in ("positive", "negative", "bias", "total", "value")}
    kind = "pixel_passes" if found["total"] > 0 else "pixel_stops"
    st.markdown(label(STEM, "pixel", **told, **numbers) + " " + label(STEM, kind, **told))


def show_cost(found: Answer) -> None:
    """Whether the bottleneck saves here, and whether smaller filters save more."""
    ways = {each["way"]: each for each in found["ways"]}
    direct, bottleneck = ways["direct"], ways["bottleneck"]
    st.markdown(_against("bottleneck", bottleneck, direct))
    for way in ("stacked", "asymmetric"):
        if ways[way]["macs"] != bottleneck["macs"]:
            st.markdown(_against(way, ways[way], bottleneck))
        else:
            st.markdown(label(STEM, f"{way}_same"))


def _against(way: str, one: dict, other: dict) -> str:
    """One way's multiply-adds and milliseconds beside another's."""
    kind = "less" if one["macs"] < other["macs"] else "more"
    macs = told_apart(one["macs"] / 1e6, other["macs"] / 1e6)
    ms = told_apart(one["ms"], other["ms"])
    times = max(one["macs"], other["macs"]) / min(one["macs"], other["macs"])
    numbers = {"macs": macs[0], "other_macs": macs[1], "ms": ms[0], "other_ms": ms[1]}
    return label(STEM, f"{way}_{kind}", times=brief(times), **numbers)


def show_nine(found: Answer) -> None:
    """What all bottlenecks of GoogLeNet save, and who went on with asymmetric filters."""
    told = {
        f"{kind}_{name}": brief(found[kind][name] / 1e6)
        for kind in ("kept", "without")
        for name in ("params", "macs")
    }
    times = {f"{name}_times": brief(found["times"][name]) for name in ("params", "macs")}
    st.markdown(label(STEM, "nine", **told, **times))
    followed = [label(STEM, "followed", **each) for each in found["followed"]]
    later = [each for each in found["followed"] if each["found"]]
    kind = "went_on" if later else "stopped"
    st.markdown(label(STEM, kind) + "\n" + "\n".join(f"- {each}" for each in followed))
