// What waits for the first picture.
import assert from "node:assert/strict";
import test from "node:test";
import { firstPicture, tellPainted } from "../../pages/ui/stage/first_picture.js";

test("who waits goes on after its patience, or with the first picture", async () => {
  await firstPicture(1); // nothing has painted yet
  let went = false;
  const waiting = firstPicture(400).then(() => {
    went = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(went, false);
  tellPainted();
  tellPainted();
  await waiting;
  assert.equal(went, true);
  await firstPicture(400); // whoever comes later need not wait
});
