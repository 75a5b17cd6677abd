// Choose, train, watch. The page asks for a little training again and again: to stop is not to ask.
import { drawBoundary } from "./boundary.mjs";
import { choices } from "./choices.mjs";
import { drawCurve } from "./curve.mjs";
import { button, element, named } from "./dom.mjs";
import { ask } from "./python.mjs";

export function setup(place) {
  const { made, read } = choices(reset);
  const training = button("Train", train, { className: "md-button md-button--primary" });
  const stopping = button("Stop", stop, { disabled: true });
  const status = element("p", { className: "status" });
  status.setAttribute("role", "status");
  const numbers = element("p", { className: "numbers" });
  const plane = picture("What the network says of each point");
  const curve = picture("Loss of each epoch");
  const pictures = element("div", { className: "pictures", hidden: true }, plane.figure, curve.figure);
  place.replaceChildren(
    made,
    element("p", { className: "controls" }, training, stopping, button("Reset", reset)),
    status,
    numbers,
    pictures,
  );
  let wanted; // whether to ask for more when an answer has come
  let state; // data, losses, epoch, picture, right: what the last answer said
  let current = 0; // the last request: answers to those before a reset are of no interest
  reset();
  new MutationObserver(draw).observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
  addEventListener("resize", draw);

  function train() {
    wanted = true;
    show("running", state ? "Training…" : "Starting Python…");
    send(state ? {} : { choice: read() });
  }

  function stop() {
    wanted = false;
    stopping.disabled = true;
  }

  function reset() {
    wanted = false;
    state = undefined;
    current++;
    numbers.textContent = "";
    show("stopped", "Press Train.");
    draw();
  }

  function send(request) {
    const mine = ++current;
    ask({ part: "playground", ...request }, (message) => mine === current && hear(message));
  }

  function hear(message) {
    if (message.data) state = { data: message.data, losses: [] };
    if (message.picture) learned(message);
    if (message.diverged) {
      wanted = false;
      numbers.textContent = "The loss is no longer a number: try a smaller learning rate.";
    }
    if (message.error) show("stopped", message.error);
    else if (message.done && wanted) send({});
    else if (message.done) show("stopped", "Stopped.");
  }

  function learned({ losses, ...rest }) {
    state.losses.push(...losses);
    Object.assign(state, rest);
    const right = state.right === null ? "" : `, ${state.right} of ${state.data.x.length} samples right`;
    numbers.textContent = `Epoch ${state.epoch}, loss ${state.losses.at(-1).toPrecision(3)}${right}`;
    if (wanted && state.epoch) status.textContent = "Training…";
    draw();
  }

  function show(name, words) {
    training.disabled = name === "running";
    stopping.disabled = name !== "running";
    status.textContent = words;
    place.dataset.state = name;
  }

  function draw() {
    pictures.hidden = !state?.picture;
    if (pictures.hidden) return;
    drawBoundary(plane.canvas, state.data, state.picture);
    drawCurve(curve.canvas, state.losses);
  }
}

function picture(words) {
  const canvas = named(element("canvas"), words);
  canvas.setAttribute("role", "img");
  return { canvas, figure: element("figure", {}, canvas, element("figcaption", {}, words)) };
}
