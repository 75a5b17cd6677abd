// What the network says: the colour of each point of the plane, or, of one input, a curve.
import { COLOURS, dot, line, prepare, rgb, scale } from "./canvas.mjs";

export function drawBoundary(canvas, { x, t, edges }, picture) {
  if (edges.length === 1) drawFit(canvas, x, t, edges[0], picture);
  else drawPlane(canvas, x, t, edges, picture);
}

function drawPlane(canvas, x, t, [across, up], picture) {
  const { context, width, height } = prepare(canvas);
  context.drawImage(shades(picture), 0, 0, width, height);
  const right = scale(...across, 0, width);
  const above = scale(...up, height, 0);
  context.strokeStyle = "white";
  x.forEach(([a, b], i) => dot(context, right(a), above(b), rgb(COLOURS[t[i]])));
}

// A pixel for each point, from the top: 0 is one colour and 1 the other; in doubt it is neither.
function shades(picture) {
  const side = Math.sqrt(picture.length);
  const image = new ImageData(side, side);
  picture.forEach((y, k) => {
    const sure = Math.min(Math.abs(2 * y - 1), 1);
    const pixel = (side - 1 - Math.floor(k / side)) * side + (k % side);
    image.data.set([...COLOURS[y < 0.5 ? 0 : 1], 20 + 130 * sure], 4 * pixel);
  });
  const small = new OffscreenCanvas(side, side);
  small.getContext("2d").putImageData(image, 0, 0);
  return small;
}

function drawFit(canvas, x, t, edges, picture) {
  const { context, width, height } = prepare(canvas);
  const right = scale(...edges, 0, width);
  const above = scale(Math.min(...t) - 0.1, Math.max(...t) + 0.1, height, 0);
  x.forEach(([a], i) => dot(context, right(a), above(t[i]), rgb(COLOURS[0])));
  const middle = (i) => right(edges[0] + ((edges[1] - edges[0]) * (i + 0.5)) / picture.length);
  context.strokeStyle = rgb(COLOURS[1]);
  context.lineWidth = 3;
  line(context, picture.map((y, i) => [middle(i), above(y)]));
}
