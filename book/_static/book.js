// Makes an element; the scripts of single pages use it, too.
function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

// A formula or a drawing wider than the page scrolls inside itself: let the keyboard reach it.
function focusWideBoxes() {
  for (const box of document.querySelectorAll("div.math:has(.katex-html), .drawing-box")) {
    if (box.scrollWidth > box.clientWidth) {
      box.tabIndex = 0;
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", box.matches(".drawing-box") ? "drawing" : "formula");
    } else box.removeAttribute("tabindex");
  }
}
document.addEventListener("DOMContentLoaded", focusWideBoxes);
window.addEventListener("resize", focusWideBoxes);

// A link may lead into what is folded, such as a row of evidence: not every browser unfolds it.
function unfoldTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const folded = target?.closest("details:not([open])");
  if (!folded) return;
  folded.open = true;
  target.scrollIntoView();
}
document.addEventListener("DOMContentLoaded", unfoldTarget);
window.addEventListener("hashchange", unfoldTarget);

// Pages that were opened from disk may not read each other, so search shows titles only; and whoever
// reads the offline copy has no need of another.
if (location.protocol === "file:") {
  DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
  document.addEventListener("DOMContentLoaded", () => document.querySelector(".take-along")?.remove());
}

// Paper is white and shows everything: open what is folded, and put it back afterwards.
window.addEventListener("beforeprint", () => {
  const folded = document.querySelectorAll("article details:not([open])");
  const { theme } = document.documentElement.dataset;
  for (const details of folded) details.open = true;
  document.documentElement.dataset.theme = "light";
  window.addEventListener("afterprint", () => {
    for (const details of folded) details.open = false;
    document.documentElement.dataset.theme = theme;
  }, { once: true });
});

// Pictures below the first screen load late: wait for them before printing. What is printed: all of
// the page, all but the answers ("questions"), or what to remember, notation and terms ("summary").
async function printPage(what) {
  const pictures = [...document.querySelectorAll("article img")];
  const late = pictures.filter((picture) => picture.loading === "lazy");
  for (const picture of late) picture.loading = "eager";
  await Promise.allSettled(pictures.map((picture) => picture.decode()));
  const terms = what === "summary" ? listTerms() : "";
  document.querySelector("article > section").append(terms);
  document.documentElement.dataset.print = what;
  window.addEventListener("afterprint", () => {
    delete document.documentElement.dataset.print;
    for (const picture of late) picture.loading = "lazy";
    if (terms) terms.remove();
  }, { once: true });
  window.print();
}

// The terms of a page, which the glossary linked, in both languages.
function listTerms() {
  const list = make("ul", { className: "terms" });
  for (const { textContent, dataset } of document.querySelectorAll("a.term")) {
    const korean = make("span", { lang: "ko" }, dataset.tip.split(/,| · /)[0]);
    list.append(make("li", {}, textContent, " ", korean));
  }
  return make("section", { id: "terms" }, make("h2", {}, "Terms"), list);
}

document.addEventListener("DOMContentLoaded", () => {
  const button = document.querySelector("button.print");
  button?.addEventListener("click", () => printPage("all"));
  if (!document.getElementById("check-yourself")) return;
  const others = { questions: "Print without answers", summary: "Print a summary" };
  for (const [what, name] of Object.entries(others)) {
    const other = make("button", { type: "button" }, name);
    other.addEventListener("click", () => printPage(what));
    button?.parentElement.append(other);
  }
});
