"""Illegal settings cannot be reached: whatever is offered works, whatever is not is refused."""

from dataclasses import replace

import hypothesis.strategies as st
import pytest
from hypothesis import assume, given

from engine.convolution.kernels import PRESETS, PRESETS_1D
from engine.convolution.slide import Slide
from engine.errors import InputError
from engine.pictures import sample
from engine.serving.filter_sliding.bank import twin_preset
from engine.serving.filter_sliding.layer import measure_cost, slide_scene
from engine.serving.filter_sliding.limits import limits
from engine.serving.filter_sliding.setting import SCENES, Setting

NUMBERS = {
    "stride": range(1, 5), "kernel_size": range(1, 8), "padding": range(4), "dilation": range(1, 4),
}  # fmt: skip
LEARNT = ["net_0", "net_31"]


def works(setting: Setting) -> bool:
    """Whether the page could be painted with this setting."""
    try:
        output = slide_scene(sample("chelsea"), setting).output
        assert tuple(output.shape) == measure_cost(setting).output_shape
    except InputError:
        return False
    return True


def moved(setting: Setting, slider_px: int, name: str, value: int | bool) -> Setting | None:
    """The setting after a control has moved; None where not even a slide can be made of it.

    ``slider_px`` is where the padding slider stands, also while "same" overrules it.
    """
    if name == "same":
        name, value = "padding", "same" if value else slider_px  # type: ignore[assignment]
    try:
        return replace(setting, slide=replace(setting.slide, **{name: value}))
    except InputError:
        return None


@st.composite
def settings(draw: st.DrawFn) -> tuple[Setting, int]:
    """A setting that can be painted, and where the padding slider stands."""
    scene = draw(st.sampled_from(list(SCENES)))
    colour = draw(st.booleans())
    names = PRESETS_1D if scene == "signal" else (*PRESETS, *LEARNT)
    numbers = {name: draw(st.sampled_from(accepted)) for name, accepted in NUMBERS.items()}
    padding = numbers["padding"]
    same = draw(st.booleans()) and numbers["stride"] == 1
    transposed = draw(st.booleans()) and not same
    slide = Slide(
        numbers["kernel_size"],
        numbers["stride"],
        "same" if same else padding,
        numbers["dilation"],
        transposed,
    )
    setting = Setting(
        scene=scene,
        spot=(50, 50, 100),
        colour=colour,
        preset=draw(st.sampled_from(names)),
        weights=(),
        bias=0,
        filters=draw(st.integers(1, 6)),
        slide=slide,
    )
    assume(works(setting))
    return setting, padding


@given(settings())
def test_sliders_reach_exactly_what_works(drawn: tuple[Setting, int]) -> None:
    setting, padding = drawn
    told = limits(setting, padding)
    for name, accepted in NUMBERS.items():
        if told[name].get("disabled"):
            assert name == "padding"
            assert setting.slide.padding == "same"
            continue
        reached = range(told[name]["low"], told[name]["high"] + 1, told[name]["step"])
        for value in accepted:
            after = moved(setting, padding, name, value)
            assert (after is not None and works(after)) == (value in reached), (name, value)


@given(settings())
def test_switches_reach_exactly_what_works(drawn: tuple[Setting, int]) -> None:
    setting, padding = drawn
    told = limits(setting, padding)
    same, transposed = setting.slide.padding == "same", setting.slide.transposed
    for name, after in (
        ("same", moved(setting, padding, "same", not same)),
        ("transposed", moved(setting, padding, "transposed", not transposed)),
        ("colour", replace(setting, colour=not setting.colour)),
    ):
        assert (after is not None and works(after)) != told[name]["disabled"], name


@given(settings())
def test_choices_reach_exactly_what_works(drawn: tuple[Setting, int]) -> None:
    setting, padding = drawn
    told = limits(setting, padding)
    names = {*PRESETS, *PRESETS_1D, *LEARNT}
    working = {name for name in names if works(replace(setting, preset=name))}
    assert working == names & set(told["preset"]["options"])
    for scene in SCENES:
        after = replace(setting, scene=scene)
        if after.dims != setting.dims:
            after = replace(after, preset=twin_preset(setting))
        assert works(after) == (scene in told["scene"]["options"]), scene


@pytest.mark.parametrize("name", [*PRESETS, *PRESETS_1D])
def test_every_preset_has_a_twin_at_each_of_its_sizes(name: str) -> None:
    for scene in ("crop32", "signal"):
        for size in NUMBERS["kernel_size"]:
            setting = Setting(scene, (50, 50, 100), False, name, (), 0, 1, Slide(size))
            if works(setting):
                other = "crop32" if scene == "signal" else "signal"
                assert works(replace(setting, scene=other, preset=twin_preset(setting)))
