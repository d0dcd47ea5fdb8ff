// Below the net: where the number at the chosen cell comes from. Pieces stand side by side and go
// on in the next line where there is no room left.
import { cellAt, fill, write } from "../stage/draw.js";
import { choose } from "./choice.js";
import { convPieces } from "./conv.js";
import { mapPiece, sumPiece } from "./pieces.js";
import { termPieces } from "./terms.js";
import { titleOf } from "./titles.js";

/** @import { Stage } from "./view.js" */

const HEAD = 24;
const DEPTH = 166; // px of the pieces on a wide screen: what is below does not jump
const GAP = 18;

// → { pieces: [{ x, y, width, height, draw, hits }], title, box, bottom }
/** @param {Stage} stage */
export function planDetail(stage, box, values) {
  const account = current(stage);
  const layer = stage.reply.about.layers.find(({ number }) => number === stage.state.chosen.number);
  const pieces = account ? piecesOf(stage, layer, account, box.width, values) : [];
  let [x, y, depth] = [box.x, box.y + HEAD, 0];
  for (const piece of pieces) {
    if (x > box.x && x + piece.width > box.x + box.width) {
      [x, y, depth] = [box.x, y + depth + GAP, 0];
    }
    Object.assign(piece, { x, y });
    x += piece.width + (piece.gap ?? GAP);
    depth = Math.max(depth, piece.height);
  }
  const least = stage.state.plan.narrow ? 120 : DEPTH;
  return { pieces, layer, box, bottom: Math.max(y + depth, box.y + HEAD + least) };
}

// The numbers that belong to the net on screen; those of the last epoch stay until new ones come.
/** @param {Stage} stage */
function current(stage) {
  const { account } = stage.state;
  return account?.reply &&
    account.at.number === stage.state.chosen.number &&
    stage.reply.about.layers.some(({ number }) => number === account.at.number)
    ? account
    : null;
}

/** @param {Stage} stage */
function piecesOf(stage, layer, account, width, values) {
  const { accounts } = account.reply.about;
  const place = account.at;
  const about = { stage, layer, accounts, arrays: account.reply, place, values, width };
  const [first] = accounts;
  const middle = first.kind === "convsum" ? convPieces(about) : termPieces(about);
  const pieces = [...middle, sumPiece(about)];
  if (layer.layout === "map" && layer.kind !== "input") {
    pieces.push(
      mapPiece(about, layer, place.channel, {
        mark: { row: place.row, column: place.column, rows: 1, columns: 1 },
        title: fill(stage.words.this_map, { channel: place.channel + 1 }),
        move: ({ row, column }, commit) => choose(stage, { ...place, row, column }, commit),
      }),
    );
  }
  return pieces;
}

/** @param {Stage} stage */
export function drawDetail(ctx, stage, { pieces, layer, box }) {
  const { words, theme } = stage;
  ctx.fillStyle = theme.border;
  ctx.fillRect(box.x, box.y - 4, box.width, 1);
  const { channel, row, column } = stage.state.chosen;
  const params = {
    title: titleOf(stage, layer),
    channel: channel + 1,
    row: row + 1,
    column: column + 1,
  };
  const heading = fill(layer.layout === "map" ? words.heading_map : words.heading_unit, params);
  write(ctx, stage, heading, box.x, box.y + 10, { size: 12, bold: true });
  const wide = ctx.measureText(heading).width;
  ctx.font = `400 11px ${theme.font}`;
  if (wide + ctx.measureText(layer.name).width + 20 < box.width) {
    write(ctx, stage, layer.name, box.x + wide + 10, box.y + 10, { size: 11, colour: theme.muted });
  }
  for (const piece of pieces) piece.draw(ctx, piece);
}

// Act on what lies under a point of the pieces; "test" only says whether there is something, and
// moves the cell along where a map is pointed at.
/** @param {Stage} stage */
export function pressDetail(stage, x, y, test = false) {
  for (const piece of stage.state.detail?.pieces ?? []) {
    for (const hit of piece.hits?.(piece) ?? []) {
      const cell = cellAt(hit.box, hit.rows ?? 1, hit.columns ?? 1, x, y);
      if (!cell) continue;
      if (!test || hit.follows) hit.act(cell, !test);
      return true;
    }
  }
  return false;
}
