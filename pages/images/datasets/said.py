"""What the page says of public data sets and of where a picture lies, chosen by the numbers."""

from collections.abc import Mapping

import streamlit as st

from pages.ui.controls import Value
from pages.ui.engine import Answer
from pages.ui.words import brief, label, told_apart

STEM = "datasets"


def show_best(found: Answer) -> None:
    """The first and the best result on the chosen set up to the year."""
    about = found.about
    title = next(each["title"] for each in about["sets"] if each["key"] == about["chosen"])
    first, best = about["first"], about["best"]
    if best is None:
        st.markdown(label(STEM, "best_none", title=title))
        return
    results = about["results"][about["chosen"]]
    measure = label(STEM, f"stage_measure_{results['measure']}")
    told = {"title": title, "measure": measure, "name": best["name"], "year": best["year"]}
    told |= {"percent": brief(best["percent"], 4), "first_percent": brief(first["percent"], 4)}
    told |= {"first": first["name"], "began": first["year"]}
    key = "only" if best == first or about["count"] == 1 else "grown"
    if about["chosen"] == "kaggle":
        key = "platform"
    elif key == "grown" and results["lower"]:
        key = "fallen"
        told["times"] = brief(first["percent"] / best["percent"], 2)
    st.markdown(label(STEM, f"best_{key}", **told))


def show_place(found: Answer, asked: Mapping[str, Value]) -> None:
    """The most exact term that is sure enough, and the likeliest class beside it."""
    about, sums = found.about, found.arrays["sums"]
    answer, likeliest = about["answer"], about["likeliest"]
    terms = about["terms"]
    percent, best = (100 * float(sums[place]) for place in (answer, likeliest))
    first, second = told_apart(percent, best)
    told = {"sure": asked["sure"], "answer": terms[answer]["words"][0], "percent": first}
    told |= {"best": terms[likeliest]["words"][0], "best_percent": second}
    under = sum(_is_under(terms, place, answer) for place in _classes(terms))
    key = "exact" if answer == likeliest else "nothing" if answer == 0 else "general"
    st.markdown(label(STEM, f"place_{key}", count=under, **told))


def _classes(terms: list[dict]) -> list[int]:
    return [place for place, term in enumerate(terms) if term["index"] >= 0]


def _is_under(terms: list[dict], place: int, above: int) -> bool:
    while place > above:  # parents stand before their children
        place = terms[place]["parent"]
    return place == above
