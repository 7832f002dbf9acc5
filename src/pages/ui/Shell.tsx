import { type ReactNode, useEffect, useRef } from "react";
import { useKeptFocus } from "./keptFocus.ts";
import { linkTo } from "./route.ts";
import { type Theme, useTheme } from "./theme.ts";
import { useCommonWords } from "./words.ts";

export interface ShellProps {
  title: string;
  /** The title of the page that is shown, for the tab and for screen readers when it changes. */
  heading: string;
  path: string;
  links: readonly { path: string; label: string }[];
  /** What the links lead to. */
  navigation: string;
  children: ReactNode;
}

const themes: readonly Theme[] = ["system", "light", "dark"];

/** What all pages have around them: the way past the navigation, the navigation, the theme, the main part. */
export function Shell({ title, heading, path, links, navigation, children }: ShellProps) {
  const main = useMainFocus(path, `${heading} · ${title}`);
  useKeptFocus(main);
  const { words } = useCommonWords();
  const [theme, setTheme] = useTheme();
  return (
    <div className="shell">
      <button type="button" className="skip" onClick={() => main.current?.focus()}>
        {words.skip}
      </button>
      <header className="top">
        <strong>{title}</strong>
        <nav aria-label={navigation}>
          {links.map((link) => (
            <a key={link.path} href={linkTo(link.path)} aria-current={currentOf(link.path, path)}>
              {link.label}
            </a>
          ))}
        </nav>
        <LanguageChoice />
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

function LanguageChoice() {
  const { language, words, speak } = useCommonWords();
  return (
    <select
      aria-label={words.language}
      value={language}
      onChange={(event) => speak(event.target.value === "fr" ? "fr" : "en")}
    >
      <option value="en" lang="en">
        English
      </option>
      <option value="fr" lang="fr">
        Français
      </option>
    </select>
  );
}

/** A link to the page that is shown is the current one; so is one to the list that it is from. */
function currentOf(link: string, path: string): "page" | "true" | undefined {
  if (link === path) return "page";
  return link !== "/" && path.startsWith(`${link}/`) ? "true" : undefined;
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
