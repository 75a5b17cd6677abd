// Python for one page: its worker starts at the first request, and `stop` ends it at once.
let worker;
let next = 0;
const listeners = new Map();

// Calls `hear` with each answer; the last one has `done`, `broken` or `stopped`.
export function ask(request, hear) {
  const id = next++;
  listeners.set(id, hear);
  running().postMessage({ id, request });
}

export function stop() {
  worker?.terminate();
  worker = undefined;
  end({ stopped: true });
}

function running() {
  if (worker) return worker;
  worker = new Worker(new URL("worker.mjs", import.meta.url), { type: "module" });
  worker.onmessage = ({ data: { id, message } }) => {
    listeners.get(id)?.(message);
    if (message.done) listeners.delete(id);
    if (message.broken) stop();
  };
  worker.onerror = () => {
    worker = undefined;
    end({ error: "Python could not be loaded.", broken: true });
  };
  return worker;
}

function end(message) {
  const waiting = [...listeners.values()];
  listeners.clear();
  waiting.forEach((hear) => hear(message));
}
