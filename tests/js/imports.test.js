// Which script may import which: a page its own and what pages share, never another page; what
// pages share nothing of a page; and no import goes in a circle.
import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import test from "node:test";

const IMPORTED = /\bfrom\s+"([^"]+)"|\bimport\s+"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)/g;

/** The scripts that a script imports, as paths from the repository's root. */
function importsOf(path, text) {
  const code = text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, ""); // types are imported in comments
  return [...code.matchAll(IMPORTED)].map(([, ...found]) => {
    const name = found.find(Boolean) ?? "";
    assert.match(name, /^\.{1,2}\//, `${path} imports "${name}", which a browser does not find`);
    return normalize(join(dirname(path), name));
  });
}

// "ui/stage", "ui/open_network" or "detection/nms".
const homeOf = (path) => path.split("/").slice(1, 3).join("/");

function mayImport(from, to) {
  const [own, other] = [homeOf(from), homeOf(to)];
  if (own === other) return true;
  return own === "ui/stage" ? false : other.startsWith("ui/");
}

/** The first circle that is found, as the scripts on it; null without one. */
function circleIn(graph) {
  const done = new Set();
  /** @type {string[]} */
  const way = [];
  /** @type {(path: string) => string[] | null} */
  const visit = (path) => {
    if (way.includes(path)) return [...way.slice(way.indexOf(path)), path];
    if (done.has(path)) return null;
    way.push(path);
    for (const next of graph.get(path) ?? []) {
      const circle = visit(next);
      if (circle) return circle;
    }
    way.pop();
    done.add(path);
    return null;
  };
  for (const path of graph.keys()) {
    const circle = visit(path);
    if (circle) return circle;
  }
  return null;
}

const graph = new Map(
  globSync("pages/**/*.js").map((path) => [path, importsOf(path, readFileSync(path, "utf-8"))]),
);

test("there are scripts, and they import one another", () => {
  assert.ok(graph.size > 100);
  assert.ok(graph.get("pages/ui/stage/core.js")?.includes("pages/ui/stage/controls.js"));
});

test("every import leads to a file", () => {
  for (const [path, all] of graph) {
    for (const each of all) assert.ok(existsSync(each), `${path}: ${each}`);
  }
});

test("a page imports no other page, and what pages share imports no page", () => {
  for (const [path, all] of graph) {
    for (const each of all) assert.ok(mayImport(path, each), `${path} imports ${each}`);
  }
});

test("no import goes in a circle", () => {
  assert.equal(circleIn(graph), null);
});

test("the rules themselves refuse what they should", () => {
  const [nms, detect] = ["pages/detection/nms/view.js", "pages/detection/detect/found.js"];
  assert.ok(!mayImport(nms, detect));
  assert.ok(!mayImport("pages/ui/stage/draw.js", nms));
  assert.ok(!mayImport("pages/ui/stage/draw.js", "pages/ui/comparison/runs.js"));
  assert.ok(mayImport(nms, "pages/ui/stage/draw.js"));
  assert.ok(mayImport("pages/ui/comparison/view.js", "pages/ui/stage/draw.js"));
  const ring = new Map([
    ["a", ["b"]],
    ["b", ["c", "d"]],
    ["c", []],
    ["d", ["b"]],
  ]);
  assert.deepEqual(circleIn(ring), ["b", "d", "b"]);
  assert.deepEqual(importsOf(nms, 'import { a } from "./player.js";\nimport("../../ui/x.js");'), [
    "pages/detection/nms/player.js",
    "pages/ui/x.js",
  ]);
  assert.throws(() => importsOf(nms, 'import React from "react";'));
});
