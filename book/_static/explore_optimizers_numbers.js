// The page "Explore: optimizers race": the update rules of C2 W2 once more, on surfaces and on a small network.
// Weights are a flat list; a rule takes (w, dw, state, settings) and returns [new w, new state], as in the notebook.

const STORED = JSON.parse(document.getElementById("optimizers-data").textContent);
const EPSILON = 1e-8;
const average = (beta, old, now) => now.map((x, i) => beta * (old?.[i] ?? 0) + (1 - beta) * x);
const RULES = {
  "gradient descent": (w, dw, state, { alpha }) => [w.map((x, i) => x - alpha * dw[i]), state],
  momentum: (w, dw, state, { alpha, beta }) => {
    const v = average(beta, state.v, dw);
    return [w.map((x, i) => x - alpha * v[i]), { v }];
  },
  RMSprop: (w, dw, state, { alpha, beta }) => {
    const s = average(beta, state.s, dw.map((d) => d * d));
    return [w.map((x, i) => x - (alpha * dw[i]) / (Math.sqrt(s[i]) + EPSILON)), { s }];
  },
  Adam: (w, dw, state, { alpha, beta1, beta2, corrected }) => {
    const t = (state.t ?? 0) + 1;
    const v = average(beta1, state.v, dw);
    const s = average(beta2, state.s, dw.map((d) => d * d));
    const [first, second] = corrected ? [1 - beta1 ** t, 1 - beta2 ** t] : [1, 1];
    return [w.map((x, i) => x - (alpha * (v[i] / first)) / (Math.sqrt(s[i] / second) + EPSILON)), { v, s, t }];
  },
};
const BETAS = { "gradient descent": {}, momentum: { beta: 0.9 }, RMSprop: { beta: 0.9 }, Adam: { beta1: 0.9, beta2: 0.999, corrected: true } };
const NAMES = Object.keys(RULES);

// A network with tanh units and one sigmoid output, on the noisy XOR points; its weights row by row: W1, b1, W2, b2, …
const X = STORED.thousandths.map((row) => row.map((n) => n / 1000));
const Y = STORED.labels;
function network(hidden) {
  const sizes = [2, ...Array(hidden).fill(4), 1];
  const start = STORED.starts[hidden - 1].map((n) => n / 1e6);
  const layers = sizes.slice(1).map((rows, l) => ({ rows, columns: sizes[l] }));
  let at = 0;
  for (const layer of layers) {
    [layer.W, layer.b] = [at, at + layer.rows * layer.columns];
    at = layer.b + layer.rows;
  }
  const weights = layers.flatMap(({ rows, columns }, l) => [
    ...Array.from({ length: rows * columns }, (_, k) => `W[${l + 1}], row ${1 + Math.floor(k / columns)}, column ${1 + (k % columns)}`),
    ...Array.from({ length: rows }, (_, k) => `b[${l + 1}], row ${1 + k}`),
  ]);
  const A = sizes.map((size) => new Float64Array(size));
  const dZ = sizes.map((size) => new Float64Array(size));
  // Fills A with the activations of one point, layer by layer; returns z, before the sigmoid.
  function answer(w, [first, second]) {
    [A[0][0], A[0][1]] = [first, second];
    for (let l = 0; l < layers.length; l++) {
      const { rows, columns, W, b } = layers[l];
      for (let j = 0; j < rows; j++) {
        let z = w[b + j];
        for (let k = 0; k < columns; k++) z += w[W + j * columns + k] * A[l][k];
        A[l + 1][j] = l < layers.length - 1 ? Math.tanh(z) : z;
      }
    }
    return A[layers.length][0];
  }
  // Returns [the cost J, its gradient], from one pass forward and back over all points.
  function evaluate(w) {
    let J = 0;
    const m = Y.length;
    const d = new Array(w.length).fill(0);
    for (let i = 0; i < m; i++) {
      const z = answer(w, [X[0][i], X[1][i]]);
      J += Math.max(z, 0) - z * Y[i] + Math.log1p(Math.exp(-Math.abs(z)));
      dZ[layers.length][0] = 1 / (1 + Math.exp(-z)) - Y[i];
      for (let l = layers.length - 1; l >= 0; l--) {
        const { rows, columns, W, b } = layers[l];
        dZ[l].fill(0);
        for (let j = 0; j < rows; j++) {
          const slope = dZ[l + 1][j];
          d[b + j] += slope / m;
          for (let k = 0; k < columns; k++) {
            d[W + j * columns + k] += (slope * A[l][k]) / m;
            dZ[l][k] += w[W + j * columns + k] * slope * (1 - A[l][k] * A[l][k]);
          }
        }
      }
    }
    return [J / m, d];
  }
  return { evaluate, start, weights, answer, target: 0.05, shown: 100, longest: 3000 };
}

const surface = (words, cost, gradient, start, [left, right, low, high], levels, share = 1e-3) => ({ words, cost, evaluate: (w) => [cost(w), gradient(w)], start, box: { left, right, low, high }, levels, share, weights: ["w_1", "w_2"], shown: 30, longest: 1000 });
const steps = (first, ratio, count) => Array.from({ length: count }, (_, k) => first * ratio ** k);
const LANDSCAPES = {
  bowl: surface("an elongated bowl", ([a, b]) => (a * a + 20 * b * b) / 2, ([a, b]) => [a, 20 * b], [-4, 1.5], [-4.8, 3.2, -2.2, 2.2], steps(0.06, 2.1, 11)),
  long: surface("a very elongated bowl", ([a, b]) => (a * a + 500 * b * b) / 2, ([a, b]) => [a, 500 * b], [-4, 1.5], [-4.8, 3.2, -2.2, 2.2], steps(0.3, 2.3, 11)),
  turned: surface("the same bowl, turned", ([a, b]) => ((a + b) ** 2 / 2 + 10 * (a - b) ** 2) / 2, ([a, b]) => [(a + b) / 2 + 10 * (a - b), (a + b) / 2 - 10 * (a - b)], [-3.89, -1.77], [-4.6, 2, -4, 2.6], steps(0.06, 2.1, 12)),
  saddle: surface("a saddle between two valleys", ([a, b]) => a * a / 2 + (b * b - 1) ** 2 / 4, ([a, b]) => [a, b ** 3 - b], [1, 0.0001], [-1.7, 1.7, -1.6, 1.6], [0.005, 0.02, 0.05, 0.1, 0.17, 0.25, 0.35, 0.5, 0.75, 1.1, 1.6, 2.3]),
  valley: surface("a valley with a bend", ([a, b]) => (1 - a) ** 2 / 2 + 5 * (b - a * a) ** 2, ([a, b]) => [a - 1 - 20 * a * (b - a * a), 10 * (b - a * a)], [-1.5, 0.5], [-2, 2, -1, 2.4], steps(0.05, 2.1, 12), 1e-5),
  one: { words: "a network with one hidden layer", ...network(1) },
  three: { words: "a network with three hidden layers", ...network(3) },
};
for (const landscape of Object.values(LANDSCAPES)) landscape.target ??= landscape.share * landscape.cost(landscape.start);

// A run: its weights, the state of its optimizer, cost and gradient at each step. It gets more steps until it
// has so many, or until a number is too large.
function begin(landscape, start) {
  const [cost, gradient] = landscape.evaluate(start);
  return { points: [start], states: [{}], costs: [cost], gradients: [gradient] };
}
function prolong(run, landscape, rule, settings, count) {
  while (run.costs.length <= count && run.costs.at(-1) < 1e12) {
    const [w, state] = RULES[rule](run.points.at(-1), run.gradients.at(-1), run.states.at(-1), settings);
    const [cost, gradient] = landscape.evaluate(w);
    run.points.push(w);
    run.states.push(state);
    run.costs.push(cost);
    run.gradients.push(gradient);
  }
  return run;
}

// Returns the first step from which on the cost of a run stays at or below the target, or Infinity.
function arrival(costs, target) {
  const above = costs.findLastIndex((J) => !(J <= target));
  return above === costs.length - 1 ? Infinity : above + 1;
}

// Returns the learning rate with the earliest arrival, among 101 rates from 0.0001 to 10, 600 steps each. Two
// starts nearby have to arrive, too, and the latest of the three counts: so no rate wins by a lucky jump. If
// none arrives, the cost at the end counts.
function bestRate(landscape, rule, betas, start) {
  const rates = Array.from({ length: 101 }, (_, k) => Number((10 ** (k / 20 - 4)).toPrecision(3)));
  const costs = (alpha, share) => prolong(begin(landscape, start.map((n) => share * n)), landscape, rule, { ...betas, alpha }, 600).costs;
  const steps = (all) => arrival(all, landscape.share * all[0]);
  const here = rates.map((alpha) => {
    const all = costs(alpha, 1);
    return { alpha, arrives: steps(all), end: all.length > 600 ? all.at(-1) : Infinity };
  });
  let best = { arrives: Infinity };
  for (const { alpha, arrives } of here.toSorted((one, other) => one.arrives - other.arrives || one.alpha - other.alpha)) {
    if (!(arrives < best.arrives)) break;
    const latest = Math.max(arrives, steps(costs(alpha, 0.9)), steps(costs(alpha, 1.1)));
    if (latest < best.arrives) best = { alpha, arrives: latest };
  }
  return best.alpha ?? here.reduce((one, other) => (other.end < one.end ? other : one)).alpha;
}

// Returns the lines where a function of the plane has a level, as an SVG path on a picture of a size.
function contours(value, { left, right, low, high }, width, height, levels, columns = 90) {
  const rows = Math.round((columns * height) / width);
  const x = (i) => left + ((right - left) * i) / columns;
  const y = (j) => high - ((high - low) * j) / rows;
  const grid = Array.from({ length: rows + 1 }, (_, j) => Array.from({ length: columns + 1 }, (_, i) => value([x(i), y(j)])));
  const place = (i, j) => `${((width * i) / columns).toFixed(1)} ${((height * j) / rows).toFixed(1)}`;
  return levels.map((level) => {
    let path = "";
    for (let j = 0; j < rows; j++)
      for (let i = 0; i < columns; i++) {
        const corners = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]].map(([a, b]) => [a, b, grid[b][a] - level]);
        const crossed = corners.flatMap(([a, b, one], k) => {
          const [c, d, other] = corners[(k + 1) % 4];
          if (one > 0 === other > 0) return [];
          const share = one / (one - other);
          return [place(a + share * (c - a), b + share * (d - b))];
        });
        for (let k = 0; k + 1 < crossed.length; k += 2) path += `M${crossed[k]}L${crossed[k + 1]}`;
      }
    return path;
  });
}

// Returns a number with a few digits: plain, or with a power of ten.
function digits(number, count = 4) {
  if (!Number.isFinite(number)) return "too large";
  const size = Math.abs(number);
  if (size === 0) return "0";
  if (size >= 1e5 || size < 1e-4) {
    const [factor, power] = number.toExponential(count - 2).split("e");
    return `${factor.replace("-", "−")}\u00a0·\u00a010^${Number(power)}`.replace("^-", "^−");
  }
  return Number(number.toPrecision(count)).toString().replace("-", "−");
}

// Returns the next step of one weight in words: [name, formula, numbers, value].
function reading(rule, settings, { points, states, gradients }, at, k) {
  const [w, state, dw] = [points[at], states[at], gradients[at]];
  const [next, then] = RULES[rule](w, dw, state, settings);
  const { alpha, beta, beta1, beta2, corrected } = settings;
  const n = (number) => (number < 0 || digits(number).includes("·") ? `(${digits(number)})` : digits(number));
  const rest = (share) => Number((1 - share).toPrecision(6));
  const [old, d] = [w[k], dw[k]];
  const line = (name, formula, numbers, value) => ({ name, formula, numbers, value });
  const lines = [line("dw", "the slope here", "", d)];
  const v = (share) => line("v", `${rule === "Adam" ? "β_1 v + (1 − β_1) dw" : "β v + (1 − β) dw"}`, `${share} · ${n(state.v?.[k] ?? 0)} + ${rest(share)} · ${n(d)}`, then.v[k]);
  const s = (share) => line("s", `${rule === "Adam" ? "β_2 s + (1 − β_2) dw^2" : "β s + (1 − β) dw^2"}`, `${share} · ${n(state.s?.[k] ?? 0)} + ${rest(share)} · ${n(d)}^2`, then.s[k]);
  const step = (formula, numbers) => line("w", `w − α ${formula}`, `${digits(old)} − ${alpha} · ${numbers}`, next[k]);
  if (rule === "gradient descent") return [...lines, step("dw", n(d))];
  if (rule === "momentum") return [...lines, v(beta), step("v", n(then.v[k]))];
  if (rule === "RMSprop") return [...lines, s(beta), step("dw / (√s + ε)", `${n(d)} / ${digits(Math.sqrt(then.s[k]) + EPSILON)}`)];
  const { t } = then;
  const [first, second] = corrected ? [1 - beta1 ** t, 1 - beta2 ** t] : [1, 1];
  const hats = corrected ? [line("v̂", `v / (1 − β_1^${t})`, `${n(then.v[k])} / ${digits(first)}`, then.v[k] / first), line("ŝ", `s / (1 − β_2^${t})`, `${n(then.s[k])} / ${digits(second)}`, then.s[k] / second)] : [];
  const root = Math.sqrt(then.s[k] / second) + EPSILON;
  return [...lines, v(beta1), s(beta2), ...hats, step(corrected ? "v̂ / (√ŝ + ε)" : "v / (√s + ε)", `${n(then.v[k] / first)} / ${digits(root)}`)];
}

// For each rule the rate with which a network needs the fewest steps to a cost of 0.05, among 0.001, 0.003, 0.01 … 30.
const BEST = { one: [30, 30, 0.03, 0.3], three: [3, 3, 0.1, 0.3] };
const DEFAULT_RATES = [0.01, 0.1, 0.001, 0.001];
