// The loss of each epoch, on a logarithmic scale.
import { COLOURS, line, prepare, rgb, scale } from "./canvas.mjs";

const LEFT = 52;
const BOTTOM = 24;
const MOST_POINTS = 500;

export function drawCurve(canvas, losses) {
  const { context, width, height } = prepare(canvas);
  const seen = losses.filter((loss) => loss > 0).map(Math.log10);
  const low = Math.floor(seen.reduce((a, b) => Math.min(a, b), -1));
  const high = seen.reduce((a, b) => Math.max(a, b), low + 1);
  const above = scale(low, high, height - BOTTOM, 8);
  const right = scale(0, Math.max(losses.length - 1, 1), LEFT, width - 8);
  axes(context, low, high, above, width, height, losses.length - 1);
  const step = Math.ceil(losses.length / MOST_POINTS);
  const shown = losses.map((loss, i) => [i, loss]).filter(([i]) => i % step === 0);
  context.strokeStyle = rgb(COLOURS[1]);
  context.lineWidth = 1.5;
  line(context, shown.map(([i, loss]) => [right(i), above(Math.max(Math.log10(loss), low))]));
}

function axes(context, low, high, above, width, height, epochs) {
  context.textAlign = "right";
  for (let power = low; power <= high; power++) {
    const y = above(power);
    context.globalAlpha = 0.25;
    line(context, [[LEFT, y], [width - 8, y]]);
    context.globalAlpha = 1;
    context.fillText(`10${raised(power)}`, LEFT - 6, y + 4);
  }
  context.fillText(`epoch ${epochs}`, width - 8, height - 6);
  context.textAlign = "left";
  context.fillText("0", LEFT, height - 6);
}

const raised = (power) => String(power).replace(/./g, (sign) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(sign)]);
