// A block of code that is marked as live becomes a cell: edit it, run it, stop it.
import { button, element, named } from "./dom.mjs";
import { editor } from "./editor.mjs";
import { ask, stop } from "./python.mjs";

export function setup(block) {
  const code = block.querySelector("pre");
  const area = editor(code.textContent.trimEnd(), "Python, to edit and run", run);
  const output = named(element("output", { className: "printed", hidden: true }), "What it prints");
  output.setAttribute("aria-live", "polite");
  const running = button("Run", run, { className: "md-button md-button--primary" });
  const stopping = button("Stop", stop, { disabled: true });
  code.replaceWith(area);
  block.querySelector("nav")?.remove();
  block.append(element("div", { className: "controls" }, running, stopping), output);

  function run() {
    if (running.disabled) return;
    let told = false;
    show(true, "running");
    output.hidden = false;
    output.textContent = "Starting Python…";
    ask({ part: "cells", source: area.value }, (message) => {
      if (message.started) output.textContent = "";
      if (message.printed ?? message.error) told = true;
      output.textContent += message.printed ?? message.error ?? "";
      if (message.error) block.dataset.state = "error";
      if (message.stopped) output.textContent += "\nStopped.";
      else if (message.done && !told) output.textContent = "It ran, and printed nothing.";
      if (message.done || message.stopped || message.broken) show(false, message.stopped ? "stopped" : "done");
    });
  }

  function show(busy, state) {
    running.disabled = busy;
    stopping.disabled = !busy;
    if (busy || block.dataset.state === "running") block.dataset.state = state;
  }
}
