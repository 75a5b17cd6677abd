// element("p", { className: "quiet" }, "words", another): a new element with what is in it.
export function element(name, properties = {}, ...inside) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...inside);
  return made;
}

export function button(words, onclick, properties = {}) {
  return element("button", { type: "button", className: "md-button", onclick, ...properties }, words);
}

// A heading's words are its name for those who do not see that it belongs to what follows.
export function named(made, label) {
  made.setAttribute("aria-label", label);
  return made;
}
