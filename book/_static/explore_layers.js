// The page "Explore: twenty layers deep": a deep network of C2 W1, forward and backward, at its start
// and while it trains. As in the lectures, W has a row for each unit and X a column for each example;
// a matrix is {rows, columns, data}, with its rows one behind the other.

const STORED = JSON.parse(document.getElementById("layers-data").textContent);
const WIDTH = 32;
const CLASSES = 10;

const sigmoid = (z) => 1 / (1 + Math.exp(-z));
// Each activation, and its slope as a function of z and of its output a.
const ACTIVATIONS = {
  ReLU: [(z) => Math.max(0, z), (z) => (z > 0 ? 1 : 0)],
  tanh: [Math.tanh, (z, a) => 1 - a * a],
  sigmoid: [sigmoid, (z, a) => a * (1 - a)],
  linear: [(z) => z, () => 1],
};

const matrix = (rows, columns, data = new Float64Array(rows * columns)) => ({ rows, columns, data });

// Returns A B, or with `flip` A' B or A B'.
function times(A, B, flip = "") {
  const [rows, inner] = flip === "first" ? [A.columns, A.rows] : [A.rows, A.columns];
  const columns = flip === "second" ? B.rows : B.columns;
  const C = matrix(rows, columns);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < inner; k++) {
      const a = flip === "first" ? A.data[k * A.columns + i] : A.data[i * A.columns + k];
      if (flip === "second") for (let j = 0; j < columns; j++) C.data[i * columns + j] += a * B.data[j * B.columns + k];
      else for (let j = 0; j < columns; j++) C.data[i * columns + j] += a * B.data[k * columns + j];
    }
  }
  return C;
}

// The 64 digits, with mean 0 and variance 1 over all their pixels: X (196, 64); labels Y, one for each.
const PIXELS = STORED.thousandths.flat();
const MEAN = PIXELS.reduce((sum, n) => sum + n, 0) / PIXELS.length;
const SPREAD = Math.sqrt(PIXELS.reduce((sum, n) => sum + (n - MEAN) ** 2, 0) / PIXELS.length);
const Y = STORED.labels;
const X = matrix(STORED.thousandths[0].length, Y.length);
STORED.thousandths.forEach((digit, i) => digit.forEach((n, k) => (X.data[k * Y.length + i] = (n - MEAN) / SPREAD)));

// Returns `count` numbers of the standard normal distribution, the same for the same seed: the
// generator is mulberry32 (T. Ettinger, public domain), the distribution that of Box and Muller.
function normals(seed, count) {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const numbers = new Float64Array(count);
  for (let k = 0; k < count; k += 2) {
    const [length, angle] = [Math.sqrt(-2 * Math.log(1 - uniform())), 2 * Math.PI * uniform()];
    numbers[k] = length * Math.cos(angle);
    if (k + 1 < count) numbers[k + 1] = length * Math.sin(angle);
  }
  return numbers;
}

// Returns the variance of the first weights of a layer with n inputs and m units.
function variance(rule, n, m) {
  if (rule === "small") return 0.01 ** 2;
  if (rule === "glorot") return 2 / (n + m);
  return rule / n;
}

const sizesOf = (depth) => [X.rows, ...Array(depth).fill(WIDTH), CLASSES];

// Returns the weights to start from, a matrix for each layer: layer l of a draw has the same random
// numbers whatever the rule and the depth; the last layer has its own. There are no biases.
function begin(depth, rule, draw) {
  const sizes = sizesOf(depth);
  return sizes.slice(1).map((m, l) => {
    const [n, seed] = [sizes[l], 1000 * (draw + 1) + (l === depth ? 999 : l)];
    const scale = Math.sqrt(variance(rule, n, m));
    return matrix(m, n, normals(seed, m * n).map((number) => scale * number));
  });
}

// Returns [{Z, A} of each layer]; the last A holds the probabilities of the ten classes.
function forward(X, weights, activation) {
  const [g] = ACTIVATIONS[activation];
  const layers = [];
  let A = X;
  weights.forEach((W, l) => {
    const Z = times(W, A);
    A = matrix(Z.rows, Z.columns, l < weights.length - 1 ? Z.data.map(g) : softmax(Z));
    layers.push({ Z, A });
  });
  return layers;
}

// Returns the probabilities of each column.
function softmax({ rows, columns, data }) {
  const P = new Float64Array(data.length);
  for (let i = 0; i < columns; i++) {
    let [largest, sum] = [-Infinity, 0];
    for (let k = 0; k < rows; k++) largest = Math.max(largest, data[k * columns + i]);
    for (let k = 0; k < rows; k++) sum += P[k * columns + i] = Math.exp(data[k * columns + i] - largest);
    for (let k = 0; k < rows; k++) P[k * columns + i] /= sum;
  }
  return P;
}

// Returns J, the mean cross-entropy, from the scores of the last layer.
function cost(Y, { rows, columns, data }) {
  let sum = 0;
  for (let i = 0; i < columns; i++) {
    const scores = Array.from({ length: rows }, (_, k) => data[k * columns + i]);
    const largest = Math.max(...scores);
    sum += largest + Math.log(scores.reduce((all, z) => all + Math.exp(z - largest), 0)) - scores[Y[i]];
  }
  return sum / columns;
}

// Returns [{dZ, dW} of each layer]; as in the lectures 1/m stands in dW.
function backward(X, Y, layers, weights, activation) {
  const [, slope] = ACTIVATIONS[activation];
  const m = Y.length;
  const gradients = [];
  let dZ = null;
  for (let l = weights.length - 1; l >= 0; l--) {
    const { Z, A } = layers[l];
    if (!dZ) {
      dZ = matrix(A.rows, m, A.data.slice());
      Y.forEach((y, i) => (dZ.data[y * m + i] -= 1));
    } else {
      dZ = times(weights[l + 1], dZ, "first");
      dZ.data.forEach((d, k) => (dZ.data[k] = d * slope(Z.data[k], A.data[k])));
    }
    const dW = times(dZ, l ? layers[l - 1].A : X, "second");
    dW.data.forEach((d, k) => (dW.data[k] = d / m));
    gradients.unshift({ dZ, dW });
  }
  return gradients;
}

// Returns the weights after some steps of gradient descent on all 64 digits.
function train(weights, activation, rate, steps) {
  for (let step = 0; step < steps; step++) {
    const gradients = backward(X, Y, forward(X, weights, activation), weights, activation);
    weights = weights.map((W, l) => matrix(W.rows, W.columns, W.data.map((w, k) => w - rate * gradients[l].dW.data[k])));
  }
  return weights;
}

const meanSize = (numbers) => numbers.reduce((sum, value) => sum + Math.abs(value), 0) / numbers.length;

// Returns the mean absolute values {a, dz, dw} of the hidden layers, a list for each.
function measure(weights, activation) {
  const layers = forward(X, weights, activation);
  const gradients = backward(X, Y, layers, weights, activation);
  const hidden = layers.slice(0, -1).map((_, l) => l);
  return {
    layers,
    gradients,
    a: hidden.map((l) => meanSize(layers[l].A.data)),
    dz: hidden.map((l) => meanSize(gradients[l].dZ.data)),
    dw: hidden.map((l) => meanSize(gradients[l].dW.data)),
  };
}

// The mean of f(z) for normal z with variance q: a sum over 600 places up to ten standard deviations,
// none of them zero, where ReLU has its kink.
function gaussian(f, q) {
  let sum = 0;
  for (let k = -299.5; k < 300; k++) sum += f((Math.sqrt(q) * k) / 30) * Math.exp(-((k / 30) ** 2) / 2);
  return sum / 30 / Math.sqrt(2 * Math.PI);
}

// Returns what is expected of very wide layers at their start, from the variances alone: {a: mean |a|
// of each hidden layer, dz: mean |dz| of each, compared with the last one}.
function expect(depth, rule, activation) {
  const [g, slope] = ACTIVATIONS[activation];
  const sizes = sizesOf(depth);
  const [a, slopes] = [[], []];
  let square = 1; // the mean of x² over all inputs
  for (let l = 0; l < depth; l++) {
    const q = sizes[l] * variance(rule, sizes[l], sizes[l + 1]) * square;
    a.push(gaussian((z) => Math.abs(g(z)), q));
    square = gaussian((z) => g(z) ** 2, q);
    slopes.push([1, 2].map((exponent) => gaussian((z) => slope(z, g(z)) ** exponent, q)));
  }
  // A derivative dz is a sum over the units of the next layer, with variance `spread`, times a slope.
  const dz = Array(depth);
  let spread = 1;
  for (let l = depth - 1; l >= 0; l--) {
    dz[l] = (Math.sqrt(spread) * slopes[l][0]) / slopes[depth - 1][0];
    spread *= WIDTH * variance(rule, WIDTH, WIDTH) * slopes[l][1];
  }
  return { a, dz };
}

// Returns the number of values in each of some bins from low to high; those beyond count at the ends.
function histogram(numbers, low, high, bins) {
  const counts = Array(bins).fill(0);
  for (const value of numbers) counts[Math.min(bins - 1, Math.max(0, Math.floor(((value - low) / (high - low)) * bins)))] += 1;
  return counts;
}

{
  const form = document.getElementById("layers");
  const { rule, activation, factor, depth, draw, rate, play, hundred, reset } = form.elements;
  const [said, more, sizes, shapes, learning, numbers, reading, trained] = ["said", "more", "sizes", "shapes", "learning", "numbers", "reading", "trained"].map((id) => document.getElementById(id));
  const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
  const power = (exponent) => `10${exponent < 0 ? "⁻" : ""}${[...String(Math.abs(exponent))].map((digit) => SUPERSCRIPTS[digit]).join("")}`;
  let [weights, measured, step, costs, rest] = [null, null, 0, [], null];

  // Writes a number with two digits, as a power of ten where it is far from one.
  function written(value) {
    if (!Number.isFinite(value)) return "too large";
    if (value === 0) return "0";
    const exponent = Math.floor(Math.log10(Number(value.toPrecision(2))));
    if (exponent >= -2 && exponent <= 2) return exponent < 2 ? value.toFixed(1 - exponent) : value.toFixed(0);
    return `${(value / 10 ** exponent).toFixed(1)} · ${power(exponent)}`;
  }

  const setting = () => ({ L: Number(depth.value), c: rule.value === "free" ? chosen() : rule.value, g: activation.value, alpha: Number(rate.value) });
  const chosen = () => Number((10 ** Number(factor.value)).toPrecision(3));
  const changed = () => step > 0;

  // The sizes through the layers, on a logarithmic axis; the picture is as wide as its box.
  function drawSizes() {
    const { L, c, g } = setting();
    const wanted = expect(L, c, g);
    const far = measured.dz[L - 1];
    const lines = [["train", measured.a], ["dev", measured.dz], ["third", measured.dw]];
    const guesses = changed() ? [] : [["train", wanted.a], ["dev", wanted.dz.map((share) => share * far)]];
    const exponents = [...lines, ...guesses].flatMap(([, list]) => list).filter((value) => value > 0 && Number.isFinite(value)).map(Math.log10);
    const bottom = Math.floor(Math.min(-3, ...exponents));
    const top = Math.ceil(Math.max(1, ...exponents));
    const [width, height] = [Math.max(300, sizes.clientWidth), 260];
    const [left, right, high, low] = [46, width - 14, 14, height - 40];
    const x = (l) => (L === 1 ? (left + right) / 2 : left + 14 + ((right - left - 28) * l) / (L - 1));
    const y = (value) => low - ((low - high) * (Math.log10(value) - bottom)) / (top - bottom);
    const fine = (value) => value > 0 && Number.isFinite(value);
    const path = (list) => list.map((value, l) => (fine(value) ? `${x(l).toFixed(1)},${y(value).toFixed(1)}` : "")).filter(Boolean).join(" ");
    const every = Math.ceil((top - bottom) / 6);
    const ticks = Array.from({ length: top - bottom + 1 }, (_, k) => bottom + k).filter((exponent) => exponent % every === 0);
    const layers = Array.from({ length: L }, (_, l) => l).filter((l) => l === 0 || (l + 1) % (L > 12 ? 5 : L > 6 ? 2 : 1) === 0);
    const size = L > 20 && width < 500 ? 2.5 : 3.5;
    const mark = {
      train: (cx, cy) => svg("circle", { class: "train", cx, cy, r: size }),
      dev: (cx, cy) => svg("rect", { class: "dev", x: cx - size, y: cy - size, width: 2 * size, height: 2 * size }),
      third: (cx, cy) => svg("path", { class: "third", d: `M${cx} ${cy - 1.2 * size}l${1.2 * size} ${2.1 * size}h${-2.4 * size}Z` }),
    };
    sizes.replaceChildren(
      svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": described() },
        ...ticks.flatMap((exponent) => [
          svg("path", { class: exponent ? "grid" : "grid one", d: `M${left} ${y(10 ** exponent)}H${right}` }),
          svg("text", { class: "end", x: left - 6, y: y(10 ** exponent) + 4 }, { 0: "1", 1: "10" }[exponent] ?? power(exponent)),
        ]),
        ...layers.map((l) => svg("text", { class: "middle", x: x(l), y: low + 17 }, String(l + 1))),
        svg("text", { x: left, y: height - 6 }, width < 480 ? "layer: signal →" : "layer: a signal goes to the right →"),
        svg("text", { class: "end", x: right, y: height - 6 }, width < 480 ? "← gradient" : "← a gradient comes back"),
        ...guesses.map(([name, list]) => svg("polyline", { class: `guess ${name}`, points: path(list) })),
        ...lines.map(([name, list]) => svg("polyline", { class: `line ${name}`, points: path(list) })),
        ...lines.flatMap(([name, list]) => list.flatMap((value, l) => (fine(value) ? [mark[name](x(l), y(value))] : []))),
      ),
    );
  }

  function described() {
    const ends = (list) => `from ${written(list[0])} in layer 1 to ${written(list.at(-1))} in layer ${list.length}`;
    return `Mean absolute values on a logarithmic axis: activations ${ends(measured.a)}, gradients dz ${ends(measured.dz)}, gradients dW ${ends(measured.dw)}.`;
  }

  // Five layers, or fewer, at equal distances, with the first and the last.
  function sample() {
    const { L } = setting();
    const count = Math.min(L, 5);
    return Array.from({ length: count }, (_, k) => (count === 1 ? 0 : Math.round((k * (L - 1)) / (count - 1))));
  }

  // One histogram on its own scale, up to the size that one value in 200 exceeds: red for positive
  // values, blue for negative ones, and a gray bar for exact zeros.
  function drawShape(values, name, l, unit) {
    const zeros = values.filter((value) => value === 0).length / values.length;
    const ordered = values.map(Math.abs).sort();
    const largest = ordered[Math.floor(0.995 * (ordered.length - 1))];
    const others = largest ? values.filter((value) => value !== 0) : [];
    const low = unit || !others.some((value) => value < 0) ? 0 : -largest;
    const high = unit ? 1 : largest;
    const counts = histogram(others, low, high, 20);
    const most = Math.max(...counts, 1);
    const left = low ? 2 : 10;
    const wide = (108 - left) / 20;
    const bars = counts.map((count, k) => {
      const tall = (52 * count) / most;
      return svg("rect", { class: low + ((k + 0.5) * (high - low)) / 20 > 0 ? "positive" : "negative", x: left + wide * k, y: 56 - tall, width: 0.9 * wide, height: tall });
    });
    const none = zeros ? [svg("rect", { class: "none", x: low ? 53 : 3, y: 56 - 52 * zeros, width: 4, height: 52 * zeros })] : [];
    const scale = !largest ? "all are 0" : low ? `± ${written(largest)}` : `0 to ${unit ? 1 : written(high)}`;
    const share = zeros >= 0.005 && largest ? `${Math.round(100 * zeros)} % are 0` : "";
    return make("figure", {},
      svg("svg", { viewBox: "0 0 110 58", role: "img", "aria-label": `${name} of layer ${l + 1}: ${scale}${share && `, ${share}`}.` }, svg("path", { class: "axis", d: "M0 56.5H110" }), ...bars, ...none),
      make("figcaption", {}, make("b", {}, `layer ${l + 1}`), make("br"), scale, ...(share ? [make("br"), share] : [])),
    );
  }

  function drawShapes() {
    const { g } = setting();
    const row = (title, values, name, unit) => make("div", {}, make("p", {}, title), make("div", { className: "row" }, ...sample().map((l) => drawShape(values(l), name, l, unit))));
    shapes.replaceChildren(
      row("Activations a of five layers, each on its own scale", (l) => measured.layers[l].A.data, "Activations", g === "sigmoid"),
      row("Gradients dz of the same layers", (l) => measured.gradients[l].dZ.data, "Gradients", false),
    );
  }

  // The mean factor by which a list of sizes changes from layer to layer.
  const factorOf = (first, last, layers) => (last / first) ** (1 / (layers - 1));

  const verdict = (factor, span) => (!Number.isFinite(span) || span > 30 ? "explodes" : span < 1 / 30 ? "dies away" : factor > 1.02 ? "grows" : factor < 0.98 ? "shrinks" : "keeps its size");

  // Returns what is seen, in words: a title and sentences.
  function words() {
    const { L, c, g } = setting();
    const { a, dz, dw } = measured;
    const when = changed() ? `After ${step.toLocaleString("en")} steps: ` : "";
    const capital = (text) => text[0].toUpperCase() + text.slice(1);
    const share = (l) => `${written((100 * rate.value * dw[l]) / meanSize(weights[l].data))} %`;
    if (L === 1) return [capital(`${when}one hidden layer has no way to lose a signal.`), [`One step with α = ${rate.value} changes its weights by ${share(0)} of their size.`]];
    const [there, back] = [factorOf(a[0], a.at(-1), L), factorOf(dz.at(-1), dz[0], L)];
    const [first, second] = [verdict(there, a.at(-1) / a[0]), verdict(back, dz[0] / dz.at(-1))];
    const title = first === second ? `the signal ${first}, and so does the gradient.` : `the signal ${first}, the gradient ${second}.`;
    const wanted = expect(L, c, g);
    const fine = (factor) => (factor < 0.1 ? factor.toPrecision(2) : factor.toFixed(2));
    const promise = (factor) => (changed() ? "" : ` (expected: ${fine(factor)})`);
    const sentences = [
      `Forward: from layer 1 to ${L} the mean |a| goes from ${written(a[0])} to ${written(a.at(-1))}, a factor of ${fine(there)} in each layer${promise(factorOf(wanted.a[0], wanted.a.at(-1), L))}.`,
      `Backward: from layer ${L} to 1 the mean |dz| goes from ${written(dz.at(-1))} to ${written(dz[0])}, a factor of ${fine(back)} in each layer${promise(factorOf(1, wanted.dz[0], L))}.`,
      `One step with α = ${rate.value} changes the weights of layer 1 by ${share(0)} of their size, those of layer ${L} by ${share(L - 1)}.`,
    ];
    const limits = { tanh: [-1, 1], sigmoid: [0, 1] }[g];
    const full = limits && measured.layers[L - 1].A.data.filter((value) => limits.some((limit) => Math.abs(value - limit) < 0.05)).length / (WIDTH * Y.length);
    if (full > 0.05) sentences.push(`In layer ${L}, ${Math.round(100 * full)} % of the activations are within 0.05 of ${limits[0]} or ${limits[1]}, where the slope is nearly zero.`.replace("-", "−"));
    if ([...a, ...dz, ...dw].some((value) => value < 1.2e-38)) sentences.push(`Keras’s 32-bit numbers end near ${power(-38)}: what is smaller is zero there.`);
    return [capital(when + title), sentences];
  }

  function say() {
    const [title, sentences] = words();
    said.replaceChildren(make("p", { className: "named" }, title));
    more.replaceChildren(...sentences.map((text) => make("p", {}, text)));
  }

  // The cost after each step so far, and log 10, the cost of guessing among ten digits.
  function drawLearning() {
    const finite = costs.filter(Number.isFinite);
    const top = Math.max(3, Math.min(30, ...finite.slice(0, 1)));
    const end = Math.max(300, 100 * Math.ceil(step / 100));
    const at = (k, J) => `${(40 + (310 * k) / end).toFixed(1)},${(150 - (135 * Math.min(J, top)) / top).toFixed(1)}`;
    const guess = 150 - (135 * Math.log(CLASSES)) / top;
    const label = `Cost after each step: ${finite[0].toFixed(2)} at the start, ${finite.at(-1).toFixed(2)} after step ${finite.length - 1}; guessing costs 2.30.`;
    learning.replaceChildren(
      svg("svg", { viewBox: "0 0 360 175", role: "img", "aria-label": label },
        svg("path", { class: "axis", d: "M40 10V150H350" }),
        svg("path", { class: "guess", d: `M40 ${guess}H350` }), svg("text", { x: 350, y: guess - 4, class: "end" }, "log 10: guessing"),
        svg("polyline", { class: "line train", points: finite.map((J, k) => at(k, J)).join(" ") }),
        svg("text", { x: 34, y: 154, class: "end" }, "0"), svg("text", { x: 34, y: 20, class: "end" }, top.toFixed(0)),
        svg("text", { x: 40, y: 168 }, "0"), svg("text", { x: 350, y: 168, class: "end" }, `${end.toLocaleString("en")} steps`), svg("text", { x: 46, y: 20 }, "cost J"),
      ),
    );
  }

  function drawNumbers() {
    if (!reading.open) return;
    const { L, c, g } = setting();
    const wanted = expect(L, c, g);
    const head = ["layer", "mean |a|", "expected", "mean |dz|", "expected", "mean |dW|", "mean |W|"].map((text) => make("th", { scope: "col" }, text));
    const rows = measured.a.map((a, l) => {
      const guess = changed() ? ["–", "–"] : [written(wanted.a[l]), written(wanted.dz[l] * measured.dz[L - 1])];
      const cells = [written(a), guess[0], written(measured.dz[l]), guess[1], written(measured.dw[l]), written(meanSize(weights[l].data))];
      return make("tr", {}, make("th", { scope: "row" }, String(l + 1)), ...cells.map((text) => make("td", {}, text)));
    });
    numbers.replaceChildren(make("table", { className: "table" }, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows)));
  }

  // Draws everything; what is read aloud waits until the setting or the training rests.
  function show() {
    const { g } = setting();
    const stuck = !Number.isFinite(costs.at(-1));
    if (!stuck) {
      measured = measure(weights, g);
      for (const part of [drawSizes, drawShapes, drawNumbers]) part();
      clearTimeout(rest);
      rest = setTimeout(say, 200);
    }
    drawLearning();
    play.disabled = hundred.disabled = stuck;
    if (!film.running) trained.textContent = stuck ? "The weights have become too large for numbers: the training diverged." : score();
  }

  function score() {
    const P = measured.layers.at(-1).A;
    const right = Y.filter((y, i) => Array.from({ length: P.rows }, (_, k) => P.data[k * P.columns + i]).every((p, k) => k === y || p < P.data[y * P.columns + i])).length;
    return `Step ${step.toLocaleString("en")}: cost ${costs.at(-1).toFixed(3)}, ${right} of 64 digits right.`;
  }

  function advance(steps) {
    const { g, alpha } = setting();
    for (let k = 0; k < steps && Number.isFinite(costs.at(-1)); k++) {
      weights = train(weights, g, alpha, 1);
      step += 1;
      costs.push(cost(Y, forward(X, weights, g).at(-1).Z));
    }
    return Number.isFinite(costs.at(-1));
  }

  const film = playWith(play, {
    move: (calm) => advance(calm ? 100 : 5) && step < 5000,
    wait: () => 30,
    begin: () => (trained.textContent = "Training …"),
    show,
  });

  function restart() {
    const { L, c, g } = setting();
    const now = { small: WIDTH * 0.01 ** 2, glorot: 1, free: chosen() }[rule.value] ?? Number(rule.value);
    form.querySelector("#c-now").textContent = now < 0.1 ? now.toFixed(4) : now.toFixed(2);
    form.querySelector("#depth-now").textContent = depth.value;
    weights = begin(L, c, Number(draw.value));
    [step, costs] = [0, [cost(Y, forward(X, weights, g).at(-1).Z)]];
    film.pause();
  }

  factor.addEventListener("input", () => {
    rule.value = "free";
    restart();
  });
  rule.addEventListener("change", () => {
    if (rule.value !== "free") factor.value = Math.log10({ small: 0.1, glorot: 1 }[rule.value] ?? Number(rule.value));
    restart();
  });
  depth.addEventListener("input", restart);
  for (const select of [activation, draw]) select.addEventListener("change", restart);
  rate.addEventListener("change", say);
  hundred.addEventListener("click", () => {
    advance(100);
    film.pause();
  });
  reset.addEventListener("click", restart);
  reading.addEventListener("toggle", drawNumbers);
  new ResizeObserver(() => weights && drawSizes()).observe(sizes);
  form.addEventListener("submit", (event) => event.preventDefault());
  restart();
}
