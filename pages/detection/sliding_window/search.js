// Search box: any of ImageNet's classes by its name, under the list of what can be looked for.

/** @import { Stage } from "./view.js" */

let serial = 0; // a datalist is found by its id, and a page may hold several stages

/** @param {Stage} stage */
export function showSearch(stage, { target, class_index }) {
  const wanted = target === "class";
  if (!stage.state.search && !wanted) return;
  stage.state.search ??= buildSearch(stage);
  const { label, input, names } = stage.state.search;
  const { label: above } = stage.inputs.target; // built anew with the language
  if (above.nextElementSibling !== label) above.after(label);
  label.style.display = wanted ? "" : "none"; // .control is a grid, hidden or not
  stage.state.search.title.textContent = stage.words.search;
  input.placeholder = stage.words.search_hint;
  if (names.length && label.getRootNode().activeElement !== input) {
    input.value = names[Number(class_index)];
  }
}

/** @param {Stage} stage */
function buildSearch(stage) {
  const label = document.createElement("label");
  label.className = "control";
  const title = document.createElement("span");
  const input = document.createElement("input");
  input.type = "search";
  input.dataset.testid = "stage-search";
  const list = document.createElement("datalist");
  serial += 1;
  list.id = `fovea-classes-${serial}`;
  input.setAttribute("list", list.id);
  label.append(title, input, list);
  const search = { label, title, input, names: [] };
  input.onchange = () => choose(stage, search);
  stage
    .ask("sliding-window/classes", {})
    .then(({ about }) => {
      search.names = about.classes.map((name, i) => distinct(name, i, about.classes));
      list.replaceChildren(...search.names.map((name) => new Option(name, name)));
      stage.repaint();
    })
    .catch(() => {
      stage.state.search = null;
      label.remove();
    }); // asked again with the next paint
  return search;
}

// Two of the thousand names stand for two classes each.
const distinct = (name, i, all) =>
  all.indexOf(name) === all.lastIndexOf(name) ? name : `${name} (${i})`;

// The very name, else the first that begins so, else the first that holds it.
/** @param {Stage} stage */
function choose(stage, { input, names }) {
  const text = input.value.trim().toLowerCase();
  if (!text) return;
  const lower = names.map((name) => name.toLowerCase());
  const tests = [
    (name) => name === text,
    (name) => name.startsWith(text),
    (name) => name.includes(text),
  ];
  const found = tests.map((test) => lower.findIndex(test)).find((index) => index >= 0);
  input.setCustomValidity(found === undefined ? stage.words.search_none : "");
  input.reportValidity();
  if (found === undefined) return;
  input.value = names[found];
  stage.set({ target: "class", class_index: String(found) });
}
