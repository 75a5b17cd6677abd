// Python in a worker of its own: all of it comes from this site, and nothing goes anywhere.
import { loadPyodide } from "../live/pyodide.mjs";

const here = new URL("../live/", import.meta.url).href;

async function start() {
  const [python, packages] = await Promise.all([
    loadPyodide({ indexURL: here }),
    fetch(`${here}python.zip`).then((found) => (found.ok ? found.arrayBuffer() : Promise.reject(found.statusText))),
  ]);
  python.unpackArchive(packages, "zip", { extractDir: "/packages" });
  python.runPython("import sys; sys.path.insert(0, '/packages')");
  return python.pyimport("docs.live.python.serve");
}

const serving = start();

onmessage = async ({ data: { id, request } }) => {
  const say = (message) => postMessage({ id, message });
  try {
    const serve = await serving;
    say({ started: true });
    serve.answer(JSON.stringify(request), (text) => say(JSON.parse(text)));
    say({ done: true });
  } catch (error) {
    say({ error: String(error), broken: true });
  }
};
