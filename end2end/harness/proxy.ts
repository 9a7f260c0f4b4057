// A reverse proxy in front of a server, as people have them: it counts the streams that are open through
// it, and can be of the kind that wants to see the end of an answer before it passes the beginning on.
import { createServer, request as ask, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export class Proxy {
  /** Streams get no byte of their answer from now on; everything else passes. */
  holdsStreams = false;
  /** The addresses of all streams that were ever asked for, oldest first. */
  readonly asked: string[] = [];
  /** Where in the log each of them was to go on; empty for those that did not say. */
  readonly cursors: string[] = [];
  private readonly open = new Set<ServerResponse>();
  private readonly server: Server;
  url = "";

  private constructor(private readonly target: URL) {
    this.server = createServer((request, response) => this.pass(request, response));
  }

  /** In front of the server at `url`, on another port. */
  static async before(url: string): Promise<Proxy> {
    const proxy = new Proxy(new URL(url));
    await new Promise<void>((listens) => proxy.server.listen(0, "127.0.0.1", listens));
    proxy.url = `http://127.0.0.1:${(proxy.server.address() as AddressInfo).port}`;
    return proxy;
  }

  async close(): Promise<void> {
    const closed = new Promise((done) => this.server.close(done));
    this.server.closeAllConnections();
    await closed;
  }

  /** How many streams the server has open through here. */
  get streams(): number {
    return this.open.size;
  }

  /** Puts a line of the log into the streams that are open, as the server would. */
  log(id: string, message: string): void {
    const now = new Date().toISOString();
    const what = { id, message, type: "container.died", severity: "warning", source: "container", details: {} };
    const line = { ...what, workload_id: null, container_id: null, proxy_id: null, operation_id: null, ts: now, last_ts: now, count: 1 };
    for (const response of this.open) response.write(`event: event_log\nid: ${id}\ndata: ${JSON.stringify(line)}\n\n`);
  }

  /** Breaks the streams that are open. */
  dropStreams(): void {
    for (const response of this.open) response.destroy();
  }

  private pass(request: IncomingMessage, response: ServerResponse): void {
    const { method, url = "/", headers } = request;
    const { hostname, port } = this.target;
    const isStream = method === "GET" && url.startsWith("/api/stream");
    if (isStream) {
      this.asked.push(url);
      const named = new URL(url, this.target).searchParams.get("last_event_id");
      this.cursors.push(String(headers["last-event-id"] ?? named ?? ""));
    }
    const onward = ask({ hostname, port, method, path: url, headers }, (answer) => {
      if (isStream) this.open.add(response);
      if (isStream && this.holdsStreams) return;
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
      answer.on("error", () => response.destroy()).pipe(response);
    });
    onward.on("error", () => response.destroy());
    response.on("close", () => {
      this.open.delete(response);
      onward.destroy();
    });
    request.pipe(onward);
  }
}
