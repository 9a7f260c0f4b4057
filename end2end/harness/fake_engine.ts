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
  /** When it ended, where it did. */
  finished?: Date;
  /** What the engine does when it ends. */
  policy?: string;
  volumes?: string[];
  /** Bytes that it wrote itself. */
  size?: number;
};

const DAY = 24 * 3600 * 1000;

export class FakeEngine {
  readonly containers = new Map<string, FakeContainer>();
  private refusal?: string;
  /** What it says it is. */
  version = "20.10.99-fake";
  /** The names of those to which it does nothing, whatever it is asked. */
  readonly stubborn = new Set<string>();
  /** What is done to those of these names waits until this is kept. */
  readonly held = new Map<string, Promise<unknown>>();
  private readonly listeners = new Set<ServerResponse>();
  private readonly server: Server;

  private constructor(private readonly folder: string) {
    this.server = createServer((request, response) => {
      const url = new URL(request.url ?? "/", "http://engine");
      const path = url.pathname.replace(/^\/v1\.\d+/, "");
      if (request.method === "GET" || request.method === "HEAD") return this.answer(path, url.searchParams, response);
      const parts: Buffer[] = [];
      request.on("data", (part) => parts.push(part)).on("end", () => {
        const body = parts.length ? JSON.parse(Buffer.concat(parts).toString()) : {};
        void this.act(request.method!, path, url.searchParams, body, response);
      });
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
    if (container.state !== "created") this.tell(container, "start");
    if (container.finished) this.tell(container, "die");
    return container;
  }

  /** Has a container that ended so many days ago. */
  ended(name: string, days: number, more: Partial<FakeContainer> = {}, labels: Record<string, string> = {}): FakeContainer {
    const finished = new Date(Date.now() - days * DAY);
    const since = new Date(finished.getTime() - DAY);
    return this.run(name, labels, { state: "exited", since, finished, size: 0, ...more });
  }

  /** The one of this name. */
  named(name: string): FakeContainer | undefined {
    return [...this.containers.values()].find((one) => one.name === name);
  }

  /** Does nothing to the one of this name until what it comes back with is called. */
  hold(name: string): () => void {
    let release = () => {};
    this.held.set(name, new Promise<void>((done) => (release = done)));
    return release;
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

  /** What may be done to a container or a volume. */
  private async act(method: string, path: string, query: URLSearchParams, body: any, response: ServerResponse): Promise<void> {
    const send = (status: number, body?: unknown) => {
      response.writeHead(status, { "Content-Type": "application/json" }).end(body && JSON.stringify(body));
    };
    const [, volume] = /^\/volumes\/([^/]+)$/.exec(path) ?? [];
    if (volume && method === "DELETE") {
      const users = [...this.containers.values()].filter(({ volumes }) => volumes?.includes(volume));
      return users.length ? send(409, { message: `volume ${volume} is in use` }) : send(204);
    }
    const [, key, what] = /^\/containers\/([^/]+)(?:\/(rename|update))?$/.exec(path) ?? [];
    const container = this.containers.get(key);
    if (!container) return send(404, { message: `No such container: ${key}` });
    await this.held.get(container.name);
    if (this.stubborn.has(container.name)) return send(500, { message: `${container.name} is stubborn` });
    if (method === "DELETE") {
      this.containers.delete(key);
      this.tell(container, "destroy");
      return send(204);
    }
    if (what === "rename") {
      container.name = query.get("name")!;
      this.tell(container, "rename");
      return send(204);
    }
    container.policy = body.RestartPolicy?.Name;
    send(200, { Warnings: [] });
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
    const size = query.get("size") === "true" ? { SizeRw: container.size ?? 0, SizeRootFs: 2 ** 24 } : {};
    send(200, what === "json" ? { ...inspected(container), ...size } : stats(container));
  }
}

/** A line of the list. */
function listed({ id, name, image, labels, state, health, port, since, volumes }: FakeContainer) {
  const Ports = [{ IP: port ?? "127.0.0.1", PrivatePort: 80, PublicPort: 8080, Type: port ?? "tcp" }];
  const Status = health ? `Up 3 seconds (${health})` : "Up 3 seconds";
  const Created = Math.floor(since.getTime() / 1000);
  return { Id: id, Names: [`/${name}`], Image: image, ImageID: "sha256:0", Command: name, Created, Ports, Labels: labels, State: state, Status, Mounts: mounts(volumes), HostConfig: { NetworkMode: "default" } };
}

function mounts(volumes: string[] = []) {
  return volumes.map((name) => ({ Type: "volume", Name: name, Source: `/var/lib/${name}`, Destination: `/${name}` }));
}

function inspected({ id, name, image, labels, state, health, since, finished, policy, volumes }: FakeContainer) {
  const runs = state === "running";
  const never = "0001-01-01T00:00:00Z";
  const State = { Status: state, Running: runs, Pid: runs ? 4242 : 0, ExitCode: 0, Error: name, OOMKilled: false, StartedAt: state === "created" ? never : since, FinishedAt: finished ?? never };
  return {
    Id: id,
    Name: `/${name}`,
    Created: since,
    Image: "sha256:0",
    State: health ? { ...State, Health: { Status: health, FailingStreak: 3, Log: [{ Output: name }] } } : State,
    RestartCount: 0,
    Config: { Image: image, Labels: labels },
    HostConfig: { Memory: 0, NetworkMode: "default", RestartPolicy: { Name: policy ?? "no", MaximumRetryCount: 0 } },
    NetworkSettings: { Ports: {}, Networks: { bridge: {} } },
    Mounts: mounts(volumes),
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
