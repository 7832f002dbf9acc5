import { type RefObject, useEffect } from "react";

/**
 * Keeps the place of whoever works with the keyboard: when what has the focus goes away, as a button does that has done
 * its work, the part of the page around it gets the focus, and not the page's beginning.
 */
export function useKeptFocus(main: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const root = main.current;
    if (root === null) return;
    let around: Element[] = [];
    const note = ({ target }: FocusEvent) => {
      around = target instanceof Element ? ancestorsOf(target) : [];
    };
    const look = () => {
      const [focused] = around;
      if (!focused || focused.isConnected || document.activeElement !== document.body) return;
      const left = around.find((element) => element.isConnected);
      around = [];
      if (!(left instanceof HTMLElement)) return;
      if (!left.hasAttribute("tabindex")) left.tabIndex = -1;
      left.focus({ preventScroll: true });
    };
    const observer = new MutationObserver(look);
    observer.observe(root, { childList: true, subtree: true });
    root.addEventListener("focusin", note);
    return () => {
      observer.disconnect();
      root.removeEventListener("focusin", note);
    };
  }, [main]);
}

/** The element, then the parts of the page that it lies in, the nearest first. */
function ancestorsOf(element: Element): Element[] {
  const found = [element];
  let part = element.closest("section, main");
  while (part !== null) {
    found.push(part);
    part = part.parentElement?.closest("section, main") ?? null;
  }
  return found;
}
