/**
 * Follows a growing conversation, until the person scrolls up to read; then a button leads back to the end.
 */
export function keepAtEnd(scroller, button) {
  // What scrolls must be reachable with the keyboard; not every browser sees to that by itself.
  scroller.tabIndex = 0;
  let following = true;
  let lastTop = 0;
  const distance = () => scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop;

  scroller.addEventListener(
    "scroll",
    () => {
      // The direction tells a person's scrolling from the content's growing.
      if (scroller.scrollTop < lastTop && distance() > 8) following = false;
      else if (distance() <= 8) following = true;
      lastTop = scroller.scrollTop;
      button.hidden = following;
    },
    { passive: true },
  );
  new ResizeObserver(() => follow()).observe(scroller);

  const toEnd = () => {
    following = true;
    button.hidden = true;
    scroller.scrollTop = scroller.scrollHeight;
  };
  const follow = () => {
    if (following) toEnd();
  };
  button.addEventListener("click", toEnd);
  return { toEnd, follow };
}
