// What can be chosen in the playground: a label, what is chosen at first, and [value, words] of each.
import { element } from "./dom.mjs";

const CHOICES = {
  data: ["Data", "xor", ["xor", "XOR"], ["moons", "two moons"], ["blobs", "two blobs"], ["squares", "squares"]],
  first: ["Hidden neurons", "8", "1", "2", "3", "4", "8", "16", "32"],
  second: ["Second hidden layer", "0", ["0", "none"], "2", "4", "8", "16"],
  activation: ["Activation", "relu", ["relu", "ReLU"], ["leaky_relu", "leaky ReLU"], "tanh", "sigmoid"],
  rate: ["Learning rate η", "0.1", "0.001", "0.01", "0.03", "0.1", "0.3", "1", "3"],
  batch: ["Batch size B", "5", "1", "5", "20", ["200", "all samples"]],
  seed: ["Seed", "1", "1", "2", "3", "4", "5"],
};

// The labelled menus, and a function that reads them; `changed` is called when one of them changes.
export function choices(changed) {
  const menus = Object.entries(CHOICES).map(([id, [, initial, ...options]]) => {
    const menu = element("select", { id, onchange: changed });
    menu.append(...options.map((option) => [option].flat()).map((pair) => new Option(pair.at(-1), pair[0])));
    menu.value = initial;
    return menu;
  });
  const fields = menus.map((menu) =>
    element("div", {}, element("label", { htmlFor: menu.id }, CHOICES[menu.id][0]), menu));
  const read = () => {
    const { data, activation, ...numbers } = Object.fromEntries(menus.map(({ id, value }) => [id, value]));
    const [first, second, rate, batch, seed] = ["first", "second", "rate", "batch", "seed"].map((id) => Number(numbers[id]));
    return { data, activation, hidden: second ? [first, second] : [first], rate, batch, seed };
  };
  return { made: element("div", { className: "choices" }, ...fields), read };
}
