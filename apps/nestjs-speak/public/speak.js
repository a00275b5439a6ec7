import { call } from "./api.js";
import { announce, element, find } from "./dom.js";
import { createPractice } from "./practice.js";
import { createTalk } from "./talk.js";
import { createWordList } from "./words.js";

const begin = find("begin");
const leave = find("leave");
const showWords = find("show-words");

let desk = null;
let language = null;

const words = createWordList();
const talk = createTalk({ language: () => language, words, onOver: backToWelcome });
createPractice(words, () => language);
start();

async function start() {
  try {
    desk = await (await call("GET", "/api/lesson")).json();
  } catch (problem) {
    document.body.dataset.view = "welcome";
    begin.hidden = true;
    find("welcome-title").textContent = problem.message;
    return;
  }
  offerLanguages();
  offerLevels();
  begin.addEventListener("change", greet);
  begin.addEventListener("submit", onBegin);
  showWords.addEventListener("click", () => showPanel(showWords.getAttribute("aria-expanded") !== "true"));
  find("new-lesson").addEventListener("click", askToLeave);
  leave.addEventListener("close", () => leave.returnValue === "leave" && startOver());
  document.addEventListener("keydown", (event) => event.key === "Escape" && showPanel(false));
  if (desk.lesson) showLesson();
  else showWelcome();
}

function showWelcome() {
  document.body.dataset.view = "welcome";
  document.title = "Speak";
  greet();
}

function showLesson() {
  const { lesson } = desk;
  language = desk.languages.find(({ code }) => code === lesson.language);
  document.body.dataset.view = "lesson";
  document.body.dataset.language = language.code;
  document.title = `${language.name} · Speak`;
  const tutor = element("span", { textContent: ` with ${language.tutor}` });
  find("course").replaceChildren(language.name, tutor, `, ${lesson.level}`);
  find("source").textContent = desk.mock
    ? `${language.tutor} is a small script that knows typical mistakes. With an API key, a real model teaches.`
    : `${language.tutor} is ${desk.model}, a model. It can be wrong.`;
  showPanel(false);
  words.reset(lesson.words, language.code);
  talk.open(lesson);
}

async function onBegin(event) {
  event.preventDefault();
  const problem = find("begin-problem");
  const { language: code, level } = Object.fromEntries(new FormData(begin));
  problem.hidden = true;
  try {
    desk = await (await call("POST", "/api/lesson", { language: code, level })).json();
    showLesson();
  } catch ({ message }) {
    problem.hidden = false;
    problem.querySelector("p").textContent = message;
  }
}

/** What was learned is not thrown away unasked. */
function askToLeave() {
  const { length } = words.all;
  if (length === 0) return startOver();
  find("leave-what").textContent =
    `This conversation and its ${length === 1 ? "word" : `${length} words`} will be forgotten.`;
  leave.returnValue = "";
  leave.showModal();
}

async function startOver() {
  talk.stop();
  await call("DELETE", "/api/lesson").catch(() => {});
  backToWelcome();
}

/** What had the focus is gone; the choice is where one goes on. */
function backToWelcome() {
  announce("Choose a language.");
  showWelcome();
  begin.querySelector(":checked").focus();
}

/** On narrow screens, words and conversation take turns. */
function showPanel(open) {
  showWords.setAttribute("aria-expanded", String(open));
  document.body.classList.toggle("panel", open);
}

function offerLanguages() {
  const tiles = desk.languages.map(({ code, name, ownName }, index) => {
    const input = element("input", { type: "radio", name: "language", value: code, checked: index === 0 });
    const tile = element(
      "label",
      { className: "tile" },
      input,
      element("span", { className: "own-name", textContent: ownName, lang: code }),
      element("span", { className: "name", textContent: name }),
    );
    tile.dataset.language = code;
    return tile;
  });
  find("languages").replaceChildren(...tiles);
}

function offerLevels() {
  const options = desk.levels.map(({ code, name }, index) =>
    element(
      "label",
      { className: "level" },
      element("input", { type: "radio", name: "level", value: code, checked: index === 1 }),
      element("b", { textContent: code }),
      element("span", { textContent: name }),
    ),
  );
  find("levels").replaceChildren(...options);
}

/** The bird takes the language's colour and says hello in it. */
function greet() {
  const { code, hello } = desk.languages.find((one) => one.code === new FormData(begin).get("language"));
  document.body.dataset.language = code;
  const greeting = find("greeting");
  greeting.textContent = hello;
  greeting.lang = code;
}
