// Copy the link of what is on screen.
export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button");
  button.textContent = data.label;
  button.onclick = async () => {
    const link = location.href;
    if (navigator.clipboard) await navigator.clipboard.writeText(link);
    else {
      const field = document.createElement("textarea"); // plain http: no clipboard interface
      field.value = link;
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
    button.textContent = data.done;
    setTimeout(() => {
      button.textContent = data.label;
    }, 1500);
  };
}
