// The page "Explore: a network learns": the functions of C1 W3 once more, and a training to watch.
// As in the lectures X has a row for each feature, X[k][i], and A1 a row for each unit, A1[j][i].

const STORED = JSON.parse(document.getElementById("network-data").textContent);
const split = ([x1, x2], labels) => ({ X: [x1, x2].map((row) => row.map((n) => n / 1000)), Y: labels });
const DATA = {
  flower: { ...split(STORED.thousandths[0], STORED.labels[0]), dev: split(STORED.thousandths[1], STORED.labels[1]), low: -4.6, high: 4.6 },
  XOR: { X: [[0, 0, 1, 1], [0, 1, 0, 1]], Y: [0, 1, 1, 0], low: -0.5, high: 1.5 },
};
const DRAWS = STORED.thousandths[2].map((draw) => draw.map((n) => n / 1000));

const sigmoid = (z) => 1 / (1 + Math.exp(-z));
// Each activation, and its slope as a function of its output a, which for ReLU has the sign of z.
const ACTIVATIONS = {
  tanh: [Math.tanh, (a) => 1 - a * a],
  sigmoid: [sigmoid, (a) => a * (1 - a)],
  ReLU: [(z) => Math.max(0, z), (a) => (a > 0 ? 1 : 0)],
  "leaky ReLU": [(z) => Math.max(0.01 * z, z), (a) => (a > 0 ? 1 : 0.01)],
};

// Returns the weights to start from: {W1: n_h rows of two, b1: n_h, W2: n_h, b2: one number}.
function begin(units, scale, draw) {
  const numbers = Array.from({ length: units }, (_, j) => DRAWS[draw].slice(3 * j, 3 * j + 3));
  const weight = { equal: () => 0.5, zero: () => 0 }[scale] ?? ((n) => scale * n);
  return {
    W1: numbers.map(([first, second]) => [weight(first), weight(second)]),
    b1: numbers.map(() => 0),
    W2: numbers.map(([, , third]) => weight(third)),
    b2: 0,
  };
}

// Returns {A1, Z2, A2} for the columns of X.
function forward(X, { W1, b1, W2, b2 }, activation) {
  const [g] = ACTIVATIONS[activation];
  const A1 = W1.map(([first, second], j) => X[0].map((x1, i) => g(first * x1 + second * X[1][i] + b1[j])));
  const Z2 = X[0].map((_, i) => A1.reduce((sum, row, j) => sum + W2[j] * row[i], b2));
  return { A1, Z2, A2: Z2.map(sigmoid) };
}

// Returns J, the mean cross-entropy, from the sums before the sigmoid: no logarithm of zero.
function cost(Y, Z2) {
  const losses = Z2.map((z, i) => Math.max(z, 0) - z * Y[i] + Math.log1p(Math.exp(-Math.abs(z))));
  return losses.reduce((sum, loss) => sum + loss, 0) / Y.length;
}

// Returns the derivatives of J, in the form of the weights.
function backward(X, Y, { A1, A2 }, { W2 }, activation) {
  const [m, [, slope]] = [Y.length, ACTIVATIONS[activation]];
  const dZ2 = A2.map((a, i) => a - Y[i]);
  const dZ1 = A1.map((row, j) => row.map((a, i) => W2[j] * dZ2[i] * slope(a)));
  const mean = (row, other) => row.reduce((sum, d, i) => sum + d * (other ? other[i] : 1), 0) / m;
  return { W1: dZ1.map((row) => X.map((feature) => mean(row, feature))), b1: dZ1.map((row) => mean(row)), W2: A1.map((row) => mean(dZ2, row)), b2: mean(dZ2) };
}

// Returns the weights after one step of gradient descent.
function update(p, d, rate) {
  const list = (name) => p[name].map((value, j) => value - rate * d[name][j]);
  return { W1: p.W1.map((row, j) => row.map((value, k) => value - rate * d.W1[j][k])), b1: list("b1"), W2: list("W2"), b2: p.b2 - rate * d.b2 };
}

// Returns the weights after some steps.
function train(X, Y, p, activation, rate, steps) {
  for (let step = 0; step < steps; step++) p = update(p, backward(X, Y, forward(X, p, activation), p, activation), rate);
  return p;
}

// Returns how many of the answers are right: an output above one half says 1.
function right(Y, Z2) {
  return Z2.filter((z, i) => z > 0 === Y[i] > 0.5).length;
}

// Returns the two ends of a unit's line w·x + b = 0 within a square, or null if it does not cross it.
function lineOf([w1, w2], b, low, high) {
  const ends = [];
  for (const side of [low, high]) {
    if (w2) ends.push([side, -(w1 * side + b) / w2]);
    if (w1) ends.push([-(w2 * side + b) / w1, side]);
  }
  const inside = ends.filter(([x, y]) => x >= low && x <= high && y >= low && y <= high);
  const far = inside.flatMap((a) => inside.map((c) => [a, c])).sort(([a, c], [e, f]) => Math.hypot(e[0] - f[0], e[1] - f[1]) - Math.hypot(a[0] - c[0], a[1] - c[1]))[0];
  return far && far[0] !== far[1] ? far : null;
}

{
  const form = document.getElementById("network");
  const { data, units, activation, rate, scale, draw, speed, play, one, hundred, reset } = form.elements;
  const [status, canvas] = [form.querySelector("[role=status]"), form.querySelector("canvas")];
  const [count, points, curve, numbers, reading, worked] = ["count", "points", "curve", "numbers", "reading", "worked"].map((id) => document.getElementById(id));
  const written = (value, digits = 3) => value.toFixed(digits).replace(/^-(?=0\.0+$)/, "").replace("-", "−");
  let [p, step, costs] = [null, 0, []];

  const setting = () => ({ ...DATA[data.value], g: activation.value, alpha: Number(rate.value) });

  // Takes steps, and says whether the weights are still numbers.
  function advance(steps) {
    const { X, Y, g, alpha } = setting();
    for (let k = 0; k < steps && Number.isFinite(costs.at(-1)); k++) {
      p = train(X, Y, p, g, alpha, 1);
      step += 1;
      costs.push(cost(Y, forward(X, p, g).Z2));
    }
    return Number.isFinite(costs.at(-1));
  }

  // The areas: the output over a grid of places, from one color over the ground to the other.
  function drawAreas() {
    const { low, high, g } = setting();
    const side = canvas.width;
    const style = getComputedStyle(form);
    const [zero, ground, whole] = ["--train", "--pst-color-background", "--dev"].map((name) => rgb(style.getPropertyValue(name).trim()));
    const at = (k) => low + ((high - low) * (k + 0.5)) / side;
    const places = Array.from({ length: side * side }, (_, k) => [at(k % side), at(side - 1 - Math.floor(k / side))]);
    const { A2 } = forward([places.map(([x]) => x), places.map(([, y]) => y)], p, g);
    const picture = new ImageData(side, side);
    A2.forEach((a, k) => {
      const [color, share] = [a > 0.5 ? whole : zero, 0.08 + 0.42 * Math.abs(2 * a - 1)];
      for (let c = 0; c < 3; c++) picture.data[4 * k + c] = share * color[c] + (1 - share) * ground[c];
      picture.data[4 * k + 3] = 255;
    });
    canvas.getContext("2d").putImageData(picture, 0, 0);
  }

  // Reads #rgb, #rrggbb or rgb(…) as three numbers; gray while the page has no theme yet.
  function rgb(color) {
    const hex = color.match(/^#(\w)(\w)(\w)$/)?.slice(1).map((digit) => digit + digit) ?? color.match(/^#(\w\w)(\w\w)(\w\w)/)?.slice(1);
    return hex ? hex.map((pair) => parseInt(pair, 16)) : (color.match(/\d+/g) ?? [128, 128, 128]).slice(0, 3).map(Number);
  }

  // The points and the units' lines over the areas.
  function drawLines() {
    const { X, Y, low, high } = setting();
    const at = (x, y) => [(300 * (x - low)) / (high - low), 300 - (300 * (y - low)) / (high - low)];
    const size = Y.length > 10 ? 3 : 8;
    const shapes = Y.map((label, i) => {
      const [x, y] = at(X[0][i], X[1][i]);
      return label ? svg("rect", { class: "dev", x: x - size, y: y - size, width: 2 * size, height: 2 * size }) : svg("circle", { class: "train", cx: x, cy: y, r: 1.1 * size });
    });
    const largest = Math.max(...p.W2.map(Math.abs), 1e-12);
    const lines = p.W1.flatMap((w, j) => {
      const ends = lineOf(w, p.b1[j], low, high);
      if (!ends) return [];
      const [[x1, y1], [x2, y2]] = ends.map(([x, y]) => at(x, y)).sort(([, a], [, b]) => a - b);
      const look = { class: p.W2[j] < 0 ? "against" : "for", x1, y1, x2, y2, "stroke-width": 1 + (1.8 * Math.abs(p.W2[j])) / largest };
      const along = 0.05 + 0.06 * (j % 6); // so that the numbers of near lines do not cover each other
      const place = { x: Math.min(Math.max(x1 + along * (x2 - x1), 8), 292), y: Math.min(Math.max(y1 + along * (y2 - y1) + 4, 12), 296) };
      return [svg("line", look), svg("text", place, String(j + 1))];
    });
    const picture = svg("svg", { viewBox: "0 0 300 300", role: "img", "aria-label": described(lines.length / 2) }, ...shapes, ...lines);
    points.replaceChildren(picture);
  }

  function described(lines) {
    const { X, Y, g } = setting();
    const share = right(Y, forward(X, p, g).Z2);
    return `${Y.length} points in two colors on the areas that the network answers, which are right for ${share} of them; ${lines} of ${p.b1.length} lines of hidden units cross the picture.`;
  }

  // The cost after each step so far, and log 2, the cost of guessing.
  function drawCurve() {
    const finite = costs.filter(Number.isFinite);
    const top = Math.max(0.8, ...finite);
    const end = Math.max(100, step);
    const at = (k, J) => `${(40 + (310 * k) / end).toFixed(1)},${(150 - (135 * J) / top).toFixed(1)}`;
    const every = Math.ceil(finite.length / 400);
    const path = finite.flatMap((J, k) => (k % every && k < finite.length - 1 ? [] : [at(k, J)])).join(" ");
    const guess = 150 - (135 * Math.LN2) / top;
    const label = `Cost after each step: ${written(costs[0])} at the start, ${written(finite.at(-1))} after step ${finite.length - 1}.`;
    curve.replaceChildren(
      svg("svg", { viewBox: "0 0 360 175", role: "img", "aria-label": label },
        svg("path", { class: "axis", d: "M40 10V150H350" }),
        svg("path", { class: "guess", d: `M40 ${guess}H350` }), svg("text", { x: 350, y: guess - 4, class: "end" }, "log 2: guessing"),
        svg("polyline", { class: "cost", points: path }),
        svg("text", { x: 34, y: 154, class: "end" }, "0"), svg("text", { x: 34, y: 20, class: "end" }, top > 10 ? top.toFixed(0) : top.toFixed(1)),
        svg("text", { x: 40, y: 168 }, "0"), svg("text", { x: 350, y: 168, class: "end" }, `${end.toLocaleString("en")} steps`), svg("text", { x: 46, y: 20 }, "cost J")),
    );
  }

  // All weights with the gradients that the next step will use, and that step for the first weight.
  function drawNumbers() {
    if (!reading.open) return;
    const { X, Y, g, alpha } = setting();
    const d = backward(X, Y, forward(X, p, g), p, g);
    const cell = (value, slope) => make("td", {}, written(value), make("br"), make("small", {}, written(slope, 4)));
    const head = ["unit j", "W[1] from x1", "W[1] from x2", "b[1]", "W[2]"].map((text) => make("th", { scope: "col" }, text));
    const rows = p.b1.map((b, j) =>
      make("tr", {}, make("th", { scope: "row" }, String(j + 1)), cell(p.W1[j][0], d.W1[j][0]), cell(p.W1[j][1], d.W1[j][1]), cell(b, d.b1[j]), cell(p.W2[j], d.W2[j])),
    );
    const caption = make("caption", {}, `After step ${step}: each weight, and below it its gradient. b[2] = ${written(p.b2)}, db[2] = ${written(d.b2, 4)}`);
    numbers.replaceChildren(make("table", { className: "table" }, caption, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows)));
    const [old, slope] = [p.W1[0][0], d.W1[0][0]];
    worked.textContent = `The next step for the first weight: ${written(old, 4)} − ${alpha} · (${written(slope, 4)}) = ${written(old - alpha * slope, 4)}`;
  }

  function words() {
    const { X, Y, g, dev } = setting();
    const share = (Z2, labels) => `${Math.round((100 * right(labels, Z2)) / labels.length)} %`;
    const here = forward(X, p, g).Z2;
    if (!Number.isFinite(costs.at(-1))) return "The weights have become too large for numbers: the training diverged. Press Reset.";
    if (!dev) return `Cost ${written(costs.at(-1))}; ${right(Y, here)} of 4 points right.`;
    return `Cost ${written(costs.at(-1))}; right: ${share(here, Y)} of the training points, ${share(forward(dev.X, p, g).Z2, dev.Y)} of 600 dev points.`;
  }

  // Draws everything; the live region speaks only when the training rests.
  function show() {
    count.textContent = `Step ${step.toLocaleString("en")}`;
    if (Number.isFinite(costs.at(-1))) for (const part of [drawAreas, drawLines, drawNumbers]) part();
    drawCurve();
    if (!film.running) status.replaceChildren(make("p", {}, words()));
    one.disabled = hundred.disabled = play.disabled = !Number.isFinite(costs.at(-1));
  }

  const film = playWith(play, {
    move: (calm) => advance(calm ? 100 : Number(speed.value)) && step < 100000,
    wait: () => 40,
    begin: () => status.replaceChildren(make("p", {}, "Training …")),
    show,
  });

  function restart() {
    p = begin(Number(units.value), scale.value, Number(draw.value));
    const { X, Y, g } = setting();
    [step, costs] = [0, [cost(Y, forward(X, p, g).Z2)]];
    film.pause();
  }

  for (const [button, steps] of [[one, 1], [hundred, 100]])
    button.addEventListener("click", () => {
      advance(steps);
      film.pause();
    });
  reset.addEventListener("click", restart);
  for (const select of [data, units, activation, scale, draw]) select.addEventListener("change", restart);
  rate.addEventListener("change", drawNumbers);
  reading.addEventListener("toggle", drawNumbers);
  new MutationObserver(show).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  form.addEventListener("submit", (event) => event.preventDefault());
  restart();
}
