/** A real server that agents' requests go through, as it is installed from PyPI. */
export interface Target {
  /** How the matrix calls it. */
  name: string;
  kind: "llama-stack" | "ogx";
  version: string;
  /** Exact requirements beside what they pull in. */
  requirements: readonly string[];
  /** Whether the old common pins hold; the newest releases resolve by themselves. */
  isPinned: boolean;
  /** Which RHOAI release ships it. */
  shippedIn: string;
}

/** Versions that the older releases were tested with by their makers; newer ones of these break them. */
export const commonPins: readonly string[] = [
  "fastapi==0.121.2",
  "starlette==0.49.3",
  "pydantic==2.11.9",
  "sqlalchemy==2.0.44",
  "httpx==0.28.1",
  "uvicorn==0.35.0",
  "anyio==4.9.0",
  "sse-starlette==3.0.2",
  "numpy==2.3.2",
];

/** In the order of the matrix. Without their "starter" extras, so that no torch is installed. */
export const targets: readonly Target[] = [
  {
    name: "Llama Stack 0.3.5",
    kind: "llama-stack",
    version: "0.3.5",
    requirements: [
      "llama-stack==0.3.5",
      "llama-stack-client==0.3.5",
      "openai==1.107.0",
      "mcp==1.12.2",
      "opentelemetry-sdk",
      "opentelemetry-exporter-otlp-proto-http",
      "pillow",
      "huggingface-hub",
    ],
    isPinned: true,
    shippedIn: "RHOAI 3.0 to 3.2",
  },
  {
    name: "Llama Stack 0.7.1",
    kind: "llama-stack",
    version: "0.7.1",
    requirements: [
      "llama-stack==0.7.1",
      "llama-stack-api==0.7.1",
      "openai==2.5.0",
      "mcp==1.25.0",
      "opentelemetry-api",
    ],
    isPinned: true,
    shippedIn: "RHOAI 3.4",
  },
  {
    name: "OGX 0.8.0",
    kind: "ogx",
    version: "0.8.0",
    requirements: [
      "ogx==0.8.0",
      "ogx-api==0.8.0",
      "openai==2.30.0",
      "mcp==1.25.0",
      "opentelemetry-api",
    ],
    isPinned: true,
    shippedIn: "the first OGX",
  },
  {
    name: "OGX 1.5.0",
    kind: "ogx",
    version: "1.5.0",
    requirements: ["ogx==1.5.0", "ogx-api==1.5.0"],
    isPinned: false,
    shippedIn: "the newest OGX",
  },
];
