// "Check yourself": turns the questions of a page into forms that mark the answer.
//
// The page holds plain text: the question in bold, options "A. …" where it is a choice, and the
// folded answer, which starts in bold with the right letter or number and then says what is wrong
// with the others: "Not A: …". Questions of any other form stay as they are; whoever opens the answer
// may say whether it was known. progress.js remembers it, and what was missed comes up in the review.

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

// Puts a form in the place of a question and returns what can be done with it.
function enhance(question, number) {
  const { details, options, text, explained, right, reasons } = question;
  const name = `question-${number}`;
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

  // Says what is right or wrong with the answer given; returns which, or undefined for no answer.
  function mark() {
    const given = form.elements[name].value.trim();
    const isRight = options ? given === right : agrees(given, right);
    const chosen = (option) => (options ? option === given : agrees(given, option, Math.max(decimals(option), decimals(right))));
    const wrong = [...reasons].find(([option]) => chosen(option));
    const noNumber = !options && Number.isNaN(readNumber(bare(given)).value);
    let words;
    if (isRight) {
      const [, ...rest] = copies(explained);
      const first = rest.findIndex((node) => node.nodeType === Node.TEXT_NODE);
      if (first >= 0) rest[first].textContent = rest[first].textContent.replace(/^[\s.]+/, "");
      words = [make("strong", {}, "Right. "), ...rest];
    } else if (!given) words = [options ? "Choose an option first." : "Write a number first."];
    else if (noNumber) words = ["Write a number, such as 12 or 3.5."];
    else if (wrong) words = copies(wrong[1].querySelector("p") ?? wrong[1]);
    else words = [make("strong", {}, "Not right. "), "Try again, or open the answer."];
    const answered = given && !noNumber;
    const again = answered && !isRight && details.querySelector(".again");
    status.replaceChildren(make("p", {}, ...words), ...(again ? [again.cloneNode(true)] : []));
    form.dataset.marked = isRight ? "right" : given && "wrong";
    return answered ? { right: isRight, given } : undefined;
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const answer = mark();
    if (answer) grade(details.dataset.question, answer.right, answer.given);
  });
  return {
    recall(given) {
      form.elements[name].value = given;
      mark();
    },
    clear() {
      form.reset();
      status.replaceChildren();
      delete form.dataset.marked;
    },
  };
}

// Ends an answer with two buttons for those who answered in their head.
function askWhoOpens(details) {
  const key = details.dataset.question;
  const had = make("button", { type: "button" }, "I had it");
  const missed = make("button", { type: "button" }, "I missed it");
  const show = () => {
    const right = remembered().items[key]?.right;
    had.ariaPressed = right === true;
    missed.ariaPressed = right === false;
  };
  had.addEventListener("click", () => grade(key, true));
  missed.addEventListener("click", () => grade(key, false));
  document.addEventListener("progress", show);
  show();
  details.append(make("p", { className: "verdict" }, had, " ", missed));
}

const keyOf = (details) => details.dataset.question;

function start(section) {
  const all = [...section.querySelectorAll(":scope > details")].filter(keyOf);
  const forms = new Map();
  all.forEach((details, number) => {
    const question = parse(details);
    if (question) forms.set(details, enhance(question, number));
    askWhoOpens(details);
  });
  if (!all.length) return;
  const score = make("span", {});
  score.setAttribute("role", "status");
  const again = make("button", { type: "button" }, "Start over");
  function show() {
    const { items } = remembered();
    const count = all.filter((details) => items[keyOf(details)]?.right).length;
    const words = `${count} of ${all.length} answered correctly`;
    if (score.textContent !== words) score.textContent = words;
  }
  again.addEventListener("click", () => {
    for (const form of forms.values()) form.clear();
    remember(({ items }) => {
      for (const key of all.map(keyOf)) {
        if (items[key]?.box >= 0) delete items[key].right; // it was missed once, and stays in its box
        else delete items[key];
      }
    });
  });
  section.querySelector("h2").after(
    make("p", { className: "self-check" }, "Choose or type an answer, then press Check. Or answer in your head, open the answer, and say whether you had it. Nothing is sent: what you answered stays in this browser."),
  );
  section.append(make("p", { className: "self-check score" }, score, " ", again));
  const { items } = remembered();
  for (const [details, form] of forms) {
    const { right, given } = items[keyOf(details)] ?? {};
    if (right && given) form.recall(given);
  }
  document.addEventListener("progress", show);
  show();
}

document.querySelectorAll("#check-yourself").forEach(start);
