// The colours of runs that are laid over one another: a run keeps its own while it is shown,
// whichever of them is looked at and whatever comes or goes beside it.

/**
 * @param {string[]} names of the runs that are shown
 * @param {Map<string, number>} before places in the palette as they were
 * @returns {Map<string, number>} by name
 */
export function stylesOf(names, before) {
  const styles = new Map([...before].filter(([name]) => names.includes(name)));
  const taken = new Set(styles.values());
  // By name, so that the order within a link makes no difference.
  for (const name of names.filter((each) => !styles.has(each)).sort()) {
    let free = 0;
    while (taken.has(free)) free += 1;
    taken.add(free);
    styles.set(name, free);
  }
  return styles;
}
