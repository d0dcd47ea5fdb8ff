// "Download picture and numbers": the canvas as it stands, and the arrays it was painted from.

export function downloadPicture(stage) {
  stage.canvas.toBlob((blob) => save(blob, `${stage.data.name}.png`));
}

export function downloadNumbers(stage) {
  const arrays = {};
  for (const [name, entry] of Object.entries(stage.reply ?? {})) {
    if (name !== "about") arrays[name] = { shape: entry.shape, values: Array.from(entry.data) };
  }
  const settings = { ...stage.data.fixed, ...stage.replyValues };
  const text = JSON.stringify({ settings, about: stage.reply?.about, arrays });
  save(new Blob([text], { type: "application/json" }), `${stage.data.name}.json`);
}

export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
