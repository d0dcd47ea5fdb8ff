// Home's path: a card for each page, numbered in the course's order; thumbnails are asked for as
// cards come into view, a few at a time, and painted as they arrive.
import { fill } from "../../ui/stage/draw.js";
import { askEngine } from "../../ui/stage/engine.js";
import { firstPicture } from "../../ui/stage/first_picture.js";
import { listen, pause } from "../../ui/stage/lifetime.js";
import { readTheme } from "../../ui/stage/palette.js";
import { element } from "../../ui/stage/parts.js";
import { paintThumbnail, thumbnailOf } from "./thumbnail.js";

/** @import { EngineError, Numbers, Reply } from "../../ui/stage/types.d.ts" */
/** @import { Thumbnail } from "./thumbnail.js" */
/**
 * @typedef {{ stem: string, url: string, name: string, question: string, seen: string }} PageCard
 * @typedef {{ page: string, lang: string, picture: string, title: string, working: string,
 *   chapters: { name: string, pages: PageCard[] }[] }} PathData as path.py sends it
 * @typedef {{ card: PageCard, canvas: HTMLCanvasElement, thumbnail: Thumbnail | null,
 *   onPicture: boolean }} Shown a card on the screen
 * @typedef {object} Path
 * @property {string} base what precedes the page's name in its path
 * @property {HTMLElement} root
 * @property {AbortSignal} signal
 * @property {PathData} data
 * @property {string} told the words that the cards were built for
 * @property {string} picture that the thumbnails are of
 * @property {Numbers | null} photo the picture itself, small; null until it is here
 * @property {Map<string, Shown>} cards by stem
 * @property {Set<string>} wanted stems that are in view and have no thumbnail yet
 * @property {boolean} busy
 * @property {IntersectionObserver} view
 */

const AT_ONCE = 8; // pages a question
const AGAIN_MS = 120;
const LOST_MS = 1000;
const FIRST_MS = 20_000; // for the stage above; where it is refused, the cards need not wait for ever
const NEAR = "200px"; // below the screen
const PHOTO_PX = 240;
const PLAIN = { palette: "sequential", over: false, peak: 1, told: {} };

/** @type {WeakMap<Node, { path: Path, life: AbortController }>} */
const mounted = new WeakMap();

/**
 * The component has run: its first time, or again with other data or in another theme.
 * @param {any} component
 * @param {string} base
 */
export function mount(component, base) {
  const path = mounted.get(component.parentElement)?.path ?? create(component, base);
  path.data = component.data;
  const told = JSON.stringify([path.data.lang, path.data.chapters]);
  if (told !== path.told) build(path, told);
  if (path.picture !== path.data.picture) forgetPicture(path);
  for (const shown of path.cards.values()) paint(path, shown);
  pump(path);
}

/** @param {{ parentElement: Node }} component */
export function unmount({ parentElement }) {
  const found = mounted.get(parentElement);
  if (!found || found.path.root.isConnected) return;
  mounted.delete(parentElement);
  found.life.abort();
}

/** @type {(component: any, base: string) => Path} */
function create(component, base) {
  const life = new AbortController();
  const root = component.parentElement.querySelector(".path");
  const path = /** @type {Path} */ ({
    base,
    root,
    signal: life.signal,
    data: component.data,
    told: "",
    picture: "",
    photo: null,
    cards: new Map(),
    wanted: new Set(),
    busy: false,
  });
  path.view = new IntersectionObserver((seen) => lookAt(path, seen), { rootMargin: NEAR });
  const size = new ResizeObserver(() => {
    for (const shown of path.cards.values()) paint(path, shown);
  });
  size.observe(root);
  listen(path, root, "click", open);
  life.signal.addEventListener("abort", () => {
    path.view.disconnect();
    size.disconnect();
  });
  mounted.set(component.parentElement, { path, life });
  return path;
}

/** @type {(path: Path, told: string) => void} */
function build(path, told) {
  path.told = told;
  path.view.disconnect();
  const kept = path.cards;
  path.cards = new Map();
  let number = 0;
  const chapters = path.data.chapters.map(({ name, pages }, index) => {
    const heading = element("h3");
    const dot = element("span", String(index + 1), "", "dot");
    const line = element("span", "", "", "line");
    for (const sign of [dot, line]) sign.setAttribute("aria-hidden", "true");
    heading.append(dot, element("span", name), line);
    const list = element("ol", "", "", "pages");
    list.append(...pages.map((page) => buildCard(path, page, ++number, kept)));
    const chapter = element("li", "", "", "chapter");
    chapter.append(heading, list);
    return chapter;
  });
  const list = element("ol", "", "", "chapters");
  list.append(...chapters);
  path.root.setAttribute("aria-label", path.data.title);
  path.root.replaceChildren(list);
}

/** @type {(path: Path, card: PageCard, number: number, kept: Path["cards"]) => HTMLLIElement} */
function buildCard(path, card, number, kept) {
  const link = element("a", "", `card-${card.stem}`);
  link.href = `${path.base}/${card.url}?${new URLSearchParams({ lang: path.data.lang, pic: path.data.picture })}`;
  link.dataset.stem = card.stem;
  const canvas = element("canvas", "", `thumbnail-${card.stem}`);
  canvas.setAttribute("role", "img");
  const name = element("span", "", "", "name");
  name.append(element("span", `${number} `), card.name);
  link.append(canvas, name, element("span", card.question, "", "question"));
  const before = kept.get(card.stem);
  path.cards.set(card.stem, {
    card,
    canvas,
    thumbnail: before?.thumbnail ?? null,
    onPicture: before?.onPicture ?? false,
  });
  path.view.observe(link);
  const item = element("li");
  item.append(link);
  return item;
}

/** @type {(path: Path, seen: IntersectionObserverEntry[]) => void} */
function lookAt(path, seen) {
  for (const { target, isIntersecting } of seen) {
    const stem = /** @type {HTMLElement} */ (target).dataset.stem ?? "";
    if (isIntersecting && !path.cards.get(stem)?.thumbnail) path.wanted.add(stem);
    else path.wanted.delete(stem);
  }
  pump(path);
}

/**
 * Another picture: its cards show it as it is, until their thumbnails of it are there.
 * @param {Path} path
 */
function forgetPicture(path) {
  path.picture = path.data.picture;
  path.photo = null;
  loadPhoto(path);
  for (const [stem, shown] of path.cards) {
    const link = /** @type {HTMLAnchorElement} */ (shown.canvas.parentElement);
    const address = new URL(link.href);
    address.searchParams.set("pic", path.picture);
    link.href = address.href;
    if (!shown.onPicture) continue;
    shown.thumbnail = null;
    path.view.unobserve(link);
    path.view.observe(link); // tells whether it is in view
    delete shown.canvas.dataset.painted;
    path.wanted.delete(stem);
  }
}

/** @param {Path} path */
async function loadPhoto(path) {
  const { picture } = path;
  const asked = { form: "raw", max_side_px: PHOTO_PX };
  const reply = await askEngine(path, `pictures/${picture}`, asked).catch(() => null);
  if (!reply || picture !== path.picture) return;
  path.photo = reply.rgb;
  for (const shown of path.cards.values()) paint(path, shown);
}

/**
 * Ask for what is in view, until all of it is there.
 * @param {Path} path
 */
async function pump(path) {
  if (path.busy) return;
  path.busy = true;
  await firstPicture(FIRST_MS);
  while (path.wanted.size && !path.signal.aborted) {
    const pages = [...path.wanted].slice(0, AT_ONCE);
    const picture = path.picture;
    try {
      const asked = { picture, pages: pages.join(",") };
      const reply = await askEngine(path, "home/thumbnails", asked);
      if (picture !== path.picture) continue;
      take(path, reply);
      if (reply.about.unfinished.length) await pause(path, AGAIN_MS);
    } catch (thrown) {
      const error = /** @type {EngineError} */ (thrown);
      if (error.refused) for (const stem of pages) path.wanted.delete(stem);
      else await pause(path, error.pending ? AGAIN_MS : LOST_MS);
    }
  }
  path.busy = false;
}

/** @type {(path: Path, reply: Reply) => void} */
function take(path, reply) {
  const { pages, none, unfinished, on_picture } = reply.about;
  for (const stem of on_picture) {
    const shown = path.cards.get(stem);
    if (shown) shown.onPicture = true;
  }
  for (const stem of [...Object.keys(pages), ...none]) {
    const shown = path.cards.get(stem);
    path.wanted.delete(stem);
    if (!shown) continue;
    shown.thumbnail = stem in pages ? thumbnailOf(reply, stem) : "none";
    paint(path, shown);
  }
  for (const stem of unfinished) {
    if (path.wanted.delete(stem)) path.wanted.add(stem); // those that nobody has begun come first
    const shown = path.cards.get(stem);
    if (shown) paint(path, shown);
  }
}

/** @type {(path: Path, shown: Shown) => void} */
function paint(path, { card, canvas, thumbnail, onPicture }) {
  canvas.classList.toggle("none", thumbnail === "none");
  canvas.classList.toggle("waiting", !thumbnail);
  if (!thumbnail || thumbnail === "none") {
    canvas.setAttribute("aria-label", path.data.working);
    const { photo } = path;
    if (onPicture && photo && canvas.clientWidth && !thumbnail) {
      const pictures = { data: photo.data, shape: [1, ...photo.shape] };
      paintThumbnail(canvas, { ...PLAIN, pictures }, readTheme(path.root));
    }
    return;
  }
  if (!canvas.clientWidth) return; // taken off the page
  paintThumbnail(canvas, thumbnail, readTheme(path.root));
  canvas.setAttribute("aria-label", fill(card.seen, thumbnail.told));
  canvas.dataset.painted = JSON.stringify({ picture: path.picture });
}

/**
 * A card opens its page within this session; with a key held down the browser opens it elsewhere.
 * @param {MouseEvent} event
 */
function open(event) {
  const link = /** @type {Element} */ (event.target).closest("a");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const { pathname } = new URL(link.href);
  for (const own of document.querySelectorAll(".st-key-unseen_pages a")) {
    if (new URL(/** @type {HTMLAnchorElement} */ (own).href).pathname !== pathname) continue;
    event.preventDefault();
    /** @type {HTMLElement} */ (own).click();
    return;
  }
}
