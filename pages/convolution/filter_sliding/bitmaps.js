// What the filter-sliding stage shows of an answer: one channel of an array, the colours that its
// values stand for, and bitmaps.
import { mapBitmap, pictureBitmap } from "../../ui/stage/draw.js";

/** @import { Stage } from "./view.js" */

export function channelOf({ data, shape: [, rows, columns] }, channel) {
  return data.subarray(channel * rows * columns, (channel + 1) * rows * columns);
}

// How bright a cell of the input is on the screen, 0 to 1.
export function brightness({ input, about }) {
  const [channels, rows, columns] = input.shape;
  const size = rows * columns;
  if (channels === 1) return (i) => input.data[i] / about.top;
  return (i) =>
    (0.3 * input.data[i] + 0.59 * input.data[size + i] + 0.11 * input.data[2 * size + i]) /
    about.top;
}

// The table and the range of a filter's map: signed around zero, or grey where it has one side only.
/** @param {Pick<Stage, "theme">} stage */
export function scaleOf({ theme }, { scales }, filter) {
  const { signed, low, high } = scales[filter];
  const part = (value) => (high > low ? (value - low) / (high - low) : 0);
  return { lut: signed ? theme.signed : theme.grey, low, high, part };
}

// Off-screen bitmaps of a reply, drawn once for a theme.
/** @param {Stage} stage */
export function bitmaps(stage, view) {
  const { reply } = view;
  if (view.bitmaps?.reply === reply && view.bitmaps.dark === stage.theme.dark) return view.bitmaps;
  const [channels, rows, columns] = reply.input.shape;
  const { top } = reply.about;
  const grey = (channel) =>
    mapBitmap(channelOf(reply.input, channel), rows, columns, stage.theme.grey, 0, top);
  const [filters, outRows, outColumns] = reply.output.shape;
  const answers = (filter) => {
    const { lut, low, high } = scaleOf(stage, reply.about, filter);
    return mapBitmap(channelOf(reply.output, filter), outRows, outColumns, lut, low, high);
  };
  view.bitmaps = {
    reply,
    dark: stage.theme.dark,
    input: channels === 1 ? grey(0) : pictureBitmap(coloured(reply)),
    channels: channels === 1 ? [] : [0, 1, 2].map(grey),
    outputs: Array.from({ length: filters }, (_, filter) => answers(filter)),
  };
  return view.bitmaps;
}

function coloured({
  input: {
    data,
    shape: [, rows, columns],
  },
  about,
}) {
  const pixels = new Uint8Array(rows * columns * 3);
  const size = rows * columns;
  for (let i = 0; i < size; i++) {
    for (let c = 0; c < 3; c++)
      pixels[3 * i + c] = Math.round((data[c * size + i] * 255) / about.top);
  }
  return { data: pixels, shape: [rows, columns, 3] };
}
