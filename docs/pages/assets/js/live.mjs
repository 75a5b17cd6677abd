// Loads what a page has use for: most pages have no live part, and load nothing else.
const parts = { "div.live": "cells.mjs", "#check": "check.mjs", "#play": "playground.mjs" };
for (const [place, file] of Object.entries(parts)) {
  const places = document.querySelectorAll(place);
  if (places.length) import(`./${file}`).then(({ setup }) => places.forEach(setup));
}
