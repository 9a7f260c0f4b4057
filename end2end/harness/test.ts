// What every spec begins with: a server that runs, an admin who is signed in, and an ear for whatever a
// browser complains about. A test fails of a complaint that it did not announce.
import { test as base, expect, type Page } from "@playwright/test";
import { Complaints } from "./complaints";
import { Watcher } from "./watcher";

type OfWorker = {
  /** One server for all tests that do no harm to it; it has seen the cast and measured it. */
  watcher: Watcher;
  session: string;
};

type OfTest = {
  complaints: Complaints;
  /** Where the app called "project/stage" has its page. */
  appPath: (name: string) => Promise<string>;
  /** A page for somebody who is not signed in. */
  stranger: Page;
  /** Starts a server for this test alone, with its admin; `engine` is the private one unless named. */
  startOwn: (engine?: string) => Promise<Watcher>;
  /** A server that nobody has set up yet. */
  fresh: Watcher;
};

export { expect };

export const test = base.extend<OfTest, OfWorker>({
  watcher: [
    async ({}, use) => {
      const watcher = await Watcher.startWithAdmin();
      await use(watcher);
      await watcher.dispose();
    },
    { scope: "worker" },
  ],

  session: [
    async ({ watcher }, use) => {
      const token = await watcher.token();
      const headers = { Authorization: `Bearer ${token}` };
      // Somebody who listens makes the rounds come every other second, without JavaScript as well.
      const ear = new AbortController();
      const stream = await fetch(`${watcher.url}/api/stream?topics=stats`, { headers, signal: ear.signal });
      stream.body?.pipeTo(new WritableStream()).catch(() => undefined);
      const measured = async () => (await watcher.ask("/api/stats/history?window=30m", { headers })).length;
      await expect.poll(measured, { timeout: 30_000 }).toBeGreaterThan(3);
      await use(token);
      ear.abort();
    },
    { scope: "worker" },
  ],

  baseURL: async ({ watcher }, use) => use(watcher.url),

  storageState: async ({ watcher, session }, use) => {
    const cookie = { name: "docker_watcher_session", value: session, path: "/", httpOnly: true, secure: false };
    await use({
      cookies: [{ ...cookie, domain: new URL(watcher.url).hostname, expires: -1, sameSite: "Lax" as const }],
      origins: [],
    });
  },

  complaints: [
    async ({ context, javaScriptEnabled }, use) => {
      const complaints = new Complaints(javaScriptEnabled);
      await complaints.listen(context);
      await use(complaints);
      expect(complaints.heard, "what the browser complained about").toEqual([]);
    },
    { auto: true },
  ],

  appPath: async ({ watcher, session }, use) => {
    await use(async (name) => {
      const workloads = await watcher.ask("/api/workloads", { headers: { Authorization: `Bearer ${session}` } });
      const found = workloads.find((one: any) => `${one.project}/${one.stage}` === name);
      expect(found, `an app called ${name}`).toBeTruthy();
      return `/apps/${found.id}`;
    });
  },

  stranger: async ({ browser, contextOptions, complaints, javaScriptEnabled, viewport, watcher }, use) => {
    const context = await browser.newContext({
      ...contextOptions,
      baseURL: watcher.url,
      javaScriptEnabled,
      viewport,
      storageState: { cookies: [], origins: [] },
    });
    await complaints.listen(context);
    await use(await context.newPage());
    await context.close();
  },

  startOwn: async ({ stranger }, use) => {
    const started: Watcher[] = [];
    await use(async (engine) => {
      started.push(await Watcher.startWithAdmin(engine));
      return started[started.length - 1];
    });
    // The page goes first: one whose server is gone complains.
    await stranger.context().close();
    for (const watcher of started) await watcher.dispose();
  },

  fresh: async ({ stranger }, use) => {
    const watcher = await Watcher.start();
    await use(watcher);
    await stranger.context().close();
    await watcher.dispose();
  },
});
