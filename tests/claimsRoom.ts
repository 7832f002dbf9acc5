/** Enters the room of a claim: a WebSocket with everything that it heard. */
export async function joinRoom(url: string, id: string, name: string, called = `${name} Doe`) {
  const query = new URLSearchParams({ reviewer_id: name, reviewer_name: called });
  const socket = new WebSocket(
    `${url.replace("http", "ws")}/api/v1/review/ws/review/${id}?${query}`,
  );
  const heard: Record<string, unknown>[] = [];
  socket.onmessage = ({ data }) => heard.push(JSON.parse(String(data)));
  const closed = new Promise<void>((resolve) => {
    socket.onclose = () => resolve();
  });
  const until = async (type: string) => {
    for (;;) {
      const found = heard.find((message) => message.type === type);
      if (found) return found;
      await Bun.sleep(5);
    }
  };
  await until("connected");
  return {
    heard,
    until,
    say: (message: unknown) =>
      socket.send(typeof message === "string" ? message : JSON.stringify(message)),
    async leave() {
      socket.close();
      await closed;
    },
  };
}
