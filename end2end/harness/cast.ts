// The containers that every page shows: busy, idle, ill, paused, ended, with a long name, and one whose
// project is named by somebody who would like to run a script in our pages.
import { at, docker, run } from "./docker";

export const MARKUP = "<img src=x onerror=alert(1)>";
export const LONG_NAME = "a-container-whose-name-is-far-longer-than-any-card-or-column-is-wide-1";

const IDLE = "while :; do sleep 3600; done";

/** Works for a while and rests for a while, so that its bar and its line move. */
export const busy = (turns: number, rest: number): string =>
  `while :; do i=0; while [ $i -lt ${turns} ]; do i=$((i + 1)); done; sleep ${rest}; done`;

export async function startCast(): Promise<void> {
  await Promise.all([
    run("web-1", busy(60_000, 1), ...at("shop", "prod"), "--cpus", "0.3", "--memory", "128m"),
    run("web-2", busy(20_000, 2), ...at("shop", "prod"), "--cpus", "0.2"),
    run("migrate", "exit 3", ...at("shop", "prod")),
    run("worker", IDLE, ...at("shop", "staging"), "--health-cmd", "true", "--health-interval", "2s"),
    run("ill", IDLE, ...at("shop", "staging"), "--health-cmd", "false", "--health-interval", "1s", "--health-retries", "1"),
    run("blog_web_1", IDLE, "--label", "com.docker.compose.project=blog", "--label", "com.docker.compose.service=web"),
    run("batch", IDLE),
    run(LONG_NAME, IDLE),
    run("named-by-a-stranger", IDLE, ...at(MARKUP, "prod")),
  ]);
  await docker("pause", "batch");
}
