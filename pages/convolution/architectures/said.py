"""What the page says of its measurements, and the architectures that it offers."""

from typing import Any

import streamlit as st

from engine.serving.architectures.contract import Question
from pages.ui.controls import Options
from pages.ui.engine import Answer, Refused, ask
from pages.ui.offered import chosen_before, names_of
from pages.ui.words import brief, label, told_apart

STEM, SOURCE = "architectures", "architectures"
MOSTLY = 50  # percent: more of a network's parameters in dense layers is worth a sentence


def offered() -> dict[str, Options]:
    """All architectures by family for both sides; those chosen, while the engine lists none."""
    try:
        found = ask(f"{SOURCE}/chart")
    except Refused:
        found = None
    listed = found["listed"] if isinstance(found, Answer) else []
    titles = {each["name"]: each["title"] for each in listed}
    families = {each["name"]: each["family"] for each in listed}
    usual = Question()
    return {
        side: Options(
            list(titles) or names_of({}, chosen_before(STEM, side), getattr(usual, side)),
            titles,
            families,
        )
        for side in ("first", "second")
    }


def show_pair(found: Answer) -> None:
    """Which of the two needs more of what, and where it lies."""
    pair = found["pair"]
    light, heavy = _words(pair["light"]), _words(pair["heavy"])
    for name, unit in (("params", 1e6), ("macs", 1e9), ("activations", 1e6)):
        numbers = (pair["light"][name] / unit, pair["heavy"][name] / unit)
        light[name], heavy[name] = told_apart(*numbers)
    told = {f"light_{k}": v for k, v in light.items()} | {f"heavy_{k}": v for k, v in heavy.items()}
    st.markdown(label(STEM, f"pair_{pair['verdict']}", **told))
    sides = (pair["light"],) if pair["verdict"] == "same" else (pair["light"], pair["heavy"])
    for each in sides:
        if each["dense_params_percent"] >= MOSTLY:
            st.markdown(label(STEM, "dense", **_words(each)))


def _words(facts: dict[str, Any]) -> dict[str, str]:
    """The numbers of one network as people write them."""
    return {
        "title": facts["title"],
        "params": brief(facts["params"] / 1e6),
        "macs": brief(facts["macs"] / 1e9),
        "activations": brief(facts["activations"] / 1e6),
        "uses": f"{facts['uses']:.0f}",
        "shape": " × ".join(map(str, facts["most_shape"])),
        "most": f"{facts['most_percent']:.0f}",
        "dense_layers": str(facts["dense_layers"]),
        "dense_params": f"{facts['dense_params_percent']:.0f}",
        "dense_macs": brief(facts["dense_macs_percent"]),
    }


def show_picks(found: Answer) -> None:
    """Which network to take, for this accuracy."""
    picks = found["picks"]
    if picks["macs"] is None:
        st.markdown(label(STEM, "no_pick"))
        return
    said = {
        f"{cost}_{part}": value
        for cost in ("macs", "params")
        for part, value in _pick_words(picks[cost]).items()
    }
    same = picks["macs"]["name"] == picks["params"]["name"]
    st.markdown(label(STEM, "picks_one" if same else "picks_two", **said))
    if picks["one_ms"] is not None:
        device = label(STEM, f"device_{found['device']}")
        st.markdown(label(STEM, "pick_timed", device=device, **_pick_words(picks["one_ms"])))


def _pick_words(pick: dict[str, Any]) -> dict[str, str]:
    return {
        "title": pick["title"],
        "value": brief(pick["value"]),
        "acc1": f"{pick['acc1']:.1f}",
    }


def show_skips(found: Answer) -> None:
    """What becomes of the gradient without and with skip connections."""
    verdicts, ratios = found["verdicts"], found["ratios"]
    said = [
        label(STEM, f"{net}_{verdicts[net]}", ratio="0" if (r := ratios[net]) is None else brief(r))
        for net in ("plain", "skipping")
    ]
    plain, skipping = verdicts["plain"], verdicts["skipping"]
    if skipping == "explodes":
        key = "skips_explode"
    elif plain == "vanishes" and skipping == "holds":
        key = "skips_save"
    else:
        key = "skips_even" if plain == skipping else "skips_other"
    st.markdown(" ".join([*said, label(STEM, key)]))
