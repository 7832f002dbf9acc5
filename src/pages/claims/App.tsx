import { useState } from "react";
import { usePlace } from "../ui/route.ts";
import { Shell } from "../ui/Shell.tsx";
import { SignIn } from "../ui/SignIn.tsx";
import { Admin } from "./Admin.tsx";
import { ClaimList } from "./ClaimList.tsx";
import { ClaimView } from "./ClaimView.tsx";
import { NewClaim } from "./NewClaim.tsx";
import { Overview } from "./Overview.tsx";
import { SessionProvider } from "./session.tsx";
import { useWords } from "./words.ts";

/** The claims page: which part of it is shown, and the way to sign in when the service asks for it. */
export function App() {
  const { words } = useWords();
  const { path, query } = usePlace();
  const [isRefused, setRefused] = useState(false);
  const claimId = /^\/claims\/([\w-]+)$/.exec(path)?.[1];
  const links = [
    { path: "/", label: words.overview },
    { path: "/claims", label: words.claims },
    { path: "/new", label: words.newClaim },
    { path: "/admin", label: words.administration },
  ];
  const heading = links.find((link) => link.path === path)?.label ?? words.title;
  return (
    <Shell
      title={words.title}
      heading={heading}
      path={path}
      links={links}
      navigation={words.navigation}
    >
      <SessionProvider onRefused={() => setRefused(true)}>
        {isRefused ? (
          <SignIn ask={words.signIn} onDone={() => setRefused(false)} />
        ) : claimId ? (
          <ClaimView key={claimId} claimId={claimId} />
        ) : path === "/" ? (
          <Overview />
        ) : path === "/claims" ? (
          <ClaimList query={query} />
        ) : path === "/new" ? (
          <NewClaim />
        ) : path === "/admin" ? (
          <Admin />
        ) : (
          <p>{words.notFound}</p>
        )}
      </SessionProvider>
    </Shell>
  );
}
