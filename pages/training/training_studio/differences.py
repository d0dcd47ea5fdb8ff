"""What the runs that are laid over one another were told otherwise, as a table."""

import re

import streamlit as st

from pages.ui.engine import Answer, Progress, Refused, ask
from pages.ui.words import brief, label, labels_with_prefix

STEM = "training_studio"
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|<>$~:-])")


def show_differences(names: str) -> None:
    """The settings in which these runs (with commas) differ, and what each fork changed."""
    try:
        found = ask("runs/differences", {"names": names})
    except Refused:
        return  # the runs' own list says what is wrong with one
    if isinstance(found, Progress):
        return
    several = names.split(",")
    if len(several) > 1:
        st.markdown(f"**{label(STEM, 'differences')}**")
        st.markdown(_table(several, found) or label(STEM, "differences_none"))
    for fork in found["forks"]:
        changes = "; ".join(_change(each) for each in fork["changes"])
        if changes:
            told = {name: fork[name] for name in ("name", "parent", "epoch")}
            st.markdown(label(STEM, "fork_changed", **told, changes=changes))


def _table(names: list[str], found: Answer) -> str:
    if not found["rows"]:
        return ""
    head = [label(STEM, "differences_setting"), *(f"`{name}`" for name in names)]
    rows = [
        [_setting(row["setting"]), *(_value(row["setting"], each) for each in row["values"])]
        for row in found["rows"]
    ]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows))


def _change(change: dict) -> str:
    name = change["setting"]
    return label(
        STEM,
        "fork_change",
        setting=_setting(name),
        before=_value(name, change["before"]),
        after=_value(name, change["after"]),
    )


def _setting(name: str) -> str:
    """What the control is called, or the setting where the page has no control for it."""
    words = labels_with_prefix(STEM, "setting_") | labels_with_prefix(STEM, "control_")
    return _plain(words.get(name, name))


def _value(name: str, value: object) -> str:
    if value is None:
        return label(STEM, "value_none")
    if isinstance(value, bool):
        return label(STEM, f"value_{str(value).lower()}")
    if isinstance(value, int | float):
        return brief(value)
    options = labels_with_prefix(STEM, f"option_{name}_")
    parts = value if isinstance(value, list) else [value]
    return _plain(", ".join(options.get(str(part), str(part)) for part in parts) or "–")


def _plain(text: str) -> str:
    """A text in which nothing is read as Markdown."""
    return _MARKDOWN.sub(r"\\\1", text)
