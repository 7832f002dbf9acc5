import { call } from "../ui/api.ts";
import { api } from "./service.ts";

/** Stores a file with the service; a claim then names it by the path that comes back. */
export async function uploadDocument(file: File): Promise<string> {
  const body = new FormData();
  body.append("file", file);
  const stored = await call<{ document_path: string }>(`${api}/documents`, {
    method: "POST",
    body,
  });
  return stored.document_path;
}
