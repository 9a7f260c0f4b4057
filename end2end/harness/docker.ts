// The docker program, pointed at the private engine and never at another.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";

const PROGRAM = existsSync("/usr/bin/docker") ? "/usr/bin/docker" : "docker";

/** The private engine's socket. */
export function socket(): string {
  const path = process.env.DOCKER_WATCHER_TEST_ENGINE;
  if (!path) throw new Error("the private engine was not started");
  return path;
}

/** Runs `docker` with these arguments and comes back with what it printed. */
export async function docker(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(PROGRAM, ["--host", `unix://${socket()}`, ...args]);
  return stdout.trim();
}

/** Starts a container that runs `script` in a shell; `args` are those of `docker run`. */
export async function run(name: string, script: string, ...args: string[]): Promise<void> {
  await docker("run", "--detach", "--init", "--name", name, ...args, "rig/busybox:1", "sh", "-c", script);
}

/** Labels that put a container at a stage of a project. */
export function at(project: string, stage: string): string[] {
  return ["--label", `docker-watcher.project=${project}`, "--label", `docker-watcher.stage=${stage}`];
}
