/** Who is in sight or near it. Not by `contentvisibilityautostatechange`: within a page that is skipped nothing is told. */
const watched = new WeakMap<Element, (isSeen: boolean) => void>();
const NEAR: IntersectionObserverInit & { scrollMargin: string } = {
  rootMargin: "300px",
  scrollMargin: "300px",
};
const observer =
  typeof IntersectionObserver === "function" ? new IntersectionObserver(tell, NEAR) : undefined;

/** Call `seen` soon, and whenever it changes. False where nobody can tell. */
export function watchSight(element: Element, seen: (isSeen: boolean) => void): boolean {
  watched.set(element, seen);
  observer?.observe(element);
  return observer !== undefined;
}

export function forgetSight(element: Element): void {
  observer?.unobserve(element);
  watched.delete(element);
}

function tell(entries: IntersectionObserverEntry[]): void {
  for (const { target, isIntersecting } of entries) watched.get(target)?.(isIntersecting);
}
