/** The same for all ways. */

export const WIDTH = 760;
export const HEIGHT = 700;

/** A scroller whose end is kept in view by the browser, as ours does it. */
export function makeBox(stage) {
  const root = document.createElement("div");
  const pin = document.createElement("div");
  const scroller = document.createElement("div");
  scroller.style.cssText = `width:${WIDTH}px;height:${HEIGHT}px;overflow-y:auto`;
  root.style.cssText = "overflow-anchor:none";
  pin.style.cssText = "height:1px;overflow-anchor:auto";
  scroller.append(root, pin);
  stage.append(scroller);
  const follow = () => {
    if (scroller.scrollTop === 0) scroller.scrollTop = 1e9;
  };
  return { root, follow, blocks: () => [...root.children] };
}

export function oncePerFrame(task) {
  let isAsked = false;
  const run = () => {
    isAsked = false;
    task();
  };
  return () => {
    if (!isAsked) requestAnimationFrame(run);
    isAsked = true;
  };
}
