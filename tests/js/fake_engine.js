// A browser's surroundings for scripts that ask the engine: answers come from a function.

/** A reply of typed binary with nothing but `about`. */
export function aboutReply(about) {
  const data = new TextEncoder().encode(JSON.stringify(about));
  const header = JSON.stringify([{ name: "about", dtype: "json", shape: [data.byteLength] }]);
  return new Response(data, { headers: { "X-Arrays": header } });
}

/**
 * A stage that asks, and the addresses that it has asked for.
 * @param {(url: URL) => Response | Promise<Response>} answer
 */
export function fakeEngine(answer) {
  /** @type {any} */
  const surroundings = globalThis;
  const kept = new Map([["fovea-owner", "secret-of-a-test"]]);
  surroundings.localStorage = { getItem: (name) => kept.get(name) ?? null, setItem() {} };
  surroundings.location = { href: "http://127.0.0.1/nms" };
  const asked = [];
  surroundings.fetch = (address, { signal }) => {
    const url = new URL(address, "http://127.0.0.1");
    asked.push(`${url.pathname}${url.search}`);
    return new Promise((resolve, reject) => {
      if (signal?.aborted) reject(signal.reason);
      signal?.addEventListener("abort", () => reject(signal.reason));
      Promise.resolve(answer(url)).then(resolve, reject);
    });
  };
  const life = new AbortController();
  /** @type {any} */
  const stage = { base: "/fovea", data: { lang: "en" }, signal: life.signal };
  return { stage, asked, leave: () => life.abort() };
}

/** Until everything that is due has been done. */
export const settle = () => new Promise((resolve) => setTimeout(resolve));
