import { createMentions, createTextView } from "./answer-text.js";
import { api } from "./api.js";
import { wireAdd } from "./catalogue.js";
import { announce, element, find, fromTemplate, pictureOf, price } from "./dom.js";
import { keepAtEnd } from "./scrolling.js";

/** The conversation with the assistant. */
export function createAssistant(products, basket, conversation) {
  const input = find("message");
  const [send, stop, turns] = [find("send"), find("stop"), find("turns")];
  const scrolling = keepAtEnd(find("talk"), find("to-end"));
  const mentions = createMentions(products);
  /** The answer under way: aborting it stops the model too. */
  let answering = null;

  find("model").textContent = conversation.model;
  for (const { question, parts, stopped } of conversation.turns) {
    const view = addTurn(question);
    for (const part of parts) view.add(part);
    view.finish(stopped);
  }
  find("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    submit(input.value);
  });
  input.addEventListener("input", showButtons);
  input.addEventListener("keydown", (event) => {
    // isComposing: Enter that picks a word in an input method is not a send.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit(input.value);
  });
  stop.addEventListener("click", stopAnswer);
  find("start-over").addEventListener("click", startOver);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) stopAnswer();
  });
  for (const button of document.querySelectorAll("#welcome button")) {
    button.addEventListener("click", () => submit(button.textContent));
  }
  showState();
  return { stop: stopAnswer, toEnd: scrolling.toEnd };

  function submit(text) {
    const question = text.trim();
    if (question === "" || answering) return;
    input.value = "";
    for (const button of turns.querySelectorAll(".problem button")) button.remove();
    answer(question);
    focusInput();
  }

  async function answer(question) {
    const view = addTurn(question);
    answering = new AbortController();
    const { signal } = answering;
    showState();
    scrolling.toEnd();
    announce("The assistant is answering.");
    try {
      for await (const event of api.ask(question, signal)) {
        if (event.basket) basket.show(event.basket);
        else view.add(event);
        scrolling.follow();
      }
      // A screen reader hears the answer once, when it is whole: not word by word, and without its marks.
      const words = view.finish(signal.aborted);
      announce(signal.aborted ? "Stopped." : words);
    } catch (error) {
      announce("");
      view.fail(error.message, () => {
        answer(question);
        focusInput();
      });
    }
    answering = null;
    showState();
    scrolling.follow();
  }

  /** @returns whether there was anything to stop */
  function stopAnswer() {
    if (!answering) return false;
    answering.abort();
    focusInput();
    return true;
  }

  async function startOver() {
    stopAnswer();
    await api.forget().catch(() => {});
    turns.replaceChildren();
    announce("The conversation is forgotten.");
    showState();
    focusInput();
  }

  function addTurn(question) {
    const turn = fromTemplate("turn");
    const [parts, waiting, problem] = [".parts", ".waiting", ".problem"].map((name) => turn.querySelector(name));
    turn.querySelector(".asked").textContent = question;
    turns.append(turn);
    turn.classList.add("streaming");
    waiting.hidden = false;
    let text = "";
    let showText = null;
    return {
      add(part) {
        waiting.hidden = part.text !== undefined;
        if (part.text === undefined) {
          showText = null;
          const step = element("p", part.step);
          step.className = "step";
          parts.append(step);
          return;
        }
        if (!showText) {
          const box = element("div");
          box.className = "text";
          parts.append(box);
          text = "";
          showText = createTextView(box, mentions, makeCard);
        }
        text += part.text;
        showText(text);
      },
      finish(stopped) {
        turn.classList.remove("streaming");
        waiting.hidden = true;
        turn.querySelector(".stopped").hidden = !stopped;
        return [...parts.querySelectorAll(".text")].map(spoken).join("\n");
      },
      fail(message, retry) {
        turn.classList.remove("streaming");
        waiting.hidden = true;
        problem.hidden = false;
        problem.querySelector("p").textContent = message;
        problem.querySelector("button").addEventListener("click", () => {
          turn.remove();
          retry();
        });
      },
    };
  }

  function makeCard(product) {
    const card = fromTemplate("card");
    card.querySelector("img").src = pictureOf(product);
    card.querySelector(".card-name").textContent = product.name;
    card.querySelector(".card-price").textContent =
      product.stock === 0 ? `${price(product.priceCents)}, sold out` : price(product.priceCents);
    wireAdd(card.querySelector(".add"), product, basket);
    return card;
  }

  function showState() {
    const empty = turns.childElementCount === 0;
    find("welcome").hidden = !empty;
    find("start-over").hidden = empty;
    showButtons();
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
    input.focus({ preventScroll: true });
  }
}

/** The words of an answer, without what is on its cards. */
function spoken(box) {
  return [...box.querySelectorAll(".words")].map((words) => words.textContent).join("\n");
}
