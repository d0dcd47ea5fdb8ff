// Under the net: the step of the walk in words, one number's influence on another with its paths,
// how the examples' gradients add up, and whether autograd and plain differences agree.
import { brief, fill } from "../../ui/stage/draw.js";
import { button, columns, element, heading, note, paragraph } from "../../ui/stage/parts.js";
import { lineText, pathTexts } from "./walk.js";

/** @import { Stage } from "./view.js" */

const STYLE = `
  .message { position: sticky; bottom: 8px; z-index: 2; width: fit-content; }
  .frame.empty :is(.walk, .panels) { visibility: hidden; } /* they stand lower once there is a net */
  .walk { min-height: 62px; margin: 8px 0 4px; font-size: 13px; overflow-wrap: anywhere; }
  .walk p, .panels p { margin: 0 0 4px; }
  .walk .line, .panels .line { font-family: var(--st-code-font); font-size: 12px; }
  .panels { display: grid; gap: 10px 28px; font-size: 13px; margin-bottom: 12px;
    grid-template-columns: minmax(0, 1.25fr) minmax(0, 1fr); }
  .panels h4 { margin: 0 0 4px; font-size: 13px; }
  .panels .paths { max-height: 190px; overflow: auto; overflow-wrap: anywhere; margin-bottom: 4px; }
  .panels table { border-collapse: collapse; font-size: 12px; font-variant-numeric: tabular-nums; }
  .panels :is(td, th) { padding: 1px 10px 1px 0; text-align: left; }
  .panels td.number { text-align: right; }
  .panels button { padding: 0 6px; font-size: 12px; }
  .panels .scroll { max-height: 220px; overflow: auto; }
  .panels .choose { display: flex; gap: 6px; align-items: baseline; flex-wrap: wrap; }
  .panels select { padding: 1px 4px; }
  @media (max-width: 760px) { .panels { grid-template-columns: minmax(0, 1fr); } }`;

/** @param {Stage} stage */
export function buildPanels(stage) {
  const style = document.createElement("style");
  style.textContent = STYLE;
  const walk = element("div", "", "walk", "walk");
  walk.setAttribute("aria-live", "polite");
  const panels = element("div", "", "panels", "panels");
  const parts = {
    walk,
    influence: element("section", "", "influence"),
    others: element("div"),
    batch: element("section", "", "batch"),
    check: element("section", "", "check"),
    details: element("details"),
  };
  parts.others.append(parts.batch, parts.check, parts.details);
  panels.append(parts.influence, parts.others);
  stage.canvas.before(style, walk, panels);
  stage.state.panels = parts;
}

/** @param {Stage} stage */
export function showPanels(stage, reply, values, shown) {
  showWalk(stage, reply, values, shown);
  showInfluence(stage, reply, values);
  showBatch(stage, reply, values);
  showCheck(stage, reply);
}

/** @param {Stage} stage */
function showWalk(stage, { about }, values, shown) {
  const { words } = stage;
  const { walk } = stage.state.panels;
  const count = about.steps.length;
  if (values.step === "") {
    walk.replaceChildren(note(fill(words.walk_all, { count })));
    return;
  }
  if (shown === 0) {
    walk.replaceChildren(note(fill(words.walk_begin, { count })));
    return;
  }
  const step = about.steps[shown - 1];
  const rules = { ...values, output: about.output_function };
  const title = fill(words.walk_step, {
    step: shown,
    count,
    what: words[`step_${step.phase}_${step.kind}`],
  });
  walk.replaceChildren(
    element("strong", title),
    ...step.lines.map((line) => element("p", lineText(line, rules), "", "line")),
  );
}

/** @param {Stage} stage */
function showInfluence(stage, { about }, values) {
  const { words } = stage;
  const { influence } = about;
  const { source, target } = values;
  const names = { source, target };
  const told = {
    ...names,
    nudge: influence.nudge,
    foretold: brief(Math.abs(influence.foretold)),
    really: influence.really === null ? "∞" : brief(influence.really),
    sum: brief(influence.sum),
  };
  const way = influence.sum > 0 ? "up" : influence.sum < 0 ? "down" : "none";
  const paths = element("div", "", "paths", "paths");
  for (const path of influence.paths) {
    const texts = pathTexts(source, path);
    paths.append(
      element("p", texts.way, "", "line"),
      element("p", `= ${texts.called || "1"} = ${texts.numbers}`, "", "line muted"),
    );
  }
  const count = influence.paths.length;
  const total = fill(words[count ? "paths_sum" : "paths_none"], { ...told, count });
  stage.state.panels.influence.replaceChildren(
    targetChoice(stage, values),
    paragraph(fill(words[`influence_${way}`], told), "influence-said"),
    paths,
    paragraph(total, "influence-sum"),
  );
}

// "∂ L / ∂ W1[0,0]": what is watched is chosen here, what is moved by pressing a name.
/** @param {Stage} stage */
function targetChoice(stage, { source, target, outputs }) {
  const title = heading(`∂${target} / ∂${source}`, "influence-title");
  const select = element("select", "", "stage-target");
  const targets = ["L", ...Array.from({ length: outputs }, (_, k) => `y[${k}]`)];
  for (const each of targets) select.append(new Option(each, each));
  select.value = target;
  select.setAttribute("aria-label", stage.words.watched);
  select.onchange = () => stage.set({ target: select.value });
  const row = element("div", "", "", "choose");
  row.append(title, element("span", stage.words.watched, "", "muted"), select);
  return row;
}

/** @param {Stage} stage */
function showBatch(stage, { about }, values) {
  const { words } = stage;
  const { inputs, targets, losses, influence } = about;
  const name = `∂${values.target}/∂${values.source}`;
  const list = (numbers) => numbers.map((each) => brief(each)).join(", ");
  const rows = inputs.map((row, n) => [
    "",
    list(row),
    list(targets[n]),
    brief(losses[n]),
    brief(influence.each[n]),
  ]);
  rows.push([words.mean, "", "", brief(about.update.before), brief(influence.mean)]);
  const table = columns([words.example, "x", "t", "L", name], rows);
  for (const [n, row] of [...table.tBodies[0].rows].entries()) {
    if (n >= inputs.length) continue;
    const choose = button(String(n), () => stage.set({ example: String(n) }), `example-${n}`);
    choose.setAttribute("aria-pressed", String(n === Number(values.example)));
    row.cells[0].append(choose);
  }
  table.dataset.testid = "batch-table";
  stage.state.panels.batch.replaceChildren(
    heading(words.batch),
    table,
    note(fill(words.batch_said, { count: inputs.length })),
  );
}

/** @param {Stage} stage */
function showCheck(stage, reply) {
  const { words } = stage;
  const { check } = reply.about;
  const autograd = fill(words[check.autograd_holds ? "check_autograd" : "check_autograd_not"], {
    count: check.count,
    worst: brief(check.worst_autograd),
  });
  const differences = fill(
    words[check.differences_hold ? "check_differences" : "check_differences_not"],
    {
      worst: brief(check.worst_difference),
    },
  );
  const lines = [
    paragraph(autograd, "check-autograd"),
    paragraph(differences, "check-differences"),
  ];
  if (check.kinked)
    lines.push(paragraph(fill(words.check_kinked, { kinked: check.kinked }), "check-kinked"));
  stage.state.panels.check.replaceChildren(heading(words.check), ...lines);
  showThreeWays(stage, reply);
}

// All gradients of the batch, three ways; filled when it is open.
/** @param {Stage} stage */
function showThreeWays(stage, reply) {
  const { details } = stage.state.panels;
  const { words } = stage;
  if (!details.firstChild) {
    details.append(element("summary"), element("div", "", "three-ways", "scroll"));
    details.ontoggle = () => showThreeWays(stage, stage.reply);
  }
  details.firstChild.textContent = words.three_ways;
  if (!details.open) return;
  const { gradient, autograd, differences, kinked } = reply;
  const rows = reply.about.names.map((name, p) => [
    name,
    gradient.data[p].toPrecision(10),
    autograd.data[p].toPrecision(10),
    kinked.data[p] ? words.kink : differences.data[p].toPrecision(10),
  ]);
  details.lastChild.replaceChildren(
    columns(["", words.ours, words.autograd, words.differences], rows),
  );
}
