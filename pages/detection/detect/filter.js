// Which class is shown: a list of those that were found, under the page's own controls.
import { fill } from "../../ui/stage/draw.js";
import { classesAt } from "./found.js";

/** @import { Stage } from "./view.js" */

/** @param {Stage} stage */
export function showFilter(stage, reply, values) {
  stage.state.filter ??= build(stage);
  const { filter } = stage.state;
  const found = classesAt(reply, values);
  if (values.only && !found.has(values.only))
    found.set(values.only, { word: values.only, count: 0 });
  const options = [...found].sort(([, a], [, b]) => b.count - a.count);
  const all = options.reduce((sum, [, { count }]) => sum + count, 0);
  const labels = [
    ["", fill(stage.words.only_all, { count: all })],
    ...options.map(([name, { word, count }]) => [name, `${word} (${count})`]),
  ];
  const shown = JSON.stringify([labels, values.only]);
  filter.title.textContent = stage.words.only;
  if (filter.shown === shown) return; // an open list stays open
  filter.shown = shown;
  filter.select.replaceChildren(...labels.map(([name, text]) => new Option(text, name)));
  filter.select.value = values.only;
}

/** @param {Stage} stage */
function build(stage) {
  const label = document.createElement("label");
  label.className = "control choice";
  const title = document.createElement("span");
  const select = document.createElement("select");
  select.dataset.testid = "stage-only";
  select.onchange = () => stage.set({ only: select.value });
  label.append(title, select);
  stage.extra.append(label);
  return { title, select, shown: "" };
}
