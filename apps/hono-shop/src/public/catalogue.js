import { api } from "./api.js";
import { find, fromTemplate, pictureOf, price } from "./dom.js";

/** Milliseconds without a key after which the search is made. */
const PAUSE = 140;

/** The shelf: all products, those of one category, or those that a search has found, best first. */
export function createCatalogue(products, basket) {
  const shelf = find("products");
  const query = find("query");
  const tiles = new Map(products.map((product) => [product.id, createTile(product, basket)]));
  const chips = createChips(["All", ...new Set(products.map(({ category }) => category).sort())], (name) => {
    query.value = "";
    searching?.abort();
    showCategory(name);
  });
  let searching = null;
  let pause = 0;

  showCategory("All");
  query.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(search, PAUSE);
  });
  find("search").addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(pause);
    search();
  });
  for (const button of document.querySelectorAll(".try")) {
    button.addEventListener("click", () => {
      query.value = button.textContent;
      search();
      // The button is about to leave with the words around it: the keyboard goes on at the results.
      shelf.focus({ preventScroll: true });
    });
  }

  function showCategory(name) {
    const shown = name === "All" ? products : products.filter(({ category }) => category === name);
    chips.press(name);
    show(shown, name === "All" ? `${shown.length} things` : `${shown.length} in ${name}`);
  }

  async function search() {
    const words = query.value.trim();
    searching?.abort();
    if (words === "") return showCategory("All");
    searching = new AbortController();
    const { signal } = searching;
    shelf.setAttribute("aria-busy", "true");
    try {
      const found = await api.search(words, signal);
      chips.press(null);
      show(found, found.length === 0 ? `Nothing like “${words}”` : `${found.length} near “${words}”, best first`);
    } catch (error) {
      if (signal.aborted) return;
      find("trouble").textContent = error.message;
      find("trouble").hidden = false;
    }
    shelf.removeAttribute("aria-busy");
  }

  function show(shown, words) {
    find("trouble").hidden = true;
    const change = () => {
      document.body.toggleAttribute("data-searching", query.value.trim() !== "");
      shelf.replaceChildren(...shown.map(({ id }) => tiles.get(id)));
    };
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches || document.body.dataset.view === "loading";
    if (still || !document.startViewTransition) change();
    // A transition that a newer one skips rejects; what it shows is there all the same.
    else document.startViewTransition(change).ready.catch(() => {});
    find("found").textContent = words;
  }
}

function createChips(names, onChoice) {
  const chips = names.map((name) => {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.textContent = name;
    chip.addEventListener("click", () => onChoice(name));
    return chip;
  });
  find("categories").append(...chips);
  return {
    press(name) {
      for (const chip of chips) chip.setAttribute("aria-pressed", String(chip.textContent === name));
    },
  };
}

function createTile(product, basket) {
  const tile = fromTemplate("product");
  tile.dataset.id = product.id;
  tile.querySelector("img").src = pictureOf(product);
  tile.querySelector("h2").textContent = product.name;
  tile.querySelector(".price").textContent = price(product.priceCents);
  tile.querySelector(".description").textContent = product.description;
  const stock = tile.querySelector(".stock");
  stock.hidden = product.stock > 3;
  stock.textContent = product.stock === 0 ? "Sold out" : `Only ${product.stock} left`;
  tile.classList.toggle("sold-out", product.stock === 0);
  wireAdd(tile.querySelector(".add"), product, basket);
  return tile;
}

/** The button that puts one of it into the basket. */
export function wireAdd(button, product, basket) {
  button.setAttribute("aria-label", `Add ${product.name} to the basket`);
  if (product.stock === 0) {
    button.hidden = true;
    return;
  }
  button.addEventListener("click", async () => {
    if (!(await basket.add(product))) return;
    button.classList.remove("added");
    requestAnimationFrame(() => button.classList.add("added"));
  });
}
