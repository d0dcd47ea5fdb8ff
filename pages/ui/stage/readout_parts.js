// What a readout is made of: headings, notes, and tables of a name and a number.

export function heading(text) {
  const made = document.createElement("h4");
  made.textContent = text;
  return made;
}

export function note(text) {
  const made = document.createElement("p");
  made.className = "muted";
  made.textContent = text;
  return made;
}

// rows = [[text, value, name], …]; a cell is found by `row-<name>`.
export function table(rows) {
  const made = document.createElement("table");
  made.style.marginBottom = "10px";
  for (const [text, value, name] of rows) {
    const row = made.insertRow();
    row.insertCell().textContent = text;
    const cell = row.insertCell();
    cell.className = "number";
    if (name) cell.dataset.testid = `row-${name}`;
    cell.textContent = value;
  }
  return made;
}
