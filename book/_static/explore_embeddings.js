// The page "Explore: word vectors": cosine similarity over the stored vectors of C5 W2.

const { words: WORDS, thousandths } = JSON.parse(document.getElementById("embeddings-data").textContent);
const VECTORS = new Map(WORDS.map((word, k) => [word, unit(thousandths[k])]));

function dot(u, v) {
  return u.reduce((sum, value, k) => sum + value * v[k], 0);
}

function unit(vector) {
  const length = Math.sqrt(dot(vector, vector));
  return vector.map((value) => value / length);
}

// Returns [word, cosine] for the words most similar to a vector, without those left out.
function mostSimilar(vector, leftOut, count) {
  const direction = unit(vector);
  return [...VECTORS]
    .filter(([word]) => !leftOut.includes(word))
    .map(([word, other]) => [word, dot(direction, other)])
    .sort(([, a], [, b]) => b - a)
    .slice(0, count);
}

function neighbors(word, count = 8) {
  return mostSimilar(VECTORS.get(word), [word], count);
}

// Returns b − a + c for three words.
function fourthCorner(a, b, c) {
  const [from, to, start] = [a, b, c].map((word) => VECTORS.get(word));
  return to.map((value, k) => value - from[k] + start[k]);
}

// Returns the best answers to a : b :: c : ?
function analogy(a, b, c, count = 5) {
  return mostSimilar(fourthCorner(a, b, c), [a, b, c], count);
}

// Returns where each word lies in the plane through the words a, b and c, seen from a: [x, y], the
// first axis toward b; and how far from the plane it is. "goal" is b − a + c, which lies in it.
function planeOf(a, b, c) {
  const minus = (u, v) => u.map((value, k) => value - v[k]);
  const origin = VECTORS.get(a);
  const [toB, toC] = [b, c].map((word) => minus(VECTORS.get(word), origin));
  const right = unit(toB);
  const along = dot(toC, right);
  const up = unit(minus(toC, right.map((value) => along * value)));
  const place = (vector) => {
    const offset = minus(vector, origin);
    const [x, y] = [dot(offset, right), dot(offset, up)];
    return { x, y, away: Math.sqrt(Math.max(0, dot(offset, offset) - x * x - y * y)) };
  };
  return { places: new Map([...VECTORS].map(([word, vector]) => [word, place(vector)])), goal: place(fourthCorner(a, b, c)) };
}

{
  const form = document.getElementById("embeddings");
  const [map, found, answered] = ["word-map", "neighbors", "answers"].map((id) => document.getElementById(id));
  document.getElementById("words").append(...[...WORDS].sort().map((value) => make("option", { value })));

  // Returns the word in a field, or null; marks a field whose word this world does not know.
  function read(name) {
    const input = form.elements[name];
    const word = input.value.trim().toLowerCase();
    input.setAttribute("aria-invalid", String(!VECTORS.has(word)));
    return VECTORS.has(word) ? word : null;
  }

  function unknown(name) {
    const typed = form.elements[name].value.trim().toLowerCase();
    const close = WORDS.filter((word) => typed && word.startsWith(typed.slice(0, 2))).slice(0, 4);
    const hint = close.length ? `try ${close.join(", ")}` : "try king, paris, walked or good";
    return make("p", {}, typed ? `This world does not know “${typed}”: ${hint}.` : "Write a word, such as king.");
  }

  function table(caption, rows) {
    const body = make("tbody", {});
    for (const [word, cosine] of rows) {
      const row = body.insertRow();
      row.append(make("td", {}, word), make("td", {}, cosine.toFixed(2).replace("-", "−")));
    }
    const head = make("thead", {}, make("tr", {}, make("th", { scope: "col" }, caption), make("th", { scope: "col" }, "cosine")));
    return make("table", { className: "table" }, head, body);
  }

  // The three words, b − a + c, its best answers, and all other words as dots.
  function drawMap(a, b, c, answers) {
    if (new Set([a, b, c]).size < 3) return map.replaceChildren(make("p", {}, "A map needs three different words."));
    const { places, goal } = planeOf(a, b, c);
    const named = [a, b, c, ...answers];
    const shown = [...named.map((word) => places.get(word)), goal];
    const [left, right] = [Math.min(...shown.map(({ x }) => x)), Math.max(...shown.map(({ x }) => x))];
    const [low, high] = [Math.min(...shown.map(({ y }) => y)), Math.max(...shown.map(({ y }) => y))];
    const scale = Math.min(520 / (right - left), 300 / (high - low));
    const at = ({ x, y }) => [60 + scale * (x - left) + (520 - scale * (right - left)) / 2, 40 + scale * (high - y)];
    const bottom = 80 + scale * (high - low);
    const line = (from, to, kind) => svg("path", { class: kind, d: `M${at(from)}L${at(to)}` });
    const [A, B, C] = [a, b, c].map((word) => places.get(word));
    const dots = [...places].filter(([word]) => !named.includes(word)).map(([word, place]) => [word, ...at(place)]);
    const inside = dots.filter(([, x, y]) => x > 4 && x < 636 && y > 4 && y < bottom - 4);
    const others = inside.map(([word, x, y]) => svg("circle", { class: "word", cx: x, cy: y, r: 2.2 }, svg("title", {}, word)));
    const [written, larger] = [[], map.clientWidth < 500 ? 1.75 : 1]; // letters, as in the style sheet
    const labels = named.map((word, k) => {
      const [x, y] = at(places.get(word));
      const text = k < 3 ? `${"abc"[k]} = ${word}` : word;
      const width = 8.2 * larger * text.length;
      const free = [-10, 12 + 9 * larger, -8 - 18 * larger, 10 + 26 * larger].find((dy) => written.every(([X, Y, W]) => Math.abs(Y - y - dy) > 15 * larger || Math.abs(X - x) > (W + width) / 2)) ?? 10 + 44 * larger;
      const middle = Math.min(632 - width / 2, Math.max(8 + width / 2, x));
      written.push([middle, y + free, width]);
      const role = k < 3 ? "given" : k === 3 ? "best" : "answer";
      return svg("g", { class: role }, svg("circle", { cx: x, cy: y, r: k < 4 ? 6 : 4 }), svg("text", { x: middle, y: y + free }, text));
    });
    const [x, y] = at(goal);
    const cross = svg("path", { class: "goal", d: `M${x - 7} ${y - 7}l14 14m0 -14l-14 14` });
    const label = `Map of the plane through ${a}, ${b} and ${c}: the corner that completes the parallelogram is marked, and the word most similar to it is ${answers[0]}.`;
    map.replaceChildren(svg("svg", { viewBox: `0 0 640 ${bottom}`, role: "img", "aria-label": label }, ...others, line(A, B, "side"), line(A, C, "side other"), line(C, goal, "side"), line(B, goal, "side other"), cross, ...labels));
  }

  function show() {
    const word = read("word");
    found.replaceChildren(word ? table(`near ${word}`, neighbors(word)) : unknown("word"));
    const asked = ["a", "b", "c"].map(read);
    const wrong = ["a", "b", "c"].filter((_, k) => !asked[k]);
    if (wrong.length) answered.replaceChildren(...wrong.map(unknown));
    else {
      const best = analogy(...asked);
      answered.replaceChildren(make("p", { className: "named" }, `is to ${best[0][0]}.`), table("answers", best));
      drawMap(...asked, best.map(([answer]) => answer));
    }
  }

  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("click", ({ target }) => {
    if (!target.dataset.words) return;
    target.dataset.words.split(" ").forEach((value, k) => (form.elements["abc"[k]].value = value));
    show();
  });
  show();
}
