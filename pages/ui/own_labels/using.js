// Photos and boxes of the Labels page on another page: they are sent to the engine as the learner's
// pictures, and the page is opened anew with them in its link, as any link does.
import { fill } from "../stage/draw.js";
import { button, element, note } from "../stage/parts.js";
import { postForm } from "./sending.js";
import { fileOf, hearOfLabels, load } from "./store.js";

/** @import { Stage } from "../stage/types.d.ts" */
/** @import { Photo } from "./store.js" */
/**
 * @typedef {object} Taken a photo that the engine keeps by its token, and boxes as shares of its
 *   sides, x1, y1, x2, y2 in [0, 1]
 * @property {string} token
 * @property {number} width px of the copy that is looked at
 * @property {number} height
 * @property {number[][]} boxes
 */

const EVERY = ""; // class

/**
 * A fold under the controls: which photo, which class, and a button that takes their boxes.
 * @param {Stage} stage whose words are those of `own_labels`
 * @param {{ most: number, link: (taken: Taken[]) => Record<string, string> }} use how many photos
 *   are taken at most, where one is chosen if that is 1; and what goes into the page's link
 */
export function offerLabels(stage, use) {
  const { words } = stage;
  const fold = element("details", "", "own-labels", "fold");
  const said = note("", "own-labels-said");
  const photo = element("select", "", "own-labels-photo");
  const label = element("select", "", "own-labels-class");
  const go = button(words.own_labels_take, () => take(), "own-labels-take");
  fold.append(element("summary", words.own_labels), row(words.own_labels_photo, photo));
  fold.append(row(words.own_labels_class, label), go, said);
  stage.extra.append(fold);
  /** @type {Photo[]} */
  let photos = [];

  const read = async () => {
    const set = await load().catch(() => null);
    if (stage.signal.aborted) return;
    photos = set?.photos.filter(({ boxes }) => boxes.some(({ crowd }) => !crowd)) ?? [];
    const classes = [...new Set(photos.flatMap(({ boxes }) => boxes.map((box) => box.label)))];
    const named = photos.map(({ digest, name, boxes }) => ({
      text: `${name} (${boxes.length})`,
      value: digest,
    }));
    const several = { text: fill(words.own_labels_all, { count: photos.length }), value: EVERY };
    offer(photo, use.most > 1 ? [several, ...named] : named);
    const every = { text: words.own_labels_every, value: EVERY };
    offer(label, [every, ...classes.map((name) => ({ text: name, value: name }))]);
    go.disabled = !photos.length;
    said.textContent = photos.length ? "" : words.own_labels_none;
  };

  const take = async () => {
    go.disabled = true;
    said.textContent = words.own_labels_sending;
    try {
      const wanted = photos.filter(({ digest }) => photo.value === EVERY || digest === photo.value);
      const boxed = wanted
        .map((each) => ({ each, boxes: sharesOf(each, label.value) }))
        .filter(({ boxes }) => boxes.length);
      if (!boxed.length) throw Object.assign(new Error(words.own_labels_no_box), { refused: true });
      const taken = [];
      for (const { each, boxes } of boxed.slice(0, use.most))
        taken.push({ ...(await send(stage, each)), boxes });
      open({ pic: taken[0].token, ...use.link(taken) });
    } catch (error) {
      said.textContent = error.refused ? error.message : words.stage_lost;
      go.disabled = false;
    }
  };
  hearOfLabels(stage, read);
  read();
}

/**
 * The boxes of a photo that are one thing each, as shares of its sides.
 * @param {Photo} photo
 * @param {string} label their class; every class where empty
 */
export const sharesOf = ({ width, height, boxes }, label) =>
  boxes
    .filter((each) => !each.crowd && (label === EVERY || each.label === label))
    .map(({ box: [x1, y1, x2, y2] }) => [x1 / width, y1 / height, x2 / width, y2 / height]);

/**
 * Boxes as the pages' links have them: whole parts of the sides, none without size.
 * @param {number[][]} shares
 * @param {number} across parts of the width
 * @param {number} [down] of the height
 */
export function inParts(shares, across, down = across) {
  const whole = [across, down, across, down];
  return shares
    .map((box) => box.map((share, i) => Math.round(share * whole[i])))
    .filter(([x1, y1, x2, y2]) => x2 > x1 && y2 > y1)
    .map((box) => box.join(","));
}

/**
 * Pieces joined, as many of them as a text of that length has room for.
 * @param {string[]} pieces
 * @param {string} between
 * @param {number} most letters
 */
export function joinWithin(pieces, between, most) {
  let text = "";
  for (const piece of pieces) {
    const longer = text ? `${text}${between}${piece}` : piece;
    if (longer.length > most) break;
    text = longer;
  }
  return text;
}

/** @param {string} text @param {HTMLElement} input */
function row(text, input) {
  const made = element("label", "", "", "control choice");
  made.append(element("span", text), input);
  return made;
}

/** @param {HTMLSelectElement} select @param {{ text: string, value: string }[]} options */
function offer(select, options) {
  const before = select.value;
  select.replaceChildren(...options.map(({ text, value }) => new Option(text, value)));
  if (options.some(({ value }) => value === before)) select.value = before;
  select.disabled = !options.length;
}

/** @param {Stage} stage @param {Photo} photo */
async function send(stage, photo) {
  const file = await fileOf(new Map(), photo);
  if (!file) throw Object.assign(new Error(stage.words.own_labels_lost), { refused: true });
  const told = await (await postForm(stage, "pictures", { file })).json();
  return { token: told.token, width: told.width_px, height: told.height_px };
}

// The picture belongs to the session, which takes it from its link.
/** @param {Record<string, string>} values */
function open(values) {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(values)) url.searchParams.set(name, value);
  location.assign(url);
}
