// Where the program under test and its sources are.
import { join, resolve } from "node:path";

export const ROOT = resolve(__dirname, "../..");
export const BINARY = process.env.DOCKER_WATCHER_BINARY || join(ROOT, "target/release/docker-watcher");
/** Pictures and other things to look at; never checked in. */
export const RESULTS = join(ROOT, "end2end/results");
