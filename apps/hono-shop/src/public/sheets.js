import { find } from "./dom.js";

/**
 * Basket and assistant: beside the products where there is room, else sheets that come up over them, one at a time.
 *
 * @param onCancel told of Escape on a sheet; true keeps the sheet open
 * @param onOpen called when a sheet has come up
 */
export function createSheets({ onCancel, onOpen }) {
  const wide = matchMedia("(min-width: 62rem)");
  const panels = [find("basket"), find("assistant")];
  const openers = new Map([
    [find("open-basket"), find("basket")],
    [find("open-assistant"), find("assistant")],
  ]);
  for (const panel of panels) {
    panel.querySelector(".close").addEventListener("click", () => panel.close());
    panel.addEventListener("cancel", (event) => {
      if (panel === find("assistant") && onCancel()) event.preventDefault();
    });
    panel.addEventListener("click", (event) => {
      // On the dialog itself, and not on what is in it: on the backdrop.
      if (event.target === panel && panel.matches(":modal") && outside(panel, event)) panel.close();
    });
  }
  for (const [button, panel] of openers) {
    button.addEventListener("click", () => {
      panel.showModal();
      onOpen();
    });
  }
  wide.addEventListener("change", arrange);
  arrange();

  function arrange() {
    for (const panel of panels) {
      panel.close();
      // `show()` would take the focus; an attribute does not.
      if (wide.matches) panel.setAttribute("open", "");
    }
  }
}

function outside(panel, { clientX, clientY }) {
  const { left, right, top, bottom } = panel.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}
