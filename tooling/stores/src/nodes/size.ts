/** How much the run of two nodes does: all of it with `run nodes`, a little when its tests are run by themselves. */
export function sizedRun<Size>(full: Size, little: Size): Size {
  return process.env.OUTLET_NODES === "full" ? full : little;
}
