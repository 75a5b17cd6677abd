// The page's own conformance run: an editor, a menu of bugs, progress, and the report.
import { button, element, named } from "./dom.mjs";
import { editor, replace } from "./editor.mjs";
import { ask, stop } from "./python.mjs";
import { report } from "./report.mjs";

const FAILING = ["fail", "flaky", "error"];

export function setup(place) {
  const { bugs, total } = JSON.parse(place.querySelector("script").textContent);
  const code = place.querySelector("pre");
  const right = code.textContent.trimEnd() + "\n";
  const area = editor(right, "Your network, in Python", run);
  const menu = element("select", { id: "bug", onchange: load }, new Option("none: it is right", ""));
  menu.append(...bugs.map((bug, i) => new Option(bug.title, i)));
  const story = element("div", { className: "story", hidden: true });
  const running = button("Run", run, { className: "md-button md-button--primary" });
  const stopping = button("Stop", stop, { disabled: true });
  const bar = named(element("progress", { max: total, value: 0 }), "Clauses that have been checked");
  const status = element("p", { className: "status" });
  status.setAttribute("role", "status");
  const printed = named(element("pre", { className: "printed", hidden: true, tabIndex: 0 }), "What your code printed");
  const failures = element("ul", { className: "failures" });
  const results = named(element("section", { className: "results", hidden: true }), "Results");
  results.append(bar, status, printed, failures);
  const chosen = element("p", { className: "controls" }, element("label", { htmlFor: "bug" }, "A famous bug"), menu);
  code.replaceWith(chosen, story, area, element("p", { className: "controls" }, running, stopping), results);

  function load() {
    const bug = bugs[menu.value];
    replace(area, bug ? right.replace(bug.old, () => bug.new) : right, bug?.new);
    story.hidden = !bug;
    if (!bug) return;
    const told = element("p", {}, bug.sentence, " ", element("a", { href: bug.page }, "Its story"));
    story.replaceChildren(told, change(bug));
  }

  function run() {
    if (running.disabled) return;
    let done = 0;
    let failed = 0;
    let broken = false;
    place.dataset.state = "running";
    running.disabled = true;
    stopping.disabled = false;
    results.hidden = false;
    bar.hidden = false;
    bar.value = 0;
    printed.hidden = true;
    printed.textContent = "";
    failures.replaceChildren();
    results.querySelector("iframe")?.remove();
    status.textContent = "Starting Python…";
    ask({ part: "check", source: area.value }, hear);

    function hear(message) {
      if (message.started) status.textContent = `0 of ${total} clauses`;
      if (message.printed) print(message.printed);
      if (message.error) fail(message.error);
      if (message.clause) note(message);
      if (message.report) show(message);
      if (message.stopped && !broken) end("stopped", `Stopped after ${done} of ${total} clauses, ${failed} failed.`);
      if (message.done) end(broken ? "error" : "done");
    }

    function print(words) {
      printed.hidden = false;
      printed.textContent += words;
    }

    function fail(words) {
      broken = true;
      print(words);
      end("error", "It could not be run:");
    }

    function note(result) {
      bar.value = ++done;
      if (FAILING.includes(result.verdict)) failures.append(failure(result, ++failed));
      status.textContent = `${done} of ${total} clauses${failed ? `, ${failed} failed` : ""}`;
    }

    function show({ report: page, tally }) {
      status.textContent = tally;
      failures.replaceChildren();
      results.append(report(page));
    }

    function end(state, words) {
      place.dataset.state = state;
      running.disabled = false;
      stopping.disabled = true;
      bar.hidden = true;
      if (words) status.textContent = words;
    }
  }
}

// The lines that the bug replaces, and its own, without the margin that they share.
function change({ old, new: planted }) {
  const margin = new RegExp(`^${old.match(/^ */)[0]}`, "gm");
  const marked = (lines, sign) => lines.trimEnd().replace(margin, `${sign} `);
  const lines = [element("del", {}, marked(old, "-")), "\n", element("ins", {}, marked(planted, "+"))];
  return named(element("pre", { className: "change", tabIndex: 0 }, ...lines), "What the bug changes");
}

// The first ones are told in full while the rest is still checked. All of them are in the report, which
// then takes their place.
function failure({ clause, sentence, message, diagnosis, like }, number) {
  const told = element("li", {}, element("strong", {}, clause), ` ${sentence}`);
  if (number > 3) return told;
  told.append(element("br"), message);
  for (const line of diagnosis) told.append(element("br"), line);
  if (like.length) told.append(` (${like.join(", ")})`);
  return told;
}
