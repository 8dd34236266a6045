// A term's Korean names and definition stand in its link's title. Show them better than a browser
// does: for the keyboard too, in the right language, and until Escape puts them away.
function explainTerms() {
  const tip = document.createElement("div");
  tip.id = "term-tip";
  tip.setAttribute("role", "tooltip");
  tip.hidden = true;
  document.body.append(tip);
  let shown;

  function show(link) {
    hide();
    const korean = Object.assign(document.createElement("b"), { lang: "ko" });
    const [names, ...definition] = link.dataset.tip.split(" · ");
    korean.textContent = names;
    tip.replaceChildren(korean, definition.join(" · "));
    tip.hidden = false;
    const place = link.getClientRects()[0];
    const left = Math.min(place.left, document.documentElement.clientWidth - tip.offsetWidth - 12);
    const below = place.bottom + tip.offsetHeight + 12 < innerHeight;
    tip.style.left = `${scrollX + Math.max(12, left)}px`;
    tip.style.top = `${scrollY + (below ? place.bottom + 4 : place.top - tip.offsetHeight - 4)}px`;
    link.setAttribute("aria-describedby", tip.id);
    shown = link;
  }

  function hide() {
    tip.hidden = true;
    shown?.removeAttribute("aria-describedby");
    shown = undefined;
  }

  let leaving;
  const leave = () => (leaving = setTimeout(hide, 200)); // time to move onto the tip and read it
  tip.addEventListener("mouseenter", () => clearTimeout(leaving));
  tip.addEventListener("mouseleave", leave);
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  for (const link of document.querySelectorAll("a.term")) {
    link.dataset.tip = link.title;
    link.removeAttribute("title");
    link.addEventListener("focus", () => show(link));
    link.addEventListener("blur", hide);
    link.addEventListener("mouseenter", () => { clearTimeout(leaving); show(link); });
    link.addEventListener("mouseleave", leave);
  }
}

// Above the glossary: a box that leaves the terms in which the words occur, in either language.
function filterTerms() {
  const heading = document.querySelector("article section[id^=letter-]");
  if (!heading) return;
  const letters = document.querySelectorAll("article section[id^=letter-]");
  const box = document.createElement("p");
  box.className = "filter-terms";
  box.innerHTML = '<label>Find a term, in English or Korean <input type="search" autocomplete="off"></label> <span role="status"></span>';
  heading.before(box);
  const plain = (text) => text.toLowerCase().replaceAll(" ", "");
  box.querySelector("input").addEventListener("input", (event) => {
    const words = plain(event.target.value);
    let left = 0;
    for (const letter of letters) {
      let here = 0;
      for (const term of letter.querySelectorAll("dt")) {
        const found = plain(term.textContent).includes(words);
        term.hidden = term.nextElementSibling.hidden = !found;
        here += found;
      }
      letter.hidden = !here;
      left += here;
    }
    box.querySelector("[role=status]").textContent = words && `${left} ${left === 1 ? "term" : "terms"}`;
  });
}

document.addEventListener("DOMContentLoaded", explainTerms);
document.addEventListener("DOMContentLoaded", filterTerms);
