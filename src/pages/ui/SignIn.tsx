import { type FormEvent, useState } from "react";
import { keepToken } from "./api.ts";
import { useCommonWords } from "./words.ts";

/** Asks for the token that the service wants; it is kept for this tab. */
export function SignIn({ ask, onDone }: { ask: string; onDone(): void }) {
  const { words } = useCommonWords();
  const [token, setToken] = useState("");
  const enter = (event: FormEvent) => {
    event.preventDefault();
    keepToken(token.trim());
    onDone();
  };
  return (
    <form className="card" onSubmit={enter}>
      <label className="field">
        <span>{ask}</span>
        <input
          type="password"
          autoComplete="off"
          required
          value={token}
          onChange={(event) => setToken(event.target.value)}
        />
      </label>
      <div className="row">
        <button type="submit" className="main">
          {words.enter}
        </button>
      </div>
    </form>
  );
}
