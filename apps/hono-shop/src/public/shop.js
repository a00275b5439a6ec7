import { api } from "./api.js";
import { createAssistant } from "./assistant.js";
import { createBasket } from "./basket.js";
import { createCatalogue } from "./catalogue.js";
import { find } from "./dom.js";
import { createSheets } from "./sheets.js";

start();

async function start() {
  const [products, basketView, conversation] = await Promise.all([
    api.products().catch(() => null),
    api.basket().catch(() => ({ lines: [], count: 0, totalCents: 0 })),
    api.conversation().catch(() => ({ model: "", turns: [] })),
  ]);
  if (!products) {
    find("trouble").textContent = "The shop could not be reached. Reload the page to try again.";
    find("trouble").hidden = false;
    return;
  }
  const basket = createBasket(basketView);
  createCatalogue(products, basket);
  const assistant = createAssistant(products, basket, conversation);
  createSheets({ onCancel: assistant.stop, onOpen: assistant.toEnd });
  document.body.dataset.view = "shop";
  assistant.toEnd();
}
