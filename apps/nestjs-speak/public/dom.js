export const find = (id) => document.getElementById(id);

export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** A copy of what a `<template>` holds. */
export function copyOf(template) {
  return find(template).content.firstElementChild.cloneNode(true);
}

/** Says something to screen readers; `lang` where it is not English. */
export function announce(text, lang) {
  const status = find(lang ? "tutor-status" : "status");
  if (lang) status.lang = lang;
  status.textContent = text;
}
