// Removed pixels as they lie over the map: opaque and hatched, whatever the map's opacity.
import { contextOf } from "../../ui/stage/draw.js";

const PERIOD_PX = 7; // of the network's input
const DARKER = 0.55;

/**
 * Where pixels are gone, what stands there instead, hatched; nothing elsewhere.
 * @param {{ data: ArrayLike<number>, shape: number[] }} picture uint8 (H, W, 3), without them
 * @param {{ data: ArrayLike<number> }} gone uint8 (H, W), 1 where a pixel is gone
 * @returns {Uint8ClampedArray<ArrayBuffer>} (H, W, 4)
 */
export function removedPixels({ data, shape: [rows, columns] }, gone) {
  const pixels = new Uint8ClampedArray(4 * rows * columns);
  for (let i = 0; i < rows * columns; i++) {
    if (!gone.data[i]) continue;
    const dark = (Math.floor(i / columns) + (i % columns)) % PERIOD_PX < 2 ? DARKER : 1;
    for (let c = 0; c < 3; c++) pixels[4 * i + c] = data[3 * i + c] * dark;
    pixels[4 * i + 3] = 255;
  }
  return pixels;
}

/** @type {(picture: Parameters<typeof removedPixels>[0], gone: Parameters<typeof removedPixels>[1]) => OffscreenCanvas} */
export function removedBitmap(picture, gone) {
  const [rows, columns] = picture.shape;
  const canvas = new OffscreenCanvas(columns, rows);
  contextOf(canvas).putImageData(new ImageData(removedPixels(picture, gone), columns), 0, 0);
  return canvas;
}
