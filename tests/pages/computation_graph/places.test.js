// Where the nodes of a graph stand, and what is there after some lines.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  bytesText,
  edgePoints,
  grown,
  nodeAt,
  placeNodes,
  shapeText,
  shortName,
} from "../../../pages/neurons/computation_graph/places.js";

// a = x * y; b = a + x
const node = (name, leaf, inputs, line) => ({ name, leaf, shape: [], inputs, line });
const GRAPH = {
  nodes: [
    node("AddBackward0", "", [1, 2], 3),
    node("MulBackward0", "", [2, 3], 2),
    node("torch::autograd::AccumulateGrad", "x", [], null),
    node("torch::autograd::AccumulateGrad", "y", [], null),
  ],
  x: [0.5, 1, 0, 1],
  layer: [2, 1, 0, 0],
  ways: [],
};

test("boxes stand apart, in their rows, within the width that there is", () => {
  const { boxes, width, height } = placeNodes(GRAPH, 400);
  assert.equal(width, 400);
  assert.ok(boxes.every((box) => box.x >= 0 && box.x + box.width <= width));
  assert.ok(boxes.every((box) => box.y + box.height <= height));
  assert.ok(boxes[2].x + boxes[2].width < boxes[3].x);
  assert.ok(boxes[0].y > boxes[1].y + boxes[1].height);
});

test("a wide graph becomes wider than the room, never too small to read", () => {
  const many = { ...GRAPH, x: [0, 10, 20, 30] };
  const { width, boxes } = placeNodes(many, 400);
  assert.ok(width > 400);
  assert.ok(boxes[0].width >= 70);
});

test("an edge that goes around the nodes is within the drawing too", () => {
  /** @type {import("../../../pages/neurons/computation_graph/places.js").Graph} */
  const around = { ...GRAPH, ways: [[0, 1, [[9, 1]]]] };
  const places = placeNodes(around, 400);
  assert.ok(edgePoints(around, places, around.ways[0])[1].x < places.width);
});

test("the node under a point, and none beside it", () => {
  const { boxes } = placeNodes(GRAPH, 400);
  assert.equal(nodeAt(boxes, boxes[1].x + 3, boxes[1].y + 3), 1);
  assert.equal(nodeAt(boxes, 0, 0), null);
});

test("an edge leaves below its source and enters its own place above its node", () => {
  const places = placeNodes(GRAPH, 400);
  const first = edgePoints(GRAPH, places, [0, 0, []]);
  const second = edgePoints(GRAPH, places, [0, 1, [[0, 1]]]);
  const [add, mul, x] = places.boxes;
  assert.deepEqual(first[0], { x: mul.x + mul.width / 2, y: mul.y + mul.height });
  assert.deepEqual(second[0], { x: x.x + x.width / 2, y: x.y + x.height });
  assert.equal(second.length, 3);
  assert.ok(first[1].x < second[2].x);
  assert.equal(second[2].y, add.y);
});

test("the graph grows line by line, and a leaf comes with what uses it", () => {
  assert.deepEqual(grown(GRAPH.nodes, 2), [false, false, false, false]);
  assert.deepEqual(grown(GRAPH.nodes, 3), [false, true, true, true]);
  assert.deepEqual(grown(GRAPH.nodes, 4), [true, true, true, true]);
});

test("names, shapes and sizes as people write them", () => {
  assert.equal(shortName({ name: "NativeBatchNormBackward0", leaf: "" }), "BatchNorm");
  assert.equal(shortName(GRAPH.nodes[2]), "x");
  assert.equal(shapeText([]), "0-d");
  assert.equal(shapeText([1, 24, 56]), "1 × 24 × 56");
  assert.deepEqual([8, 2048, 3 * 2 ** 20].map(bytesText), ["8 B", "2.0 KiB", "3.0 MiB"]);
});
