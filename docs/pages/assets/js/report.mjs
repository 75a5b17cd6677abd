// A report in a frame of its own, as high as what it shows but no higher than the window, in the
// colours of the page. It may run nothing: the sandbox allows no script, and it loads nothing.
import { element } from "./dom.mjs";

export function report(page) {
  const frame = element("iframe", { title: "Report", className: "report", srcdoc: page });
  frame.setAttribute("sandbox", "allow-same-origin");
  frame.addEventListener("load", () => {
    const { body } = frame.contentDocument;
    new ResizeObserver(() => (frame.style.height = `${body.offsetHeight + 2}px`)).observe(body);
  });
  return frame;
}
