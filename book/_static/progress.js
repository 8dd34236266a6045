// What this browser remembers of its reader, and shows: where you were, what was read, answered and
// solved, what to review. All of it lies in the browser's own storage and is sent nowhere.
//
//   weeks: {c4w1: {at, section, title, read: [sections], solved: [exercises]}}
//   items: {key: {at, right, given, box, due}}   questions ("c4w1-…") and cards ("term-….ko")
//   attempts: {"c4w1-layer_cost": {at, code}}    what was written in an exercise
//
// `at` is a time in milliseconds, `due` a day. An item in a box comes back when it is due.

const STORE = "Deep Learning, Verified";
const VERSION = 1;
const BOX_DAYS = [0, 1, 3, 7, 21]; // Leitner's boxes: what is missed goes into the first one
const today = () => Math.floor((Date.now() - new Date().getTimezoneOffset() * 60_000) / 86_400_000);

const LONGEST = 20_000; // letters of an answer to an exercise that are kept

let unstored; // what would be stored, where the browser stores nothing
const nothing = () => ({ book: STORE, version: VERSION, weeks: {}, items: {}, attempts: {} });

// Reads what was stored or exported, field by field; throws a sentence for the reader.
function understand(text) {
  let data;
  try {
    data = JSON.parse(text);
  } catch {}
  if (data?.book !== STORE) throw Error("This is not a file that this book exported.");
  if (data.version !== VERSION) throw Error("This file comes from another edition of this site, which this one cannot read.");
  const kinds = { string: (x) => typeof x === "string" && x.length < 500, number: Number.isFinite, boolean: (x) => typeof x === "boolean", code: (x) => typeof x === "string" && x.length <= LONGEST, list: (x) => Array.isArray(x) && x.every(kinds.string) };
  const box = (x) => Number.isInteger(x) && x >= 0 && x < BOX_DAYS.length;
  const week = { at: kinds.number, section: kinds.string, title: kinds.string, read: kinds.list, solved: kinds.list };
  const item = { at: kinds.number, right: kinds.boolean, given: kinds.string, box, due: kinds.number };
  const part = (entries, key, fields, required) => {
    if (!entries || typeof entries !== "object") throw Error("This file is damaged.");
    return Object.fromEntries(Object.entries(entries).map(([name, entry]) => {
      const known = Object.entries(fields).filter(([field]) => entry?.[field] !== undefined);
      const sound = key.test(name) && required.every((field) => entry?.[field] !== undefined);
      if (!sound || !known.every(([field, fits]) => fits(entry[field]))) throw Error("This file is damaged.");
      return [name, Object.fromEntries(known.map(([field]) => [field, entry[field]]))];
    }));
  };
  const weeks = part(data.weeks, /^c\dw\d$/, week, ["at", "read", "solved"]);
  const items = part(data.items, /^(c\dw\d|term)-[\w.-]+$/, item, ["at"]);
  const attempts = part(data.attempts ?? {}, /^c\dw\d-[\w-]+$/, { at: kinds.number, code: kinds.code }, ["at", "code"]);
  return { ...nothing(), weeks, items, attempts };
}

function remembered() {
  try {
    const text = localStorage.getItem(STORE);
    return text ? understand(text) : unstored ?? nothing();
  } catch {
    return unstored ?? nothing(); // storage is blocked, or holds what another edition wrote
  }
}

// Changes what is remembered; another page of the book may have changed it meanwhile.
function remember(change) {
  const data = remembered();
  change(data);
  const text = JSON.stringify(data);
  try {
    const before = localStorage.getItem(STORE);
    if (before && !readable(before)) localStorage.setItem(`${STORE}, unreadable`, before);
    localStorage.setItem(STORE, text);
  } catch {
    unstored = data; // as long as the page is open
  }
  document.dispatchEvent(new Event("progress"));
}

function readable(text) {
  try {
    return understand(text);
  } catch {
    return null;
  }
}

const weekIn = (data, week) => (data.weeks[week] ??= { at: 0, read: [], solved: [] });

// The item behind an answer: missed, it goes into the first box; known when due, one box on.
// A question that was right at once lies in no box: there is nothing to review.
function graded(item, right, given) {
  const next = { ...item, at: Date.now(), right, given: right ? given ?? item.given : undefined };
  if (!right) next.box = 0;
  else if (isDue(item)) next.box = Math.min(item.box + 1, BOX_DAYS.length - 1);
  else return next;
  next.due = today() + BOX_DAYS[next.box];
  return next;
}

function grade(key, right, given) {
  const unseen = isQuestion(key) ? {} : { box: 0, due: today() };
  remember(({ items }) => (items[key] = graded(items[key] ?? unseen, right, given)));
}

const isDue = (item) => item?.box >= 0 && item.due <= today();
const isQuestion = (key) => !key.startsWith("term-");
const dueQuestions = (data) => Object.keys(data.items).filter((key) => isQuestion(key) && isDue(data.items[key]));

// Takes up an exported file without losing what is here: of what both know, the newer.
function takeUp(text) {
  const other = understand(text);
  remember((data) => {
    for (const [week, theirs] of Object.entries(other.weeks)) {
      const mine = weekIn(data, week);
      const newer = theirs.at > mine.at ? theirs : mine;
      const both = (list) => [...new Set([...mine[list], ...theirs[list]])];
      data.weeks[week] = { ...newer, read: both("read"), solved: both("solved") };
    }
    for (const part of ["items", "attempts"])
      for (const [key, theirs] of Object.entries(other[part]))
        if (!(data[part][key]?.at >= theirs.at)) data[part][key] = theirs;
  });
}

function forget() {
  unstored = undefined;
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(STORE)) localStorage.removeItem(key);
  } catch {}
  document.dispatchEvent(new Event("progress"));
}

// How far a week is: the share done of all there is to do, and its parts in words.
function stepsOf(week, data) {
  const { read = [], solved = [] } = data.weeks[week] ?? {};
  const { sections, questions, exercises } = WEEKS[week];
  const right = Object.entries(data.items).filter(([key, item]) => key.startsWith(`${week}-`) && item.right).length;
  const parts = [[read.length, sections, "sections read"], [right, questions, "questions right"], [solved.length, exercises, "exercises solved"]]
    .map(([done, all, what]) => [Math.min(done, all), all, what]);
  const share = parts.reduce((sum, [done]) => sum + done, 0) / parts.reduce((sum, [, all]) => sum + all, 0);
  return { share, parts: parts.map(([done, all, what]) => `${done} of ${all} ${what}`) };
}

const ROOT = document.documentElement.dataset.content_root ?? "./";
const weekOf = (address) => address.match(/notebooks\/(c\dw\d)_[^/]*$/)?.[1];
const thisWeek = weekOf(location.pathname);

// The ring beside a link to a week.
function mark(link, { share, parts }) {
  link.querySelector(".ring")?.remove();
  if (!share) return;
  const percent = share === 1 ? 100 : Math.min(99, Math.ceil(share * 100));
  const words = make("span", { className: "visually-hidden" }, `, ${percent} % done`);
  const ring = make("span", { className: "ring", title: parts.join(", ") }, words);
  ring.style.setProperty("--share", `${percent}%`);
  ring.classList.toggle("whole", share === 1);
  link.append(ring);
}

// The week that was read last, of all or of a course.
function lastWeek(data, course = "c") {
  const known = Object.keys(data.weeks).filter((week) => WEEKS[week] && week.startsWith(course) && data.weeks[week].section);
  return known.sort((a, b) => data.weeks[b].at - data.weeks[a].at)[0];
}

function goOn(data, course) {
  const week = lastWeek(data, course);
  if (!week) return [];
  const { section, title } = data.weeks[week];
  const name = WEEKS[week].title.split(" · ")[0];
  return [make("a", { href: `${ROOT}${WEEKS[week].page}#${encodeURIComponent(section)}` }, `Continue: ${name}, ${title}`)];
}

function showProgress() {
  const data = remembered();
  for (const link of document.querySelectorAll(".bd-links a.internal, .courses ol a")) {
    const week = weekOf(link.href.split("#")[0]);
    if (WEEKS[week]) mark(link, stepsOf(week, data));
  }
  document.querySelectorAll(".so-far").forEach((old) => old.remove());
  for (const link of document.querySelectorAll("article td:first-child > p:only-child > a, article td:first-child > a")) {
    const week = weekOf(link.href);
    const steps = WEEKS[week] && /course\d/.test(location.pathname) && stepsOf(week, data);
    if (steps?.share) link.after(make("small", { className: "so-far" }, ...steps.parts.flatMap((part) => [make("span", {}, part), " "])));
  }
  const due = dueQuestions(data).length;
  const review = due ? [make("a", { href: `${ROOT}book/review.html` }, `Review ${due} ${due === 1 ? "question" : "questions"}`)] : [];
  const front = document.querySelector(".hero-words > p:last-child");
  const course = location.pathname.match(/\/course(\d)[^/]*$/)?.[1];
  const links = front ? [...goOn(data), ...review] : course ? goOn(data, `c${course}`) : [];
  for (const link of links) link.classList.add("so-far");
  if (front) front.prepend(...links);
  else if (links.length) document.querySelector("article h1").after(make("p", { className: "so-far actions" }, ...links));
}

// Notes each section of a week that stays in sight for a moment, and the one that is being read.
function followReading() {
  const sections = [...document.querySelectorAll("article > section > section[id]")];
  const headings = [...document.querySelectorAll("article > section > section :is(h2, h3)")];
  const { section, title } = remembered().weeks[thisWeek] ?? {};
  let waiting;
  function note() {
    if (document.hidden) return;
    const top = (box) => box.getBoundingClientRect().top;
    const current = headings.filter((heading) => top(heading) < innerHeight * 0.4).at(-1);
    if (!current) return;
    const seen = sections.filter((part) => top(part) < innerHeight * 0.8 && part.getBoundingClientRect().bottom > 0);
    const words = [...current.childNodes].filter((node) => !node.matches?.(".headerlink")).map((node) => node.querySelector?.("annotation")?.textContent ?? node.textContent).join("");
    remember((data) => {
      const week = weekIn(data, thisWeek);
      week.read = [...new Set([...week.read, ...seen.map((part) => part.id)])];
      Object.assign(week, { at: Date.now(), section: current.parentElement.id, title: words });
    });
  }
  const wait = () => {
    clearTimeout(waiting);
    waiting = setTimeout(note, 1500);
  };
  for (const event of ["scroll", "hashchange", "visibilitychange"]) document.addEventListener(event, wait, { passive: true });
  wait();
  const actions = document.querySelector("article .actions");
  if (section && actions && !location.hash && section !== sections[0].id)
    actions.prepend(make("a", { href: `#${section}` }, `Continue at ${title}`), " ");
}

// The function that a stub begins with; under this name it is remembered as solved.
const exerciseName = (stub) => stub?.textContent.match(/def (\w+)/)?.[1];

function solve(name, solved) {
  remember((data) => {
    const week = weekIn(data, thisWeek);
    week.solved = week.solved.filter((other) => other !== name);
    if (solved) week.solved.push(name);
  });
}

// Behind each solution: a box that the reader ticks; exercises.js does it, too.
function offerTicks() {
  for (const solution of document.querySelectorAll("article .cell[id*='-solution-']")) {
    const number = solution.id.split("-").at(-1);
    const name = exerciseName(document.getElementById(solution.id.replace("solution", "exercise"))) ?? `exercise-${number}`;
    const tick = make("input", { type: "checkbox" });
    const show = () => (tick.checked = remembered().weeks[thisWeek]?.solved.includes(name) ?? false);
    tick.addEventListener("change", () => solve(name, tick.checked));
    document.addEventListener("progress", show);
    show();
    solution.after(make("p", { className: "solved" }, make("label", {}, tick, ` I solved exercise ${number}`)));
  }
}

document.addEventListener("DOMContentLoaded", () => {
  showProgress();
  document.addEventListener("progress", showProgress);
  if (thisWeek) {
    followReading();
    offerTicks();
  }
});
addEventListener("storage", () => document.dispatchEvent(new Event("progress"))); // another page of the book
addEventListener("pageshow", (event) => event.persisted && document.dispatchEvent(new Event("progress")));
