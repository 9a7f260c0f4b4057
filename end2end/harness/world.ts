// Before all tests: a private Docker engine with the containers that the pages show. After them, it and
// everything in it is gone, because its keeper ends with the pipe that it reads from.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { startCast } from "./cast";
import { BINARY, ROOT } from "./paths";

export default async function world(): Promise<() => Promise<void>> {
  if (!existsSync(BINARY)) {
    throw new Error(`${BINARY} is missing: build it with \`make build\`, or name one in DOCKER_WATCHER_BINARY.`);
  }
  const keeper = spawn("sh", [join(ROOT, "tests/rig/engine.sh")], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise<void>((done) => keeper.once("exit", () => done()));
  const close = async () => {
    keeper.stdin.end();
    await ended;
  };
  const word = await new Promise<string>((told, failed) => {
    createInterface(keeper.stdout).once("line", told);
    keeper.once("error", failed);
    keeper.once("exit", () => failed(new Error("the private engine ended before it was ready")));
  });
  if (!word.startsWith("ready ")) {
    await close();
    throw new Error(`No private engine, so nothing can be tested: ${word.replace(/^failed /, "")}`);
  }
  process.env.DOCKER_WATCHER_TEST_ENGINE = join(word.slice("ready ".length), "docker.sock");
  try {
    await startCast();
  } catch (error) {
    await close();
    throw error;
  }
  return close;
}
