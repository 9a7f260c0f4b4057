// A Docker engine that tells whatever it is told to: a real one refuses names that are markup. It has no
// containers, only what it says of them.
import { randomBytes } from "node:crypto";
import { createServer, type Server, type ServerResponse } from "node:http";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type FakeContainer = {
  id: string;
  name: string;
  image: string;
  labels: Record<string, string>;
  /** In the engine's words, or in others. */
  state: string;
  health?: string;
  port?: string;
  since: Date;
};

export class FakeEngine {
  readonly containers = new Map<string, FakeContainer>();
  private refusal?: string;
  /** What it says it is. */
  version = "20.10.99-fake";
  private readonly listeners = new Set<ServerResponse>();
  private readonly server: Server;

  private constructor(private readonly folder: string) {
    this.server = createServer((request, response) => {
      const url = new URL(request.url ?? "/", "http://engine");
      this.answer(url.pathname.replace(/^\/v1\.\d+/, ""), url.searchParams, response);
    });
  }

  static async start(): Promise<FakeEngine> {
    const engine = new FakeEngine(await mkdtemp(join(tmpdir(), "docker-watcher-fake-")));
    await new Promise<void>((open) => engine.server.listen(join(engine.folder, "docker.sock"), open));
    return engine;
  }

  get host(): string {
    return `unix://${join(this.folder, "docker.sock")}`;
  }

  async close(): Promise<void> {
    const closed = new Promise((done) => this.server.close(done));
    this.server.closeAllConnections();
    await closed;
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Has a container from now on, and says so to whoever listens. */
  run(name: string, labels: Record<string, string>, more: Partial<FakeContainer> = {}): FakeContainer {
    const id = randomBytes(32).toString("hex");
    const container = { id, name, labels, image: "rig/app:1", state: "running", since: new Date(), ...more };
    this.containers.set(id, container);
    this.tell(container, "create");
    this.tell(container, "start");
    return container;
  }

  /** Sends the event to whoever listens. */
  tell(container: FakeContainer, action: string): void {
    const { id, name, image, labels } = container;
    const now = Date.now();
    const event = {
      status: action,
      id,
      from: image,
      Type: "container",
      Action: action,
      Actor: { ID: id, Attributes: { ...labels, name, image } },
      scope: "local",
      time: Math.floor(now / 1000),
      timeNano: now * 1_000_000,
    };
    for (const listener of this.listeners) listener.write(`${JSON.stringify(event)}\n`);
  }

  /** Refuses everything from now on, with these words; whoever listens is cut off. */
  refuse(words: string): void {
    this.refusal = words;
    for (const listener of this.listeners) listener.destroy();
  }

  private answer(path: string, query: URLSearchParams, response: ServerResponse): void {
    const send = (status: number, body: unknown) => {
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
    };
    if (this.refusal !== undefined) return send(500, { message: this.refusal });
    if (path === "/_ping") {
      response.writeHead(200, { "Api-Version": "1.41", Ostype: "linux" }).end("OK");
      return;
    }
    if (path === "/version") return send(200, { Version: this.version, ApiVersion: "1.41", MinAPIVersion: "1.12", Os: "linux", Arch: "amd64" });
    if (path === "/info") return send(200, { ID: "FAKE", Name: this.version, CgroupVersion: "2", NCPU: 4, MemTotal: 2 ** 34, OSType: "linux", ServerVersion: this.version });
    if (path === "/containers/json") {
      const wanted: string[] | undefined = JSON.parse(query.get("filters") ?? "{}").id;
      const all = [...this.containers.values()].filter(({ id }) => !wanted || wanted.some((one) => id.startsWith(one)));
      return send(200, all.map(listed));
    }
    if (path === "/events") {
      response.writeHead(200, { "Content-Type": "application/json" });
      response.flushHeaders();
      this.listeners.add(response);
      response.on("close", () => this.listeners.delete(response));
      return;
    }
    const [, key, what] = /^\/containers\/([^/]+)\/(json|stats)$/.exec(path) ?? [];
    const container = this.containers.get(key);
    if (!container) return send(404, { message: `No such container: ${key}` });
    send(200, what === "json" ? inspected(container) : stats(container));
  }
}

/** A line of the list. */
function listed({ id, name, image, labels, state, health, port, since }: FakeContainer) {
  const Ports = [{ IP: port ?? "127.0.0.1", PrivatePort: 80, PublicPort: 8080, Type: port ?? "tcp" }];
  const Status = health ? `Up 3 seconds (${health})` : "Up 3 seconds";
  const Created = Math.floor(since.getTime() / 1000);
  return { Id: id, Names: [`/${name}`], Image: image, ImageID: "sha256:0", Command: name, Created, Ports, Labels: labels, State: state, Status };
}

function inspected({ id, name, image, labels, state, health, since }: FakeContainer) {
  const runs = state === "running";
  const State = { Status: state, Running: runs, Pid: runs ? 4242 : 0, ExitCode: 0, Error: name, OOMKilled: false, StartedAt: since, FinishedAt: "0001-01-01T00:00:00Z" };
  return {
    Id: id,
    Name: `/${name}`,
    Created: since,
    Image: "sha256:0",
    State: health ? { ...State, Health: { Status: health, FailingStreak: 3, Log: [{ Output: name }] } } : State,
    RestartCount: 0,
    Config: { Image: image, Labels: labels },
    HostConfig: { Memory: 0, NetworkMode: "default" },
    NetworkSettings: { Ports: {} },
  };
}

/** One core half busy since it started, on a host that has been up for longer. */
function stats({ id, name, since }: FakeContainer) {
  const up = (Date.now() - since.getTime()) * 1_000_000;
  return {
    read: new Date(),
    preread: "0001-01-01T00:00:00Z",
    id,
    name: `/${name}`,
    cpu_stats: { cpu_usage: { total_usage: Math.floor(up / 2) }, system_cpu_usage: (up + 1e15) * 4, online_cpus: 4 },
    precpu_stats: { cpu_usage: { total_usage: 0 } },
    memory_stats: { usage: 2 ** 26, stats: { inactive_file: 0 }, limit: 2 ** 34 },
    networks: { eth0: { rx_bytes: 1000, tx_bytes: 500 } },
    blkio_stats: { io_service_bytes_recursive: null },
  };
}
