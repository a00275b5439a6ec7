export const find = (id) => document.getElementById(id);

/** A fresh copy of what is in the template. */
export const fromTemplate = (id) => find(id).content.firstElementChild.cloneNode(true);

export function element(name, ...children) {
  const made = document.createElement(name);
  made.append(...children);
  return made;
}

const euros = new Intl.NumberFormat("en-IE", { style: "currency", currency: "EUR" });
export const price = (cents) => euros.format(cents / 100);

export const pictureOf = ({ id }) => `/api/products/pictures/${id}.svg`;

/** Says it to screen readers, wherever on the page the person is. */
export function announce(words) {
  find("status").textContent = words;
}
