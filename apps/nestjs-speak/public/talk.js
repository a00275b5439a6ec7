import { call, Problem, readEvents } from "./api.js";
import { correctionCard } from "./correction-card.js";
import { announce, copyOf, element, find } from "./dom.js";
import { keepAtEnd } from "./scrolling.js";

const messages = find("messages");
const input = find("message");
const send = find("send");
const stop = find("stop");
const scrolling = keepAtEnd(find("scroller"), find("to-end"));

/** The conversation: what was said, what is being said, and the box to say it in. */
export function createTalk({ language, words, onOver }) {
  /** The turn under way: aborting it stops the model too. */
  let turn = null;

  function submit(text) {
    const said = text.trim();
    if (said === "" || turn) return;
    input.value = "";
    onInput();
    for (const button of messages.querySelectorAll(".problem button")) button.remove();
    const learner = addLearner(said, language());
    scrolling.toEnd();
    focusInput();
    take(said, learner);
  }

  async function take(text, learner) {
    const tutor = addTutor(language());
    turn = new AbortController();
    const { signal } = turn;
    learner.wait();
    showButtons();
    announce(`${language().tutor} is answering…`);
    try {
      const reply = await listen(text, signal, learner, tutor);
      tutor.finish(reply, signal.aborted);
      if (signal.aborted) learner.skip();
      // Heard once, when it is whole: not word by word.
      if (signal.aborted) announce("Stopped.");
      else announce(reply, language().code);
    } catch (problem) {
      learner.skip();
      announce("");
      tutor.fail(problem, () => {
        focusInput();
        if (problem.over) onOver();
        else take(text, learner);
      });
    }
    turn = null;
    showButtons();
    scrolling.follow();
  }

  /** The reply until its end or the stop. @throws Problem */
  async function listen(text, signal, learner, tutor) {
    let reply = "";
    try {
      const response = await call("POST", "/api/lesson/turns", { text }, signal);
      for await (const event of readEvents(response)) {
        if (event.type === "done") return reply;
        if (event.type === "failed") throw new Problem(event.message);
        if (event.type === "reply") {
          reply += event.text;
          tutor.show(reply);
        }
        if (event.type === "uncorrected") learner.miss();
        if (event.type === "correction") {
          learner.correct(event.correction);
          words.add(event.words);
        }
        scrolling.follow();
      }
    } catch (error) {
      if (signal.aborted) return reply;
      if (error instanceof Problem) throw error;
    }
    throw new Problem("The connection to the server was lost.");
  }

  function stopTurn() {
    if (!turn) return;
    turn.abort();
    focusInput();
  }

  function showButtons() {
    const focused = document.activeElement;
    stop.hidden = !turn;
    send.hidden = Boolean(turn);
    send.disabled = input.value.trim() === "";
    // A button that vanishes must not take the keyboard's place on the page with it.
    if (focused === stop || focused === send) focusInput();
  }

  function onInput() {
    showButtons();
    // Elsewhere, the style sheet lets the box grow with its text.
    if (CSS.supports("field-sizing", "content")) return;
    input.style.height = "auto";
    input.style.height = `${input.scrollHeight}px`;
  }

  function showLetters() {
    const { letters, code } = language();
    const buttons = [...letters].map((letter) =>
      element("button", { type: "button", textContent: letter, lang: code }),
    );
    for (const button of buttons) {
      button.addEventListener("click", () => {
        input.setRangeText(button.textContent, input.selectionStart, input.selectionEnd, "end");
        input.focus();
        onInput();
      });
    }
    find("letters").replaceChildren(...buttons);
  }

  find("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    submit(input.value);
  });
  input.addEventListener("input", onInput);
  input.addEventListener("keydown", (event) => {
    // isComposing: Enter that picks a word in an input method is not a send.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit(input.value);
  });
  stop.addEventListener("click", stopTurn);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) stopTurn();
  });

  return {
    stop: stopTurn,
    focus: focusInput,
    /** Shows a lesson from its beginning. */
    open(lesson) {
      messages.replaceChildren();
      input.value = "";
      input.lang = language().code;
      input.placeholder = language().invitation;
      showLetters();
      for (const message of lesson.messages) {
        if (message.from === "tutor") addTutor(language()).finish(message.text, message.stopped);
        else {
          const learner = addLearner(message.text, language());
          if (message.correction) learner.correct(message.correction);
        }
      }
      onInput();
      scrolling.toEnd();
      focusInput();
    },
  };
}

function addLearner(text, language) {
  const row = addRow("learner-row");
  const note = row.querySelector(".note");
  row.querySelector(".text").textContent = text;
  row.querySelector(".text").lang = language.code;
  const tell = (words) => note.replaceChildren(element("p", { className: "pending", textContent: words }));
  return {
    wait: () => tell("Looking at your sentence…"),
    miss: () => tell("No correction this time."),
    /** Without a correction, and without a word about it; one that is there stays. */
    skip: () => note.querySelector(".pending")?.remove(),
    correct(correction) {
      note.replaceChildren(correctionCard(correction, language));
      const { length } = correction.mistakes;
      announce(length === 0 ? "Nothing to correct." : `${length === 1 ? "One correction" : `${length} corrections`}.`);
    },
  };
}

function addTutor(language) {
  const row = addRow("tutor-row");
  const text = row.querySelector(".text");
  const problem = row.querySelector(".problem");
  row.querySelector(".who").textContent = language.tutor;
  text.lang = language.code;
  row.classList.add("speaking");
  return {
    show: (reply) => {
      text.textContent = reply;
    },
    finish(reply, stopped) {
      text.textContent = reply;
      row.classList.remove("speaking");
      row.querySelector(".stopped").hidden = !stopped;
    },
    fail({ message, over }, again) {
      row.classList.remove("speaking");
      problem.hidden = false;
      problem.querySelector("p").textContent = message;
      const button = problem.querySelector("button");
      if (over) button.textContent = "Choose a language";
      button.addEventListener("click", () => {
        row.remove();
        again();
      });
    },
  };
}

function addRow(template) {
  const row = copyOf(template);
  messages.append(row);
  return row;
}

/** On touch screens, focus would bring up the keyboard and cover the reply. */
function focusInput() {
  if (matchMedia("(hover: none)").matches) return;
  input.focus();
}
