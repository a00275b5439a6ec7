import { copyOf, element } from "./dom.js";

/** The card below a learner's message. What the model wrote only ever becomes text, never HTML. */
export function correctionCard({ corrected, mistakes }, language) {
  if (mistakes.length === 0) {
    const fine = copyOf("fine");
    fine.querySelector(".praise").textContent = language.praise;
    fine.querySelector(".praise").lang = language.code;
    return fine;
  }
  const card = copyOf("correction");
  const sentence = card.querySelector(".corrected");
  sentence.lang = language.code;
  sentence.append(...marked(corrected, mistakes));
  card.querySelector(".mistakes").append(...mistakes.map((mistake) => row(mistake, language.code)));
  return card;
}

function row({ original, correction, explanation }, lang) {
  return element(
    "li",
    {},
    element(
      "p",
      { className: "change" },
      element("del", { textContent: original, lang }),
      element("span", { className: "unseen", textContent: " becomes " }),
      element("span", { className: "arrow", textContent: "→", ariaHidden: "true" }),
      element("ins", { textContent: correction, lang }),
    ),
    element("p", { className: "why", textContent: explanation }),
  );
}

/** The sentence with what was put in marked, wherever it is found. */
function marked(sentence, mistakes) {
  const spans = [];
  for (const { correction } of mistakes) {
    const at = sentence.toLowerCase().indexOf(correction.toLowerCase());
    const span = { from: at, to: at + correction.length };
    const overlaps = spans.some(({ from, to }) => span.from < to && from < span.to);
    if (correction !== "" && at >= 0 && !overlaps) spans.push(span);
  }
  spans.sort((one, other) => one.from - other.from);
  const nodes = [];
  let end = 0;
  for (const { from, to } of spans) {
    nodes.push(sentence.slice(end, from), element("ins", { textContent: sentence.slice(from, to) }));
    end = to;
  }
  return [...nodes, sentence.slice(end)];
}
