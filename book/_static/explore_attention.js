// The page "Explore: attention": where the translator of C5 W3 looked while it wrote a date.

const MAPS = JSON.parse(document.getElementById("attention-data").textContent);

// Returns the weights of one step (from 0) as [letter, place from 1, weight], the largest first.
function looks(date, step) {
  return MAPS.thousandths[date][step]
    .map((weight, k) => [MAPS.texts[date][k], k + 1, weight / 1000])
    .sort(([, , a], [, , b]) => b - a);
}

{
  const form = document.getElementById("attention");
  const { date, step } = form.elements;
  const [map, status] = [document.getElementById("map"), form.querySelector("[role=status]")];
  const visible = (letter) => (letter === " " ? "space" : `“${letter}”`);
  date.append(...MAPS.texts.map((text, k) => make("option", { value: k }, MAPS.unseen[k] ? `${text} (new format)` : text)));
  date.value = 0;

  // Draws the map of one date: a row for each symbol written, a column for each letter read.
  function draw() {
    const [k, text] = [Number(date.value), [...MAPS.texts[date.value]]];
    const head = make("tr", {}, make("th", { scope: "col" }, "writes"), ...text.map((letter) => make("th", { scope: "col" }, letter === " " ? "␣" : letter)));
    const rows = [...MAPS.written[k]].map((symbol, t) => {
      const cells = MAPS.thousandths[k][t].map((weight) => {
        const cell = make("td", {}, weight >= 95 ? (weight / 1000).toFixed(1).replace("0.", ".") : "");
        cell.style.setProperty("--share", `${weight / 10}%`);
        return cell;
      });
      const row = make("tr", {}, make("th", { scope: "row" }, symbol), ...cells);
      row.addEventListener("click", () => choose(t));
      return row;
    });
    map.replaceChildren(make("table", {}, make("caption", {}, `“${text.join("")}” becomes ${MAPS.written[k]}`), make("thead", {}, head), make("tbody", {}, ...rows)));
    choose(step.valueAsNumber - 1);
  }

  // Marks the row of one step and says in words where the model looked.
  function choose(t) {
    step.value = t + 1;
    const k = Number(date.value);
    for (const [place, row] of map.querySelectorAll("tbody tr").entries()) row.classList.toggle("chosen", place === t);
    const best = looks(k, t).slice(0, 3).map(([letter, place, weight]) => `${visible(letter)} (letter ${place}) ${weight.toFixed(2)}`);
    status.replaceChildren(make("p", { className: "named" }, `Step ${t + 1} writes “${MAPS.written[k][t]}”.`), make("p", {}, `It looks at ${best.join(", ")}.`));
  }

  date.addEventListener("change", draw);
  step.addEventListener("input", () => choose(step.valueAsNumber - 1));
  form.addEventListener("submit", (event) => event.preventDefault());
  draw();
}
