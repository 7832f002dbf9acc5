/** The machines that images are built for. */
import { join } from "node:path";

/** As images and Debian name them. */
export type Arch = "amd64" | "arm64";

/** This machine's. */
export const ownArch: Arch = process.arch === "x64" ? "amd64" : "arm64";

/** Reads a name of a machine; without one it is this machine's. */
export function readArch(name: string | undefined): Arch | undefined {
  if (name === undefined) return ownArch;
  return name === "amd64" || name === "arm64" ? name : undefined;
}

/** The tag of our images for a machine. */
export function imageTag(version: string, arch: Arch): string {
  return arch === "amd64" ? version : `${version}-${arch}`;
}

/** Where the content of a machine's images is staged. */
export function imageFolder(arch: Arch): string {
  return join(import.meta.dir, "..", "..", "dist", arch === "amd64" ? "image" : `image-${arch}`);
}
