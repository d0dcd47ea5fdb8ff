// Who this browser is to the engine: the secrets that make runs its own, or let it look at them.

const KEY = "fovea-owner";
const HANDED = "fovea-handed";
const MOST_HANDED = 7;

// A secret of this browser's own making: the runs that it begins are its own.
export function ownerToken() {
  let token = localStorage.getItem(KEY);
  if (!token) {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    token = btoa(String.fromCharCode(...bytes))
      .replace(/\+/g, "-")
      .replace(/\//g, "_");
    token = token.replace(/=/g, "");
    localStorage.setItem(KEY, token);
  }
  return token;
}

// Its own secret, then those that links (?owner=…) have handed to it. They never take the place of
// its own: what it begins stays its own, whoever made the link. The link loses the secret at once,
// so that it is not copied on by accident.
export function allTokens() {
  const url = new URL(location.href);
  const given = url.searchParams.get("owner");
  let handed = (localStorage.getItem(HANDED) ?? "").split(",").filter(Boolean);
  if (given !== null) {
    if (/^[A-Za-z0-9_-]{16,64}$/.test(given)) {
      handed = [given, ...handed.filter((token) => token !== given)].slice(0, MOST_HANDED);
      localStorage.setItem(HANDED, handed.join(","));
    }
    url.searchParams.delete("owner");
    history.replaceState(history.state, "", url);
  }
  return [ownerToken(), ...handed].join(",");
}
