// A text area for Python: Enter keeps the indentation, Ctrl+Enter runs, Tab moves on as everywhere.
import { element, named } from "./dom.mjs";

export function editor(source, label, run) {
  const area = named(element("textarea", { value: source, className: "editor", spellcheck: false }), label);
  for (const name of ["autocapitalize", "autocorrect", "autocomplete"]) area.setAttribute(name, "off");
  area.setAttribute("wrap", "off");
  fit(area);
  area.addEventListener("input", () => fit(area));
  area.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) run();
    else document.execCommand("insertText", false, `\n${indentation(area)}`);
  });
  return area;
}

// As high as the code, within limits.
function fit(area) {
  area.rows = Math.min(area.value.split("\n").length, 28);
}

// Replace all of it, and show the first of `part`, selected.
export function replace(area, source, part = "") {
  area.value = source;
  fit(area);
  const start = Math.max(source.indexOf(part), 0);
  area.setSelectionRange(start, start + part.length);
  const line = source.slice(0, start).split("\n").length;
  area.scrollTop = (line / source.split("\n").length) * area.scrollHeight - area.clientHeight / 2;
}

// That of the line where the cursor stands, and four more after a colon.
function indentation(area) {
  const line = area.value.slice(0, area.selectionStart).split("\n").at(-1);
  return line.match(/^ */)[0] + (line.trimEnd().endsWith(":") ? "    " : "");
}
