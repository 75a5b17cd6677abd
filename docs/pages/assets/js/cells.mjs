// A block of code that is marked as live becomes a cell: edit it, run it, stop it. The cells of a page
// share their names, so those above, where they were not run yet, are run first.
import { button, element, named } from "./dom.mjs";
import { editor } from "./editor.mjs";
import { ask, stop } from "./python.mjs";

const cells = []; // of the page, from its top; `asked` where this Python was asked to run it

export function setup(block) {
  const code = block.querySelector("pre");
  const area = editor(code.textContent.trimEnd(), "Python, to edit and run", run);
  const output = named(element("output", { className: "printed", hidden: true }), "What it prints");
  output.setAttribute("aria-live", "polite");
  const running = button("Run", run, { className: "md-button md-button--primary" });
  const stopping = button("Stop", stop, { hidden: true });
  const cell = { area, asked: false };
  cells.push(cell);
  code.replaceWith(area);
  block.querySelector("nav")?.remove();
  block.append(element("div", { className: "controls" }, running, stopping), output);

  function run() {
    if (running.disabled) return;
    let told = false;
    show(true, "running");
    output.hidden = false;
    output.textContent = "Starting Python…";
    const before = cells.slice(0, cells.indexOf(cell)).filter(({ asked }) => !asked);
    const above = before.map((other) => other.area.value);
    for (const one of [...before, cell]) one.asked = true;
    ask({ part: "cells", above, source: area.value }, (message) => {
      if (message.started) output.textContent = "";
      if (message.printed ?? message.error) told = true;
      output.textContent += message.printed ?? message.error ?? "";
      if (message.error) block.dataset.state = "error";
      const lost = message.stopped || message.broken ? cells : message.error ? [...before, cell] : [];
      for (const one of lost) one.asked = false;
      if (message.stopped) output.textContent += "\nStopped.";
      else if (message.done && !told) output.textContent = "It ran, and printed nothing.";
      if (message.done || message.stopped || message.broken) show(false, message.stopped ? "stopped" : "done");
    });
  }

  function show(busy, state) {
    running.disabled = busy;
    if (document.activeElement === stopping) running.focus(); // before it is gone
    stopping.hidden = !busy;
    if (busy || block.dataset.state === "running") block.dataset.state = state;
  }
}
