// The benchmark's watch inside the browser: what is timed begins with an event and ends with a
// change of the page, both read from performance.now() in the page itself.
/** @type {any} */ (window).bench = (() => {
  const LONGEST_MS = 60_000;
  const found = new Map(); // selector → element
  const watching = new Set(); // functions to call at every change of the page
  let fetching = 0;
  let asked = 0; // requests so far
  let askedInDrag = 0; // requests of the last drag, before its picture was there
  let changedAt = 0;
  /** @type {Promise<object> | null} */
  let last = null; // of what was armed last: the times

  // Components live in shadow roots, which querySelector does not enter.
  /**
   * @param {Document | ShadowRoot} root
   * @returns {Generator<Document | ShadowRoot>}
   */
  function* roots(root = document) {
    yield root;
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) yield* roots(element.shadowRoot);
    }
  }

  function find(selector) {
    const known = found.get(selector);
    if (known?.isConnected && known.matches(selector)) return known; // a canvas may hide later
    for (const root of roots()) {
      const element = root.querySelector(selector);
      if (element) {
        found.set(selector, element);
        return element;
      }
    }
    return null;
  }

  // A stage's picture: its canvas, its charts, or both; all of them say which values they show.
  const PICTURE =
    'canvas[data-testid="stage-canvas"]:not([hidden]), canvas[hidden] ~ [data-testid="stage-charts"]';
  const PARTS = `${PICTURE}, [data-testid="stage-charts"]`;
  let paints = 0; // of the page's first stage, so far
  const changed = () => {
    changedAt = performance.now();
    for (const look of watching) look();
  };
  const observer = new MutationObserver((records) => {
    for (const { attributeName, target } of records) {
      if (attributeName === "data-painted" && target === find(PICTURE)) paints++;
    }
    changed();
  });

  function observeAll() {
    const everything = {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    };
    for (const root of roots()) observer.observe(root, everything);
  }

  for (const name of ["pushState", "replaceState"]) {
    // a new link is no change of the DOM
    const original = history[name].bind(history);
    history[name] = (...args) => {
      original(...args);
      changed();
    };
  }

  const askServer = window.fetch.bind(window);
  const answers = []; // {url, paints before it}, oldest first
  window.fetch = async (...args) => {
    fetching++;
    asked++;
    try {
      const response = await askServer(...args);
      answers.push({ url: response.url, paints });
      return response;
    } finally {
      fetching--;
    }
  };

  // Whether the stage has been painted since an answer came whose address matches.
  const paintedSince = (address) =>
    answers.some((answer) => address.test(answer.url) && paints > answer.paints);

  const running = () =>
    document.querySelector("[data-test-script-state]")?.getAttribute("data-test-script-state") !==
    "notRunning";

  // From the next event of this type, in ms: until each of the checks is true for the first time,
  // and (`ended`) until all are and the page's script has ended.
  function arm(type, checks) {
    observeAll();
    answers.length = 0;
    last = new Promise((resolve, reject) => {
      /** @type {number | null} */
      let begun = null;
      const times = {};
      const missing = () => Object.keys(checks).filter((name) => !(name in times));
      const finish = (settle, value) => {
        watching.delete(look);
        clearTimeout(timer);
        settle(value);
      };
      const look = () => {
        if (begun === null) return;
        const ms = performance.now() - begun;
        for (const name of missing()) if (checks[name]()) times[name] = ms;
        if (!missing().length && !running()) finish(resolve, { ...times, ended: ms });
      };
      const timer = setTimeout(
        () => finish(reject, new Error(`not seen after ${LONGEST_MS} ms: ${missing()}`)),
        LONGEST_MS,
      );
      const begin = () => {
        begun = performance.now();
        queueMicrotask(look);
      };
      window.addEventListener(type, begin, { capture: true, once: true });
      watching.add(look);
    });
    last.catch(() => {}); // whoever awaits it hears of it
  }

  const inputOf = (name) => find(`[data-testid="stage-${name}"]`);
  const stageOf = (name) => inputOf(name).closest(".stage");
  const partsOf = (name) => [...stageOf(name).querySelectorAll(PARTS)];

  // A canvas says what it shows, the box of charts also what those in view do.
  const shows = ({ dataset }, name, value) =>
    String(JSON.parse(dataset.seen ?? dataset.painted ?? "{}")[name]) === String(value);

  // Moves a control of a stage as a hand does, and waits for its picture: ms.
  function drag(name, value, position) {
    const input = inputOf(name);
    const parts = partsOf(name);
    return new Promise((resolve, reject) => {
      let begun;
      const before = asked;
      const painting = new MutationObserver(() => {
        if (!parts.every((part) => shows(part, name, value))) return;
        const ms = performance.now() - begun;
        askedInDrag = asked - before;
        painting.disconnect();
        clearTimeout(timer);
        resolve(ms);
      });
      const timer = setTimeout(() => {
        painting.disconnect();
        const shown = parts.map((part) => part.dataset.painted);
        reject(new Error(`${name} = ${value} was not painted: ${shown}`));
      }, LONGEST_MS);
      for (const part of parts)
        painting.observe(part, { attributeFilter: ["data-painted", "data-seen"] });
      if (input.type === "checkbox") input.checked = position;
      else input.value = position;
      begun = performance.now();
      input.dispatchEvent(new Event(input.type === "range" ? "input" : "change"));
    });
  }

  // What a control of a stage can be set to.
  function reach(name) {
    const input = inputOf(name);
    const { type, disabled, min, max } = input;
    const options = [...(input.options ?? [])].filter((o) => !o.disabled).map((o) => o.value);
    const log = input.dataset.scale === "log";
    const step = Number(log ? input.dataset.step : input.step);
    return { type, disabled, low: Number(min), high: Number(max), step, log, options };
  }

  // The values that a picture belongs to: the first stage's, or of the stage with that control.
  const painted = (name) =>
    (name ? stageOf(name).querySelector(PICTURE) : find(PICTURE))?.dataset.painted ?? null;

  // Until nothing has been asked, run or changed for so long.
  async function rest(ms) {
    observeAll();
    let since = performance.now();
    while (performance.now() - Math.max(since, changedAt) < ms) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(ms, 20)));
      if (fetching || running()) since = performance.now();
    }
  }

  const askedLast = () => askedInDrag;

  const results = () => last; // awaited after the event

  return { find, arm, drag, askedLast, reach, painted, paintedSince, rest, results };
})();
