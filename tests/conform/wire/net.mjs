// A network on the wire: a script a line comes in, a line with an answer for each call goes out.
import { createInterface } from "node:readline";

const dot = (a, b) => a.reduce((sum, v, i) => sum + v * b[i], 0);
const columns = (rows) => rows[0].map((_, j) => rows.map((row) => row[j]));

class Net {
  constructor(layers) { this.layers = layers; }
  pass(x) {
    const a = [x];
    for (const [W, b, f] of this.layers)
      a.push(a.at(-1).map((row) => W.map((w, j) => dot(w, row) + b[j]))
        .map((z) => (f === "relu" ? z.map((v) => (v > 0 || v !== v ? v : 0)) : z)));
    return a;
  }
  predict({ inputs }) { return this.pass(inputs).at(-1); }
  gradients({ inputs, targets }) {
    const a = this.pass(inputs), y = a.at(-1), size = y.length * y[0].length, found = [];
    let d = y.map((row, n) => row.map((v, k) => (2 * (v - targets[n][k])) / size));
    for (let i = this.layers.length - 1; i >= 0; i--) {
      const [W, , f] = this.layers[i];
      if (f === "relu") d = d.map((row, n) => row.map((v, j) => (a[i + 1][n][j] > 0 ? v : 0)));
      const dW = columns(d).map((dj) => columns(a[i]).map((xi) => dot(dj, xi)));
      found.unshift([dW, columns(d).map((dj) => dj.reduce((sum, v) => sum + v, 0))]);
      d = d.map((row) => columns(W).map((w) => dot(row, w)));
    }
    return found;
  }
}

function play({ script, networks, batches, calls }) {
  const nets = [];
  const answers = calls.map(({ call, on, network, batch }) => {
    try {
      if (call !== "load") return nets[on][call](batches[batch]);
      nets[on] = new Net(networks[network]);
      return null;
    } catch (error) { return { error: error.message }; }
  });
  return { script, answers };
}

const declared = { wire: 1, activations: ["identity", "relu"], methods: ["load", "predict", "gradients"] };
const read = (_, v) => (["NaN", "Infinity", "-Infinity"].includes(v) ? Number(v) : v);
const write = (_, v) => (typeof v === "number" && v - v !== 0 ? String(v) : v);
for await (const line of createInterface({ input: process.stdin })) {
  const entry = JSON.parse(line, read);
  console.log(JSON.stringify("wire" in entry ? declared : play(entry), write));
}
