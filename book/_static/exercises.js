// The exercises of a page: an editor in the place of the stub, and Python that checks the answer.
//
// Behind each stub the page holds, as JSON, the code that comes before it, or what is lacking here.
// Python is loaded at the first click and runs in a worker, exercise_worker.js; the check is the
// notebook's own cell. progress.js keeps what was written, and counts what was solved.

const SLOW = "Python comes with the page, about 6 MB, and is loaded once.";
const ON_DISK = location.protocol === "file:";

// Python in a worker: one at a time, started when it is first needed, ended when it does not stop.
const python = {
  seconds: 10, // that a check may take; most take a thousandth of one
  worker: null,
  tell: null,

  // Runs an attempt; `tell` hears {at: "loading"}, {at: "running"}, and how it ended.
  run(job, tell) {
    this.stop({ at: "stopped" });
    this.tell = tell;
    this.worker ??= this.start();
    tell({ at: "loading" });
    this.worker.postMessage(job);
  },

  start() {
    const worker = new Worker(`${ROOT}_static/exercise_worker.js`, { type: "module" });
    worker.onmessage = ({ data }) => {
      if (data.at === "running") {
        this.timer = setTimeout(() => this.stop({ at: "endless" }), this.seconds * 1000);
        this.tell(data);
      } else this.end(data, data.at === "failed");
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.end({ at: "failed", why: event.message || "the browser does not run it" }, true);
    };
    return worker;
  },

  end(outcome, broken) {
    clearTimeout(this.timer);
    const { tell } = this;
    this.tell = null;
    if (broken) {
      this.worker?.terminate();
      this.worker = null;
    }
    tell?.(outcome);
  },

  stop(outcome) {
    if (this.tell) this.end(outcome, true);
  },
};

// An editor for code that asks nothing of the reader but the keyboard: Tab indents, Enter keeps the
// indentation, Escape lets the next Tab leave.
function makeEditor(code, label) {
  const editor = make("textarea", { value: code, spellcheck: false, autocapitalize: "off", autocomplete: "off", wrap: "off" });
  editor.setAttribute("aria-label", label);
  editor.setAttribute("aria-describedby", "how-to-type");
  const type = (text) => document.execCommand("insertText", false, text) || editor.setRangeText(text, editor.selectionStart, editor.selectionEnd, "end");
  const lineStart = () => editor.value.lastIndexOf("\n", editor.selectionStart - 1) + 1;
  let leaving = false;

  // Moves the chosen lines to the right or to the left by one step.
  function indent(back) {
    const { selectionStart: from, selectionEnd: to, value } = editor;
    if (!back && from === to) return type(" ".repeat(4 - ((from - lineStart()) % 4)));
    const start = lineStart();
    const before = value.slice(start, to);
    const after = back ? before.replace(/^ {1,4}/gm, "") : before.replace(/^(?=.)/gm, "    ");
    if (after === before) return;
    editor.setSelectionRange(start, to);
    if (after) type(after);
    else document.execCommand("delete");
    if (from === to) editor.setSelectionRange(Math.max(start, from + after.length - before.length), Math.max(start, from + after.length - before.length));
    else editor.setSelectionRange(start, start + after.length);
  }

  editor.addEventListener("keydown", (event) => {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
    if (event.key === "Tab" && plain && !leaving) {
      event.preventDefault();
      indent(event.shiftKey);
    } else if (event.key === "Enter" && plain && !event.shiftKey) {
      event.preventDefault();
      const line = editor.value.slice(lineStart(), editor.selectionStart);
      type(`\n${line.match(/^ */)[0]}${/:\s*(#.*)?$/.test(line) ? "    " : ""}`);
    }
    leaving = event.key === "Escape" || (leaving && event.key === "Shift");
  });
  const grow = () => (editor.rows = Math.max(4, editor.value.split("\n").length + 1));
  editor.addEventListener("input", grow);
  return {
    editor,
    put(text) {
      editor.value = text;
      grow();
    },
    replace(text) {
      editor.focus();
      editor.select();
      type(text);
    },
  };
}

const codeOf = (cell) => cell?.querySelector(".cell_input pre, details pre")?.textContent ?? "";

// A failed case on lines of its own: which one, the call, what came of it. All words stay, in order.
function told(said) {
  const parts = said.match(/^(.*?: case \d+ failed: )(.*? )((?:gave|raised) .*, )(expected .*)$/s)?.slice(1) ?? [said];
  return make("code", {}, ...parts.map((part) => make("span", {}, part)));
}

// What is said of an attempt: {state, nodes}.
function verdict(outcome, number, again) {
  const { at, said, line, printed, wrong } = outcome;
  const words = (...nodes) => make("p", {}, ...nodes);
  const shown = printed ? [words("Printed:"), make("pre", {}, printed)] : [];
  if (at === "loading") return { state: "busy", nodes: [words("Python is starting. ", make("small", {}, SLOW))] };
  if (at === "running") return { state: "busy", nodes: [words("Running …")] };
  if (at === "stopped") return { state: "open", nodes: [words("Stopped. Check starts Python anew.")] };
  if (at === "endless") return { state: "wrong", nodes: [words(`Stopped after ${python.seconds} seconds. Is there a loop that does not end? Check starts Python anew.`)] };
  if (at === "failed") return { state: "open", nodes: [words(`Python could not run here (${outcome.why}). `, ...elsewhere())] };
  if (wrong) return { state: "wrong", nodes: [words("Python stopped before the check:"), make("pre", {}, wrong), ...shown] };
  const face = make("p", { className: "check exercise" }, make("i", {}), told(said));
  if (/: passed (\d+) of \1 cases$/.test(said)) return { state: "right", nodes: [face, words(`Exercise ${number} is solved. Compare it with the solution below.`), ...shown] };
  if (said.endsWith(": not attempted yet")) return { state: "open", nodes: [face, words("Put your answer in the place of ", make("code", { className: "literal" }, "None"), "."), ...shown] };
  const hints = line ? [words(`It was raised in line ${line} of your code.`)] : [];
  if (/name 'n(p|umpy)' is not defined/.test(said)) hints.push(words("There is no NumPy in this exercise: plain Python is enough."));
  return { state: "wrong", nodes: [face, ...hints, ...shown, ...again] };
}

// Links to where a notebook runs as a whole.
function elsewhere() {
  const links = [...document.querySelectorAll("article .actions a[href*='colab'], article .actions a[download]")].map((link) => link.cloneNode(true));
  return ["Do it in the notebook: ", ...links.flatMap((link, index) => [...(index ? [", "] : []), link]), "."];
}

// Puts an editor in the place of a stub.
function offer(box, data) {
  const stub = box.previousElementSibling;
  const check = document.getElementById(`${stub.id}-check`);
  const number = stub.id.split("-").at(-1);
  const name = exerciseName(stub);
  const key = `${thisWeek}-${name}`;
  const original = codeOf(stub).trimEnd();
  const { editor, put, replace } = makeEditor(original, `Exercise ${number}, your code`);
  const button = (text) => make("button", { type: "button" }, text);
  const [go, stop, over] = ["Check", "Stop", "Reset"].map(button);
  const status = make("div", { className: "said" });
  const again = [...box.querySelectorAll(".again")];
  let kept = original;
  let waiting;

  function keep() {
    clearTimeout(waiting);
    if (editor.value === kept) return;
    kept = editor.value;
    remember((memory) => {
      if (kept === original || kept.length > LONGEST) delete memory.attempts[key];
      else memory.attempts[key] = { at: Date.now(), code: kept };
    });
  }
  function show() {
    const stored = remembered().attempts[key]?.code ?? original;
    if (stored === kept || editor.matches(":focus")) return;
    kept = stored;
    put(stored);
  }
  function tell(outcome) {
    const { state, nodes } = verdict(outcome, number, again);
    box.dataset.state = state;
    go.setAttribute("aria-disabled", state === "busy");
    if (state !== "busy" && document.activeElement === stop) go.focus();
    stop.hidden = state !== "busy";
    status.replaceChildren(...nodes);
    check?.classList.toggle("answered", outcome.at === "done");
    if (state === "right") solve(name, true);
  }
  status.setAttribute("role", "status");
  stop.hidden = true;
  go.addEventListener("click", () => {
    if (go.getAttribute("aria-disabled") === "true") return;
    keep();
    const numpy = data.numpy === "needed" || (data.numpy === "there" && /\bn(p|umpy)\b/.test(editor.value));
    const helpers = document.querySelector("article .actions a[href$='.whl']").href;
    python.run({ helpers, before: data.before, attempt: editor.value, check: codeOf(check), numpy }, tell);
  });
  stop.addEventListener("click", () => python.stop({ at: "stopped" }));
  over.addEventListener("click", () => {
    if (box.dataset.state === "busy") python.stop({ at: "stopped" });
    replace(original);
    keep();
    status.replaceChildren();
    delete box.dataset.state;
    check?.classList.remove("answered");
  });
  editor.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(keep, 500);
  });
  editor.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) go.click();
  });
  editor.addEventListener("blur", keep);
  addEventListener("pagehide", keep);
  document.addEventListener("progress", show);
  box.prepend(editor, make("p", { className: "run" }, go, " ", stop, " ", over), status);
  box.classList.add("open");
  put(original);
  show();
}

function offerExercises() {
  const boxes = [...document.querySelectorAll("article .try")].map((box) => [box, JSON.parse(box.querySelector("script").textContent)]);
  const heading = document.querySelector("#exercises h2");
  const runs = boxes.filter(([, data]) => !data.lacks);
  if (runs.length && heading) {
    const here = "Write your answer in the page and press Check, or Ctrl and Enter: Python runs in your browser. Nothing is sent, and what you wrote stays here.";
    const keys = make("span", { id: "how-to-type", className: "visually-hidden" }, "Tab indents. Escape, then Tab, leaves the editor.");
    const disk = "From a file a browser starts no Python: on the site, or in the notebook, these exercises check your answer.";
    heading.after(make("p", { className: "self-check" }, ...(ON_DISK ? [disk] : [here, " ", keys])));
  }
  if (ON_DISK) return;
  for (const [box, data] of boxes)
    if (!data.lacks) offer(box, data);
    else box.append(make("p", {}, `This exercise needs ${data.lacks}, which ${data.lacks === "NumPy" ? "this copy of the site lacks" : "does not run in the page"}. `, ...elsewhere()));
}

document.addEventListener("DOMContentLoaded", offerExercises);
