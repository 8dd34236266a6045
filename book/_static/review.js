// The page of review: questions that are due, flash cards, and what the browser remembers.

const byId = (id) => document.getElementById(id);
const count = (n, what) => `${n} ${what}${n === 1 ? "" : "s"}`;

function shuffled(list) {
  return list.map((entry) => [Math.random(), entry]).sort(([a], [b]) => a - b).map(([, entry]) => entry);
}

// A select offers the weeks that have something to offer.
function fillWeeks(select, weeks) {
  for (const week of Object.keys(WEEKS).filter((week) => weeks.has(week))) select.append(make("option", { value: week }, WEEKS[week].title));
}

// Questions: those due stand on the page, others are drawn; a question stays until the page is left.
function reviewQuestions() {
  const boxes = new Map([...document.querySelectorAll(".asked")].map((box) => [box.querySelector("details").dataset.question, box]));
  const weeks = byId("review-weeks");
  fillWeeks(weeks, new Set([...boxes.keys()].map((key) => key.split("-")[0])));
  function draw(keys) {
    for (const key of keys) {
      const box = boxes.get(key);
      if (box.classList.contains("drawn")) continue;
      box.classList.add("drawn");
      const details = box.querySelector("details");
      const question = parse(details);
      if (question) enhance(question, key);
      askWhoOpens(details);
    }
  }
  function say() {
    const { items } = remembered();
    const mine = [...boxes.keys()].filter((key) => items[key]?.box >= 0);
    const due = mine.filter((key) => isDue(items[key]));
    const next = Math.min(...mine.filter((key) => !isDue(items[key])).map((key) => items[key].due)) - today();
    const later = next < Infinity ? ` The next one comes ${next === 1 ? "tomorrow" : `in ${next} days`}.` : "";
    const words = due.length ? `${count(due.length, "question")} that you missed ${due.length === 1 ? "is" : "are"} due.` : mine.length ? `Nothing is due today.${later}` : "No question has been missed yet. Draw some at random, from weeks that you have read.";
    if (byId("questions-due").textContent !== words) byId("questions-due").textContent = words;
  }
  const { items } = remembered();
  const gone = Object.keys(items).filter((key) => isQuestion(key) && items[key].box >= 0 && !boxes.has(key));
  if (gone.length) remember((data) => gone.forEach((key) => delete data.items[key].box)); // asked no more
  draw([...boxes.keys()].filter((key) => isDue(items[key])).sort((a, b) => items[a].box - items[b].box));
  byId("draw").addEventListener("click", () => {
    const left = [...boxes.keys()].filter((key) => key.startsWith(weeks.value) && !boxes.get(key).classList.contains("drawn"));
    const drawn = shuffled(left).slice(0, 5);
    draw(drawn);
    boxes.get(drawn.sort((a, b) => left.indexOf(a) - left.indexOf(b))[0])?.querySelector("input, summary").focus();
  });
  document.addEventListener("progress", say);
  say();
}

// Cards: those due first, by their boxes, then a few new ones.
const NEW_CARDS = 10;

function flashCards() {
  const all = JSON.parse(byId("card-data").textContent).map(([key, term, korean, definition, week, page]) => ({ key, term, korean: korean.join(", "), definition, week, page }));
  const terms = new Map(all.map((card) => [card.key, card]));
  const [weeks, direction] = [byId("card-weeks"), byId("card-direction")];
  fillWeeks(weeks, new Set(all.map((card) => card.week)));
  let stack = [];

  function deal() {
    const { items } = remembered();
    const ways = direction.value === "both" ? ["ko", "en"] : [direction.value];
    const keys = all.filter((card) => card.week.startsWith(weeks.value)).flatMap((card) => ways.map((way) => `${card.key}.${way}`));
    const due = shuffled(keys.filter((key) => isDue(items[key]))).sort((a, b) => items[a].box - items[b].box);
    stack = [...due, ...shuffled(keys.filter((key) => !items[key])).slice(0, NEW_CARDS)];
    ask();
  }

  const word = (text, korean) => make("p", { className: "word", lang: korean ? "ko" : "en" }, text);
  const button = (text, act) => {
    const made = make("button", { type: "button" }, text);
    made.addEventListener("click", act);
    return made;
  };

  const said = make("div", {});
  said.setAttribute("role", "status");
  const choices = make("p", { className: "choices" });
  byId("card").append(said, choices);
  function show(words, ...buttons) {
    const moved = choices.contains(document.activeElement);
    said.replaceChildren(...words);
    choices.replaceChildren(...buttons);
    if (moved) buttons[0].focus();
  }

  function ask() {
    const key = stack[0];
    if (!key) return show([make("p", {}, "No card is left for now.")], button("Ten more", deal));
    const korean = key.endsWith(".ko");
    const card = terms.get(key.slice(0, -3));
    const left = make("p", { className: "left" }, `${count(stack.length, "card")} left`);
    const front = word(korean ? card.korean : card.term, korean);
    show([left, front], button("Show the answer", () => {
      const back = word(korean ? card.term : card.korean, !korean);
      const taught = card.page ? make("a", { href: card.page }, `Read again in ${WEEKS[card.week].title}`) : "";
      show([left, front, back, make("p", {}, `${card.definition} `, taught)], button("I had it", () => answer(true)), button("I missed it", () => answer(false)));
    }));
  }

  function answer(right) {
    const [key, ...others] = stack;
    grade(key, right);
    stack = right ? others : [...others.slice(0, 3), key, ...others.slice(3)];
    ask();
  }

  weeks.addEventListener("change", deal);
  direction.addEventListener("change", deal);
  deal();
}

function keepAndForget() {
  const say = (words) => (byId("kept").textContent = words);
  function list() {
    const data = remembered();
    const weeks = Object.keys(WEEKS).filter((week) => stepsOf(week, data).share);
    const cards = Object.entries(data.items).filter(([key]) => !isQuestion(key));
    const known = cards.filter(([, item]) => item.box > 0).length;
    const lines = weeks.map((week) => `${WEEKS[week].title}: ${stepsOf(week, data).parts.join(", ")}.`);
    if (cards.length) lines.push(`Cards: ${known} of ${cards.length} known.`);
    byId("remembered").replaceChildren(...(lines.length ? lines : ["Nothing yet."]).map((line) => make("li", {}, line)));
    if (unstored) say("This browser lets the page store nothing: what you do is forgotten when you leave.");
  }
  byId("export").addEventListener("click", () => {
    const file = new Blob([JSON.stringify(remembered(), null, 1)], { type: "application/json" });
    const link = make("a", { href: URL.createObjectURL(file), download: `deep-learning-verified-${new Date().toISOString().slice(0, 10)}.json` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    say("Exported.");
  });
  byId("import").addEventListener("change", async ({ target }) => {
    const [file] = target.files;
    if (!file) return;
    try {
      takeUp(file.size < 5e6 ? await file.text() : "");
      say(`Imported ${file.name}.`);
    } catch (error) {
      say(`${file.name}: ${error.message} Nothing was changed.`);
    }
    target.value = "";
  });
  byId("forget").addEventListener("click", () => {
    if (!confirm("Forget where you are, and all that you read, answered and solved? Only an exported file can bring it back.")) return;
    forget();
    say("Everything is forgotten.");
  });
  document.addEventListener("progress", list);
  list();
}

document.addEventListener("DOMContentLoaded", () => {
  reviewQuestions();
  flashCards();
  keepAndForget();
});
