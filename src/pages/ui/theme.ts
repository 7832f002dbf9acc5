import { useState } from "react";

export type Theme = "system" | "light" | "dark";
const key = "berth.theme";

/** Shows the page in the theme that was chosen last; before the first paint of anything. */
export function applyTheme(): void {
  show(readTheme());
}

/** The theme and how to choose another. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(readTheme);
  return [
    theme,
    (next) => {
      localStorage.setItem(key, next);
      show(next);
      setTheme(next);
    },
  ];
}

function readTheme(): Theme {
  const kept = localStorage.getItem(key);
  return kept === "light" || kept === "dark" ? kept : "system";
}

function show(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
