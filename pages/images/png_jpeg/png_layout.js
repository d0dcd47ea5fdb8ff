// Where the three panels of an opened PNG stand.

const GAP = 22;
const TITLE = 22;
const SCALE = 30;
const WIDE = 640; // from which on they stand beside one another
const MOST_HEIGHT = 260;

/**
 * @param {number} width of the canvas
 * @param {number[]} size rows and columns of the picture
 */
export function rowPanels(width, [rows, columns]) {
  const across = width >= WIDE ? 3 : 1;
  const wide = (width - GAP * across) / across;
  const scale = Math.min(wide / columns, MOST_HEIGHT / rows);
  const size = { width: columns * scale, height: rows * scale };
  const panels = [0, 1, 2].map((k) => ({
    x: (k % across) * (wide + GAP) + GAP / 2,
    y: TITLE + Math.floor(k / across) * (size.height + TITLE),
    ...size,
  }));
  const last = panels[2];
  const under = last.y + last.height;
  return {
    panels,
    scale: { x: last.x, y: under + 6, width: Math.min(150, wide), height: 8 },
    height: Math.ceil(under + SCALE),
  };
}
