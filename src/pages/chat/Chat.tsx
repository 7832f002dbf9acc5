import { call } from "../ui/api.ts";
import { useLoad } from "../ui/load.ts";
import { Loading, Notice, Problem } from "../ui/Notice.tsx";
import { usePlace } from "../ui/route.ts";
import { Shell } from "../ui/Shell.tsx";
import { SignIn } from "../ui/SignIn.tsx";
import { visible } from "../ui/visible.ts";
import type { ChatState } from "./service.ts";
import { Talk } from "./Talk.tsx";
import { ToolForms } from "./ToolForms.tsx";
import { useWords } from "./words.ts";

/** The support agents' page: a conversation where there is a model, and the tools as forms. */
export function Chat() {
  const { words } = useWords();
  const { path } = usePlace();
  const { value, error, reload } = useLoad("state", (signal) =>
    call<ChatState>("api/state", { signal }),
  );
  const isForms = path === "/tools" || value?.model === null;
  const tools = { path: isForms ? path : "/tools", label: words.tools };
  const links = value?.model === null ? [tools] : [{ path: "/", label: words.conversation }, tools];
  return (
    <Shell
      title={words.title}
      heading={isForms ? words.tools : words.conversation}
      path={path}
      links={links}
      navigation={words.navigation}
    >
      <h1>{isForms ? words.tools : words.conversation}</h1>
      {error?.status === 401 ? (
        <SignIn ask={words.signIn} onDone={reload} />
      ) : (
        <Problem error={error} />
      )}
      {value === undefined && error === undefined && <Loading />}
      {value?.problems.map((problem) => (
        <Notice key={problem} tone="warn">
          {visible(problem)}
        </Notice>
      ))}
      {value?.model === null && <Notice tone="info">{words.noModel}</Notice>}
      {value && (isForms ? <ToolForms tools={value.tools} /> : <Talk model={value.model ?? ""} />)}
    </Shell>
  );
}
