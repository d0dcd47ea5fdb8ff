// Where everything lies on the Face cascade's canvas, and where a window stands at each gate.
// A gate is what a window must pass: 1 P-Net, 2 and 3 NMS, 4 R-Net, 5 NMS, 6 O-Net, 7 NMS; what
// reply.fell says of a window is the gate that it did not pass, 8 of a face.
export const [P_NET, PROPOSAL_NMS, R_NET, R_NMS, O_NET, LAST, FACE] = [1, 3, 4, 5, 6, 7, 8];
export const WINDOW_PX = 12;
const [GAP, HEADING, FOOT, TITLE] = [20, 24, 40, 20];
const LEAST_WIDTH = 240; // of the heading above the picture
const [MOST_HEIGHT, STRIP_HEIGHT] = [390, 146];

// The picture, and the strip with what the chosen net sees: beside a picture that is not wide.
export function placesOf(width, [rows, columns], narrow) {
  const shape = rows / columns;
  const beside = !narrow && shape > 0.8;
  const most = beside ? 0.64 * width : width;
  const height = beside ? MOST_HEIGHT : narrow ? MOST_HEIGHT : 330;
  const scale = Math.min(most / columns, height / rows);
  const picture = {
    x: 0,
    y: HEADING,
    width: Math.round(columns * scale),
    height: Math.round(rows * scale),
  };
  const foot = { x: 0, y: picture.y + picture.height + 10 };
  const right = Math.max(picture.width, LEAST_WIDTH) + GAP;
  const below = picture.y + picture.height + FOOT + TITLE;
  const strip = beside
    ? { x: right, y: HEADING, width: width - right, height: MOST_HEIGHT }
    : { x: 0, y: below, width, height: narrow ? STRIP_HEIGHT + 50 : STRIP_HEIGHT };
  const bottom = Math.max(foot.y + 28, strip.y + strip.height);
  return { picture, foot, strip, scale, bottom, narrow, beside, shape: { rows, columns } };
}

// Tiles from left to right and from top to bottom; null where they do not fit the area.
function flow(sizes, area, gap) {
  let [x, y, tallest] = [0, 0, 0];
  const boxes = [];
  for (const { width, height } of sizes) {
    if (x > 0 && x + width > area.width) [x, y, tallest] = [0, y + tallest + gap, 0];
    if (y + height > area.height || width > area.width) return null;
    boxes.push({ x: area.x + x, y: area.y + y, width, height });
    x += width + gap;
    tallest = Math.max(tallest, height);
  }
  return boxes;
}

// The levels beside each other, as large as the strip allows, in their true proportion.
export function pyramidBoxes(levels, area) {
  if (!levels.length) return [];
  for (let scale = area.width / levels[0].size[1]; ; scale *= 0.97) {
    const sizes = levels.map(({ size: [height, width] }) => ({
      width: Math.max(2, width * scale),
      height: Math.max(2, height * scale),
    }));
    const boxes = flow(sizes, area, 5);
    if (boxes) return boxes;
  }
}

// Places of as many crops as the strip holds, with room for a number below each.
export function cropBoxes(count, side, area) {
  const [across, down] = [side + 6, side + 17];
  const columns = Math.max(1, Math.floor((area.width + 6) / across));
  const rows = Math.max(1, Math.floor((area.height + 2) / down));
  return Array.from({ length: Math.min(count, columns * rows) }, (_, i) => ({
    x: area.x + (i % columns) * across,
    y: area.y + Math.floor(i / columns) * down,
    width: side,
    height: side,
  }));
}

// A level's map on its picture drawn in box: a cell lies around the centre of its window.
export function mapBox(level, box) {
  const [down, across] = [box.height / level.size[0], box.width / level.size[1]];
  const start = WINDOW_PX / 2 - 1;
  return {
    x: box.x + start * across,
    y: box.y + start * down,
    width: 2 * level.cells[1] * across,
    height: 2 * level.cells[0] * down,
  };
}

// The window of a cell on its level's picture drawn in box.
export function windowBox(level, box, row, column) {
  const [down, across] = [box.height / level.size[0], box.width / level.size[1]];
  return {
    x: box.x + 2 * column * across,
    y: box.y + 2 * row * down,
    width: WINDOW_PX * across,
    height: WINDOW_PX * down,
  };
}

const indices = new WeakMap(); // by reply

// Which of R-Net's and O-Net's candidates, and which face, each window is; -1 where it is none.
export function indexOf(reply) {
  if (!indices.has(reply)) {
    indices.set(
      reply,
      Object.fromEntries(
        ["r_windows", "o_windows", "faces"].map((name) => {
          const at = new Int32Array(reply.fell.data.length).fill(-1);
          reply[name].data.forEach((window, i) => (at[window] = i));
          return [name, at];
        }),
      ),
    );
  }
  return indices.get(reply);
}

// Box (x1, y1, x2, y2) in pixels of the picture that window i has once the gate is behind it, or
// the last one that it had.
export function boxAt(reply, i, gate) {
  const { r_windows: r, o_windows: o, faces } = indexOf(reply);
  const take = ({ data }, at) => data.subarray(4 * at, 4 * at + 4);
  if (gate >= LAST && faces[i] >= 0) return take(reply.face_boxes, faces[i]);
  if (gate >= R_NMS && o[i] >= 0) return take(reply.o_squares, o[i]);
  if (gate >= PROPOSAL_NMS && r[i] >= 0) return take(reply.r_squares, r[i]);
  return take(reply.boxes, i);
}

// The same box on the canvas.
export function onCanvas({ picture, scale }, [x1, y1, x2, y2]) {
  return {
    x: picture.x + x1 * scale,
    y: picture.y + y1 * scale,
    width: (x2 - x1) * scale,
    height: (y2 - y1) * scale,
  };
}

// The score that the last net before the gate gave a window.
export function scoreAt(reply, i, gate) {
  const { r_windows: r, o_windows: o } = indexOf(reply);
  if (gate >= O_NET && o[i] >= 0) return reply.o_scores.data[o[i]];
  if (gate >= R_NET && r[i] >= 0) return reply.r_scores.data[r[i]];
  return reply.scores.data[i];
}

// Never rounded up: what is below 1 does not become 1.
export const probability = (score) => (Math.floor(score * 1000) / 1000).toFixed(3);
