// Writes the sources down when the expander around them opens: text in spans, never markup.
export default function ({ data, parentElement }) {
  const place = parentElement.querySelector(".sources");
  const host = parentElement.host ?? parentElement;
  const expander = host.closest("details");
  const told = JSON.stringify(data);
  const write = () => {
    if (!expander.open || place.dataset.told === told) return;
    place.replaceChildren(...data.sources.map((source) => figure(source, data)));
    place.dataset.told = told;
  };
  const watch = new MutationObserver(write);
  watch.observe(expander, { attributes: true, attributeFilter: ["open"] });
  write();
  return () => watch.disconnect();
}

function figure(source, words) {
  const made = document.createElement("figure");
  const caption = document.createElement("figcaption");
  caption.textContent = source.place;
  const code = document.createElement("pre");
  code.dataset.testid = "code";
  code.tabIndex = 0;
  code.append(
    ...source.parts.map(([kind, text]) => {
      if (!kind) return text;
      const part = document.createElement("span");
      part.className = kind;
      part.textContent = text;
      return part;
    }),
  );
  made.append(caption, code, copyButton(code, words));
  return made;
}

function copyButton(code, words) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = words.copy;
  button.onclick = async () => {
    await navigator.clipboard?.writeText(code.textContent);
    button.textContent = words.copied;
    setTimeout(() => {
      button.textContent = words.copy;
    }, 1500);
  };
  if (!navigator.clipboard) button.hidden = true; // plain http: the text can still be selected
  return button;
}
