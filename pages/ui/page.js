// A press of a "try this" button reaches the stage at once; the page's own run finds it done.
export default function ({ data, parentElement }) {
  parentElement.run?.abort(); // of the run before
  const run = new AbortController();
  parentElement.run = run;
  const press = ({ target }) => {
    for (const [name, values] of Object.entries(data.settings)) {
      if (!target.closest?.(`.st-key-${data.stage}_try_${name} button`)) continue;
      const detail = { stage: data.stage, values, picture: data.samples[name] };
      document.dispatchEvent(new CustomEvent("fovea-try", { detail }));
    }
  };
  document.addEventListener("click", press, { capture: true, signal: run.signal });
  return () => run.abort(); // and no newer run's, where this one has been overtaken
}
