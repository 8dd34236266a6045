// The page "Diagnose your model": the function `diagnose` of C3 W1 and W2 once more, and a form.

const CURES = {
  "avoidable bias": "Try a larger model, train longer or with a better optimizer, or change the architecture.",
  "variance": "Get more data, regularize, augment, or change the architecture.",
  "data mismatch": "Look at how the dev data differ from the training data. Make the training data more like them, or synthesize such.",
  "overfitting to the dev set": "Draw a larger dev set anew: it has been looked at too often.",
};

// Returns [name, gap in points] for each gap; trainDev and test may be null.
function gaps({ human, train, trainDev, dev, test }) {
  return [
    ["avoidable bias", train - human],
    ["variance", (trainDev ?? dev) - train],
    ...(trainDev === null ? [] : [["data mismatch", dev - trainDev]]),
    ...(test === null ? [] : [["overfitting to the dev set", test - dev]]),
  ];
}

// Returns the names of the problems, the largest gap first.
function diagnose(errors, matters = 1.5) {
  const all = gaps(errors);
  const largest = Math.max(...all.map(([, gap]) => gap));
  return all
    .filter(([, gap]) => gap >= matters && 2 * gap >= largest)
    .sort(([, a], [, b]) => b - a)
    .map(([name]) => name);
}

const form = document.getElementById("diagnosis");
const verdict = document.getElementById("verdict");
const details = document.getElementById("gaps");
const FIELDS = { human: "human", train: "train", trainDev: "train_dev", dev: "dev", test: "test", matters: "matters" };
const OPTIONAL = ["train_dev", "test"];

// Returns the number in a field, null where an optional one is empty, and marks a wrong one.
function read(name) {
  const input = form.elements[name];
  const text = input.value.trim().replace(",", ".").replace(/\s*%$/, "");
  const empty = text === "" && OPTIONAL.includes(name);
  const number = Number(text);
  const good = empty || (/^\d*\.?\d+$|^\d+\.$/.test(text) && number <= 100);
  input.setAttribute("aria-invalid", String(!good));
  return empty ? null : good ? number : NaN;
}

function paragraph(text) {
  const element = document.createElement("p");
  element.textContent = text;
  return element;
}

function table(rows, problems) {
  const element = document.createElement("table");
  element.className = "table";
  element.innerHTML = "<thead><tr><th scope=col>gap</th><th scope=col>points</th><th scope=col></th></tr></thead>";
  const body = element.createTBody();
  for (const [name, gap] of rows) {
    const row = body.insertRow();
    const problem = problems.includes(name);
    row.className = problem ? "problem" : "";
    const points = gap.toFixed(2).replace(/\.?0+$/, "").replace("-", "\u2212");
    for (const text of [name, points, problem ? "work on this" : ""])
      row.insertCell().textContent = text;
  }
  return element;
}

function show() {
  const errors = Object.fromEntries(Object.entries(FIELDS).map(([key, name]) => [key, read(name)]));
  if (Object.values(errors).some(Number.isNaN)) {
    const wrong = [...form.elements].filter((e) => e.getAttribute("aria-invalid") === "true");
    const which = wrong.map((e) => e.closest("label").firstChild.textContent.trim().split(",")[0]);
    verdict.replaceChildren(paragraph(`Write a number from 0 to 100, such as 2.5, for: ${which.join("; ")}.`));
    details.replaceChildren();
    return;
  }
  const { matters, ...measured } = errors;
  const rows = gaps(measured);
  const problems = diagnose(measured, matters);
  const named = problems.length ? problems.join(", then ") : "no gap that matters";
  const heading = paragraph(`Diagnosis: ${named}.`);
  heading.className = "named";
  const advice = problems.map((name) => paragraph(CURES[name]));
  if (!problems.length) advice.push(paragraph("Compare with what your users need: a smaller target, or another metric, is the next step."));
  if (rows[0][1] < 0) advice.push(paragraph("The training error is below human level: people no longer tell what is possible, so the avoidable bias is unknown."));
  verdict.replaceChildren(heading, ...advice);
  details.replaceChildren(table(rows, problems));
}

form.addEventListener("input", show);
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("click", ({ target }) => {
  if (!target.dataset.errors) return;
  const names = Object.values(FIELDS);
  target.dataset.errors.split(" ").forEach((value, k) => (form.elements[names[k]].value = value));
  show();
});
show();
