"""What a person does with a page's controls, and the sign by which each of them has answered.

A round does everything twice (there and back), so that the page is left as it was found.
"""

import json
from collections.abc import Callable, Collection

from pages.ui.words import LANGUAGES
from tests.bench.serving import LONG_REST_MS, Tab
from tests.bench.stage_moves import away_and_back, drag, is_movable, reach_of, value_of
from tests.bench.subjects import Subject

Times = dict[str, float]
Round = Callable[[], list[tuple[str, Times]]]
SAMPLES = ("coffee", "chelsea")  # the second is the one that pages open with
CODE = ".st-key-show_code"


def groups_of(tab: Tab, subject: Subject, left_out: Collection[str]) -> dict[str, Round]:
    """By title, the rounds of every kind of control that the page has."""
    names = _stage_controls(tab, {subject.main_control, *left_out})
    buttons = _try_buttons(tab, subject.stem, left_out)
    answer = _predict(tab)
    return {
        "main control let go": lambda: _let_go(tab, subject.main_control),
        **({"stage": lambda: _move_all(tab, names)} if names else {}),
        **({"try this": TryThis(tab, subject.stem, buttons)} if len(buttons) > 1 else {}),
        "language": lambda: _switch_language(tab),
        "picture strip": lambda: _choose_pictures(tab),
        "own picture": lambda: _open_own_picture(tab),
        **({"see the answer": lambda: _open_answer(tab)} if answer else {}),
        "show the code": lambda: _open_code(tab),
    }


def _let_go(tab: Tab, name: str) -> list[tuple[str, Times]]:
    """The value is in the link once the page has run again."""
    found = []
    for move in away_and_back(reach_of(tab, name), value_of(tab, name)):
        drag(tab, name, move)
        before = json.dumps(tab.page.evaluate("location.search"))
        find = f"""bench.find('[data-testid="stage-{name}"]')"""
        event = 'new Event("change", { bubbles: true, composed: true })'
        script = f"() => {{ {find}.dispatchEvent({event}) }}"
        act = lambda script=script: tab.page.evaluate(script)  # noqa: E731
        found.append((name, tab.measure("change", act, seen=f"location.search !== {before}")))
    return found


def _stage_controls(tab: Tab, left_out: Collection[str]) -> list[str]:
    inputs = tab.page.locator(".stage .controls [data-testid^=stage-]")
    found = inputs.evaluate_all("inputs => inputs.map((input) => input.dataset.testid)")
    names = [test_id.removeprefix("stage-") for test_id in found]
    return [name for name in names if name not in left_out]


def _move_all(tab: Tab, names: list[str]) -> list[tuple[str, Times]]:
    """The stage's other sliders, choices and switches: the picture belongs to the new value."""
    found = []
    for name in names:
        reach = reach_of(tab, name)
        if is_movable(reach):
            ways = away_and_back(reach, value_of(tab, name))
            found += [(name, {"seen": drag(tab, name, move)}) for move in ways]
    return found


def _try_buttons(tab: Tab, stem: str, left_out: Collection[str]) -> list[str]:
    marker = f"st-key-{stem}_try_"
    keys = tab.page.locator(f"[class*={marker}]").evaluate_all(
        f"all => all.map((e) => [...e.classList].find((name) => name.startsWith('{marker}')))"
    )
    names = [key.removeprefix(marker) for key in keys]
    return [name for name in names if name not in left_out]


class TryThis:
    """The buttons one after the other; each has answered when its state is painted.

    What a button's state looks like depends on the one before it, so it is learnt first.
    """

    def __init__(self, tab: Tab, stem: str, names: list[str]) -> None:
        self.tab = tab
        self.names = names
        self.buttons = {n: tab.page.locator(f".st-key-{stem}_try_{n} button") for n in names}
        self.states: dict[str, str] = {}

    def __call__(self) -> list[tuple[str, Times]]:
        """Every button twice; the first call learns and measures nothing."""
        if not self.states:
            for name in self.names * 2:
                self.buttons[name].click()
                self.tab.rest(LONG_REST_MS)
                self.states[name] = self.tab.page.evaluate("bench.painted()")
            return []
        return [(name, self._measure(name)) for name in self.names * 2]

    def _measure(self, name: str) -> Times:
        state = json.dumps(self.states[name])
        click = self.buttons[name].click
        return self.tab.measure("click", click, seen=f"bench.painted() === {state}")


def _switch_language(tab: Tab) -> list[tuple[str, Times]]:
    """The last words of the page are in the other language."""
    found = []
    last = f"document.querySelector('{CODE} summary').textContent"
    for title in reversed(LANGUAGES.values()):
        before = json.dumps(tab.page.evaluate(last))
        button = tab.page.locator(".st-key-frame_language").get_by_text(title, exact=True)
        found.append(("language", tab.measure("click", button.click, seen=f"{last} !== {before}")))
    return found


def _choose_pictures(tab: Tab) -> list[tuple[str, Times]]:
    """The strip shows the other picture as the chosen one."""
    found = []
    for ref in SAMPLES:
        button = f"""[data-testid="picture-{ref}"]"""
        shown = f"bench.find('.strip').querySelector('{button}')?.ariaPressed === 'true'"
        found.append(("strip", tab.measure("click", tab.page.locator(button).click, seen=shown)))
        tab.rest(LONG_REST_MS)
    return found


def _open_own_picture(tab: Tab) -> list[tuple[str, Times]]:
    """The place for one's own picture is there."""
    found = []
    for _ in range(2):
        button = tab.page.locator("[data-testid=stPopoverButton]")
        body = "document.querySelector('[data-testid=stPopoverBody]') !== null"
        found.append(("own picture", tab.measure("click", button.click, seen=body)))
        tab.page.keyboard.press("Escape")
        tab.page.locator("[data-testid=stPopoverBody]").wait_for(state="hidden")
        tab.rest()
    return found


def _predict(tab: Tab) -> bool:
    """Whether the page asks a question; marks the place of its answer."""
    answer = tab.page.locator("[data-testid=stExpander] details").filter(has_text="See the answer")
    if answer.count():
        answer.first.evaluate("details => { details.dataset.bench = 'answer' }")
    return answer.count() > 0


def _open_answer(tab: Tab) -> list[tuple[str, Times]]:
    """The answer to the page's question is open."""
    is_open = "document.querySelector('[data-bench=answer][open]') !== null"
    return _open_twice(tab, "answer", "[data-bench=answer]", is_open)


def _open_code(tab: Tab) -> list[tuple[str, Times]]:
    """The code that ran is there."""
    written = """bench.find('[data-testid="code"]')?.checkVisibility() === true"""
    return _open_twice(tab, "code", CODE, written)


def _open_twice(tab: Tab, name: str, expander: str, is_there: str) -> list[tuple[str, Times]]:
    found = []
    summary = tab.page.locator(f"{expander} summary")
    for _ in range(2):
        found.append((name, tab.measure("click", summary.click, seen=is_there)))
        summary.click()
        tab.page.wait_for_function(f"!({is_there})")
        tab.rest()
    return found
