// Which cell of the level, and which window, is looked at: chosen with the pointer, the arrow keys or
// the button, else the most telling one.
import { pointerPosition } from "../../ui/stage/draw.js";

/** @import { Stage } from "./template.js" */

// The cell pointed at, and the window around it: { row, column, top, left }, all in cells.
export function placeOf({ about, cells, response, places, picture }, values) {
  const [rows, columns] = cells.shape;
  const [down, across] = about.window_px.map((side) => side / about.cell_px / 2);
  const within = (value, count) => Math.max(0, Math.min(Math.floor(value), count - 1));
  const [height, width] = picture.shape;
  let [x, y] = values.at.split(",").map((n) => (Number(n) + 0.5) / 1000);
  if (!values.at && values.layer === "response") [x, y] = middleOfBest({ about, places });
  else if (!values.at) [x, y] = strongestCell({ about, cells, picture });
  const row = within((y * height) / about.cell_px, rows);
  const column = within((x * width) / about.cell_px, columns);
  const top = within(row - down, response.shape[0]);
  const left = within(column - across, response.shape[1]);
  return { row, column, top, left };
}

// The middle of the cell with most votes, as shares of the picture's width and height.
function strongestCell({ about, cells, picture }) {
  const [rows, columns, bins] = cells.shape;
  let [cell, most] = [0, -1];
  for (let i = 0; i < rows * columns; i++) {
    let votes = 0;
    for (let bin = 0; bin < bins; bin++) votes += cells.data[bins * i + bin];
    if (votes > most) [cell, most] = [i, votes];
  }
  const middle = [cell % columns, Math.floor(cell / columns)];
  return middle.map((at, axis) => ((at + 0.5) * about.cell_px) / picture.shape[1 - axis]);
}

// The middle of the best window, as shares of the picture's width and height.
function middleOfBest({ about, places }) {
  const [level, row, column] = places.data;
  const scale = about.factor ** level;
  const [down, across] = about.window_px.map((side) => side / 2 + about.cell_px / 2);
  const [height, width] = about.size;
  return [
    ((column * about.cell_px + across) * scale) / width,
    ((row * about.cell_px + down) * scale) / height,
  ];
}

/** @param {Stage} stage */
export function goToBest(stage) {
  if (!stage.reply) return;
  const { about, places } = stage.reply;
  const share = middleOfBest({ about, places });
  const at = share.map((n) => Math.max(0, Math.min(999, Math.floor(n * 1000)))).join(",");
  stage.set({ layer: "response", level: places.data[0], at });
}

/** @param {Stage} stage */
export function choose(stage, event, commit) {
  if (!stage.state.places || !stage.reply) return;
  const { picture } = stage.state.places;
  const { x, y } = pointerPosition(stage, event);
  const share = [(x - picture.x) / picture.width, (y - picture.y) / picture.height];
  if (share.some((n) => n < 0 || n >= 1)) return;
  const at = share.map((n) => Math.floor(n * 1000)).join(",");
  if (commit || at !== stage.values.at) stage.set({ at }, commit);
}

/** @param {Stage} stage */
export function steer(stage, event) {
  const move = {
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
  }[event.key];
  if (!move || !stage.reply) return;
  event.preventDefault();
  const { about, cells, picture } = stage.reply;
  const { row, column } = placeOf(stage.reply, stage.values);
  const [height, width] = picture.shape;
  const share = (at, count, side) => {
    const middle = (Math.max(0, Math.min(at, count - 1)) + 0.5) * about.cell_px;
    return Math.min(999, Math.floor((middle / side) * 1000));
  };
  const [rows, columns] = cells.shape;
  const at = [share(column + move[1], columns, width), share(row + move[0], rows, height)];
  stage.set({ at: at.join(",") });
}
