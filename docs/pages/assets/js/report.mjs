// A report in a frame of its own, as high as what it shows, in the colours of the page. It may run
// nothing: the sandbox allows no script, and its own policy loads nothing.
import { element } from "./dom.mjs";

export function report(page) {
  const frame = element("iframe", { title: "Report", className: "report", srcdoc: page });
  frame.setAttribute("sandbox", "allow-same-origin");
  const grow = () => {
    const root = frame.contentDocument?.documentElement;
    if (root) frame.style.height = `${root.querySelector("body").offsetHeight}px`;
  };
  frame.addEventListener("load", () => {
    frame.contentDocument.addEventListener("toggle", grow, true);
    new ResizeObserver(grow).observe(frame);
    grow();
  });
  return frame;
}
