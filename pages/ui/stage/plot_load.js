// Plotly itself, with the first chart and from this server, and its rules where a chart needs them.

const AGAIN_MS = 5000;

/** @type {Promise<any> | null} */
let loading = null;

/** Plotly itself, asked for once; rejected where the server does not answer. */
export function loadPlotly() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL("../../plotly.min.js", import.meta.url).href;
    script.onload = () => resolve(/** @type {any} */ (window).Plotly);
    script.onerror = () => {
      setTimeout(() => {
        loading = null; // whoever asks from then on tries anew
      }, AGAIN_MS);
      script.remove();
      reject(new Error("plotly"));
    };
    document.head.append(script);
  });
  return loading;
}

/** @type {CSSStyleSheet | null} */
let sheet = null;

// Plotly puts its rules at the head of the page; a shadow root needs its own.
/** @param {HTMLElement} element */
export function giveStyles(element) {
  const root = /** @type {ShadowRoot} */ (element.getRootNode());
  if (root.nodeType === Node.DOCUMENT_NODE || !root.adoptedStyleSheets) return;
  if (!sheet) {
    const own = /** @type {HTMLStyleElement} */ (document.getElementById("plotly.js-style-global"));
    sheet = new CSSStyleSheet();
    sheet.replaceSync([...(own?.sheet?.cssRules ?? [])].map((rule) => rule.cssText).join("\n"));
  }
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
}
