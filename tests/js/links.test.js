// The page's link: what a stage owns is not overwritten by a run that knows older values.
import assert from "node:assert/strict";
import test from "node:test";

import writeLink from "../../pages/ui/links.js";

/** @type {any} */
const browser = globalThis;

/**
 * The link after a run of the page that knew these values.
 * @param {string} query what it was
 * @param {Record<string, string | null>} values
 * @param {Record<string, boolean>} owners names that a stage owns, and whether it is on the page
 */
function linkAfter(query, values, owners) {
  browser.location = { href: `http://fovea.test/pixels?${query}` };
  browser.history = {
    state: null,
    /** @type {(state: null, title: string, url: URL) => void} */
    replaceState(_, __, url) {
      browser.location.href = url.href;
    },
  };
  const roots = Object.entries(owners).map(([name, isConnected]) => [name, { isConnected }]);
  browser.window = { foveaLinkOwners: new Map(/** @type {any} */ (roots)) };
  writeLink({ data: { values } });
  return new URL(browser.location.href).searchParams.toString();
}

test("a late run writes what is its own and leaves a stage's values", () => {
  const late = { lang: "ko", pic: null, zoom: null, bits: "8" };
  const owned = { zoom: true, bits: true };
  assert.equal(linkAfter("lang=en&pic=cat&zoom=5&bits=1", late, owned), "lang=ko&zoom=5&bits=1");
});

test("what a stage owned that has left is written again", () => {
  assert.equal(linkAfter("zoom=5", { zoom: "7", bits: null }, { zoom: false }), "zoom=7");
});

test("without any stage all is written", () => {
  assert.equal(linkAfter("zoom=5", { zoom: null, depth: "3" }, {}), "depth=3");
});
