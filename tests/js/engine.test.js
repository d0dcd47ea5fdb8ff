// The typed binary of the engine (engine/serving/binary.py), read as the browser reads it.
import assert from "node:assert/strict";
import test from "node:test";

import { readArrays } from "../../pages/ui/stage/engine.js";

/**
 * One part after the other, each padded to 8 bytes, and the header that tells them apart.
 * @returns {[ArrayBuffer, string]}
 */
function packed(parts) {
  const padded = parts.map(({ data }) => Math.ceil(data.byteLength / 8) * 8);
  const bytes = new Uint8Array(padded.reduce((sum, size) => sum + size, 0));
  let offset = 0;
  parts.forEach(({ data }, i) => {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += padded[i];
  });
  const header = JSON.stringify(parts.map(({ name, dtype, shape }) => ({ name, dtype, shape })));
  return [bytes.buffer, header];
}

test("arrays of every width come back at their own offsets", () => {
  const parts = [
    { name: "mask", dtype: "uint8", shape: [3], data: new Uint8Array([1, 2, 255]) },
    { name: "boxes", dtype: "float32", shape: [1, 4], data: new Float32Array([0.5, -1, 2, 3]) },
    { name: "ids", dtype: "int32", shape: [3], data: new Int32Array([-1, 7, 2 ** 31 - 1]) },
    { name: "sums", dtype: "float64", shape: [1], data: new Float64Array([Math.PI]) },
  ];
  const reply = readArrays(...packed(parts));
  for (const { name, shape, data } of parts) {
    assert.deepEqual(reply[name], { data, shape });
  }
});

test("json is read as words, whatever its length in bytes", () => {
  const about = { name: "에지", limits: { size: { low: 1 } } };
  const data = new TextEncoder().encode(JSON.stringify(about));
  const parts = [
    { name: "about", dtype: "json", shape: [data.byteLength], data },
    { name: "after", dtype: "uint16", shape: [2], data: new Uint16Array([1, 65535]) },
  ];
  const reply = readArrays(...packed(parts));
  assert.deepEqual(reply.about, about);
  assert.deepEqual([...reply.after.data], [1, 65535]);
});

test("an array without elements and a number alone keep their shapes", () => {
  const parts = [
    { name: "none", dtype: "float32", shape: [0, 4], data: new Float32Array(0) },
    { name: "one", dtype: "float32", shape: [], data: new Float32Array([0.25]) },
  ];
  const reply = readArrays(...packed(parts));
  assert.deepEqual(reply.none.shape, [0, 4]);
  assert.equal(reply.none.data.length, 0);
  assert.deepEqual([...reply.one.data], [0.25]);
});
