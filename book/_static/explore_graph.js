// The page "Explore: a computation graph": its picture, its words and its fields; the numbers come from
// explore_graph_numbers.js.

{
  const form = document.getElementById("graph");
  const { chosen, back, next, forward, end, again, followed, nudge, size, sides } = form.elements;
  const status = form.querySelector("[role=status]");
  const [picture, fields, product, nudges] = ["picture", "inputs", "product", "nudge"].map((id) => document.getElementById(`graph-${id}`));
  let [graph, inputs, at] = [null, {}, 0];

  const plain = (text) => text.replace(/[_^]/g, "");
  const inSvg = (text) => {
    let shift = 0;
    return scripts(text).map((part) => {
      const goal = { _: 4, "^": -6 }[part[0]] ?? 0;
      const small = goal !== 0;
      const span = svg("tspan", { dy: goal - shift, ...(small ? { "font-size": "72%" } : {}) }, small ? part.slice(1) : part);
      shift = goal;
      return span;
    });
  };
  const named = (formula) => formula.replace(/\{([^}]*)\}/g, "$1");
  const bracketed = (text) => (text.startsWith("−") ? `(${text})` : text);
  const counted = (formula, values) => formula.replace(/\{([^}]*)\}/g, (_, name) => bracketed(written(values[name]))).replace(/^−\((−[^)]*)\)/, "−($1)");
  const sign = (number) => (number > 0 ? "positive" : number < 0 ? "negative" : "zero");

  // The steps to read: forward through each step, then dJ = 1, then each part of the backward pass.
  function events(pass) {
    return [...graph.steps.map((step) => ({ step })), { start: true }, ...pass.map((part) => ({ part }))];
  }

  // What is known at the step where the reader is.
  function state() {
    const values = valuesOf(graph, inputs);
    const pass = backwardPass(graph, values);
    const computed = Math.min(at, graph.steps.length);
    const begun = at > graph.steps.length;
    const done = pass.slice(0, Math.max(0, at - graph.steps.length - 1));
    const known = new Set([...Object.keys(inputs), ...graph.steps.slice(0, computed).map(({ name }) => name)]);
    const missing = new Set(pass.slice(done.length).map(({ to }) => to));
    return { values, pass, done, known, missing, begun, all: events(pass), derivatives: begun ? derivativesOf(graph, done) : {}, last: graph.steps.at(-1).name };
  }

  // The heading and the words of the step where the reader is.
  function words({ values, pass, done, all, last, derivatives }) {
    const event = all[at - 1];
    const count = `Step ${at} of ${all.length}`;
    if (event.step) {
      const { name, short, long } = event.step;
      return [`${count}, forward: ${name} = ${short}`, `${name} = ${named(long)} = ${counted(long, values)} = ${written(values[name])}`];
    }
    if (event.start) return [`${count}, backward begins`, `d${last} = 1, because ${last} grows exactly as fast as itself.`];
    const { step, k, to, slope, sent } = event.part;
    const [formula] = step.slopes[k];
    const counts = pass.filter((part) => part.to === to).length;
    const order = done.filter((part) => part.to === to).length;
    const ratio = `∂${step.name}/∂${to}`;
    const how = /\{/.test(formula) ? `${ratio} = ${named(formula)}${/[·/]/.test(formula) ? ` = ${counted(formula, values)}` : ""} = ${written(slope)}` : `${ratio} = ${formula}`;
    const times = `${bracketed(written(derivatives[step.name]))} · ${bracketed(written(slope))} = ${written(sent)}`;
    let arrives = `d${to} = d${step.name} · ${ratio} = ${times}`;
    if (counts > 1) {
      arrives = `Part ${order} of ${counts} of d${to}: d${step.name} · ${ratio} = ${times}.`;
      const sum = done.filter((part) => part.to === to).map((part) => bracketed(written(part.sent))).join(" + ");
      arrives += order === counts ? ` Together: d${to} = ${sum.replace(/^\((−[^)]*)\)/, "$1")} = ${written(derivatives[to])}` : ` ${to} is used in another place, too; that part is still to come`;
    }
    const [truth, answer, factor] = step.remark ?? [];
    const short = truth ? ` This is ${factor ? `${factor} · (${answer} − ${truth})` : `${answer} − ${truth}`}: the answer minus the truth${factor ? ", halved by the average" : ""}.` : "";
    const much = (number) => (number === 1 ? "just as much" : `${written(number)} times as much`);
    const told = `When ${to} changes by a little, ${step.name} changes ${much(slope)}, and ${last} changes ${much(derivatives[step.name])} as ${step.name}.`;
    return [`${count}, backward: from ${step.name} to ${to}`, `${how}. ${arrives}.${short}`, told];
  }

  // The picture: boxes with values, below each its derivative, lines with their slopes.
  function draw() {
    const now = state();
    const narrow = picture.clientWidth < 600;
    const nudging = nudge.checked;
    const place = (name) => {
      const [x, y, xNarrow, yNarrow, width] = graph.places[name];
      const step = graph.steps.find((one) => one.name === name);
      const data = !step && graph.inputs[name].data;
      const high = step ? 48 : 30;
      const whole = high + (data ? 0 : 26) + (nudging && !data && !step ? 20 : 0);
      return { x: narrow ? xNarrow : x, y: narrow ? yNarrow : y, width, high, whole, data, step };
    };
    const names = Object.keys(graph.places);
    const bottom = Math.max(...names.map((name) => place(name).y + place(name).whole));
    const current = now.all[at - 1];
    const finished = at === now.all.length;
    const followedSteps = finished ? pathsFrom(graph, followed.value).flat() : [];
    const lines = graph.steps.flatMap((step) => step.of.map((from, k) => line(step, from, k)));

    // Where a line ends: spread over the side of its box, in the order in which the lines come from.
    function entry(step, from) {
      const box = place(step.name);
      const across = (name) => (narrow ? place(name).x : place(name).y);
      const order = [...new Set(step.of)].sort((one, other) => across(one) - across(other)).indexOf(from);
      const room = narrow ? Math.min(box.width - 36, 34 * (step.of.length - 1)) : Math.min(30, 20 * (step.of.length - 1));
      const offset = step.of.length > 1 ? (order / (step.of.length - 1) - 0.5) * room : 0;
      return narrow ? [box.x + offset, box.y] : [box.x - box.width / 2, box.y + box.high / 2 + offset];
    }

    function line(step, from, k) {
      const start = place(from);
      const [x1, y1] = narrow ? [start.x, start.y + start.whole] : [start.x + start.width / 2, start.y + start.high / 2];
      const [x2, y2] = entry(step, from);
      const [mx, my] = [(x1 + x2) / 2, (y1 + y2) / 2];
      const path = narrow ? `M${x1} ${y1}C${x1} ${my} ${x2} ${my} ${x2} ${y2}` : `M${x1} ${y1}C${mx} ${y1} ${mx} ${y2} ${x2} ${y2}`;
      const known = now.known.has(step.name);
      const part = now.done.find((one) => one.step === step && one.k === k);
      const active = current.step === step || (current.part?.step === step && current.part.k === k);
      const kind = part ? `sent ${sign(part.sent)}` : known ? "known" : "unknown";
      const tip = (x, y, d, role) => svg("path", { class: role, d: narrow ? `M${x} ${y}l-4.5 ${-9 * d}h9z` : `M${x} ${y}l${-9 * d} -4.5v9z` });
      const group = svg("g", { class: `edge ${kind}${active ? " active" : ""}` });
      if (followedSteps.some(([one, other]) => one === step && other === k)) group.append(svg("path", { class: "halo", d: path }));
      group.append(svg("path", { class: "course", d: path }));
      if (known) group.append(tip(x2, y2, 1, "tip"));
      if (part) group.append(tip(x1, y1, -1, "tip back"));
      if (known && step.slopes[k]) {
        // In the middle of the curve; where curves cross, a little behind it.
        const [near, along] = step.slopes.filter(Boolean).length > 1 && !graph.steps.some(({ name }) => name === from) ? [0.595, 0.676] : [0.5, 0.5];
        const slope = slopeOf(step, k, now.values);
        const [x, y] = narrow ? [x1 + along * (x2 - x1), y1 + near * (y2 - y1)] : [x1 + near * (x2 - x1), y1 + along * (y2 - y1)];
        const text = `×\u2009${written(slope)}`;
        const width = 8 + 6.6 * text.length;
        group.append(svg("rect", { class: `slope ${sign(slope)}`, x: x - width / 2, y: y - 10, width, height: 20, rx: 10 }), svg("text", { class: "slope", x, y: y + 4.5 }, text));
      }
      return group;
    }

    function box(name) {
      const { x, y, width, high, data, step } = place(name);
      const left = x - width / 2;
      const active = current.step?.name === name || (current.start && name === now.last) || current.part?.to === name;
      const group = svg("g", { class: `box ${data ? "data" : step ? "step" : "input"}${active ? " active" : ""}` });
      const rows = step
        ? [svg("text", { class: "formula", x, y: y + 19 }, ...inSvg(`${name} = ${step.short}`)), svg("text", { class: "value", x, y: y + 39 }, now.known.has(name) ? written(now.values[name]) : "?")]
        : [svg("text", { class: "value", x, y: y + 20 }, ...inSvg(`${name} = ${written(now.values[name])}`))];
      group.append(svg("rect", { class: "frame", x: left, y, width, height: high, rx: 6 }), ...rows);
      if (data) return group;
      const derivative = now.derivatives[name];
      const open = now.missing.has(name);
      const known = derivative !== undefined;
      group.append(svg("rect", { class: `derivative ${known ? sign(derivative) : "unknown"}`, x: left, y: y + high, width, height: 26, rx: 6 }));
      group.append(svg("text", { class: known ? "derivative" : "derivative unknown", x, y: y + high + 18 }, ...inSvg(known ? `d${name} = ${written(derivative)}${open ? " + …" : ""}` : `d${name}`)));
      if (nudging && !step) group.append(svg("text", { class: "nudge", x, y: y + high + 42 }, `nudged: ${written(nudgedSlope(graph, inputs, name, Number(size.value), sides.value === "both"))}`));
      group.addEventListener("click", () => follow(name));
      return group;
    }

    const list = (all) => (all.length ? all.join(", ") : "none yet");
    const spoken = `Graph of ${plain(graph.words)}. Values: ${list(names.filter((name) => now.known.has(name)).map((name) => `${plain(name)} = ${written(now.values[name])}`))}. Derivatives: ${list(Object.keys(now.derivatives).map((name) => `d${plain(name)} = ${written(now.derivatives[name])}${now.missing.has(name) ? " so far" : ""}`))}.`;
    const [x, width] = narrow ? [0, 360] : [0, 760];
    picture.replaceChildren(svg("svg", { viewBox: `${x} -3 ${width} ${bottom + 6}`, role: "img", "aria-label": spoken, class: narrow ? "narrow" : "" }, ...lines, ...names.map(box)));
    return now;
  }

  // The chain rule for the box that is followed, and the check by nudging.
  function drawChain({ values, derivatives, missing, last }) {
    const name = followed.value;
    const known = derivatives[name] !== undefined && !missing.has(name);
    const paths = pathsFrom(graph, name);
    const lines = paths.map((path) => {
      const ratios = path.map(([step, k]) => `∂${step.name}/∂${step.of[k]}`).join(" · ");
      const slopes = path.map(([step, k]) => slopeOf(step, k, values));
      const result = slopes.reduce((one, other) => one * other, 1);
      return { ratios, counted: slopes.map((slope) => bracketed(written(slope))).join(" · "), result };
    });
    const rows = lines.map(({ ratios, counted, result }) => make("p", { className: "path" }, ...html(ratios), make("br"), ...html(known ? `= ${counted} = ${written(result)}` : "= …")));
    const total = lines.map(({ result }) => bracketed(written(result))).join(" + ");
    const heading = paths.length > 1 ? `d${name} is the sum over ${paths.length} paths from ${name} to ${last}:` : `d${name} is the product along the path from ${name} to ${last}:`;
    const sum = paths.length > 1 && known ? [make("p", { className: "path" }, ...html(`d${name} = ${total.replace(/^\((−[^)]*)\)/, "$1")} = ${written(derivatives[name])}`))] : [];
    const wait = known ? [] : [make("p", {}, make("small", {}, "The numbers appear when the backward pass has arrived there."))];
    product.replaceChildren(make("p", {}, ...html(heading)), ...rows, ...sum, ...wait);

    for (const part of form.querySelectorAll(".nudged")) part.hidden = !nudge.checked;
    if (!nudge.checked) return nudges.replaceChildren();
    const step = Number(size.value);
    const both = sides.value === "both";
    const long = (number) => written(number, 8);
    const [low, high] = [both ? -step : 0, step].map((change) => valuesOf(graph, inputs, name, change)[last]);
    const slope = nudgedSlope(graph, inputs, name, step, both);
    const [from, to] = [values[name] + (both ? -step : 0), values[name] + step].map((number) => written(number, 6));
    const says = known ? ` The derivative is ${written(derivatives[name], 6)}.` : "";
    nudges.replaceChildren(
      make("p", {}, ...html(`${name} from ${from} to ${to} moves ${last} from ${long(low)} to ${long(high)}.`)),
      make("p", { className: "path" }, ...html(`${written(high - low, 8)} / ${both ? 2 * step : size.value} = ${written(slope, 6)}`)),
      make("p", {}, ...html(says.trim())),
    );
  }

  function show() {
    const now = draw();
    const [heading, text, told] = words(now);
    status.replaceChildren(make("p", { className: "named" }, ...html(heading)), make("p", {}, ...html(text)), ...(told ? [make("p", {}, make("small", {}, ...html(told)))] : []));
    drawChain(now);
    back.disabled = at === 1;
    next.disabled = end.disabled = at === now.all.length;
    forward.disabled = at === graph.steps.length;
  }

  function go(where) {
    at = Math.min(Math.max(1, where), state().all.length);
    show();
  }

  function follow(name) {
    if (name === graph.steps.at(-1).name) return;
    followed.value = name;
    show();
  }

  // A row for an input: a slider and a field, or a choice between two labels.
  function row(name) {
    const { value, low, high, choices, data } = graph.inputs[name];
    const title = data ? `${plain(name)} (data)` : plain(name);
    const text = make("span", {}, ...html(name), ...(data ? [make("small", {}, " data")] : []));
    if (choices) {
      const select = make("select", {}, ...choices.map((number) => make("option", { selected: number === value }, String(number))));
      select.setAttribute("aria-label", title);
      select.addEventListener("change", () => set(name, Number(select.value)));
      return make("label", {}, text, make("span"), select);
    }
    const slider = make("input", { type: "range", min: low, max: high, step: high > 5 ? 0.5 : 0.1, value });
    const field = make("input", { value: written(value), inputMode: "decimal", autocomplete: "off" });
    slider.setAttribute("aria-label", `${title}, slider`);
    field.setAttribute("aria-label", title);
    slider.addEventListener("input", () => {
      field.value = written(Number(slider.value));
      field.removeAttribute("aria-invalid");
      set(name, Number(slider.value), true);
    });
    slider.addEventListener("change", () => set(name, Number(slider.value)));
    field.addEventListener("change", () => {
      const number = Number(field.value.replace("−", "-").replace(",", ".").trim() || NaN);
      if (!(number >= low && number <= high)) {
        field.setAttribute("aria-invalid", "true");
        return status.replaceChildren(make("p", {}, ...html(`${name} has to be a number from ${written(low)} to ${high}.`)));
      }
      field.removeAttribute("aria-invalid");
      slider.value = number;
      set(name, number);
    });
    return make("div", { className: "input-row" }, text, slider, field);
  }

  // While a slider moves, a screen reader is not told every place that it passes.
  function set(name, value, moving = false) {
    inputs[name] = value;
    status.setAttribute("aria-live", moving ? "off" : "polite");
    show();
  }

  function restart() {
    graph = GRAPHS[chosen.value];
    inputs = Object.fromEntries(Object.entries(graph.inputs).map(([name, { value }]) => [name, value]));
    fields.replaceChildren(fields.querySelector("legend"), ...Object.keys(inputs).map(row));
    const names = [...Object.keys(inputs).filter((name) => !graph.inputs[name].data), ...graph.steps.slice(0, -1).map(({ name }) => name)];
    followed.replaceChildren(...names.map((name) => make("option", { value: name }, plain(name))));
    if (graph === GRAPHS.small) followed.value = "b";
    go(1);
  }

  for (const [button, where] of [[back, () => at - 1], [next, () => at + 1], [forward, () => graph.steps.length], [end, () => Infinity]]) button.addEventListener("click", () => go(where()));
  again.addEventListener("click", restart);
  chosen.addEventListener("change", restart);
  for (const choice of [followed, nudge, size, sides]) choice.addEventListener("change", show);
  picture.addEventListener("keydown", (event) => {
    const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!move) return;
    event.preventDefault();
    go(at + move);
  });
  let drawnNarrow = null;
  new ResizeObserver(() => {
    const narrow = picture.clientWidth < 600;
    if (narrow !== drawnNarrow && graph) show();
    drawnNarrow = narrow;
  }).observe(picture);
  form.addEventListener("submit", (event) => event.preventDefault());
  restart();
}
