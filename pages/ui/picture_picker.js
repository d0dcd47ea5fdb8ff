// The strip of sample pictures: a press chooses one.
export default function ({ data, parentElement, setTriggerValue }) {
  const path = location.pathname.replace(/\/+$/, "");
  const base =
    data.page && path.endsWith(`/${data.page}`) ? path.slice(0, -data.page.length - 1) : path;
  const strip = parentElement.querySelector(".strip");
  strip.setAttribute("aria-label", data.title);
  strip.replaceChildren(
    ...data.pictures.map(({ ref, name }) => {
      const button = document.createElement("button");
      button.type = "button";
      button.title = name;
      button.dataset.testid = `picture-${ref}`;
      button.setAttribute("aria-pressed", String(ref === data.chosen));
      const image = new Image();
      image.alt = name;
      image.src = `${base}/api/v1/pictures/${ref}?max_side_px=96`;
      button.append(image);
      button.onclick = () => {
        for (const other of strip.children)
          other.setAttribute("aria-pressed", String(other === button));
        document.dispatchEvent(new CustomEvent("fovea-picture", { detail: { picture: ref } }));
        setTriggerValue("chosen", ref);
      };
      return button;
    }),
  );
}
