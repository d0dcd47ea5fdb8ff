// When the first stage of this visit has painted: what can wait begins then, so that a learner's
// first picture need not share the engine with it.

/** @type {() => void} */
let tell = () => {};
/** @type {Promise<void>} */
const painted = new Promise((resolve) => {
  tell = resolve;
});

/** A stage has painted; whichever is the first ends the wait. */
export const tellPainted = () => tell();

/**
 * Resolves with the first picture, or after so long without one.
 * @type {(longestMs: number) => Promise<void>}
 */
export const firstPicture = (longestMs) =>
  new Promise((resolve) => {
    const patience = setTimeout(resolve, longestMs);
    painted.then(() => {
      clearTimeout(patience);
      resolve();
    });
  });
