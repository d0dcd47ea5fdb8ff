// Lines of equal height over a grid of heights: marching squares (Lorensen and Cline 1987, in 2-D).

/** @import { Stage } from "./descent.js" */

// Which two edges of a cell a line joins, by which of its corners lie above the level. Corners: 1
// top left, 2 top right, 4 bottom right, 8 bottom left; edges: 0 top, 1 right, 2 bottom, 3 left.
const JOINS = [
  [],
  [[3, 0]],
  [[0, 1]],
  [[3, 1]],
  [[1, 2]],
  [
    [3, 0],
    [1, 2],
  ],
  [[0, 2]],
  [[3, 2]],
  [[2, 3]],
  [[2, 0]],
  [
    [0, 1],
    [2, 3],
  ],
  [[2, 1]],
  [[1, 3]],
  [[1, 0]],
  [[0, 3]],
  [],
];

// map: float32 (rows, columns), values at the centres of the cells that fill box; traced once for
// each name and box.
/** @param {Stage} stage */
export function drawContours(ctx, stage, name, map, box, levels) {
  const key = JSON.stringify([name, box]);
  if (stage.state.contours?.key !== key) {
    stage.state.contours = { key, path: new Path2D() };
    for (const level of levels) trace(stage.state.contours.path, map, box, level);
  }
  ctx.setLineDash([]);
  ctx.lineWidth = 0.75;
  ctx.strokeStyle = stage.theme.muted;
  ctx.globalAlpha = 0.55;
  ctx.stroke(stage.state.contours.path);
  ctx.globalAlpha = 1;
}

function trace(path, { data, shape: [rows, columns] }, box, level) {
  const [w, h] = [box.width / columns, box.height / rows];
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const i = row * columns + column;
      const corners = [data[i], data[i + 1], data[i + columns + 1], data[i + columns]];
      const above = corners.reduce((code, value, bit) => code + (value > level ? 1 << bit : 0), 0);
      for (const [from, to] of JOINS[above]) {
        const [x1, y1] = crossing(corners, from, level, box, column, row, w, h);
        const [x2, y2] = crossing(corners, to, level, box, column, row, w, h);
        path.moveTo(x1, y1);
        path.lineTo(x2, y2);
      }
    }
  }
}

// Where the level lies on an edge, linear between its two corners.
function crossing(corners, edge, level, box, column, row, w, h) {
  const [a, b, c, d] = corners;
  const part = (first, second) => (level - first) / (second - first);
  const [dx, dy] = [
    [part(a, b), 0],
    [1, part(b, c)],
    [part(d, c), 1],
    [0, part(a, d)],
  ][edge];
  return [box.x + (column + 0.5 + dx) * w, box.y + (row + 0.5 + dy) * h];
}
