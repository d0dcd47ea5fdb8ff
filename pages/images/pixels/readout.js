// The numbers of "Pixels": one pixel's values, how often each value occurs, and what the raster
// takes as a bare bitmap and as real files, which are asked for when the picture stands.

import { contextOf, fill } from "../../ui/stage/draw.js";
import { later } from "../../ui/stage/lifetime.js";
import { showHistogram } from "./histogram.js";

/** @import { Stage } from "./view.js" */

const ASK_AFTER_MS = 150;
const RETRY_AFTER_MS = 3000;
const STYLE = `
  .readout h4 { display: flex; justify-content: space-between; gap: 8px; }
  .readout h4 span { font-weight: 400; font-size: 12px; }
  .pixel { display: flex; align-items: center; gap: 10px; margin-bottom: 8px; }
  .pixel canvas { width: 34px; height: 34px; flex: none;
    border: 1px solid var(--st-border-color); border-radius: 4px; box-sizing: border-box; }
  .pixel .values { font-family: var(--st-code-font); font-size: 15px; }
  .histogram { margin-bottom: 8px; }
  .readout p.reckoning { font-size: 13px; line-height: 1.4; word-break: keep-all; }
  .files.waiting { opacity: 0.45; }
  .files .bar-row { margin-bottom: 5px; line-height: 1.35; font-size: 13px; }
`;

/** @param {Stage} stage */
export function buildReadout(stage) {
  const readout = { files: null, asked: null };
  stage.state.readout = readout;
  const style = element("style");
  style.textContent = STYLE;
  readout.place = element("span", "muted");
  readout.title = element("h4");
  readout.swatch = element("canvas");
  readout.swatch.width = readout.swatch.height = 1;
  readout.values = element("div", "values");
  const pixel = element("div", "pixel");
  pixel.append(readout.swatch, readout.values);
  readout.histogramTitle = element("h4");
  readout.histogram = element("canvas", "histogram");
  readout.bytesTitle = element("h4");
  readout.reckoning = element("p", "reckoning");
  readout.list = element("div", "files");
  stage.readout.replaceChildren(
    style,
    readout.title,
    pixel,
    readout.histogramTitle,
    readout.histogram,
    readout.bytesTitle,
    readout.reckoning,
    readout.list,
  );
}

function element(tag, name = "", text = "") {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = text;
  return made;
}

/** @param {Stage} stage */
export function showReadout(stage, reply, pixel, values) {
  const { state: own, words } = stage;
  const { readout } = own;
  readout.title.replaceChildren(words.pixel, readout.place);
  readout.place.textContent = fill(words.place, { x: pixel.column, y: pixel.row });
  readout.values.replaceChildren(...valueWords(stage, values));
  const swatch = contextOf(readout.swatch);
  swatch.drawImage(own.bitmap, pixel.column, pixel.row, 1, 1, 0, 0, 1, 1);
  showHistogram(stage, readout.histogram, reply, values);
  if (readout.reply !== reply || readout.words !== words) {
    readout.histogramTitle.textContent = words.histogram;
    readout.bytesTitle.textContent = words.bytes;
    readout.reckoning.textContent = reckoning(stage, reply);
    if (readout.reply !== reply) askForFiles(stage, reply);
    showFiles(stage, reply);
  }
  Object.assign(readout, { reply, words });
}

/** @param {Stage} stage */
function valueWords(stage, values) {
  if (values.length === 1) return [element("span", "", String(values[0]))];
  return values.map((value, c) => {
    const part = element("span", "", `${"RGB"[c]} ${value}`);
    part.style.color = stage.theme.channels[c];
    part.style.marginRight = "10px";
    return part;
  });
}

function reckoning({ words, data }, { about }) {
  const [height, width] = about.size;
  const number = (value) => value.toLocaleString(data.lang);
  const full = (width * about.bits) % 8 === 0;
  return fill(full ? words.reckoning : words.reckoning_filled, {
    width: number(width),
    height: number(height),
    bits: about.bits,
    row: number(about.row_bytes),
    total: number(about.bitmap_bytes),
  });
}

// Files are written when no newer picture has come for a moment; one request at a time.
/** @param {Stage} stage */
function askForFiles(stage, reply) {
  const { readout } = stage.state;
  const params = { ...stage.data.fixed, ...stage.replyValues };
  const current = () => readout.reply === reply;
  clearTimeout(readout.timer);
  const ask = async () => {
    if (!current()) return;
    if (readout.busy) {
      readout.timer = later(stage, ASK_AFTER_MS, ask);
      return;
    }
    readout.busy = true;
    try {
      const { about } = await stage.ask("pixels/files", params);
      readout.files = { reply, about };
      if (current()) showFiles(stage, reply);
    } catch {
      readout.timer = later(stage, RETRY_AFTER_MS, ask); // the stage itself says what is wrong
    } finally {
      readout.busy = false;
    }
  };
  readout.timer = later(stage, ASK_AFTER_MS, ask);
}

/** @param {Stage} stage */
function showFiles(stage, reply) {
  const { readout } = stage.state;
  const { words } = stage;
  const raw = reply.about.bitmap_bytes;
  const known = readout.files?.about.files ?? [];
  const most = Math.max(raw, ...known.map((file) => file.file_bytes));
  const rows = [fileRow(stage, words.bitmap, raw, most, words.exact)];
  for (const { form, quality, file_bytes, psnr_db } of known) {
    const name = form === "png" ? "PNG" : fill(words.jpeg, { quality });
    const loss = psnr_db === null ? words.exact : `${psnr_db.toFixed(1)} dB`;
    rows.push(fileRow(stage, name, file_bytes, most, loss));
  }
  readout.list.replaceChildren(...rows);
  readout.list.classList.toggle("waiting", readout.files?.reply !== reply);
}

/** @param {Stage} stage */
function fileRow(stage, name, size, most, loss) {
  const row = element("div", "bar-row");
  const told = `${size.toLocaleString(stage.data.lang)} B · ${loss}`;
  const bar = element("div", "bar");
  bar.style.width = `${(100 * size) / most}%`;
  row.append(element("span", "", name), element("span", "", told), bar);
  return row;
}
