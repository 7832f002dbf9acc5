/** Bun, which is in every executable, and what it is linked with. Its package holds no text of its licence. */
import type { Component, Part } from "./component.ts";
import { standardText } from "./licences.ts";

const licencePage = "https://bun.com/docs/project/licensing";

/** Bun as the executables hold it. Its own text of the licence names no holder; its maker is Oven. */
export function runtimeComponent(): Component {
  return {
    name: "Bun",
    version: Bun.version,
    licence: "MIT",
    address: "https://github.com/oven-sh/bun",
    remark: `The JavaScript runtime, unchanged, with the program beside it in one file. What it is linked with, and under which
licence, is listed at ${licencePage}.

Two of those libraries, JavaScriptCore with the parts of WebKit around it, and TinyCC, are under the GNU LGPL: you may
change them and use this program with your own. Their source is at the addresses below. Bun's source says how Bun is built
with them; which commits it takes is told in its scripts/build. A program is put together again with a Bun of your own, from
Berth's source, by \`bun build --compile --compile-executable-path=<your bun>\`. Nothing in Berth's licence forbids that, or to
take the program apart to find faults in such a change.`,
    texts: [standardText("MIT", "Copyright (c) Oven and the contributors of Bun")],
    parts: linked.map(([name, licence, address]) => ({ name, licence, address }) satisfies Part),
  };
}

/** Name, licence and address. Of BoringSSL, libarchive and picohttpparser the most of it, or the one that is chosen. */
const linked: readonly (readonly [string, string, string])[] = [
  [
    "JavaScriptCore and WebKit",
    "LGPL-2.0-or-later AND BSD-2-Clause",
    "https://github.com/oven-sh/WebKit",
  ],
  ["TinyCC", "LGPL-2.1-or-later", "https://github.com/oven-sh/tinycc"],
  [
    "BoringSSL",
    "Apache-2.0 AND ISC AND BSD-3-Clause AND MIT",
    "https://boringssl.googlesource.com/boringssl/+/refs/heads/main/LICENSE",
  ],
  ["libarchive", "BSD-2-Clause", "https://github.com/libarchive/libarchive/blob/master/COPYING"],
  ["SQLite", "blessing", "https://sqlite.org/copyright.html"],
  ["ICU", "Unicode-3.0", "https://github.com/unicode-org/icu/blob/main/LICENSE"],
  ["Brotli", "MIT", "https://github.com/google/brotli"],
  ["lol-html", "BSD-3-Clause", "https://github.com/cloudflare/lol-html"],
  ["ls-hpack and ls-qpack", "MIT", "https://github.com/litespeedtech/ls-qpack"],
  ["lsquic", "MIT AND BSD-3-Clause", "https://github.com/litespeedtech/lsquic"],
  ["mimalloc", "MIT", "https://github.com/microsoft/mimalloc"],
  ["picohttpparser", "MIT", "https://github.com/h2o/picohttpparser"],
  ["Zstandard", "BSD-3-Clause", "https://github.com/facebook/zstd"],
  ["simdutf", "Apache-2.0", "https://github.com/simdutf/simdutf"],
  ["uSockets and uWebSockets", "Apache-2.0", "https://github.com/uNetworking/uWebSockets"],
  ["zlib-ng", "Zlib", "https://github.com/zlib-ng/zlib-ng"],
  ["c-ares", "MIT", "https://github.com/c-ares/c-ares"],
  ["base64", "BSD-2-Clause", "https://github.com/aklomp/base64"],
  ["libdeflate", "MIT", "https://github.com/ebiggers/libdeflate"],
  [
    "libjpeg-turbo",
    "IJG AND BSD-3-Clause AND Zlib",
    "https://github.com/libjpeg-turbo/libjpeg-turbo/blob/main/LICENSE.md",
  ],
  ["libspng", "BSD-2-Clause", "https://github.com/randy408/libspng"],
  ["libwebp", "BSD-3-Clause", "https://github.com/webmproject/libwebp"],
  ["Highway", "Apache-2.0", "https://github.com/google/highway"],
  ["uucode", "MIT", "https://github.com/jacobsandlund/uucode"],
  ["Parts of TigerBeetle", "Apache-2.0", "https://github.com/tigerbeetle/tigerbeetle"],
  [
    "Parts of LLVM",
    "Apache-2.0 WITH LLVM-exception",
    "https://github.com/llvm/llvm-project/blob/main/LICENSE.TXT",
  ],
  [
    "npm packages that stand in for Node's modules",
    "MIT",
    "https://github.com/oven-sh/bun/blob/main/LICENSE.md",
  ],
];
