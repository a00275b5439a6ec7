import { call } from "./api.js";
import { find } from "./dom.js";

/** Cards of one round. */
const ROUND = 8;

const dialog = find("practice");
const card = find("flashcard");
const front = find("flashcard-front");
const back = find("flashcard-back");
const hint = find("flashcard-hint");
const buttons = ["show-answer", "not-yet", "knew-it", "once-more", "practice-done"].map(find);
const [showAnswer, notYet, knewIt, onceMore, done] = buttons;

/** Flash cards: the meaning first, then the word. The least known come first; what was not known comes once more. */
export function createPractice(words, language) {
  let cards = [];
  let at = 0;
  let known = 0;
  let total = 0;

  function begin() {
    // Shuffled first: words that are known equally well come in another order each time.
    cards = shuffled(words.all)
      .sort((one, other) => one.known - other.known)
      .slice(0, ROUND);
    [at, known, total] = [0, 0, cards.length];
    ask();
  }

  function ask() {
    if (at === cards.length) return end();
    say(cards[at].meaning, `How do you say it in ${language().name}?`);
    back.hidden = true;
    find("practice-progress").textContent = at < total ? `${at + 1} of ${total}` : "Once more";
    offer(showAnswer);
  }

  function reveal() {
    back.textContent = cards[at].word;
    back.lang = language().code;
    back.hidden = false;
    hint.textContent = "Did you know it?";
    turn();
    offer(knewIt, notYet);
  }

  function answer(isKnown) {
    const { word } = cards[at];
    const isFirst = at < total;
    if (isFirst && isKnown) known += 1;
    if (isFirst && !isKnown) cards.push(cards[at]);
    // A review that is lost costs one dot.
    if (isFirst) {
      call("POST", "/api/lesson/words/reviews", { word, known: isKnown })
        .then((response) => response.json())
        .then(words.update)
        .catch(() => {});
    }
    at += 1;
    ask();
  }

  function end() {
    say(
      known === total ? "All of them!" : `${known} of ${total}`,
      known === total ? "Well remembered." : "A little more each time.",
    );
    back.hidden = true;
    find("practice-progress").textContent = "Finished";
    offer(done, onceMore);
  }

  showAnswer.addEventListener("click", reveal);
  knewIt.addEventListener("click", () => answer(true));
  notYet.addEventListener("click", () => answer(false));
  onceMore.addEventListener("click", begin);
  done.addEventListener("click", () => dialog.close());
  find("practice-close").addEventListener("click", () => dialog.close());
  find("practise").addEventListener("click", () => {
    dialog.showModal();
    begin();
  });
}

function say(text, below) {
  front.textContent = text;
  hint.textContent = below;
  turn();
}

/** Shows these buttons alone; the first gets the focus. */
function offer(...shown) {
  for (const button of buttons) button.hidden = !shown.includes(button);
  shown[0].focus();
}

/** Starts the card's animation anew. */
function turn() {
  card.classList.remove("turning");
  void card.offsetWidth;
  card.classList.add("turning");
}

function shuffled(items) {
  const all = [...items];
  for (let last = all.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [all[last], all[other]] = [all[other], all[last]];
  }
  return all;
}
