// Write the values of the page into its link, over the entry of the history that is there. What a
// stage on the page owns it writes itself (stage/core.js): this run may know older values.
export default function ({ data }) {
  const url = new URL(location.href);
  for (const [name, text] of Object.entries(data.values)) {
    if (window.foveaLinkOwners?.get(name)?.isConnected) continue;
    if (text === null) url.searchParams.delete(name);
    else url.searchParams.set(name, text);
  }
  if (url.href !== location.href) history.replaceState(history.state, "", url);
}
