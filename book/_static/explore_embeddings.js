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

// Returns the best answers to a : b :: c : ?
function analogy(a, b, c, count = 5) {
  const [from, to, start] = [a, b, c].map((word) => VECTORS.get(word));
  return mostSimilar(to.map((value, k) => value - from[k] + start[k]), [a, b, c], count);
}

{
  const form = document.getElementById("embeddings");
  const [found, answered] = ["neighbors", "answers"].map((id) => document.getElementById(id));
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

  function show() {
    const word = read("word");
    found.replaceChildren(word ? table(`near ${word}`, neighbors(word)) : unknown("word"));
    const asked = ["a", "b", "c"].map(read);
    const wrong = ["a", "b", "c"].filter((_, k) => !asked[k]);
    if (wrong.length) answered.replaceChildren(...wrong.map(unknown));
    else {
      const best = analogy(...asked);
      answered.replaceChildren(make("p", { className: "named" }, `is to ${best[0][0]}.`), table("answers", best));
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
