// Asks the engine's API and reads typed binary: see engine/serving/binary.py for the format.
import { allTokens } from "./owner.js";

const TYPES = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
};

export async function askEngine(stage, path, params) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== null && value !== undefined) query.set(name, value);
  }
  const headers = { "Accept-Language": stage.data.lang, "X-Owner": allTokens() };
  const response = await fetch(`${stage.base}/api/v1/${path}?${query}`, { headers });
  if (response.status >= 400 && response.status < 500) {
    const { detail } = await response.json().catch(() => ({ detail: response.statusText }));
    throw Object.assign(new Error(detail), { refused: true });
  }
  if (response.status === 202) {
    throw Object.assign(new Error("pending"), { pending: await response.json() });
  }
  if (!response.ok) throw new Error(response.statusText);
  return readArrays(await response.arrayBuffer(), response.headers.get("X-Arrays"));
}

// → { name: { data: TypedArray, shape: [...] }, …, about: {...} }
export function readArrays(buffer, header) {
  const reply = {};
  let offset = 0;
  for (const { name, dtype, shape } of JSON.parse(header)) {
    const count = shape.reduce((product, n) => product * n, 1);
    const Type = dtype === "json" ? Uint8Array : TYPES[dtype];
    const data = new Type(buffer, offset, count);
    if (dtype === "json") reply[name] = JSON.parse(new TextDecoder().decode(data));
    else reply[name] = { data, shape };
    offset += Math.ceil((count * Type.BYTES_PER_ELEMENT) / 8) * 8;
  }
  return reply;
}

// Ask for something slow beside the picture, again and again until it is there; null once
// stillWanted() says that nobody cares any more.
export async function askUntilDone(stage, path, params, stillWanted) {
  while (stillWanted() && !stage.closed) {
    try {
      return await askEngine(stage, path, params);
    } catch (error) {
      if (!error.pending) throw error;
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
  }
  return null;
}
