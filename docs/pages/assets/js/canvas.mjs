// What both pictures need: a sharp canvas, the page's colours, and places for numbers.
export const COLOURS = [[63, 111, 209], [217, 84, 30]];

// The drawing context in units of CSS pixels, cleared.
export function prepare(canvas) {
  const { width, height } = canvas.getBoundingClientRect();
  canvas.width = width * devicePixelRatio;
  canvas.height = height * devicePixelRatio;
  const context = canvas.getContext("2d");
  context.scale(devicePixelRatio, devicePixelRatio);
  const style = getComputedStyle(canvas);
  context.font = `12px ${style.fontFamily}`;
  context.strokeStyle = context.fillStyle = style.color;
  context.lineWidth = 1;
  return { context, width, height };
}

export const rgb = (colour) => `rgb(${colour.join(" ")})`;

// A function from low..high to from..to.
export function scale(low, high, from, to) {
  return (value) => from + ((value - low) / (high - low || 1)) * (to - from);
}

export function line(context, points) {
  context.beginPath();
  points.forEach(([x, y]) => context.lineTo(x, y));
  context.stroke();
}

export function dot(context, x, y, colour) {
  context.beginPath();
  context.arc(x, y, 3.5, 0, 2 * Math.PI);
  context.fillStyle = colour;
  context.fill();
  context.stroke();
}
