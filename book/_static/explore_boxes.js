// The page "Explore: boxes": intersection over union of two boxes, and non-max suppression round by round.

// Corners are [top, left, bottom, right], as in the notebook.
function overlapOf(a, b) {
  const high = Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0]));
  const wide = Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));
  const [areaA, areaB] = [a, b].map(([top, left, bottom, right]) => (bottom - top) * (right - left));
  const shared = high * wide;
  return { high, wide, areaA, areaB, shared, union: areaA + areaB - shared, iou: shared / (areaA + areaB - shared) };
}

// The rounds of non-max suppression, best score first: [{ best, rest: [{ k, iou, compared, dropped }] }].
// Boxes have corners, a score and a kind; `least` is the lowest score, `limit` the largest IoU that
// stays, `each` says that kinds are suppressed each by itself.
function roundsOf(boxes, { least, limit, each }) {
  const rounds = [];
  let left = [...boxes.keys()].filter((k) => boxes[k].score >= least).sort((i, j) => boxes[j].score - boxes[i].score);
  while (left.length) {
    const [best, ...others] = left;
    const rest = others.map((k) => {
      const { iou } = overlapOf(boxes[best].corners, boxes[k].corners);
      const compared = !each || boxes[k].kind === boxes[best].kind;
      return { k, iou, compared, dropped: compared && iou > limit };
    });
    rounds.push({ best, rest });
    left = rest.filter(({ dropped }) => !dropped).map(({ k }) => k);
  }
  return rounds;
}

{
  const UNIT = 16; // a square of the picture, in units of the drawing
  const [WIDE, HIGH] = [40, 22]; // of a picture, in squares
  const number = (value) => value.toFixed(2);

  // Draws boxes that can be moved and resized, by pointer and by keyboard; says when one has changed.
  function movable(boxes, { words, changed }) {
    return boxes.map((box) => {
      const frame = svg("rect", { class: "frame" });
      const handle = svg("rect", { class: "handle" });
      const text = svg("text", {});
      const group = svg("g", { class: "box", tabindex: 0, role: "group" }, frame, text, handle);
      const place = () => {
        const [top, left, bottom, right] = box.corners.map((value) => value * UNIT);
        give(frame, { x: left, y: top, width: right - left, height: bottom - top });
        give(handle, { x: right, y: bottom });
        give(text, { x: left + 3, y: top < 2 * UNIT ? bottom + 1.5 * UNIT : top - 6 });
        text.textContent = words(box);
        const [t, l, b, r] = box.corners;
        group.setAttribute("aria-label", `${words(box)}: from ${l} to ${r} across, from ${t} to ${b} down. Arrow keys move it, with Shift they change its size.`);
      };
      // Moves by whole squares, or changes the size, and stays inside the picture.
      const shift = (down, across, resize, moving) => {
        let [top, left, bottom, right] = box.corners;
        if (resize) [bottom, right] = [Math.min(HIGH, Math.max(top + 1, bottom + down)), Math.min(WIDE, Math.max(left + 1, right + across))];
        else {
          down = Math.min(HIGH - bottom, Math.max(-top, down));
          across = Math.min(WIDE - right, Math.max(-left, across));
          [top, left, bottom, right] = [top + down, left + across, bottom + down, right + across];
        }
        if (box.corners.join() === [top, left, bottom, right].join()) return;
        box.corners = [top, left, bottom, right];
        place();
        changed(moving);
      };
      group.addEventListener("keydown", (event) => {
        const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
        if (!step) return;
        event.preventDefault();
        shift(...step, event.shiftKey, false);
      });
      group.addEventListener("pointerdown", (event) => {
        const resize = event.target === handle;
        const scale = group.ownerSVGElement.clientWidth / WIDE; // of a square on the screen
        let [fromX, fromY] = [event.clientX, event.clientY];
        group.setPointerCapture(event.pointerId);
        const follow = (now) => {
          const [across, down] = [Math.round((now.clientX - fromX) / scale), Math.round((now.clientY - fromY) / scale)];
          if (!across && !down) return;
          [fromX, fromY] = [fromX + across * scale, fromY + down * scale];
          shift(down, across, resize, true);
        };
        group.addEventListener("pointermove", follow);
        const end = () => {
          group.removeEventListener("pointermove", follow);
          changed(false);
        };
        for (const name of ["pointerup", "pointercancel"]) group.addEventListener(name, end, { once: true });
      });
      place();
      return { group, place };
    });
  }

  function picture(label, ...children) {
    const lines = [];
    for (let k = 0; k <= WIDE; k++) lines.push(`M${k * UNIT} 0V${HIGH * UNIT}`);
    for (let k = 0; k <= HIGH; k++) lines.push(`M0 ${k * UNIT}H${WIDE * UNIT}`);
    const squares = svg("path", { class: "squares", d: lines.join("") });
    return svg("svg", { viewBox: `-1 -1 ${WIDE * UNIT + 2} ${HIGH * UNIT + 2}`, role: "group", "aria-label": label }, squares, ...children);
  }

  // Two boxes and their IoU.
  {
    const form = document.getElementById("iou");
    const status = form.querySelector("[role=status]");
    const PAIRS = {
      third: [[7, 12, 15, 20], [7, 16, 15, 24]],
      half: [[5, 10, 17, 22], [5, 14, 17, 26]],
      inside: [[3, 8, 19, 32], [9, 16, 15, 24]],
      corner: [[3, 8, 13, 20], [11, 17, 21, 29]],
      apart: [[4, 4, 14, 14], [8, 24, 18, 36]],
    };
    const pair = ["A", "B"].map((name, k) => ({ name, corners: PAIRS.third[k] }));
    const shared = svg("rect", { class: "shared" });

    function show(moving = false) {
      const [a, b] = pair.map(({ corners }) => corners);
      const { high, wide, areaA, areaB, shared: area, union, iou } = overlapOf(a, b);
      give(shared, { x: UNIT * Math.max(a[1], b[1]), y: UNIT * Math.max(a[0], b[0]), width: UNIT * wide, height: UNIT * high });
      status.setAttribute("aria-live", moving ? "off" : "polite");
      const how = area ? `Shared: ${high} high × ${wide} wide = ${area} squares.` : "They share nothing.";
      status.replaceChildren(
        make("p", { className: "named" }, `IoU = ${area} / ${union} = ${number(iou)}`),
        make("p", {}, `${how} A covers ${areaA}, B covers ${areaB}; together they cover ${areaA} + ${areaB} − ${area} = ${union}.`),
        make("p", {}, iou >= 0.5 ? "As a prediction of the other box, it would count as right: at least 0.5." : "As a prediction of the other box, it would count as wrong: below 0.5."),
      );
    }

    const groups = movable(pair, { words: ({ name }) => name, changed: show });
    document.getElementById("iou-picture").append(picture("Two boxes on a grid of squares", shared, ...groups.map(({ group }) => group)));
    groups[1].group.classList.add("other");
    for (const button of form.querySelectorAll("button")) {
      button.addEventListener("click", () => {
        pair.forEach((box, k) => (box.corners = PAIRS[button.name][k]));
        for (const { place } of groups) place();
        show();
      });
    }
    form.addEventListener("submit", (event) => event.preventDefault());
    show();
  }

  // Non-max suppression, step by step.
  {
    const form = document.getElementById("nms");
    const { scene, least, limit, each, back, next, end, again } = form.elements;
    const status = form.querySelector("[role=status]");
    const [frame, table] = ["nms-picture", "nms-table"].map((id) => document.getElementById(id));
    const SCENES = {
      one: { cars: [[8, 10, 16, 28]], people: [], boxes: [["car", 0.92, [8, 9, 16, 28]], ["car", 0.85, [7, 12, 16, 30]], ["car", 0.74, [9, 7, 18, 25]], ["car", 0.66, [5, 14, 15, 35]], ["car", 0.45, [12, 3, 20, 15]]] },
      two: { cars: [[8, 5, 16, 21], [9, 14, 17, 31]], people: [], boxes: [["car", 0.94, [8, 5, 16, 21]], ["car", 0.88, [9, 13, 17, 30]], ["car", 0.79, [7, 6, 16, 22]], ["car", 0.71, [9, 15, 18, 32]], ["car", 0.64, [8, 9, 17, 26]]] },
      kinds: { cars: [[6, 10, 18, 24]], people: [[5, 12, 19, 22]], boxes: [["car", 0.91, [6, 10, 18, 24]], ["person", 0.87, [5, 12, 19, 22]], ["person", 0.76, [4, 11, 18, 22]], ["car", 0.72, [7, 9, 18, 26]], ["car", 0.67, [5, 11, 19, 23]]] },
    };
    let [boxes, groups, at, finished] = [[], [], 0, false]; // who has read to the end stays at the end

    const name = ({ kind, score }) => `${kind} ${number(score)}`;

    // A street with what there is to find.
    function street({ cars, people }) {
      const at = ([top, left, bottom, right]) => [left * UNIT, top * UNIT, (right - left) * UNIT, (bottom - top) * UNIT];
      const car = (corners) => {
        const [x, y, w, h] = at(corners);
        const wheel = (share) => svg("circle", { cx: x + share * w, cy: y + 0.82 * h, r: 0.17 * h });
        return svg("g", { class: "thing" }, svg("path", { d: `M${x} ${y + 0.8 * h}V${y + 0.45 * h}L${x + 0.18 * w} ${y + 0.4 * h}L${x + 0.32 * w} ${y}H${x + 0.7 * w}L${x + 0.85 * w} ${y + 0.4 * h}L${x + w} ${y + 0.5 * h}V${y + 0.8 * h}Z` }), wheel(0.22), wheel(0.78));
      };
      const person = (corners) => {
        const [x, y, w, h] = at(corners);
        return svg("g", { class: "thing person" }, svg("circle", { cx: x + w / 2, cy: y + 0.12 * h, r: 0.12 * h }), svg("path", { d: `M${x} ${y + 0.3 * h}Q${x + w / 2} ${y + 0.2 * h} ${x + w} ${y + 0.3 * h}L${x + 0.8 * w} ${y + 0.62 * h}V${y + h}H${x + 0.55 * w}L${x + w / 2} ${y + 0.68 * h}L${x + 0.45 * w} ${y + h}H${x + 0.2 * w}V${y + 0.62 * h}Z` }));
      };
      return [...cars.map(car), ...people.map(person)];
    }

    // The steps to read: all boxes; those below the score limit go; then a best box, and what it drops.
    function show(moving = false) {
      const settings = { least: Number(least.value), limit: Number(limit.value), each: each.checked };
      const rounds = roundsOf(boxes, settings);
      at = finished ? 1 + rounds.length : Math.min(at, 1 + rounds.length);
      finished = at === 1 + rounds.length;
      const states = boxes.map(({ score }) => (at > 0 && score < settings.least ? ["dropped", `score below ${number(settings.least)}`] : ["open", at > 0 ? "still to come" : ""]));
      for (const { best, rest } of rounds.slice(0, Math.max(0, at - 1))) {
        states[best] = ["kept", "kept"];
        for (const { k, iou, dropped } of rest) if (dropped) states[k] = ["dropped", `dropped: IoU ${number(iou)} with ${name(boxes[best])}`];
      }
      const current = rounds[at - 2];
      groups.forEach(({ group }, k) => group.setAttribute("class", `box ${boxes[k].kind} ${states[k][0]}${current?.best === k ? " best" : ""}`));
      status.setAttribute("aria-live", moving ? "off" : "polite");
      status.replaceChildren(...words(rounds, current, settings));
      const rows = boxes.map((box, k) => make("tr", { className: states[k][0] }, make("th", { scope: "row" }, name(box)), make("td", {}, current && current.best !== k ? number(overlapOf(boxes[current.best].corners, box.corners).iou) : "–"), make("td", {}, states[k][1])));
      table.tBodies[0].replaceChildren(...rows);
      document.getElementById("least-now").textContent = number(settings.least);
      document.getElementById("limit-now").textContent = number(settings.limit);
      back.disabled = at === 0;
      next.disabled = end.disabled = finished;
    }

    function words(rounds, current, { least, limit, each }) {
      const title = (text) => make("p", { className: "named" }, text);
      const low = boxes.filter(({ score }) => score < least).length;
      const last = at === 1 + rounds.length;
      const result = make("p", {}, `No box is left to look at. Kept: ${rounds.map(({ best }) => name(boxes[best])).join(", ") || "none"}.`);
      if (at === 0) return [title(`${boxes.length} boxes`), make("p", {}, "Which of them will be kept?")];
      if (at === 1) return [title(`Scores below ${number(least)}`), make("p", {}, low ? `${low} of ${boxes.length} go, before anything is compared.` : "None is that low."), ...(last ? [result] : [])];
      const told = current.rest.map(({ k, iou, compared, dropped }) => `${name(boxes[k])}: ${!compared ? "another kind, not compared" : `IoU ${number(iou)}, ${dropped ? "dropped" : "stays"}`}`);
      return [
        title(`Round ${at - 1}: keep ${name(boxes[current.best])}`),
        make("p", {}, `It has the highest score that is left. ${told.length ? `Drop what overlaps it by more than ${number(limit)}${each ? ", of its own kind" : ""}. ${told.join("; ")}.` : ""}`),
        ...(last ? [result] : []),
      ];
    }

    function restart() {
      const { boxes: given } = SCENES[scene.value];
      boxes = given.map(([kind, score, corners]) => ({ kind, score, corners }));
      groups = movable(boxes, { words: name, changed: show });
      frame.replaceChildren(picture("A street with boxes", ...street(SCENES[scene.value]), ...groups.map(({ group }) => group).reverse()));
      [at, finished] = [0, false];
      show();
    }

    for (const [button, move] of [[back, -1], [next, 1], [end, Infinity]]) {
      button.addEventListener("click", () => {
        [at, finished] = [Math.max(0, at + move), false];
        show();
      });
    }
    for (const field of [least, limit]) {
      field.addEventListener("input", () => show(true));
      field.addEventListener("change", () => show());
    }
    each.addEventListener("change", () => show());
    scene.addEventListener("change", restart);
    again.addEventListener("click", restart);
    form.addEventListener("submit", (event) => event.preventDefault());
    restart();
  }
}
