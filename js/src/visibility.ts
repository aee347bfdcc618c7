/** Whether work on `host` could be seen: not in a closed tab, a hidden panel or a skipped cell. */
export function isVisible(host: HTMLElement): boolean {
  return host.isConnected && (host.checkVisibility?.({ contentVisibilityAuto: true }) ?? true);
}

/** Call `onShown` whenever `host` comes (back) into sight. Such an observer does not keep a removed host alive. */
export function watchShown(host: HTMLElement, onShown: () => void, signal: AbortSignal): void {
  const observer = new IntersectionObserver((entries) => {
    if (entries.at(-1)?.isIntersecting) onShown();
  });
  observer.observe(host);
  signal.addEventListener("abort", () => observer.disconnect(), { once: true });
}
