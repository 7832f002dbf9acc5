/** What is compiled into the WebAssembly and the data of packages: their own package.json knows nothing of it. */
import type { Part } from "./component.ts";

const tessdata: readonly Part[] = [
  {
    name: "Tesseract's language data",
    licence: "Apache-2.0",
    copyright: "Google Inc.",
    address: "https://github.com/tesseract-ocr/tessdata_best",
  },
];

/** By package; found by the names that their files hold and the lists of their projects. */
export const prebuiltParts: Readonly<Record<string, readonly Part[]>> = {
  "@tesseract.js-data/eng": tessdata,
  "@tesseract.js-data/fra": tessdata,
  "@hyzyla/pdfium": [
    {
      name: "PDFium",
      licence: "BSD-3-Clause AND Apache-2.0",
      copyright: "Copyright 2014 The PDFium Authors; Foxit Software Inc.",
      address: "https://pdfium.googlesource.com/pdfium/",
    },
    {
      name: "Anti-Grain Geometry 2.3",
      licence: "MIT",
      copyright: "Copyright (C) 2002-2005 Maxim Shemanarev",
      address: "https://pdfium.googlesource.com/pdfium/+/refs/heads/main/third_party/agg23/",
    },
    {
      name: "FreeType",
      licence: "FTL",
      copyright: "Copyright 1996-2024 David Turner, Robert Wilhelm and Werner Lemberg",
      address: "https://freetype.org/license.html",
    },
    {
      name: "OpenJPEG",
      licence: "BSD-2-Clause",
      copyright:
        "Copyright (c) 2002-2014 Universite catholique de Louvain (UCL), Belgium; Professor Benoit Macq; and contributors",
      address: "https://github.com/uclouvain/openjpeg/blob/master/LICENSE",
    },
    {
      name: "Little CMS",
      licence: "MIT",
      copyright: "Copyright (c) 1998-2024 Marti Maria Saguer",
      address: "https://github.com/mm2/Little-CMS",
    },
    {
      name: "libjpeg-turbo",
      licence: "IJG AND BSD-3-Clause AND Zlib",
      copyright:
        "Copyright (C) 1991-2020 Thomas G. Lane, Guido Vollbeding; 2009-2024 D. R. Commander",
      address: "https://github.com/libjpeg-turbo/libjpeg-turbo/blob/main/LICENSE.md",
    },
    zlib(),
    {
      name: "Abseil",
      licence: "Apache-2.0",
      copyright: "The Abseil Authors",
      address: "https://github.com/abseil/abseil-cpp",
    },
    {
      name: "ICU",
      licence: "Unicode-3.0",
      copyright: "Copyright (c) 2016-2025 Unicode, Inc.",
      address: "https://github.com/unicode-org/icu/blob/main/LICENSE",
    },
    ...emscripten(),
  ],
  "onnxruntime-web": [
    {
      name: "ONNX",
      licence: "Apache-2.0",
      copyright: "ONNX Project Contributors",
      address: "https://github.com/onnx/onnx",
    },
    {
      name: "Protocol Buffers",
      licence: "BSD-3-Clause",
      copyright: "Copyright 2008 Google Inc.",
      address: "https://github.com/protocolbuffers/protobuf/blob/main/LICENSE",
    },
    {
      name: "FlatBuffers",
      licence: "Apache-2.0",
      copyright: "Google Inc.",
      address: "https://github.com/google/flatbuffers",
    },
    {
      name: "RE2",
      licence: "BSD-3-Clause",
      copyright: "Copyright (c) 2009 The RE2 Authors",
      address: "https://github.com/google/re2/blob/main/LICENSE",
    },
    {
      name: "Abseil",
      licence: "Apache-2.0",
      copyright: "The Abseil Authors",
      address: "https://github.com/abseil/abseil-cpp",
    },
    {
      name: "Eigen",
      licence: "MPL-2.0",
      copyright: "The Eigen authors",
      address: "https://gitlab.com/libeigen/eigen",
    },
    {
      name: "JSON for Modern C++",
      licence: "MIT",
      copyright: "Copyright (c) 2013-2025 Niels Lohmann",
      address: "https://github.com/nlohmann/json",
    },
    {
      name: "GSL and SafeInt",
      licence: "MIT",
      copyright: "Copyright (c) 2015 Microsoft Corporation; Copyright (c) 2018 Microsoft",
      address: "https://github.com/microsoft/GSL, https://github.com/dcleblanc/SafeInt",
    },
    {
      name: "date",
      licence: "MIT",
      copyright: "Copyright (c) 2015-2018 Howard Hinnant and others",
      address: "https://github.com/HowardHinnant/date",
    },
    {
      name: "Boost.Mp11",
      licence: "BSL-1.0",
      copyright: "Peter Dimov",
      address: "https://github.com/boostorg/mp11",
    },
    ...emscripten(),
  ],
  "tesseract.js-core": [
    {
      name: "Tesseract",
      licence: "Apache-2.0",
      copyright: "Google Inc., Hewlett-Packard and contributors",
      address: "https://github.com/tesseract-ocr/tesseract",
    },
    {
      name: "Leptonica",
      licence: "BSD-2-Clause",
      copyright: "Copyright (C) 2001-2020 Leptonica",
      address: "http://www.leptonica.org/about-the-license.html",
    },
    {
      name: "libjpeg of the Independent JPEG Group",
      licence: "IJG",
      copyright: "Copyright (C) 1991-2014 Thomas G. Lane, Guido Vollbeding",
      address: "https://www.ijg.org/",
    },
    {
      name: "libpng",
      licence: "libpng-2.0",
      copyright: "Copyright (c) 1995-2024 The PNG Reference Library Authors",
      address: "http://www.libpng.org/pub/png/src/libpng-LICENSE.txt",
    },
    {
      name: "libtiff",
      licence: "libtiff",
      copyright: "Copyright (c) 1988-1997 Sam Leffler; 1991-1997 Silicon Graphics, Inc.",
      address: "https://libtiff.gitlab.io/libtiff/project/license.html",
    },
    {
      name: "libwebp",
      licence: "BSD-3-Clause",
      copyright: "Copyright (c) 2010, Google Inc.",
      address: "https://chromium.googlesource.com/webm/libwebp/",
    },
    {
      name: "giflib",
      licence: "MIT",
      copyright: "Copyright (c) 1997 Eric S. Raymond",
      address: "https://giflib.sourceforge.net/",
    },
    {
      name: "OpenLibm",
      licence: "MIT AND ISC AND BSD-2-Clause",
      copyright:
        "Copyright (c) 2011-2014 The Julia Project; Sun Microsystems; the FreeBSD and OpenBSD authors",
      address: "https://github.com/JuliaMath/openlibm/blob/master/LICENSE.md",
    },
    zlib(),
    ...emscripten(),
  ],
};

function zlib(): Part {
  return {
    name: "zlib",
    licence: "Zlib",
    copyright: "Copyright (C) 1995-2024 Jean-loup Gailly and Mark Adler",
    address: "https://zlib.net/zlib_license.html",
  };
}

/** The C and C++ libraries that Emscripten links into WebAssembly. */
function emscripten(): Part[] {
  return [
    {
      name: "Emscripten's runtime",
      licence: "MIT",
      copyright: "Copyright (c) 2010-2014 Emscripten authors",
      address: "https://github.com/emscripten-core/emscripten/blob/main/LICENSE",
    },
    {
      name: "musl",
      licence: "MIT",
      copyright: "Copyright (c) 2005-2020 Rich Felker and others",
      address: "https://git.musl-libc.org/cgit/musl/tree/COPYRIGHT",
    },
    {
      name: "libc++, libc++abi and compiler-rt of LLVM",
      licence: "Apache-2.0 WITH LLVM-exception",
      copyright: "The LLVM contributors",
      address: "https://llvm.org/LICENSE.txt",
    },
  ];
}
