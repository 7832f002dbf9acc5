import { createContext, type ReactNode, useContext, useEffect } from "react";
import type { Refusal } from "../ui/api.ts";

const Refused = createContext<() => void>(() => undefined);

/** Lets every part of the page say that the service wants a token. */
export function SessionProvider({
  onRefused,
  children,
}: {
  onRefused(): void;
  children: ReactNode;
}) {
  return <Refused value={onRefused}>{children}</Refused>;
}

/** Asks the reader to sign in when a refusal says that the token is missing or wrong. */
export function useSignIn(error: Refusal | undefined): void {
  const onRefused = useContext(Refused);
  useEffect(() => {
    if (error?.status === 401) onRefused();
  }, [error, onRefused]);
}
