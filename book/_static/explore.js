// What the explorable pages share.

// Gives an element several attributes.
function give(element, attributes) {
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
}

// Makes an element of a drawing, as `make` does for the page.
function svg(name, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  give(element, attributes);
  element.append(...children);
  return element;
}

// Splits a text at what is lowered or raised: [text, "_1", text, "^2", text, "^(−z)", …].
function scripts(text) {
  return text.split(/([_^](?:\([^)]*\)|−?\d+))/).filter(Boolean);
}

// The same as elements. Brackets around a negative exponent are for the splitting alone.
function html(text) {
  const tags = { _: "sub", "^": "sup" };
  return scripts(text).map((part) => (part[0] in tags ? make(tags[part[0]], {}, part.slice(1).replace(/^\((−.*)\)$/, "$1")) : part));
}

// Lets a button play pictures, one and soon the next; where motion is not wanted, one a second.
// `move(calm)` goes on and says whether it could, `wait()` is in milliseconds, `begin` says that it
// plays, and `show` draws what is there. Returns what the page asks and stops.
function playWith(button, { move, wait, begin, show }) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const name = button.textContent;
  let next = null;
  const film = {
    get running() {
      return next !== null;
    },
    pause() {
      clearTimeout(next);
      next = null;
      button.textContent = name;
      show();
    },
  };
  function roll() {
    if (!move(calm.matches)) return film.pause();
    next = setTimeout(roll, calm.matches ? 1000 : wait());
    show();
  }
  button.addEventListener("click", () => {
    if (film.running) return film.pause();
    button.textContent = "Pause";
    begin();
    roll();
  });
  return film;
}
