import { useEffect, useState } from "react";

/** Calls `reload` again and again while somebody can see the page; `everyMs` is in milliseconds. */
export function usePolling(reload: () => void, everyMs: number): void {
  const [isShown, setShown] = useState(!document.hidden);
  useEffect(() => {
    const look = () => setShown(!document.hidden);
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, []);
  useEffect(() => {
    if (!isShown) return;
    const timer = setInterval(reload, everyMs);
    return () => clearInterval(timer);
  }, [isShown, reload, everyMs]);
}
