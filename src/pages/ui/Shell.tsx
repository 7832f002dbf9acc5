import { type ReactNode, useEffect, useRef } from "react";
import { useKeptFocus } from "./keptFocus.ts";
import { linkTo } from "./route.ts";
import { type Theme, useTheme } from "./theme.ts";

export interface ShellWords {
  skip: string;
  navigation: string;
  theme: string;
  themes: Readonly<Record<Theme, string>>;
}

export interface ShellProps {
  title: string;
  /** The title of the page that is shown, for the tab and for screen readers when it changes. */
  heading: string;
  path: string;
  links: readonly { path: string; label: string }[];
  words: ShellWords;
  extras?: ReactNode;
  children: ReactNode;
}

const themes: readonly Theme[] = ["system", "light", "dark"];

/** What all pages have around them: the way past the navigation, the navigation, the theme, the main part. */
export function Shell({ title, heading, path, links, words, extras, children }: ShellProps) {
  const main = useMainFocus(path, `${heading} · ${title}`);
  useKeptFocus(main);
  const [theme, setTheme] = useTheme();
  return (
    <div className="shell">
      <button type="button" className="skip" onClick={() => main.current?.focus()}>
        {words.skip}
      </button>
      <header className="top">
        <strong>{title}</strong>
        <nav aria-label={words.navigation}>
          {links.map((link) => (
            <a
              key={link.path}
              href={linkTo(link.path)}
              aria-current={link.path === path ? "page" : undefined}
            >
              {link.label}
            </a>
          ))}
        </nav>
        {extras}
        <select
          aria-label={words.theme}
          value={theme}
          onChange={(event) =>
            setTheme(themes.find((one) => one === event.target.value) ?? "system")
          }
        >
          {themes.map((one) => (
            <option key={one} value={one}>
              {words.themes[one]}
            </option>
          ))}
        </select>
      </header>
      <main ref={main} tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

/** A new place gets the focus and the title, as a loaded document would; the first one is left alone. */
function useMainFocus(path: string, title: string) {
  const main = useRef<HTMLElement>(null);
  const shown = useRef(path);
  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    main.current?.focus();
    scrollTo(0, 0);
  }, [path]);
  return main;
}
