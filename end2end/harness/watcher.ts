// The program under test: the release binary on a free port, with a data folder of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { socket } from "./docker";
import { BINARY } from "./paths";

export const ADMIN = { username: "admin", password: "correct horse battery staple" };

export class Watcher {
  private process?: ChildProcess;
  private lines: string[] = [];
  url = "";

  private constructor(
    private readonly folder: string,
    private readonly engine: string,
  ) {}

  /** A server that nobody has set up yet; `engine` is the private one unless another is named. */
  static async start(engine = `unix://${socket()}`): Promise<Watcher> {
    const watcher = new Watcher(await mkdtemp(join(tmpdir(), "docker-watcher-data-")), engine);
    await watcher.startAgain();
    return watcher;
  }

  /** The same with its first admin. */
  static async startWithAdmin(engine?: string): Promise<Watcher> {
    const watcher = await Watcher.start(engine);
    await watcher.post("/api/auth/setup", { ...ADMIN, setup_token: await watcher.setupToken() });
    return watcher;
  }

  /** On the same port and with the same data as before. */
  async startAgain(): Promise<void> {
    const listen = this.url ? new URL(this.url).host : "127.0.0.1:0";
    const options = ["--listen", listen, "--data-dir", join(this.folder, "data"), "--docker-host", this.engine];
    const process = spawn(BINARY, options, { stdio: ["ignore", "pipe", "pipe"] });
    this.process = process;
    this.lines = [];
    createInterface(process.stderr).on("line", (line) => this.lines.push(line));
    this.url = await new Promise<string>((told, failed) => {
      createInterface(process.stdout).on("line", (line) => {
        const address = /listens on (http:\S+)/.exec(line);
        if (address) told(address[1]);
      });
      process.once("error", failed);
      process.once("exit", () => failed(new Error(`${BINARY} ended at once:\n${this.lines.join("\n")}`)));
    });
  }

  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    const process = this.process;
    this.process = undefined;
    if (!process || process.exitCode !== null) return;
    const ended = new Promise((done) => process.once("exit", done));
    process.kill(signal);
    await ended;
  }

  /** Stops it and removes what it wrote. */
  async dispose(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  async setupToken(): Promise<string> {
    return (await readFile(join(this.folder, "data/setup-token"), "utf8")).trim();
  }

  /** Signs the admin in, as a program does, and comes back with the token. */
  async token(): Promise<string> {
    return (await this.post("/api/auth/login", ADMIN)).token;
  }

  async post(path: string, body: unknown): Promise<any> {
    return this.ask(path, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
  }

  /** What is in the envelope of an answer; an error for every answer that is one. */
  async ask(path: string, init: RequestInit = {}): Promise<any> {
    const answer = await fetch(this.url + path, init);
    const body = await answer.json();
    if (!body.success) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(body)}`);
    return body.data;
  }
}
