import { readToken } from "./api.ts";

/** A WebSocket that comes back by itself. */
export interface Socket {
  send(message: object): boolean;
  close(): void;
}

const firstWaitMs = 500;
const longestWaitMs = 10_000;
/** How often a silent connection is tried, in milliseconds; proxies close it after a minute. */
const pingMs = 25_000;

/** Opens a WebSocket at an address relative to the page and keeps it open until `close`. */
export function openSocket(
  path: string,
  on: { message(message: Record<string, unknown>): void; state(isOpen: boolean): void },
): Socket {
  let socket: WebSocket | undefined;
  let waitMs = firstWaitMs;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;
  const open = () => {
    socket = new WebSocket(addressOf(path));
    socket.onopen = () => {
      waitMs = firstWaitMs;
      on.state(true);
    };
    socket.onmessage = ({ data }) => {
      if (!isClosed) on.message(JSON.parse(String(data)));
    };
    socket.onclose = () => {
      if (isClosed) return;
      on.state(false);
      timer = setTimeout(open, waitMs);
      waitMs = Math.min(waitMs * 2, longestWaitMs);
    };
  };
  const pings = setInterval(() => {
    if (socket?.readyState === WebSocket.OPEN) socket.send('{"type":"ping"}');
  }, pingMs);
  open();
  return {
    send(message) {
      if (socket?.readyState !== WebSocket.OPEN) return false;
      socket.send(JSON.stringify(message));
      return true;
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      clearInterval(pings);
      socket?.close();
    },
  };
}

function addressOf(path: string): URL {
  const url = new URL(path, location.href);
  url.hash = "";
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const token = readToken();
  if (token !== "") url.searchParams.set("token", token);
  return url;
}
