// What page Segment lays over the picture: segments in colours, their outlines, Grad-CAM's map and
// the seed that GrabCut starts from. Each is a bitmap, made once for an answer and a theme.
import { contextOf, mapBitmap } from "./draw.js";
import { parse } from "./palette.js";

export const [CAM, SEED] = [0, 1]; // steps of GrabCut; from 2 on, its iterations
// Surely back, surely front, perhaps back, perhaps front: colour of the palette and strength.
const MARKS = [null, [0, 1], [3, 0.45], [0, 0.55]];
const SURELY_BACK = 0.75;

export const colourOf = (stage, id) => stage.theme.categories[ORDER[(id - 1) % ORDER.length]];
const ORDER = [0, 3, 1, 5, 4, 2]; // neighbours in the order differ most

export const markColours = (stage) =>
  MARKS.map((entry) =>
    entry ? [stage.theme.categories[entry[0]], entry[1]] : [stage.theme.background, SURELY_BACK],
  );

const made = new WeakMap(); // reply → its bitmaps in a theme

// → { fill, lines }: bitmaps of the size at which the method looked.
export function layersOf(stage, reply, step) {
  const key = reply.masks ? step : "segments";
  const theme = stage.theme.background;
  let kept = made.get(reply);
  if (kept?.theme !== theme) {
    kept = { theme, layers: new Map() };
    made.set(reply, kept);
  }
  if (!kept.layers.has(key)) kept.layers.set(key, makeLayers(stage, reply, key));
  return kept.layers.get(key);
}

function makeLayers(stage, reply, key) {
  const [rows, columns] = reply.ids.shape;
  if (key === CAM) {
    return {
      fill: mapBitmap(reply.map.data, rows, columns, stage.theme.sequential, 0, 1),
      lines: null,
    };
  }
  if (key === SEED) {
    const colours = markColours(stage).map(([colour, part]) => [...parse(colour), 255 * part]);
    return {
      fill: paint(reply.marks.data, rows, columns, (mark) => colours[mark]),
      lines: null,
    };
  }
  const ids = idsAt(reply, key);
  const colours = new Map();
  const of = (id) => {
    if (!id) return null;
    if (!colours.has(id)) colours.set(id, [...parse(colourOf(stage, id)), 255]);
    return colours.get(id);
  };
  const [bright, dark] = [stage.theme.greyInks.bright, stage.theme.greyInks.dark].map(parse);
  const edge = (i, way) => edgeOf(ids, rows, columns, i, way);
  const isFine = reply.about.kind === "regions"; // many outlines: thin ones
  return {
    fill: paint(ids, rows, columns, of),
    lines: paint(ids, rows, columns, (_, i) => {
      if (edge(i, 1)) return [...bright, isFine ? 170 : 255];
      return !isFine && edge(i, -1) ? [...dark, 160] : null;
    }),
  };
}

// The map of segments after one of GrabCut's iterations; of other methods there is only one.
export function idsAt(reply, step) {
  if (!reply.masks) return reply.ids.data;
  const size = reply.ids.data.length;
  const at = Math.max(0, step - 2);
  return reply.masks.data.subarray(at * size, (at + 1) * size);
}

// Whether the next pixel to the right or below (way 1), or to the left or above (−1), is of another.
function edgeOf(ids, rows, columns, i, way) {
  const column = i % columns;
  const row = (i - column) / columns;
  const [across, down] = [column + way, row + way];
  if (across >= 0 && across < columns && ids[i + way] !== ids[i]) return true;
  return down >= 0 && down < rows && ids[i + way * columns] !== ids[i];
}

function paint(data, rows, columns, colour) {
  const image = new ImageData(columns, rows);
  for (let i = 0; i < rows * columns; i++) {
    const chosen = colour(data[i], i);
    if (chosen) image.data.set(chosen, 4 * i);
  }
  const canvas = new OffscreenCanvas(columns, rows);
  contextOf(canvas).putImageData(image, 0, 0);
  return canvas;
}
