import { readEvents } from "./events.js";
import { createMarkdownView } from "./markdown.js";
import { keepAtEnd } from "./scrolling.js";

const find = (id) => document.getElementById(id);
const composer = find("composer");
const input = find("message");
const send = find("send");
const stop = find("stop");
const messages = find("messages");
const newChat = find("new-chat");
const status = find("status");
const scrolling = keepAtEnd(find("scroller"), find("to-end"));

/** The answer under way: aborting it stops the model too. */
let answering = null;

start();

async function start() {
  const conversation = await loadConversation();
  find("model").textContent = conversation.model;
  for (const { role, content, stopped } of conversation.messages) {
    if (role === "user") addQuestion(content);
    else addAnswer().finish(content, stopped);
  }
  composer.addEventListener("submit", onSubmit);
  input.addEventListener("input", onInput);
  input.addEventListener("keydown", onKey);
  stop.addEventListener("click", stopAnswer);
  newChat.addEventListener("click", startOver);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) stopAnswer();
  });
  for (const chip of document.querySelectorAll(".suggestions button")) {
    chip.addEventListener("click", () => submit(chip.textContent));
  }
  showView();
  onInput();
  scrolling.toEnd();
  focusInput();
}

async function loadConversation() {
  try {
    const response = await fetch("/api/conversation");
    if (response.ok) return await response.json();
  } catch {
    // Without the past, one can still chat.
  }
  return { model: "", messages: [] };
}

function onInput() {
  showButtons();
  // Elsewhere, the style sheet lets the box grow with its text.
  if (CSS.supports("field-sizing", "content")) return;
  input.style.height = "auto";
  input.style.height = `${input.scrollHeight}px`;
}

function onSubmit(event) {
  event.preventDefault();
  submit(input.value);
}

function onKey(event) {
  // isComposing: Enter that picks a word in an input method is not a send.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  submit(input.value);
}

function submit(text) {
  const question = text.trim();
  if (question === "" || answering) return;
  input.value = "";
  onInput();
  for (const button of messages.querySelectorAll(".problem button")) button.remove();
  addQuestion(question);
  showView();
  scrolling.toEnd();
  focusInput();
  answer(question);
}

async function answer(question) {
  const view = addAnswer();
  answering = new AbortController();
  showButtons();
  status.textContent = "Answering…";
  try {
    const { text, stopped } = await stream(question, answering.signal, view);
    const words = view.finish(text, stopped);
    // A screen reader hears the answer once, when it is whole: not word by word, and without its marks.
    status.textContent = stopped ? "Stopped." : words;
  } catch (error) {
    status.textContent = "";
    view.fail(error.message, () => {
      focusInput();
      answer(question);
    });
  }
  answering = null;
  showButtons();
  scrolling.follow();
}

/** The text until the end or the stop, and whether it was stopped; throws in words for the person. */
async function stream(question, signal, view) {
  let text = "";
  try {
    const response = await fetch("/api/chat", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ message: question }),
      signal,
    });
    if (!response.ok) throw new Problem((await response.json()).error);
    for await (const event of readEvents(response)) {
      if (event.error) throw new Problem(event.error);
      if (event.done) return { text, stopped: Boolean(event.stopped) };
      text += event.text;
      view.show(text);
      scrolling.follow();
    }
  } catch (error) {
    if (signal.aborted) return { text, stopped: true };
    if (error instanceof Problem) throw error;
  }
  throw new Problem("The connection to the server was lost.");
}

class Problem extends Error {}

function stopAnswer() {
  if (!answering) return;
  answering.abort();
  focusInput();
}

async function startOver() {
  stopAnswer();
  await fetch("/api/conversation", { method: "DELETE" }).catch(() => {});
  messages.replaceChildren();
  status.textContent = "New chat.";
  showView();
  focusInput();
}

function addQuestion(text) {
  const row = addRow("question-row");
  row.querySelector(".text").textContent = text;
}

function addAnswer() {
  const row = addRow("answer-row");
  const body = row.querySelector(".text");
  const markdown = createMarkdownView(body);
  const problem = row.querySelector(".problem");
  row.classList.add("streaming");
  return {
    show: markdown.update,
    finish(text, stopped) {
      markdown.update(text);
      row.classList.remove("streaming");
      row.querySelector(".stopped").hidden = !stopped;
      // biome-ignore lint/performance/useDomNodeTextContent: as it is read, with a break after each block.
      return body.innerText;
    },
    fail(message, retry) {
      row.classList.remove("streaming");
      problem.hidden = false;
      problem.querySelector("p").textContent = message;
      problem.querySelector("button").addEventListener("click", () => {
        row.remove();
        retry();
      });
    },
  };
}

function addRow(template) {
  const row = find(template).content.firstElementChild.cloneNode(true);
  messages.append(row);
  return row;
}

function showView() {
  const empty = messages.childElementCount === 0;
  document.body.dataset.view = empty ? "empty" : "chat";
  newChat.hidden = empty;
}

function showButtons() {
  const focused = document.activeElement;
  stop.hidden = !answering;
  send.hidden = Boolean(answering);
  send.disabled = input.value.trim() === "";
  // A button that vanishes must not take the keyboard's place on the page with it.
  if (focused === stop || focused === send) focusInput();
}

/** On touch screens, focus would bring up the keyboard and cover the answer. */
function focusInput() {
  if (matchMedia("(hover: none)").matches) return;
  input.focus();
}
