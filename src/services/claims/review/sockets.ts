import { AppError } from "../../../core/fault.ts";
import { describeFailure } from "../../failure-log.ts";
import { jsonAnswer } from "../../operation.ts";
import type { LiveFront } from "../../rest-program.ts";
import { isAuthorized } from "../../token.ts";
import { getClaim, shownStatus } from "../claims.ts";
import type { ClaimsContext } from "../context.ts";
import { answerClaimsFailure } from "../failure.ts";
import { claimsInput, readId } from "../input.ts";
import { wordsOf } from "../issue-words.ts";
import { takeAction } from "./actions.ts";
import { addMessage } from "./messages.ts";
import { enterRoom, leaveRoom, listSessions, type Presence } from "./presence.ts";
import { ClientMessage, Reviewer } from "./review-schema.ts";
import { openRoom, type Room, type Socket, send } from "./room.ts";

/** The most sockets that one process has open. */
const socketLimitCount = 1_000;
/** The longest message of a client, in bytes, and the most that wait for being dealt with, each client. */
const messageLimitBytes = 64 * 1024;
const waitingLimitCount = 50;
/** What is told of a message of another type. */
const messageTypes = "must be one of chat, action, ping";

/** The rooms in which reviewers of one claim meet, over WebSockets. */
export interface ReviewSockets extends Pick<LiveFront, "accept" | "websocket"> {
  /** Says goodbye to everybody: the process is about to end. */
  closeAll(): void;
}

export function createReviewSockets(context: () => ClaimsContext, prefix: string): ReviewSockets {
  const rooms = new Map<string, Room>();
  const queues = new WeakMap<Socket, { count: number; last: Promise<void> }>();
  const entering = new WeakMap<Socket, Promise<void>>();
  let openCount = 0;

  async function accept(request: Request, server: Bun.Server<unknown>) {
    const claimId = claimIdOf(request, prefix);
    if (claimId === undefined) return "pass";
    try {
      const presence = await admit(context(), request, claimId);
      if (openCount >= socketLimitCount) {
        throw new AppError("too_busy", `Cannot open a room: ${openCount} sockets are open`);
      }
      if (server.upgrade(request, { data: presence })) return undefined;
      throw new AppError("invalid_input", "The WebSocket handshake is not complete");
    } catch (error) {
      return refuse(context(), error);
    }
  }

  async function open(socket: Socket): Promise<void> {
    openCount++;
    const { claimId, reviewer } = socket.data;
    const room = rooms.get(claimId) ?? openRoom(context(), claimId);
    rooms.set(claimId, room);
    room.sockets.add(socket);
    // What the room hears meanwhile comes after the greeting, the newcomer's own arrival as well.
    room.held.set(socket, []);
    try {
      const entered = enterRoom(context(), socket.data);
      entering.set(socket, entered);
      await entered;
      const [session] = await listSessions(context(), claimId);
      const reviewers = session?.reviewers ?? [];
      send(socket, { type: "connected", claim_id: claimId, ...reviewer, reviewers });
    } finally {
      const heard = room.held.get(socket) ?? [];
      room.held.delete(socket);
      for (const message of heard) send(socket, message);
    }
  }

  async function close(socket: Socket): Promise<void> {
    openCount--;
    const { claimId } = socket.data;
    const room = rooms.get(claimId);
    room?.sockets.delete(socket);
    room?.held.delete(socket);
    if (room?.sockets.size === 0) {
      room.close();
      rooms.delete(claimId);
    }
    // Who goes while still coming in would leave before being there, and would be there for good.
    await entering.get(socket)?.catch(() => undefined);
    await leaveRoom(context(), socket.data);
  }

  /** One message after the other, as they came: an action and the chat after it keep their order. */
  async function message(socket: Socket, text: string | Buffer): Promise<void> {
    const earlier = queues.get(socket) ?? { count: 0, last: Promise.resolve() };
    if (earlier.count >= waitingLimitCount)
      throw new AppError("too_busy", "Too many messages at once");
    const work = earlier.last.then(() => obey(context(), socket, String(text)));
    const settled = work.then(
      () => undefined,
      () => undefined,
    );
    const queue = { count: earlier.count + 1, last: settled };
    queues.set(socket, queue);
    await work.finally(() => {
      const present = queues.get(socket) ?? queue;
      queues.set(socket, { ...present, count: present.count - 1 });
    });
  }

  /** A failure is told to the client that caused it; a bug's own text is not. */
  const guarded =
    <Rest extends unknown[]>(work: (socket: Socket, ...rest: Rest) => Promise<void>) =>
    (socket: Bun.ServerWebSocket<unknown>, ...rest: Rest) =>
      // Sockets are opened by `accept` above, which gives each its presence.
      work(socket as Socket, ...rest).catch((error: unknown) => {
        send(socket as Socket, { type: "error", detail: detailOf(context(), error) });
      });

  return {
    accept,
    closeAll() {
      // 1001: the server goes away (RFC 6455, section 7.4.1); clients come back to another replica.
      for (const { sockets } of rooms.values()) for (const socket of sockets) socket.close(1001);
    },
    websocket: {
      maxPayloadLength: messageLimitBytes,
      open: guarded(open),
      close: guarded((socket) => close(socket)),
      message: guarded(message),
    },
  };
}

/** The claim that a WebSocket's path names; clients of all generations have their own prefix. */
function claimIdOf(request: Request, prefix: string): string | undefined {
  if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") return undefined;
  if (!URL.canParse(request.url)) return undefined;
  const { pathname } = new URL(request.url);
  for (const start of [`${prefix}/review/ws/review/`, `${prefix}/ws/review/`, "/ws/review/"]) {
    if (pathname.startsWith(start)) return pathname.slice(start.length);
  }
  return undefined;
}

/** Browsers cannot set headers on a WebSocket, so the token may also come as `token` in the query. */
async function admit(context: ClaimsContext, request: Request, id: string): Promise<Presence> {
  const { token, corsOrigins } = context.settings;
  const { searchParams, host } = new URL(request.url);
  const origin = request.headers.get("origin");
  const isForeign = origin !== null && URL.canParse(origin) && new URL(origin).host !== host;
  if (isForeign && !corsOrigins.includes("*") && !corsOrigins.includes(origin)) {
    throw new AppError("forbidden", `Pages of "${origin}" may not open rooms`);
  }
  const inQuery = new Headers({ authorization: `Bearer ${searchParams.get("token") ?? ""}` });
  const asHeader = new Request(request.url, { headers: inQuery });
  if (token && !isAuthorized(request, token) && !isAuthorized(asHeader, token)) {
    throw new AppError("unauthorized", "A valid bearer token is required");
  }
  const claimId = readId(id, "claim_id");
  const reviewer = claimsInput.parse(Reviewer, Object.fromEntries(searchParams), "query");
  await getClaim(context.database, claimId);
  return { connectionId: crypto.randomUUID(), claimId, reviewer };
}

function refuse(context: ClaimsContext, error: unknown): Response {
  if (!(error instanceof AppError)) {
    context.log.error({ failure: describeFailure(error) }, "cannot open a room");
  }
  const fault = error instanceof AppError ? error : undefined;
  if (fault?.fault === "not_found") return jsonAnswer(404, { detail: fault.message });
  return answerClaimsFailure(fault, { path: "/ws/review", operation: undefined });
}

function detailOf({ log }: ClaimsContext, error: unknown): string {
  if (error instanceof AppError) return error.message;
  log.error({ failure: describeFailure(error) }, "a room's message failed");
  return "Internal server error";
}

/** Does what a client says; chat and actions come back to everybody through what they store. */
async function obey(context: ClaimsContext, socket: Socket, text: string): Promise<void> {
  const { claimId, reviewer } = socket.data;
  const said = ClientMessage.safeParse(parseJson(text));
  if (!said.success) {
    const [issue] = said.error.issues;
    const place = issue?.path.length ? `${issue.path.join(".")} ` : "";
    const problem = issue?.code === "invalid_union" ? messageTypes : issue && wordsOf(issue, false);
    throw new AppError("invalid_input", `Cannot understand the message: ${place}${problem}`);
  }
  if (said.data.type === "ping") return send(socket, { type: "pong" });
  if (said.data.type === "chat") {
    const { message } = said.data;
    await context.database.transaction((queries) =>
      addMessage(queries, claimId, { type: "chat", reviewer, message }),
    );
    return;
  }
  const { type: _, ...action } = said.data;
  const claim = await takeAction(context.database, claimId, { ...action, ...reviewer });
  const status = shownStatus(claim, context.settings.isDenyShownAsFailed);
  const done = { action: action.action, new_status: status, version: claim.version };
  send(socket, { type: "action_acknowledged", claim_id: claimId, success: true, ...done });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError("invalid_input", "Cannot understand the message: it is no JSON", { cause });
  }
}
