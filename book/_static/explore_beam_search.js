// The page "Explore: beam search": a toy language model, the search, its tree, and its steps as tables.

const END = ".";

// P(next word | last word); "" begins the sentence.
const MODEL = {
  "": { the: 0.5, a: 0.3, our: 0.2 },
  the: { cat: 0.4, kitten: 0.35, tomcat: 0.25 },
  a: { cat: 0.9, kitten: 0.1 },
  our: { cat: 0.6, kitten: 0.4 },
  cat: { is: 0.52, sleeps: 0.48 },
  kitten: { sleeps: 0.75, is: 0.25 },
  tomcat: { sleeps: 0.65, is: 0.35 },
  is: { sleeping: 0.55, napping: 0.3, asleep: 0.15 },
  sleeps: { [END]: 0.62, now: 0.38 },
  sleeping: { now: 0.65, [END]: 0.35 },
  napping: { now: 0.55, [END]: 0.45 },
  asleep: { [END]: 0.8, now: 0.2 },
  now: { [END]: 1 },
};

// Returns {steps, finished, best}. A hypothesis is {words, p, sum}: the probability of its last
// word and the sum of all log-probabilities; each step lists its candidates, the best first, the
// first `width` of them kept. Finished ones have a score.
function beamSearch(model, width, alpha) {
  const [steps, finished] = [[], []];
  let open = [{ words: [], sum: 0 }];
  while (open.length) {
    const candidates = open
      .flatMap(({ words, sum }) =>
        Object.entries(model[words.at(-1) ?? ""]).map(([word, p]) => ({ words: [...words, word], p, sum: sum + Math.log(p) })),
      )
      .sort((a, b) => b.sum - a.sum);
    steps.push(candidates);
    const kept = candidates.slice(0, width);
    open = kept.filter(({ words }) => words.at(-1) !== END);
    for (const hypothesis of kept)
      if (hypothesis.words.at(-1) === END) finished.push({ ...hypothesis, step: steps.length, score: hypothesis.sum / hypothesis.words.length ** alpha });
  }
  finished.sort((a, b) => b.score - a.score);
  return { steps, finished, best: finished[0] };
}

// Places the first `shown` steps as a tree whose lines do not cross: nodes {words, p, sum, depth, row,
// children, kept} under a root, a row for each leaf.
function treeOf({ steps }, width, shown) {
  let rows = 0;
  function node(hypothesis, depth, kept) {
    const next = kept && depth < shown && hypothesis.words.at(-1) !== END ? steps[depth] : [];
    const children = [...next.entries()]
      .filter(([, { words }]) => words.slice(0, -1).join(" ") === hypothesis.words.join(" "))
      .map(([place, child]) => node(child, depth + 1, place < width));
    const row = children.length ? (children[0].row + children.at(-1).row) / 2 : rows++;
    return { ...hypothesis, depth, row, children, kept };
  }
  return { root: node({ words: [], sum: 0 }, 0, true), rows };
}

{
  const form = document.getElementById("beam");
  const { width, alpha, next, back, end, again } = form.elements;
  const status = form.querySelector("[role=status]");
  const [treeBox, finishedBox, stepsBox] = ["tree", "finished", "steps"].map((id) => document.getElementById(id));
  const written = (value) => value.toFixed(3).replace("-", "−");
  const sentence = (words) => words.join(" ").replace(` ${END}`, END);
  let shown = 0;

  function table(caption, heads, rows) {
    const head = make("tr", {}, ...heads.map((text) => make("th", { scope: "col" }, text)));
    const body = rows.map(([className, ...cells]) => make("tr", { className }, ...cells.map((text) => make("td", {}, text))));
    return make("table", { className: "table" }, make("caption", {}, caption), make("thead", {}, head), make("tbody", {}, ...body));
  }

  // The tree of what was looked at: kept in color, dropped in gray, and in the end the best sentence.
  function drawTree(search, B, over) {
    const { root, rows } = treeOf(search, B, shown);
    const [column, line, top] = [108, 40, 26];
    const place = ({ depth, row }) => [44 + column * depth, top + line * row];
    const named = ({ words }) => (words.at(-1) === END ? "full stop" : words.at(-1) ?? "begin");
    const half = (node) => 6 + 3.7 * named(node).length; // of a node's width
    const won = ({ words }) => over && search.best.words.slice(0, words.length).join() === words.join();
    const parts = { lines: [], nodes: [] };
    function draw(node) {
      const [x, y] = place(node);
      const last = node.words.at(-1);
      const state = won(node) ? "best" : !node.kept ? "dropped" : last === END ? "done" : "open";
      parts.nodes.push(svg("g", { class: `node ${state}` }, svg("rect", { x: x - half(node), y: y - 17, width: 2 * half(node), height: 21, rx: 10 }), svg("text", { x, y: y - 2 }, named(node)), svg("text", { class: "sum", x, y: y + 15 }, last ? written(node.sum) : "0")));
      for (const child of node.children) {
        const [toX, toY] = place(child);
        const [from, to] = [x + half(node), toX - half(child)];
        parts.lines.push(svg("path", { class: `line ${won(child) ? "best" : child.kept ? "open" : "dropped"}`, d: `M${from} ${y - 7}C${(from + to) / 2} ${y - 7} ${(from + to) / 2} ${toY - 7} ${to} ${toY - 7}` }));
        draw(child);
      }
    }
    draw(root);
    const kept = shown ? search.steps[shown - 1].slice(0, B).map(({ words }) => sentence(words)) : [];
    const label = shown ? `Tree of ${search.steps.slice(0, shown).flat().length} beginnings after step ${shown}; kept in this step: ${kept.join(", ")}${over ? `; best: ${sentence(search.best.words)}` : ""}` : "The tree begins with the empty sentence";
    const wide = 96 + column * search.steps.length;
    treeBox.replaceChildren(svg("svg", { viewBox: `0 0 ${wide} ${Math.max(90, top + line * (rows - 1) + 24)}`, style: `min-width: ${0.85 * wide}px`, role: "img", "aria-label": label }, ...parts.lines, ...parts.nodes));
  }

  function show() {
    const [B, search] = [Number(width.value), beamSearch(MODEL, Number(width.value), Number(alpha.value))];
    const total = search.steps.length;
    shown = Math.min(shown, total);
    const steps = search.steps.slice(0, shown).map((candidates, k) =>
      table(
        `Step ${k + 1}: ${candidates.length} candidate${candidates.length > 1 ? "s" : ""}, ${Math.min(B, candidates.length)} kept`,
        ["sentence", "P(last word)", "sum of logs", ""],
        candidates.map(({ words, p, sum }, place) => [
          place < B ? "kept" : "dropped",
          sentence(words), String(p), written(sum),
          place >= B ? "dropped" : words.at(-1) === END ? "finished" : "kept",
        ]),
      ),
    );
    stepsBox.replaceChildren(...steps.reverse());
    drawTree(search, B, shown === total);
    const done = search.finished.filter(({ step }) => step <= shown);
    const over = shown === total;
    finishedBox.replaceChildren(
      ...(done.length
        ? [table("Finished sentences", ["sentence", "sum of logs", "words", "score"], done.map((h) => [over && h === search.best ? "kept" : "", sentence(h.words), written(h.sum), String(h.words.length), written(h.score)]))]
        : []),
    );
    const words = [];
    if (!shown) words.push("Press Next step.");
    else {
      const kept = search.steps[shown - 1].slice(0, B).map(({ words }) => `“${sentence(words)}”`);
      words.push(`Step ${shown} keeps ${kept.join(", ")}.`);
    }
    status.replaceChildren(make("p", {}, ...words));
    if (over) status.append(make("p", { className: "named" }, `Best: ${sentence(search.best.words)} Score ${written(search.best.score)}, probability ${Math.exp(search.best.sum).toFixed(4)}.`));
    next.disabled = end.disabled = over;
    back.disabled = again.disabled = !shown;
  }

  const go = (change) => () => {
    shown = change(shown);
    show();
  };
  next.addEventListener("click", go((step) => step + 1));
  back.addEventListener("click", go((step) => step - 1));
  end.addEventListener("click", go(() => Infinity));
  again.addEventListener("click", go(() => 0));
  width.addEventListener("change", show);
  alpha.addEventListener("change", show);
  form.addEventListener("submit", (event) => event.preventDefault());

  const rows = Object.entries(MODEL).map(([last, chances]) => ["", last || "(begin)", Object.entries(chances).map(([word, p]) => `${word === END ? "full stop" : word} ${p}`).join(", ")]);
  document.getElementById("beam-model").append(table("The toy model", ["behind", "comes"], rows));
  show();
}
