/** How much the run of two nodes does: all of it with `run nodes`, a little among all other tests. */
export function sizedRun<Size>(full: Size, little: Size): Size {
  return process.env.OUTLET_NODES === "full" ? full : little;
}
