import { call } from "../ui/api.ts";
import { useLoad } from "../ui/load.ts";
import { Notice, Problem } from "../ui/Notice.tsx";
import { usePlace } from "../ui/route.ts";
import { Shell } from "../ui/Shell.tsx";
import { SignIn } from "../ui/SignIn.tsx";
import { visible } from "../ui/visible.ts";
import type { ChatState } from "./service.ts";
import { Talk } from "./Talk.tsx";
import { ToolForms } from "./ToolForms.tsx";

const words = {
  skip: "Skip to the content",
  navigation: "Pages",
  theme: "Theme",
  themes: { system: "System", light: "Light", dark: "Dark" },
};

/** The support agents' page: a conversation where there is a model, and the tools as forms. */
export function Chat() {
  const { path } = usePlace();
  const { value, error, reload } = useLoad("state", (signal) =>
    call<ChatState>("api/state", { signal }),
  );
  const isForms = path === "/tools" || value?.model === null;
  const tools = { path: isForms ? path : "/tools", label: "Tools" };
  const links = value?.model === null ? [tools] : [{ path: "/", label: "Conversation" }, tools];
  return (
    <Shell
      title="Support"
      heading={isForms ? "Tools" : "Conversation"}
      path={path}
      links={links}
      words={words}
    >
      <h1>{isForms ? "Tools" : "Conversation"}</h1>
      {error?.status === 401 ? (
        <SignIn
          words={{ ask: "The chat asks for an access token", enter: "Continue" }}
          onDone={reload}
        />
      ) : (
        <Problem error={error} />
      )}
      {value?.problems.map((problem) => (
        <Notice key={problem} tone="warn">
          {visible(problem)}
        </Notice>
      ))}
      {value?.model === null && (
        <Notice tone="info">
          No model is configured, so nobody can answer in words: set LLAMASTACK_ENDPOINT. The tools
          can be used as forms.
        </Notice>
      )}
      {value && (isForms ? <ToolForms tools={value.tools} /> : <Talk model={value.model ?? ""} />)}
    </Shell>
  );
}
