import { type FormEvent, useState } from "react";
import { keepToken } from "./api.ts";

/** Asks for the token that the service wants; it is kept for this tab. */
export function SignIn({
  words,
  onDone,
}: {
  words: { ask: string; enter: string };
  onDone(): void;
}) {
  const [token, setToken] = useState("");
  const enter = (event: FormEvent) => {
    event.preventDefault();
    keepToken(token.trim());
    onDone();
  };
  return (
    <form className="card" onSubmit={enter}>
      <label className="field">
        <span>{words.ask}</span>
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
