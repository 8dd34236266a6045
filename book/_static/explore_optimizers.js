// The page "Explore: optimizers race": its pictures, its words and its fields; the numbers come from
// explore_optimizers_numbers.js.

{
  const form = document.getElementById("optimizers");
  const { landscape: chosen, rates, play, back, next, ten, hundred, again, moment, first, second, reader, weight } = form.elements;
  const status = form.querySelector("[role=status]");
  const [plane, curve, racers, numbers, places] = ["plane", "curve", "racers", "numbers", "places"].map((id) => document.getElementById(`race-${id}`));
  let [landscape, start, at, reach, lines] = [null, [], 0, 0, []];
  const race = Object.fromEntries(NAMES.map((name) => [name, { on: true, settings: { alpha: 0.1, ...BETAS[name] }, run: null }]));
  const style = { "gradient descent": "plain", momentum: "momentum", RMSprop: "rmsprop", Adam: "adam" };

  const racing = () => NAMES.filter((name) => race[name].on);
  const run = (name) => (race[name].run = prolong(race[name].run ?? begin(landscape, start), landscape, name, race[name].settings, reach));
  const costAt = (name) => run(name).costs[at] ?? Infinity;

  // The picture: contours and paths on a surface, for a network its points and the borders drawn.
  function drawPlane() {
    const { box } = landscape;
    const [width, height] = box ? [400, Math.round((400 * (box.high - box.low)) / (box.right - box.left))] : [400, 400];
    const { left, right, low, high } = box ?? { left: -2.1, right: 2.1, low: -2.1, high: 2.1 };
    const keep = (number) => Math.max(-2000, Math.min(2000, number)).toFixed(1);
    const place = ([a, b]) => [keep((width * (a - left)) / (right - left)), keep((height * (high - b)) / (high - low))];
    const parts = box ? [...lines.map((d) => svg("path", { class: "level", d })), ...racing().flatMap(path)] : [...Y.map(point), ...racing().map(border)];

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
    const where = racing().map((name) => `${name} at ${(run(name).points[at] ?? run(name).points.at(-1)).slice(0, 2).map((n) => digits(n, 3)).join(", ")}`).join("; ");
    const label = box ? `Contours of ${landscape.words} with the paths after ${at} steps: ${where}.` : `200 points of two kinds in four clouds, and the border of each network after ${at} steps.`;
    plane.replaceChildren(svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label, class: box ? "surface" : "" }, ...parts, ...arrows(), ...axes));
  }

  // The costs of all steps so far, on a logarithmic axis, with the target.
  function drawCurve() {
    const all = racing().flatMap((name) => run(name).costs.slice(0, reach + 1)).filter((J) => Number.isFinite(J) && J > 0);
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
    const paths = racing().map((name) => {
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
    const told = racing().map((name) => `${name} ${Number.isFinite(costAt(name)) ? digits(costAt(name), 3) : "diverged"}`);
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
    next.disabled = ten.disabled = hundred.disabled = play.disabled = !film.running && at >= landscape.longest;
    if (!film.running) status.replaceChildren(make("p", {}, ...html(words())));
  }

  function move(where) {
    at = Math.max(0, Math.min(where, landscape.longest));
    reach = Math.max(reach, at);
  }

  function go(where) {
    move(where);
    show();
  }

  // A picture with one step more, for a network with five.
  const film = playWith(play, {
    move: (calm) => {
      if (at >= landscape.longest) return false;
      move(at + (calm ? 10 : 1) * (landscape.box ? 1 : 5));
      return true;
    },
    wait: () => (landscape.box ? 90 : 40),
    begin: () => status.replaceChildren(make("p", {}, "The race is on …")),
    show,
  });

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
  for (const [button, where] of [[back, () => at - 1], [next, () => at + 1], [ten, () => at + 10], [hundred, () => at + 100], [again, () => 0]])
    button.addEventListener("click", () => {
      if (button === again) reach = 0;
      at = where();
      if (film.running) film.pause();
      go(at);
    });
  for (const kind of ["input", "change"])
    moment.addEventListener(kind, () => {
      if (film.running) film.pause();
      status.setAttribute("aria-live", kind === "input" ? "off" : "polite");
      go(Number(moment.value));
    });
  chosen.addEventListener("change", () => {
    if (film.running) film.pause();
    choose();
  });
  rates.addEventListener("change", restart);
  for (const select of [reader, weight]) select.addEventListener("change", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  reader.value = "Adam";
  choose();
}
