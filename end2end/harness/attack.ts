// A server that watches an engine whose containers are all named by somebody who would like to run a
// script in our pages, a person who looks at them, and an ear for whatever runs.
import { test as base, expect, type Page } from "@playwright/test";
import { Executions } from "./executions";
import { FakeEngine } from "./fake_engine";
import { PAYLOADS } from "./payloads";
import { ADMIN, Watcher } from "./watcher";

export { expect };

export type Attack = { engine: FakeEngine; watcher: Watcher };
export type Workload = { id: string; project: string; stage: string };

/** A server and its engine, which has nothing yet. */
export async function begin(): Promise<Attack> {
  const engine = await FakeEngine.start();
  return { engine, watcher: await Watcher.startWithAdmin(engine.host) };
}

export async function end({ engine, watcher }: Attack): Promise<void> {
  await watcher.dispose();
  await engine.close();
}

/** How many apps all of them are. */
export const APPS = 2 * PAYLOADS.length + 1;

/** Everything that a container can be called, its own way and in Compose's. */
export function fill(engine: FakeEngine): void {
  for (const [n, text] of PAYLOADS.entries()) {
    engine.run(text, { "docker-watcher.project": text, "docker-watcher.stage": text, [text]: text }, { image: text });
    const compose = { "com.docker.compose.project": text, "com.docker.compose.service": text, "com.docker.compose.container-number": "1" };
    engine.run(`${n} ${text}`, compose, { image: `rig/${text}:${text}`, health: "unhealthy", port: text });
  }
  for (const [n, text] of PAYLOADS.entries()) engine.run(`odd-${n}`, { "docker-watcher.project": "odd" }, { state: text, health: text });
}

export async function workloads({ watcher }: Attack): Promise<Workload[]> {
  const headers = { Authorization: `Bearer ${await watcher.token()}` };
  const read = () => watcher.ask("/api/workloads", { headers });
  await expect.poll(async () => (await read()).length, { timeout: 30_000 }).toBe(APPS);
  return read();
}

/** Signs the admin in by the form. */
export async function signIn(page: Page, { watcher }: Attack): Promise<void> {
  await page.goto(`${watcher.url}/login`);
  await page.getByLabel("Username").fill(ADMIN.username);
  await page.getByLabel("Password").fill(ADMIN.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(`${watcher.url}/`);
}

type OfTest = { victim: Page; executions: Executions };
type OfWorker = { attack: Attack; apps: Workload[] };

export const test = base.extend<OfTest, OfWorker>({
  attack: [
    async ({}, use) => {
      const attack = await begin();
      fill(attack.engine);
      await use(attack);
      await end(attack);
    },
    { scope: "worker" },
  ],

  apps: [async ({ attack }, use) => use(await workloads(attack)), { scope: "worker" }],

  // The policy that forbids scripts that are not ours is a second net; here the first has to hold alone.
  bypassCSP: true,

  executions: async ({ context }, use) => use(await Executions.watch(context)),

  victim: async ({ page, executions }, use) => {
    await use(page);
    expect(executions.seen, "what ran, or stood in the page, that was to be text").toEqual([]);
  },
});
