// What is followed: a list of what NanoDet sees in the whole picture, under the page's own controls.

/** @import { Stage } from "./view.js" */

/** @param {Stage} stage */
export function showThings(stage, { about }, values) {
  const list = stage.state.things;
  const surest = about.things[0];
  const labels = [
    ["", `${stage.words.surest}: ${surest.name} ${surest.score.toFixed(2)}`],
    ...about.things.map(({ label, name, score }) => [String(label), `${name} ${score.toFixed(2)}`]),
  ];
  const shown = JSON.stringify([labels, values.thing]);
  list.title.textContent = stage.words.thing;
  if (list.shown === shown) return; // an open list stays open
  list.shown = shown;
  list.select.replaceChildren(...labels.map(([value, text]) => new Option(text, value)));
  list.select.value = values.thing === "" ? "" : String(Number(values.thing));
}

/**
 * The list before anything is known, so that it has its place.
 * @param {Stage} stage
 */
export function buildThings(stage) {
  const label = document.createElement("label");
  label.className = "control choice";
  const title = document.createElement("span");
  const select = document.createElement("select");
  select.dataset.testid = "stage-thing";
  select.onchange = () => stage.set({ thing: select.value, cell: "" });
  label.append(title, select);
  title.textContent = stage.words.thing;
  select.append(new Option("…", ""));
  stage.extra.append(label);
  stage.state.things = { title, select, shown: "" };
}
