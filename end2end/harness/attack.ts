// A server that watches an engine whose containers are all named by somebody who would like to run a
// script in our pages, a person who looks at them, and an ear for whatever runs.
import { test as base, expect, type Page } from "@playwright/test";
import { Executions } from "./executions";
import { FakeEngine } from "./fake_engine";
import { NAMES, PAYLOADS } from "./payloads";
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

/** The names of those that go into quarantine: an engine gives no other name to one whose name is none. */
const aside = PAYLOADS.map((_, n) => `aside-${n}`);

/** Containers that ended long ago, some of them put aside and some spared, for reasons that are no reasons. */
export async function fillStale({ engine, watcher }: Attack): Promise<void> {
  const odd = (text: string) => ({ "docker-watcher.project": "odd", [text]: text });
  const about = (text: string) => ({ image: text, volumes: [text, `${text} `], policy: text });
  for (const [n, text] of PAYLOADS.entries()) {
    engine.ended(`still ${n} ${text}`, 30, about(text), odd(text));
    engine.ended(aside[n], 30, about(text), odd(text));
  }
  const headers = { Authorization: `Bearer ${await watcher.token()}`, "Content-Type": "application/json" };
  const post = (path: string, body: unknown) => watcher.ask(path, { method: "POST", headers, body: JSON.stringify(body) });
  const found = async () => (await post("/api/containers/stale/scan", {})).length;
  await expect.poll(found, { timeout: 60_000 }).toBe(2 * PAYLOADS.length);
  const ids = aside.map((name) => engine.named(name)!.id);
  const done: any[] = await post("/api/containers/stale/cleanup", { ids });
  expect(done.filter(({ outcome }) => outcome !== "quarantined")).toEqual([]);
  for (const n of [1, 2]) engine.ended(`left-over-${n}`, 30, about(PAYLOADS[n]), { "docker-watcher.project": "odd" });
  await expect.poll(found, { timeout: 60_000 }).toBe(PAYLOADS.length + 2);
  for (const [n, text] of NAMES.entries()) {
    await post("/api/containers/exemptions", { kind: "label", value: text, reason: text });
    await post("/api/containers/exemptions", { kind: "pattern", value: `nobody ${n} ${text}`, reason: text });
  }
}

/** Every address of the page of what is stale: its lists, and the questions about each of them. */
export async function staleAddresses({ engine, watcher }: Attack): Promise<string[]> {
  const headers = { Authorization: `Bearer ${await watcher.token()}` };
  const read = (path: string) => watcher.ask(path, { headers });
  const keys = [...engine.containers.values()].filter(({ name }) => name.startsWith("still ")).map(({ id }) => id.slice(0, 12));
  const kept: any[] = await read("/api/containers/quarantine");
  const spared: any[] = await read("/api/containers/exemptions");
  return [
    "/stale", "/stale?show=all", "/stale?show=quarantine", "/stale?show=exemptions", `/stale?plan=${keys.join(",")}`,
    ...keys.filter((_, n) => n % 4 === 0).map((key) => `/stale?keep=${key}`),
    ...kept.filter((_, n) => n % 4 === 0).map(({ id }) => `/stale?show=quarantine&remove=${id}`),
    ...spared.filter((_, n) => n % 8 === 0).map(({ id }) => `/stale?show=exemptions&lift=${id}`),
  ];
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
