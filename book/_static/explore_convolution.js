// The page "Explore: convolution": the function `convolve` of C4 W1 once more, and a window to drag.

const IMAGES = {
  numbers: [[3, 0, 1, 2, 7, 4], [1, 5, 8, 9, 3, 1], [2, 7, 2, 5, 1, 3], [0, 1, 3, 1, 7, 8], [4, 2, 1, 6, 2, 8], [2, 4, 5, 2, 3, 9]],
  edge: Array(6).fill([10, 10, 10, 0, 0, 0]),
  seven: [[0, 0, 0, 0, 0, 0, 0, 0], [0, 9, 9, 9, 9, 9, 9, 0], [0, 0, 0, 0, 0, 9, 9, 0], [0, 0, 0, 0, 9, 9, 0, 0], [0, 0, 0, 0, 9, 0, 0, 0], [0, 0, 0, 9, 9, 0, 0, 0], [0, 0, 0, 9, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0]],
  flat: Array(6).fill(Array(6).fill(5)),
};
const KERNELS = {
  vertical: [[1, 0, -1], [1, 0, -1], [1, 0, -1]],
  horizontal: [[1, 1, 1], [0, 0, 0], [-1, -1, -1]],
  Sobel: [[1, 0, -1], [2, 0, -2], [1, 0, -1]],
  Scharr: [[3, 0, -3], [10, 0, -10], [3, 0, -3]],
  blur: [[0.1, 0.1, 0.1], [0.1, 0.2, 0.1], [0.1, 0.1, 0.1]],
  sharpen: [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
  identity: [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
};

// Returns the image with `padding` rows and columns of zeros on every side.
function pad(image, padding) {
  const width = image[0].length + 2 * padding;
  const zeros = Array.from({ length: padding }, () => Array(width).fill(0));
  const side = Array(padding).fill(0);
  return [...zeros, ...image.map((row) => [...side, ...row, ...side]), ...zeros];
}

// Returns the nine products [pixel, weight] under the window at place (i, j) of the output.
function products(padded, kernel, stride, i, j) {
  return kernel.flatMap((row, u) => row.map((weight, v) => [padded[i * stride + u][j * stride + v], weight]));
}

// Returns the weighted sums of a kernel over an image padded by zeros, in steps of `stride`.
function convolve(image, kernel, stride, padding) {
  const padded = pad(image, padding);
  const places = (n) => Math.floor((n - kernel.length) / stride) + 1;
  return Array.from({ length: places(padded.length) }, (_, i) =>
    Array.from({ length: places(padded[0].length) }, (_, j) =>
      products(padded, kernel, stride, i, j).reduce((sum, [pixel, weight]) => sum + pixel * weight, 0),
    ),
  );
}

{
  const form = document.getElementById("convolution");
  const { image, padding, stride, preset } = form.elements;
  const [imageGrid, outputGrid] = ["image-grid", "output-grid"].map((id) => document.getElementById(id));
  const status = form.querySelector("[role=status]");
  const written = (value) => String(+value.toFixed(2)).replace("-", "−");
  let place = [0, 0];
  let seen = new Set();

  for (const name of Object.keys(IMAGES)) image.append(make("option", {}, name));
  for (const name of [...Object.keys(KERNELS), "your own"]) preset.append(make("option", {}, name));
  const weights = Array.from({ length: 9 }, (_, k) => {
    const input = make("input", { inputMode: "decimal", autocomplete: "off" });
    input.setAttribute("aria-label", `row ${Math.floor(k / 3) + 1}, column ${(k % 3) + 1}`);
    form.querySelector(".kernel-numbers").append(input);
    return input;
  });

  // Returns the kernel's numbers as rows, or null where one is none; marks that one.
  function kernel() {
    const numbers = weights.map((input) => {
      const text = input.value.trim().replace("−", "-").replace(",", ".");
      const good = /^-?(\d+\.?\d*|\.\d+)$/.test(text);
      input.setAttribute("aria-invalid", String(!good));
      return good ? Number(text) : NaN;
    });
    return numbers.some(Number.isNaN) ? null : [0, 3, 6].map((k) => numbers.slice(k, k + 3));
  }

  function table(name, rows, describe) {
    const body = make("tbody", {});
    const largest = Math.max(...rows.flat().map(Math.abs), 1e-9);
    rows.forEach((row, i) => {
      const line = body.insertRow();
      row.forEach((value, j) => {
        const cell = line.insertCell();
        const { text, className } = describe(value, i, j);
        Object.assign(cell, { textContent: text, className });
        cell.style.setProperty("--share", `${text ? Math.round((100 * Math.abs(value)) / largest) : 0}%`);
        cell.dataset.sign = Math.sign(value);
      });
    });
    const made = make("table", {}, body);
    made.setAttribute("aria-label", name);
    made.style.setProperty("--columns", rows[0].length);
    made.style.setProperty("--side", IMAGES[image.value].length + 2 * Number(padding.value));
    return made;
  }

  function show() {
    const [p, s, weighted] = [Number(padding.value), Number(stride.value), kernel()];
    if (!weighted) {
      status.replaceChildren(make("p", {}, "Write nine numbers, such as 1, −2 or 0.5."));
      return;
    }
    const pixels = IMAGES[image.value];
    const padded = pad(pixels, p);
    const output = convolve(pixels, weighted, s, p);
    place = place.map((k, axis) => Math.max(0, Math.min(k, (axis ? output[0] : output).length - 1)));
    const [i, j] = place;
    seen.add(`${i} ${j}`);
    const under = (k, at) => k >= at * s && k < at * s + 3;
    const border = (k, n) => k < p || k >= n - p;
    imageGrid.replaceChildren(
      table("image", padded, (value, y, x) => ({
        text: written(value),
        className: `${under(y, i) && under(x, j) ? "window " : ""}${border(y, padded.length) || border(x, padded[0].length) ? "zeros" : ""}`,
      })),
    );
    outputGrid.replaceChildren(
      table("output", output, (value, y, x) => ({
        text: seen.has(`${y} ${x}`) ? written(value) : "",
        className: y === i && x === j ? "window" : "",
      })),
    );
    const side = (n) => `⌊(${n} + 2·${p} − 3)/${s}⌋ + 1 = ${Math.floor((n + 2 * p - 3) / s) + 1}`;
    document.getElementById("output-name").textContent = `Output: side ${side(pixels.length)}`;
    status.replaceChildren(make("p", { className: "named" }, `Row ${i + 1}, column ${j + 1}: ${written(output[i][j])}`));
    const sum = products(padded, weighted, s, i, j).map(([pixel, weight]) => `${written(pixel)}·${weight < 0 ? `(${written(weight)})` : written(weight)}`);
    document.getElementById("products").textContent = `${sum.join(" + ")} = ${written(output[i][j])}`;
  }

  function forget() {
    seen = new Set();
    show();
  }

  function choose() {
    KERNELS[preset.value]?.flat().forEach((value, k) => (weights[k].value = written(value)));
    forget();
  }

  // Moves the window so that its center comes as near to a pixel as the stride allows.
  function follow({ clientX, clientY }) {
    const cell = document.elementFromPoint(clientX, clientY)?.closest("#image-grid td");
    if (!cell) return;
    const next = [cell.parentNode.rowIndex, cell.cellIndex].map((k) => Math.round((k - 1) / Number(stride.value)));
    if (next.join() === place.join()) return;
    place = next;
    show();
  }

  imageGrid.addEventListener("pointerdown", (event) => {
    imageGrid.setPointerCapture(event.pointerId);
    imageGrid.focus({ preventScroll: true });
    event.preventDefault();
    follow(event);
  });
  imageGrid.addEventListener("pointermove", (event) => imageGrid.hasPointerCapture(event.pointerId) && follow(event));
  imageGrid.addEventListener("keydown", (event) => {
    const [i, j] = place;
    const moves = { ArrowUp: [i - 1, j], ArrowDown: [i + 1, j], ArrowLeft: [i, j - 1], ArrowRight: [i, j + 1], Home: [0, 0], End: [99, 99] };
    if (!moves[event.key] || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    place = moves[event.key];
    show();
  });
  for (const input of weights)
    input.addEventListener("input", () => {
      preset.value = "your own";
      forget();
    });
  preset.addEventListener("change", choose);
  for (const select of [image, padding, stride]) select.addEventListener("change", forget);
  form.elements.all.addEventListener("click", () => {
    const output = convolve(IMAGES[image.value], kernel() ?? KERNELS.identity, Number(stride.value), Number(padding.value));
    output.forEach((row, i) => row.forEach((_, j) => seen.add(`${i} ${j}`)));
    show();
  });
  form.elements.clear.addEventListener("click", () => {
    place = [0, 0];
    forget();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  choose();
}
