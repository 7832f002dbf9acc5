import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { LanguageProvider } from "../ui/language.tsx";
import { applyTheme } from "../ui/theme.ts";
import { Chat } from "./Chat.tsx";

applyTheme();
const page = document.getElementById("page");
if (page === null) throw new Error("the document has no place for the page");
createRoot(page).render(
  <StrictMode>
    <LanguageProvider>
      <Chat />
    </LanguageProvider>
  </StrictMode>,
);
