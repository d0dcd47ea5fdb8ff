// What the page says of itself to the whole window: its language, and its chapter in the navigation.
export default function ({ data }) {
  document.documentElement.lang = data.lang;
  for (const section of document.querySelectorAll("[data-testid='stTopNavSection']")) {
    if (section.textContent.trim() === data.chapter) section.setAttribute("aria-current", "true");
    else section.removeAttribute("aria-current");
  }
}
