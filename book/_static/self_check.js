// "Check yourself": turns the questions of a page into forms that mark the answer.
//
// The page holds plain text: the question in bold, options "A. …" where it is a choice, and the
// folded answer, which starts in bold with the right letter or number and then says what is wrong
// with the others: "Not A: …". Questions of any other form stay as they are.

// Returns what a reader typed as {value, percent}; "1,960", "97.3 %", "0,5" and "−2" are numbers.
function readNumber(text) {
  const plain = text.trim().replace(/[−–]/, "-").replace(/\s+/g, "");
  const percent = plain.endsWith("%");
  let digits = plain.replace(/%$/, "");
  if (/^-?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/.test(digits)) digits = digits.replaceAll(",", "");
  else digits = digits.replace(",", ".");
  const value = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(digits) ? Number(digits) : NaN;
  return { value, percent };
}

// The number without its unit; "3.9 percent" is "3.9%".
const bare = (shown) => shown.replace(/\s*percent$/, "%").replace(/\s*[a-z]+$/i, "");

function decimals(shown) {
  return (shown.split(".")[1] ?? "").replace(/\D.*/, "").length;
}

// Whether what was typed rounds to the number shown; a percentage may be typed as a share.
function agrees(typed, shown, digits = decimals(shown)) {
  const [mine, theirs] = [typed, shown].map((text) => readNumber(bare(text.trim())));
  const near = (value) => Math.abs(value - theirs.value) <= 0.5 * 10 ** -digits * (1 + 1e-9);
  if (mine.percent === theirs.percent) return near(mine.value);
  if (mine.percent) return near(mine.value / 100);
  return near(mine.value) || near(mine.value * 100);
}

// What this browser remembers of a page: {question: answer} for those answered correctly.
const memory = {
  key: `check yourself ${location.pathname.split("/").pop()}`,
  read() {
    try {
      return JSON.parse(localStorage.getItem(this.key)) ?? {};
    } catch {
      return {}; // storage is blocked: the answers last as long as the page
    }
  },
  write(answers) {
    try {
      localStorage.setItem(this.key, JSON.stringify(answers));
    } catch {}
  },
};

// Returns the parts of a question, or null where it has another form.
function parse(details) {
  if (details.querySelector("summary").textContent !== "Answer") return null;
  const before = details.previousElementSibling;
  const options = before?.tagName === "UL" ? before : null;
  const text = options ? options.previousElementSibling : before;
  const explained = details.querySelector("p");
  const answer = explained?.firstChild;
  if (text?.tagName !== "P" || answer?.nodeName !== "STRONG") return null;
  const right = answer.textContent.replace(/\.$/, "");
  if (options ? !/^[A-Z]$/.test(right) : Number.isNaN(readNumber(bare(right)).value)) return null;
  const reasons = new Map();
  for (const item of details.querySelectorAll("li")) {
    const [, option] = item.textContent.match(/^\s*Not (.+?):/) ?? [];
    if (option) reasons.set(option, item);
  }
  return { details, options, text, explained, right, reasons };
}

function copies(element) {
  return [...element.cloneNode(true).childNodes];
}

// Puts a form in the place of a question and returns what the score needs.
function enhance(question, number, changed) {
  const { details, options, text, explained, right, reasons } = question;
  const name = `question-${number}`;
  const key = text.textContent;
  const field = make("fieldset", {}, make("legend", {}, ...text.childNodes));
  if (options)
    for (const item of options.children) {
      const radio = make("input", { type: "radio", name, value: item.textContent.trim()[0] });
      field.append(make("label", {}, radio, make("span", {}, ...(item.querySelector("p") ?? item).childNodes)));
    }
  else {
    const digits = decimals(right);
    const unit = right.match(/[a-z%]+$/i)?.[0] ?? "";
    const how = digits ? `to ${digits} decimal${digits > 1 ? "s" : ""}` : "a whole number";
    const input = make("input", { name, inputMode: "decimal", autocomplete: "off" });
    field.append(make("label", {}, make("span", {}, `Your answer, ${how}`), input, ` ${unit}`));
  }
  const status = make("div", {});
  status.setAttribute("role", "status");
  const form = make("form", { className: "question", noValidate: true }, field, make("button", {}, "Check"), status);
  text.replaceWith(form);
  options?.remove();

  const item = { key, given: "", right: false };
  function mark() {
    item.given = form.elements[name].value.trim();
    item.right = options ? item.given === right : agrees(item.given, right);
    const chosen = (option) => (options ? option === item.given : agrees(item.given, option, Math.max(decimals(option), decimals(right))));
    const wrong = [...reasons].find(([option]) => chosen(option));
    let words;
    if (item.right) {
      const [, ...rest] = copies(explained);
      const first = rest.findIndex((node) => node.nodeType === Node.TEXT_NODE);
      if (first >= 0) rest[first].textContent = rest[first].textContent.replace(/^[\s.]+/, "");
      words = [make("strong", {}, "Right. "), ...rest];
    } else if (!item.given) words = [options ? "Choose an option first." : "Write a number first."];
    else if (!options && Number.isNaN(readNumber(bare(item.given)).value)) words = ["Write a number, such as 12 or 3.5."];
    else if (wrong) words = copies(wrong[1].querySelector("p") ?? wrong[1]);
    else words = [make("strong", {}, "Not right. "), "Try again, or open the answer."];
    status.replaceChildren(make("p", {}, ...words));
    form.dataset.marked = item.right ? "right" : item.given && "wrong";
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    mark();
    changed();
  });
  item.recall = (given) => {
    form.elements[name].value = given;
    mark();
  };
  item.clear = () => {
    form.reset();
    status.replaceChildren();
    delete form.dataset.marked;
    Object.assign(item, { given: "", right: false });
  };
  return item;
}

function start(section) {
  const questions = [...section.querySelectorAll(":scope > details")].map(parse).filter(Boolean);
  if (!questions.length) return;
  const score = make("span", {});
  score.setAttribute("role", "status");
  const again = make("button", { type: "button" }, "Start over");
  const items = questions.map((question, number) => enhance(question, number, changed));
  function show() {
    const count = items.filter((item) => item.right).length;
    score.textContent = `${count} of ${items.length} answered correctly`;
  }
  function changed() {
    const right = items.filter((item) => item.right);
    memory.write(Object.fromEntries(right.map((item) => [item.key, item.given])));
    show();
  }
  again.addEventListener("click", () => {
    items.forEach((item) => item.clear());
    changed();
  });
  section.querySelector("h2").after(
    make("p", { className: "self-check" }, "Choose or type an answer, then press Check. Nothing is sent: your answers stay in this browser."),
  );
  section.append(make("p", { className: "self-check score" }, score, " ", again));
  const remembered = memory.read();
  for (const item of items) if (item.key in remembered) item.recall(remembered[item.key]);
  show();
}

document.querySelectorAll("#check-yourself").forEach(start);
