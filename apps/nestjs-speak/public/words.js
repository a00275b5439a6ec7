import { element, find } from "./dom.js";

/** The list of words at the side, and what is known of each. */
export function createWordList() {
  let words = [];
  let lang = "";
  const list = find("words");

  function show() {
    list.replaceChildren(...words.map((word) => entry(word, lang)).reverse());
    for (const count of document.querySelectorAll("[data-words-count]")) count.textContent = words.length;
    find("no-words").hidden = words.length > 0;
    find("practise").disabled = words.length === 0;
  }

  return {
    reset(newWords, newLang) {
      words = [...newWords];
      lang = newLang;
      show();
    },
    add(newWords) {
      words.push(...newWords);
      show();
      for (const made of [...list.children].slice(0, newWords.length)) made.classList.add("new");
    },
    update(word) {
      words = words.map((one) => (one.word === word.word ? word : one));
      show();
    },
    get all() {
      return words;
    },
  };
}

function entry({ word, meaning, known }, lang) {
  const dots = element("span", { className: "dots", role: "img", ariaLabel: `Known ${known} of 3 times` });
  for (let index = 0; index < 3; index++) dots.append(element("i", { className: index < known ? "on" : "" }));
  return element(
    "li",
    {},
    element("b", { textContent: word, lang }),
    element("span", { className: "meaning", textContent: meaning }),
    dots,
  );
}
