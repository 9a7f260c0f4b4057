// A road to the private engine that can be cut and mended: what a server sees of an engine that goes
// away, while the engine and the other tests never notice.
import { createConnection, createServer, type Server, type Socket } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { socket } from "./docker";

export class Road {
  private server?: Server;
  private readonly travellers = new Set<Socket>();

  private constructor(private readonly folder: string) {}

  /** A road that leads nowhere until it is mended. */
  static async plan(): Promise<Road> {
    return new Road(await mkdtemp(join(tmpdir(), "docker-watcher-road-")));
  }

  get host(): string {
    return `unix://${join(this.folder, "docker.sock")}`;
  }

  async mend(): Promise<void> {
    const server = createServer({ allowHalfOpen: true }, (near) => {
      const far = createConnection({ path: socket(), allowHalfOpen: true });
      for (const end of [near, far]) {
        this.travellers.add(end);
        end.on("error", () => end.destroy()).on("close", () => {
          this.travellers.delete(end);
          (end === near ? far : near).destroy();
        });
      }
      near.pipe(far).pipe(near);
    });
    this.server = server;
    await new Promise<void>((open) => server.listen(join(this.folder, "docker.sock"), open));
  }

  async cut(): Promise<void> {
    const closed = new Promise((done) => (this.server ? this.server.close(done) : done(undefined)));
    for (const end of this.travellers) end.destroy();
    await closed;
    this.server = undefined;
  }

  async close(): Promise<void> {
    await this.cut();
    await rm(this.folder, { recursive: true, force: true });
  }
}
