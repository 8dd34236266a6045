// The page "Explore: a computation graph": values go forward through small steps, derivatives back.
// In the formulas {b} stands for the value or the name of b; in names _ and ^ lower or raise what follows.

const sigmoid = (z) => 1 / (1 + Math.exp(-z));
const lossOf = (a, y) => -(y * Math.log(a) + (1 - y) * Math.log(1 - a));

// A small step: its name, what it takes, how it is written (long, and short for its box), its value,
// and its slope along each input: written, and as a function of the inputs and the step's own value.
const sigmoidOf = (name, z) => ({ name, of: [z], long: `σ({${z}})`, short: `σ(${z})`, value: sigmoid, slopes: [[`{${name}} · (1 − {${name}})`, (_, a) => a * (1 - a)]] });
const lossStep = (name, a, y) => ({
  name,
  of: [a, y],
  long: `−{${y}} · log {${a}} − (1 − {${y}}) · log(1 − {${a}})`,
  short: `loss(${a}, ${y})`,
  value: lossOf,
  slopes: [[`−{${y}} / {${a}} + (1 − {${y}}) / (1 − {${a}})`, (p, y) => -y / p + (1 - y) / (1 - p)], null],
});
const free = (value) => ({ value, low: -10, high: 10 });
const weight = (value) => ({ value, low: -2, high: 2 });
const given = (value) => ({ value, low: -2, high: 2, data: true });
const label = (value) => ({ value, choices: [0, 1], data: true });

// `places`: the middle and the top of each box, in a wide picture and in a narrow one, and its width.
const GRAPHS = {
  small: {
    words: "J = 3(a + bc)",
    inputs: { a: free(5), b: free(3), c: free(2) },
    steps: [
      { name: "u", of: ["b", "c"], long: "{b} · {c}", short: "bc", value: (b, c) => b * c, slopes: [["{c}", (b, c) => c], ["{b}", (b) => b]] },
      { name: "v", of: ["a", "u"], long: "{a} + {u}", short: "a + u", value: (a, u) => a + u, slopes: [["1", () => 1], ["1", () => 1]] },
      { name: "J", of: ["v"], long: "3 · {v}", short: "3v", value: (v) => 3 * v, slopes: [["3", () => 3]] },
    ],
    places: { a: [60, 0, 60, 0, 100], b: [60, 100, 180, 0, 100], c: [60, 200, 300, 0, 100], u: [265, 130, 240, 130, 110], v: [460, 50, 150, 265, 110], J: [660, 50, 150, 400, 110] },
  },
  twice: {
    words: "J = (a + b) · ab",
    inputs: { a: free(3), b: free(2) },
    steps: [
      { name: "u", of: ["a", "b"], long: "{a} + {b}", short: "a + b", value: (a, b) => a + b, slopes: [["1", () => 1], ["1", () => 1]] },
      { name: "v", of: ["a", "b"], long: "{a} · {b}", short: "ab", value: (a, b) => a * b, slopes: [["{b}", (a, b) => b], ["{a}", (a) => a]] },
      { name: "J", of: ["u", "v"], long: "{u} · {v}", short: "uv", value: (u, v) => u * v, slopes: [["{v}", (u, v) => v], ["{u}", (u) => u]] },
    ],
    places: { a: [60, 10, 90, 0, 100], b: [60, 170, 270, 0, 100], u: [330, 0, 90, 150, 110], v: [330, 160, 270, 150, 110], J: [640, 80, 180, 300, 110] },
  },
  one: {
    words: "the loss of logistic regression on one example",
    inputs: { w_1: weight(0.4), x_1: given(0.5), w_2: weight(-0.2), x_2: given(-1.5), b: weight(0.1), y: label(1) },
    steps: [
      {
        name: "z",
        of: ["w_1", "x_1", "w_2", "x_2", "b"],
        long: "{w_1} · {x_1} + {w_2} · {x_2} + {b}",
        short: "w_1x_1 + w_2x_2 + b",
        value: (w1, x1, w2, x2, b) => w1 * x1 + w2 * x2 + b,
        slopes: [["{x_1}", (w1, x1) => x1], null, ["{x_2}", (w1, x1, w2, x2) => x2], null, ["1", () => 1]],
      },
      { ...sigmoidOf("a", "z"), remark: ["y", "a"] },
      lossStep("L", "a", "y"),
    ],
    places: { w_1: [60, 0, 56, 0, 108], x_1: [60, 86, 118, 88, 84], w_2: [60, 126, 180, 0, 108], x_2: [60, 212, 243, 88, 84], b: [60, 252, 304, 0, 108], z: [275, 112, 180, 185, 176], a: [486, 112, 120, 325, 112], y: [486, 262, 285, 345, 84], L: [689, 112, 180, 460, 140] },
  },
  two: {
    words: "the cost of logistic regression on two examples",
    inputs: { "x^(1)": given(1.5), w: weight(0.5), b: weight(-0.2), "x^(2)": given(-1), "y^(1)": label(0), "y^(2)": label(1) },
    steps: [
      ...["(1)", "(2)"].map((i) => ({
        name: `z^${i}`,
        of: ["w", `x^${i}`, "b"],
        long: `{w} · {x^${i}} + {b}`,
        short: `wx^${i} + b`,
        value: (w, x, b) => w * x + b,
        slopes: [[`{x^${i}}`, (w, x) => x], null, ["1", () => 1]],
      })),
      ...["(1)", "(2)"].map((i) => ({ ...sigmoidOf(`a^${i}`, `z^${i}`), remark: [`y^${i}`, `a^${i}`, "½"] })),
      ...["(1)", "(2)"].map((i) => ({ ...lossStep(`L^${i}`, `a^${i}`, `y^${i}`), short: "loss" })),
      { name: "J", of: ["L^(1)", "L^(2)"], long: "½ · ({L^(1)} + {L^(2)})", short: "½(L^(1) + L^(2))", value: (one, two) => (one + two) / 2, slopes: [["½", () => 0.5], ["½", () => 0.5]] },
    ],
    places: {
      "x^(1)": [46, 12, 48, 0, 84], w: [46, 70, 136, 0, 88], b: [46, 170, 225, 0, 88], "x^(2)": [46, 272, 313, 0, 84],
      "z^(1)": [210, 20, 90, 135, 120], "z^(2)": [210, 200, 270, 135, 120], "a^(1)": [380, 20, 62, 275, 104], "a^(2)": [380, 200, 298, 275, 104],
      "y^(1)": [380, 112, 147, 297, 62], "y^(2)": [380, 154, 213, 297, 62], "L^(1)": [540, 20, 90, 410, 90], "L^(2)": [540, 200, 270, 410, 90], J: [694, 110, 180, 545, 130],
    },
  },
};

// Returns the values of all boxes. A nudge is added to the box of that name, input or step.
function valuesOf(graph, inputs, nudged = null, size = 0) {
  const values = { ...inputs };
  if (nudged in values) values[nudged] += size;
  for (const { name, of, value } of graph.steps) values[name] = value(...of.map((input) => values[input])) + (name === nudged ? size : 0);
  return values;
}

// Returns the slope of a step along its input number k.
function slopeOf({ name, of, slopes }, k, values) {
  return slopes[k][1](...of.map((input) => values[input]), values[name]);
}

// Returns what the backward pass does, in its order: {step, k, to, slope, sent}.
function backwardPass(graph, values) {
  const derivatives = { [graph.steps.at(-1).name]: 1 };
  return graph.steps.toReversed().flatMap((step) =>
    step.of.flatMap((to, k) => {
      if (!step.slopes[k]) return [];
      const slope = slopeOf(step, k, values);
      const sent = derivatives[step.name] * slope;
      derivatives[to] = (derivatives[to] ?? 0) + sent;
      return [{ step, k, to, slope, sent }];
    }),
  );
}

// Returns the derivative of the result with respect to each box, after all of the pass or a part of it.
function derivativesOf(graph, pass) {
  const derivatives = { [graph.steps.at(-1).name]: 1 };
  for (const { to, sent } of pass) derivatives[to] = (derivatives[to] ?? 0) + sent;
  return derivatives;
}

// Returns the paths from a box to the result: lists of [step, k], the last step first.
function pathsFrom(graph, name) {
  if (name === graph.steps.at(-1).name) return [[]];
  return graph.steps.flatMap((step) => {
    const k = step.of.indexOf(name);
    return k < 0 || !step.slopes[k] ? [] : pathsFrom(graph, step.name).map((path) => [...path, [step, k]]);
  });
}

// Returns the derivative by nudging.
function nudgedSlope(graph, inputs, name, size, bothWays) {
  const result = (change) => valuesOf(graph, inputs, name, change)[graph.steps.at(-1).name];
  return bothWays ? (result(size) - result(-size)) / (2 * size) : (result(size) - result(0)) / size;
}

// Returns a number as it is written: three decimals at most, small ones with two digits.
function written(number, decimals = 3) {
  const small = number !== 0 && Math.abs(number) < 10 ** -decimals;
  const text = small ? Number(number.toPrecision(2)).toString() : Number(number.toFixed(decimals)).toString();
  return text.replace(/^-/, "−").replace(/e-(\d+)/, " · 10^(−$1)");
}
