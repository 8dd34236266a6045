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

// The best rates from the usual starts: what `bestRate` returns there; for the networks, those with the fewest
// steps to a cost of 0.05 among 0.001, 0.003, 0.01 … 30.
const BEST = { one: [30, 30, 0.03, 0.3], three: [3, 3, 0.1, 0.3] };
const DEFAULT_RATES = [0.01, 0.1, 0.001, 0.001];

{
  const form = document.getElementById("optimizers");
  const { landscape: chosen, rates, play, back, next, ten, again, moment, first, second, reader, weight } = form.elements;
  const status = form.querySelector("[role=status]");
  const [plane, curve, racers, numbers, places] = ["plane", "curve", "racers", "numbers", "places"].map((id) => document.getElementById(`race-${id}`));
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let [landscape, start, at, reach, running, lines] = [null, [], 0, 0, null, []];
  const race = Object.fromEntries(NAMES.map((name) => [name, { on: true, settings: { alpha: 0.1, ...BETAS[name] }, run: null }]));
  const style = { "gradient descent": "plain", momentum: "momentum", RMSprop: "rmsprop", Adam: "adam" };

  const svg = (name, attributes, ...children) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };
  const html = (text) => text.split(/([_^]−?\w+)/).map((part) => (/^[_^]/.test(part) ? make(part[0] === "_" ? "sub" : "sup", {}, part.slice(1)) : part));
  const running_names = () => NAMES.filter((name) => race[name].on);
  const run = (name) => (race[name].run = prolong(race[name].run ?? begin(landscape, start), landscape, name, race[name].settings, reach));
  const costAt = (name) => run(name).costs[at] ?? Infinity;

  // The picture: contours and paths on a surface, for a network its points and the borders drawn.
  function drawPlane() {
    const { box } = landscape;
    const [width, height] = box ? [400, Math.round((400 * (box.high - box.low)) / (box.right - box.left))] : [400, 400];
    const { left, right, low, high } = box ?? { left: -2.1, right: 2.1, low: -2.1, high: 2.1 };
    const keep = (number) => Math.max(-2000, Math.min(2000, number)).toFixed(1);
    const place = ([a, b]) => [keep((width * (a - left)) / (right - left)), keep((height * (high - b)) / (high - low))];
    const parts = box ? [...lines.map((d) => svg("path", { class: "level", d })), ...running_names().flatMap(path)] : [...Y.map(point), ...running_names().map(border)];

    function path(name) {
      const points = run(name).points.slice(0, at + 1).map(place);
      const dots = points.length <= 121 ? points.slice(0, -1).map(([cx, cy]) => svg("circle", { cx, cy, r: 2 })) : [];
      const [cx, cy] = points.at(-1);
      return svg("g", { class: style[name] }, svg("polyline", { points: points.map((one) => one.join()).join(" ") }), ...dots, svg("circle", { class: "head", cx, cy, r: 5.5 }));
    }
    function point(label, i) {
      const [x, y] = place([X[0][i], X[1][i]]).map(Number);
      return label ? svg("rect", { class: "point", x: x - 3, y: y - 3, width: 6, height: 6 }) : svg("circle", { class: "point", cx: x, cy: y, r: 3.2 });
    }
    function border(name) {
      const w = run(name).points[at] ?? run(name).points.at(-1);
      const [d] = contours((x) => landscape.answer(w, x), { left, right, low, high }, width, height, [0], 50);
      return svg("g", { class: style[name] }, svg("path", { class: "border", d }));
    }
    // Where the reader's optimizer goes next, and where the surface falls most steeply.
    function arrows() {
      const name = reader.value;
      const { points, states, gradients } = run(name);
      if (!box || !race[name].on || !points[at]) return [];
      const gradient = gradients[at];
      const [after] = RULES[name](points[at], gradient, states[at], race[name].settings);
      const [[x, y], [u, v]] = [points[at], after].map((one) => place(one).map(Number));
      const size = Math.hypot(...gradient) || 1;
      const length = Math.hypot(u - x, v - y);
      const [dx, dy] = [(u - x) / (length || 1), (v - y) / (length || 1)];
      const tip = `M${u} ${v}l${-9 * dx - 4 * dy} ${-9 * dy + 4 * dx}l${8 * dy} ${-8 * dx}z`;
      const down = svg("path", { class: "down", d: `M${x} ${y}l${(-44 * gradient[0]) / size} ${(44 * gradient[1]) / size}` });
      return [down, ...(length > 2 ? [svg("path", { class: "next", d: `M${x} ${y}L${u} ${v}` }), svg("path", { class: "next tip", d: tip })] : [])];
    }
    const axes = box ? [svg("text", { x: width - 8, y: height - 8, class: "end" }, "w", svg("tspan", { dy: 3, "font-size": 10 }, "1"), svg("tspan", { dy: -3 }, ` from ${digits(left)} to ${digits(right)}`)), svg("text", { x: 8, y: 18 }, "w", svg("tspan", { dy: 3, "font-size": 10 }, "2"), svg("tspan", { dy: -3 }, ` from ${digits(low)} to ${digits(high)}`))] : [];
    const where = running_names().map((name) => `${name} at ${(run(name).points[at] ?? run(name).points.at(-1)).slice(0, 2).map((n) => digits(n, 3)).join(", ")}`).join("; ");
    const label = box ? `Contours of ${landscape.words} with the paths after ${at} steps: ${where}.` : `200 points of two kinds in four clouds, and the border of each network after ${at} steps.`;
    plane.replaceChildren(svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label, class: box ? "surface" : "" }, ...parts, ...arrows(), ...axes));
  }

  // The costs of all steps so far, on a logarithmic axis, with the target.
  function drawCurve() {
    const all = running_names().flatMap((name) => run(name).costs.slice(0, reach + 1)).filter((J) => Number.isFinite(J) && J > 0);
    const top = Math.min(6, Math.ceil(Math.log10(Math.max(...all, landscape.target)) - 0.001));
    const bottom = Math.max(-9, Math.min(Math.floor(Math.log10(Math.min(...all, landscape.target))), top - 2));
    const end = Math.max(20, reach);
    const x = (k) => 46 + (340 * k) / end;
    const y = (J) => 28 + (210 * (top - Math.log10(J))) / (top - bottom);
    const every = top - bottom > 6 ? 2 : 1;
    const powers = Array.from({ length: top - bottom + 1 }, (_, k) => top - k).filter((power) => (power - bottom) % every === 0);
    const grid = powers.flatMap((power) => [
      svg("path", { class: "grid", d: `M46 ${y(10 ** power)}H386` }),
      svg("text", { x: 40, y: y(10 ** power) + 5, class: "end" }, ...(power >= 0 && power < 4 ? [String(10 ** power)] : power > -3 && power < 0 ? [String(Number((10 ** power).toFixed(3)))] : ["10", svg("tspan", { dy: -5, "font-size": 10 }, String(power).replace("-", "−"))])),
    ]);
    const paths = running_names().map((name) => {
      const { costs } = run(name);
      const seen = (J) => J <= 10 ** top * 1.001 && J >= 10 ** bottom * 0.999;
      const step = Math.ceil(reach / 500);
      let pen = "M";
      const d = costs.slice(0, reach + 1).flatMap((J, k) => {
        if (!seen(J)) pen = "M";
        if (!seen(J) || k % step) return [];
        const move = `${pen}${x(k).toFixed(1)} ${y(J).toFixed(1)}`;
        pen = "L";
        return [move];
      }).join("");
      const head = seen(costs[at]) ? [svg("circle", { class: "head", cx: x(at), cy: y(costs[at]), r: 4.5 })] : [];
      return svg("g", { class: style[name] }, svg("path", { class: "border", d }), ...head);
    });
    const goal = y(landscape.target);
    const label = `Cost after each step on a logarithmic axis. ${words()}`;
    curve.replaceChildren(
      svg("svg", { viewBox: "0 0 400 264", role: "img", "aria-label": label }, ...grid,
        svg("path", { class: "goal", d: `M46 ${goal}H386` }), svg("text", { x: 52, y: goal - 5, class: "muted" }, "target"),
        svg("path", { class: "now", d: `M${x(at)} 28V238` }), ...paths,
        svg("text", { x: 46, y: 257 }, "0"), svg("text", { x: 386, y: 257, class: "end" }, `${end.toLocaleString("en")} steps`), svg("text", { x: 46, y: 15 }, "cost J, logarithmic")),
    );
  }

  function words() {
    const told = running_names().map((name) => `${name} ${Number.isFinite(costAt(name)) ? digits(costAt(name), 3) : "diverged"}`);
    return told.length ? `Cost after step ${at}: ${told.join(", ")}.` : "Choose an optimizer.";
  }

  // What each card says of its optimizer.
  function drawCards() {
    for (const name of NAMES) {
      const text = document.getElementById(`now-${style[name]}`);
      if (!race[name].on) {
        text.textContent = "";
        continue;
      }
      const since = arrival(run(name).costs.slice(0, reach + 1), landscape.target);
      const far = Number.isFinite(costAt(name)) ? `J = ${digits(costAt(name), 3)}` : "It diverged.";
      text.replaceChildren(...html(far), Number.isFinite(since) ? `, at the target since step ${since}` : "");
    }
  }

  // The next step of one weight, in numbers.
  function drawNumbers() {
    const name = reader.value;
    const current = run(name);
    if (!current.points[at]) return numbers.replaceChildren(make("p", {}, "It diverged."));
    const k = Number(weight.value);
    const rows = reading(name, race[name].settings, current, at, k);
    const shown = rows.map(({ name: quantity, formula, numbers: counted, value }, index) => {
      const chip = make("span", { className: `sign ${index < rows.length - 1 && value > 0 ? "positive" : index < rows.length - 1 && value < 0 ? "negative" : ""}` }, ...html(digits(value)));
      const sign = quantity === "dw" ? "=" : ":=";
      return make("tr", {}, make("th", { scope: "row" }, ...html(`${quantity}`)), make("td", {}, ...html(quantity === "dw" ? formula : `${sign} ${formula}`)), make("td", {}, ...html(counted ? `= ${counted}` : "")), make("td", {}, "= ", chip));
    });
    const moved = rows.at(-1).value - current.points[at][k];
    const caption = make("caption", {}, `Step ${at + 1} of ${name}, weight `, ...html(landscape.weights[k]));
    const alpha = race[name].settings.alpha;
    numbers.replaceChildren(make("table", { className: "table" }, caption, make("tbody", {}, ...shown)), make("p", {}, ...html(`The weight moves by ${digits(moved)}, which is ${digits(Math.abs(moved) / alpha, 3)} times α.`)));
  }

  function show() {
    moment.max = reach;
    moment.value = at;
    document.getElementById("race-count").textContent = at.toLocaleString("en");
    for (const part of [drawPlane, drawCurve, drawCards, drawNumbers]) part();
    back.disabled = at === 0;
    next.disabled = ten.disabled = play.disabled = !running && at >= landscape.longest;
    if (!running) status.replaceChildren(make("p", {}, ...html(words())));
  }

  function go(where) {
    at = Math.max(0, Math.min(where, landscape.longest));
    reach = Math.max(reach, at);
    show();
  }

  function pause() {
    clearTimeout(running);
    running = null;
    play.textContent = "Play";
    show();
  }

  // A picture with one step more, for a network with five; where motion is not wanted, a picture a second.
  function roll() {
    if (at >= landscape.longest) return pause();
    running = setTimeout(roll, calm.matches ? 1000 : landscape.box ? 90 : 40);
    go(at + (calm.matches ? 10 : 1) * (landscape.box ? 1 : 5));
  }

  // Gives each optimizer the rate of the chosen kind, and begins all runs anew.
  function restart() {
    for (const [k, name] of NAMES.entries()) {
      const racer = race[name];
      if (rates.value === "best") racer.settings.alpha = landscape.box ? bestRate(landscape, name, racer.settings, start) : BEST[chosen.value][k];
      if (rates.value === "default") racer.settings.alpha = DEFAULT_RATES[k];
      racer.run = null;
      racer.show();
    }
    if (landscape.box) landscape.target = landscape.share * landscape.cost(start);
    show();
  }

  function choose() {
    landscape = LANDSCAPES[chosen.value];
    start = landscape.start;
    const { box } = landscape;
    lines = box ? contours(landscape.cost, box, 400, Math.round((400 * (box.high - box.low)) / (box.right - box.left)), landscape.levels) : [];
    places.hidden = !box;
    ten.textContent = box ? "10 steps" : "100 steps";
    if (box) [first.value, second.value] = start.map((n) => digits(n));
    const names = landscape.weights.map((name, k) => make("option", { value: k }, name.replace("_", "")));
    weight.replaceChildren(...names);
    at = reach = landscape.shown;
    if (rates.value === "own") rates.value = "best";
    restart();
  }

  // The card of an optimizer: whether it runs, its learning rate on a logarithmic slider, its betas.
  function card(name) {
    const { settings } = race[name];
    const on = make("input", { type: "checkbox", checked: true });
    const mark = svg("svg", { viewBox: "0 0 44 12", class: `swatch ${style[name]}`, "aria-hidden": "true" }, svg("path", { class: "border", d: "M1 6H34" }), svg("circle", { class: "head", cx: 37, cy: 6, r: 5 }));
    const slider = make("input", { type: "range", min: -4, max: 2, step: 0.05 });
    const field = make("input", { inputMode: "decimal", autocomplete: "off" });
    slider.setAttribute("aria-label", `learning rate of ${name}, slider`);
    field.setAttribute("aria-label", `learning rate of ${name}`);
    race[name].show = () => {
      slider.value = Math.log10(settings.alpha);
      slider.setAttribute("aria-valuetext", digits(settings.alpha));
      field.value = settings.alpha;
    };
    const changed = (moving) => {
      race[name].run = null;
      race[name].show();
      status.setAttribute("aria-live", moving ? "off" : "polite");
      show();
    };
    const set = (alpha, moving = false) => {
      settings.alpha = alpha;
      rates.value = "own";
      field.removeAttribute("aria-invalid");
      changed(moving);
    };
    slider.addEventListener("input", () => set(Number((10 ** slider.value).toPrecision(2)), true));
    slider.addEventListener("change", () => set(Number((10 ** slider.value).toPrecision(2))));
    field.addEventListener("change", () => {
      const alpha = Number(field.value.trim() || NaN);
      if (alpha > 0 && alpha <= 100) return set(alpha);
      field.setAttribute("aria-invalid", "true");
      status.replaceChildren(make("p", {}, "A learning rate has to be a number above 0, and 100 at most."));
    });
    on.addEventListener("change", () => {
      race[name].on = on.checked;
      show();
    });
    const choices = { beta: ["β", [0, 0.5, 0.9, 0.99]], beta1: ["β_1", [0, 0.5, 0.9, 0.99]], beta2: ["β_2", [0.5, 0.9, 0.99, 0.999]], corrected: ["bias correction", ["yes", "no"]] };
    const selects = Object.keys(BETAS[name]).map((key) => {
      const [title, values] = choices[key];
      const select = make("select", {}, ...values.map((value) => make("option", { selected: value === settings[key] }, String(value))));
      select.setAttribute("aria-label", `${title.replace("_", " ")} of ${name}`);
      select.addEventListener("change", () => {
        settings[key] = key === "corrected" ? select.value === "yes" : Number(select.value);
        if (rates.value === "best" && landscape.box) return restart();
        changed(false);
      });
      return make("label", {}, make("span", {}, ...html(title)), select);
    });
    const head = make("legend", {}, make("label", {}, on, mark, name));
    return make("fieldset", { className: "racer" }, head, make("div", { className: "input-row" }, make("span", {}, "α"), slider, field), make("div", { className: "betas" }, ...selects), make("p", { className: "now", id: `now-${style[name]}` }));
  }

  // A new place to start from, if it lies in the picture.
  function startAt(place) {
    const { left, right, low, high } = landscape.box;
    const inside = place[0] >= left && place[0] <= right && place[1] >= low && place[1] <= high;
    for (const field of [first, second]) field.setAttribute("aria-invalid", String(!inside));
    if (!inside) return status.replaceChildren(make("p", {}, `The start has to lie in the picture: from ${digits(left)} to ${digits(right)}, and from ${digits(low)} to ${digits(high)}.`));
    start = place;
    [first.value, second.value] = place.map((n) => digits(n));
    restart();
  }

  racers.append(...NAMES.map(card));
  plane.addEventListener("click", (event) => {
    if (!landscape.box) return;
    const { left, right, low, high } = landscape.box;
    const { x, y, width, height } = plane.firstChild.getBoundingClientRect();
    startAt([left + ((right - left) * (event.clientX - x)) / width, high - ((high - low) * (event.clientY - y)) / height].map((n) => Number(n.toFixed(2))));
  });
  const typed = (field) => Number(field.value.replace("−", "-").trim() || NaN);
  for (const field of [first, second]) field.addEventListener("change", () => startAt([typed(first), typed(second)]));
  play.addEventListener("click", () => {
    if (running) return pause();
    play.textContent = "Pause";
    status.replaceChildren(make("p", {}, "The race is on …"));
    roll();
  });
  for (const [button, where] of [[back, () => at - 1], [next, () => at + 1], [ten, () => at + (landscape.box ? 10 : 100)], [again, () => 0]])
    button.addEventListener("click", () => {
      if (button === again) reach = 0;
      at = where();
      if (running) pause();
      go(at);
    });
  for (const kind of ["input", "change"])
    moment.addEventListener(kind, () => {
      if (running) pause();
      status.setAttribute("aria-live", kind === "input" ? "off" : "polite");
      go(Number(moment.value));
    });
  chosen.addEventListener("change", () => {
    if (running) pause();
    choose();
  });
  rates.addEventListener("change", restart);
  for (const select of [reader, weight]) select.addEventListener("change", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  reader.value = "Adam";
  choose();
}
