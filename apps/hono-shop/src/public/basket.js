import { api } from "./api.js";
import { announce, find, fromTemplate, price } from "./dom.js";

/** The basket's panel. What is in it comes from the server, whoever has changed it. */
export function createBasket(view) {
  const rows = new Map();
  show(view);
  return { add: (product) => change(() => api.add(product.id, 1), `${product.name} is in your basket.`), show };

  async function change(ask, words) {
    find("basket-problem").hidden = true;
    try {
      show(await ask());
      announce(`${words} ${find("count").textContent}.`);
      return true;
    } catch (error) {
      find("basket-problem").textContent = error.message;
      find("basket-problem").hidden = false;
      // The panel may be closed: then the alert is silent.
      if (!find("basket").checkVisibility()) announce(error.message);
      return false;
    }
  }

  function show({ lines, count, totalCents }) {
    const things = `${count} ${count === 1 ? "thing" : "things"}`;
    find("count").textContent = count ? things : "";
    find("badge").textContent = count;
    find("badge").hidden = count === 0;
    find("open-basket").setAttribute("aria-label", count ? `Basket, ${things}` : "Basket, empty");
    find("basket-empty").hidden = count > 0;
    find("sum").hidden = count === 0;
    find("total").textContent = price(totalCents);
    for (const [id, row] of rows) {
      if (lines.some((line) => line.id === id)) continue;
      // The keyboard's place on the page must not go with the row.
      if (row.contains(document.activeElement)) focusNear(row);
      row.remove();
      rows.delete(id);
    }
    for (const line of lines) showLine(line);
  }

  function showLine({ id, name, quantity, priceCents }) {
    const row = rows.get(id) ?? addRow(id, name);
    const before = row.dataset.quantity;
    row.dataset.quantity = quantity;
    row.querySelector(".quantity").textContent = quantity;
    row.querySelector(".line-price").textContent = price(quantity * priceCents);
    row.querySelector(".less").setAttribute("aria-label", quantity > 1 ? `One ${name} less` : `Take ${name} out`);
    if (before !== undefined && before !== String(quantity)) blink(row);
  }

  function addRow(id, name) {
    const row = fromTemplate("line");
    const step = (by) => {
      const quantity = Number(row.dataset.quantity) + by;
      return change(() => api.setQuantity(id, quantity), quantity ? `${quantity} × ${name}.` : `${name} is out.`);
    };
    row.querySelector(".line-name").textContent = name;
    row.querySelector(".stepper").setAttribute("aria-label", `How many: ${name}`);
    row.querySelector(".more").setAttribute("aria-label", `One ${name} more`);
    row.querySelector(".less").addEventListener("click", () => step(-1));
    row.querySelector(".more").addEventListener("click", () => step(1));
    rows.set(id, row);
    find("lines").append(row);
    blink(row);
    row.scrollIntoView?.({ block: "nearest" });
    return row;
  }
}

function focusNear(row) {
  const neighbour = row.nextElementSibling ?? row.previousElementSibling;
  const target = neighbour?.querySelector(".less") ?? find("basket-title");
  target.tabIndex = target.tabIndex < 0 ? -1 : target.tabIndex;
  target.focus();
}

/** Shows for a moment that something has changed. */
function blink(row) {
  row.classList.remove("changed");
  requestAnimationFrame(() => row.classList.add("changed"));
}
