// The open station: what it was, what is disputed of it, where one does it here, and the paper.
import { fill } from "../../ui/stage/draw.js";
import { element, heading, note, paragraph } from "../../ui/stage/parts.js";
import { cited, linkOf } from "./timeline.js";

/** @import { Stage } from "../../ui/stage/types.d.ts" */
/** @import { Station } from "./timeline.js" */

/**
 * @param {Stage} stage
 * @param {Station[]} shown
 * @param {number} open
 */
export function tell(stage, shown, open) {
  const { words, values } = stage;
  if (open < 0) {
    const [first] = shown;
    const told = { year: values.year, name: words[`name_${first.key}`], of: first.year };
    stage.readout.replaceChildren(note(fill(words.none_yet, told), "none-yet"));
    return;
  }
  const station = shown[open];
  const { key } = station;
  const dispute = words[`dispute_${key}`];
  stage.readout.replaceChildren(
    heading(`${station.year} · ${words[`name_${key}`]}`, "station"),
    paragraph(words[`said_${key}`], "said"),
    heading(words.do),
    paragraph(words[`do_${key}`], "do"),
    opener(stage, station),
    ...(station.below ? [note(words.below)] : []),
    ...(dispute ? [heading(words.disputed), paragraph(dispute, "dispute")] : []),
    heading(words.cited),
    paper(stage, station),
    note(fill(words.count, { at: open + 1, all: shown.length }), "count"),
  );
}

/** @type {(stage: Stage, station: Station) => HTMLElement} */
function opener({ words, base, data }, station) {
  const picture = new URL(location.href).searchParams.get("pic");
  const page = words[`page_${station.page}`];
  const link = element("a", fill(words.open, { page }), "open-page");
  link.href = linkOf(station, { base, lang: data.lang, picture });
  const row = element("p");
  row.append(link);
  return row;
}

/** @type {(stage: Stage, station: Station) => HTMLElement} */
function paper({ words }, station) {
  const link = element("a", words.paper, "paper");
  Object.assign(link, { href: station.url, target: "_blank", rel: "noopener noreferrer" });
  const row = paragraph(`${cited(station)} `, "cited");
  row.append(link);
  return row;
}
