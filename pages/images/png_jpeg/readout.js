// Both encodes in numbers, side by side, and the calls that made them.
import { fill } from "../../ui/stage/draw.js";
import { columns, element, heading, note } from "../../ui/stage/parts.js";

/** @import { Stage } from "./view.js" */

/**
 * "JPEG, quality 10", or "PNG", which has none.
 * @param {{ words: Record<string, string> }} stage
 * @param {{ form: string, quality: number | null }} file
 */
export function formName({ words }, { form, quality }) {
  const name = words[`form_${form}`];
  return quality === null ? name : fill(words.form_quality, { name, quality });
}

/** @param {Stage} stage */
export function tell(stage, { about }) {
  const { words, readout } = stage;
  const { shown, other, raw_bytes: raw, size, original_size: original } = about;
  const rows = [
    [words.row_bytes, ...both(about, ({ file_bytes }) => file_bytes.toLocaleString("en"))],
    [words.row_bits, ...both(about, ({ bits_per_pixel }) => bits_per_pixel.toFixed(2))],
    [words.row_share, ...both(about, ({ file_bytes }) => `1 : ${shareText(raw / file_bytes)}`)],
    [words.row_psnr, ...both(about, ({ psnr_db }) => psnrText(words, psnr_db))],
    [words.row_ssim, ...both(about, ({ ssim }) => ssimText(words, ssim))],
    [words.row_worst, ...both(about, ({ worst }) => worst)],
  ];
  const made = columns(["", headOf(words, shown), headOf(words, other)], rows);
  made.dataset.testid = "files";
  const [height, width] = size;
  const scaled = size[0] !== original[0] || size[1] !== original[1];
  const said = fill(words.raw, { height, width, bytes: raw.toLocaleString("en") });
  readout.replaceChildren(heading(words.files), made, note(said, "raw"));
  if (scaled) {
    const params = { height: original[0], width: original[1] };
    readout.append(note(fill(words.scaled, params), "scaled"));
  }
  if (shown.form === "avif" || other.form === "avif") readout.append(note(words.avif_speed));
  readout.append(heading(words.calls), code(shown.call), code(other.call));
}

/** @type {(words: Record<string, string>, file: any) => string} */
const headOf = (words, { form, quality }) =>
  quality === null ? words[`form_${form}`] : `${words[`form_${form}`]} ${quality}`;

const both = ({ shown, other }, read) => [read(shown), read(other)];

/** @type {(text: string) => HTMLElement} */
function code(text) {
  const made = element("code", text);
  Object.assign(made.style, { display: "block", fontSize: "11px", marginBottom: "6px" });
  return made;
}

/** @type {(ratio: number) => string} */
const shareText = (ratio) => (ratio < 10 ? ratio.toFixed(2) : ratio.toFixed(0));
/** @type {(words: Record<string, string>, value: number | null) => string} */
const psnrText = (words, value) => (value === null ? words.exact : `${value.toFixed(1)} dB`);
/** @type {(words: Record<string, string>, value: number | null) => string} below 1 it never reads as 1 */
function ssimText(words, value) {
  if (value === null) return words.too_small;
  if (value === 1) return "1";
  let digits = 3;
  while (value < 1 && Number(value.toFixed(digits)) >= 1 && digits < 9) digits++;
  return value.toFixed(digits).replace("-", "−");
}
