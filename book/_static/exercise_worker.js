// Python for exercises.js, beside the page: what does not end can be stopped with it.
//
// Gets {helpers, before, attempt, check, numpy}; says {at: "ready"}, {at: "running"}, and then what
// exercise_runner.py returns, or {failed} where Python could not be loaded.

import { loadPyodide } from "./pyodide/pyodide.mjs";

const here = (name) => new URL(name, import.meta.url).href;

async function content(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw Error(`${answer.status} for ${new URL(address).pathname}`);
  return answer;
}

let python;
async function start(helpers) {
  const [pyodide, runner, wheel] = await Promise.all([
    loadPyodide({ indexURL: here("pyodide/"), packageBaseUrl: here("pyodide/"), stdin: () => null }),
    content(here("exercise_runner.py")).then((answer) => answer.text()),
    content(helpers).then((answer) => answer.arrayBuffer()),
  ]);
  pyodide.unpackArchive(wheel, "whl");
  pyodide.FS.writeFile("exercise_runner.py", runner);
  return { pyodide, run: pyodide.pyimport("exercise_runner").run };
}

const fail = (error) => postMessage({ at: "failed", why: String(error?.message ?? error).trim().split("\n").at(-1) });
onunhandledrejection = (event) => fail(event.reason); // of a file that did not arrive

onmessage = async ({ data: { helpers, before, attempt, check, numpy } }) => {
  try {
    const { pyodide, run } = await (python ??= start(helpers));
    if (numpy) await pyodide.loadPackage("numpy", { messageCallback: () => {} });
    postMessage({ at: "running" });
    postMessage({ at: "done", ...JSON.parse(run(before, attempt, check, numpy)) });
  } catch (error) {
    fail(error);
  }
};
