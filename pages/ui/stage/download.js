// "Download picture and numbers": the canvas as it stands, and the arrays it was painted from.

/** @import { Stage } from "./types.d.ts" */

/** @param {Stage} stage */
export function downloadPicture(stage) {
  stage.canvas.toBlob((blob) => blob && save(blob, `${stage.data.name}.png`));
}

/** @param {Stage} stage */
export function downloadNumbers(stage) {
  const own = stage.view.numbers?.(stage);
  /** @type {Record<string, { shape: number[], values: number[] }>} */
  const arrays = {};
  for (const [name, entry] of Object.entries(stage.reply ?? {})) {
    if (name !== "about") arrays[name] = { shape: entry.shape, values: Array.from(entry.data) };
  }
  const settings = { ...stage.data.fixed, ...stage.replyValues };
  const text = JSON.stringify({ settings, about: own ?? stage.reply?.about, arrays });
  save(new Blob([text], { type: "application/json" }), `${stage.data.name}.json`);
}

/**
 * Hand a file to the browser to be kept.
 * @param {Blob} blob
 * @param {string} name
 */
export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
