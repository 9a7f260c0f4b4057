// Single sign-on for a server under test: the provider beside it, and the settings that lead there.
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { ROOT } from "./paths";
import type { Watcher } from "./watcher";

export const SECRET = "a client secret that nobody reads";

export class SignOnProvider {
  private constructor(
    private readonly process: ChildProcess,
    readonly issuer: string,
  ) {}

  /** Starts one for this server, whose admin's `token` sets it up. */
  static async start(watcher: Watcher, token: string): Promise<SignOnProvider> {
    const program = join(ROOT, "end2end/harness/provider.mjs");
    const process = spawn("node", [program, watcher.url, SECRET], { stdio: ["pipe", "pipe", "pipe"] });
    const lines: string[] = [];
    createInterface(process.stderr).on("line", (line) => lines.push(line));
    const issuer = await new Promise<string>((told, failed) => {
      // It may have something to say about itself first.
      createInterface(process.stdout).on("line", (line) => line.startsWith("http://") && told(line));
      process.once("error", failed);
      process.once("exit", () => failed(new Error(`the provider ended at once:\n${lines.join("\n")}`)));
    });
    await watcher.ask("/api/settings", {
      method: "PATCH",
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      body: JSON.stringify({
        oidc_issuer: issuer,
        oidc_client_id: "docker-watcher",
        oidc_client_secret: SECRET,
        oidc_name: "Home",
        oidc_role_claim: "groups",
        oidc_admin_values: "ops",
        oidc_viewer_values: "guests",
      }),
    });
    return new SignOnProvider(process, issuer);
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null) return;
    const ended = new Promise((done) => this.process.once("exit", done));
    this.process.stdin?.end();
    await ended;
  }
}
