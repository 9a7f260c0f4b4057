// One stream for all tabs of a browser: who holds it, who takes it over, and what there is where a proxy
// lets none through.
import type { Page } from "@playwright/test";
import { at, docker, run } from "../harness/docker";
import { settled, signIn } from "../harness/pages";
import { Proxy } from "../harness/proxy";
import { expect, test as base } from "../harness/test";
import type { Watcher } from "../harness/watcher";

/** Longer than it takes until the lease of a tab that died is old, and somebody has looked. */
const TAKE_OVER = { timeout: 15_000 };

const test = base.extend<{ own: Watcher; proxy: Proxy; first: Page }>({
  own: async ({ startOwn }, use) => use(await startOwn()),
  proxy: async ({ own }, use) => {
    const proxy = await Proxy.before(own.url);
    await use(proxy);
    await proxy.close();
  },
  // The first tab; it leads where nothing else is said.
  first: async ({ stranger, proxy }, use) => {
    await signIn(stranger, proxy);
    await settled(stranger);
    await use(stranger);
    // What a page complains of when its proxy is gone is not part of the test.
    await stranger.context().close();
  },
});

const mark = (page: Page) => page.locator("[data-live]");
const started = (page: Page, project: string) => page.locator(`[data-workload="${project}/prod"] [data-status="running"]`);
const newest = async (page: Page) => Number(await page.locator(".chart").getAttribute("data-last-ts"));

/** Another tab of the same browser, with the dashboard. */
async function tab(page: Page, proxy: Proxy): Promise<Page> {
  const another = await page.context().newPage();
  await another.goto(proxy.url);
  await settled(another);
  return another;
}

/** Answers which tab was the last to ask for a stream from now on: it leads. */
function lastToAsk(page: Page): () => Page {
  let last = page;
  page.context().on("request", (request) => {
    if (new URL(request.url()).pathname === "/api/stream") last = request.frame().page();
  });
  return () => last;
}

async function allMove(pages: Page[]): Promise<void> {
  for (const page of pages) {
    const then = await newest(page);
    await expect.poll(() => newest(page)).toBeGreaterThan(then);
  }
}

const idle = (name: string) => run(name, "while :; do sleep 3600; done", ...at(name, "prod"));

test.afterAll(async () => docker("rm", "--force", "in-the-gap", "while-cut", "polled-in"));

test("three tabs have one stream, and when one of them goes another takes over and nothing is lost", async ({ first, proxy }) => {
  const [second, third] = [await tab(first, proxy), await tab(first, proxy)];
  const asking = lastToAsk(first);
  await allMove([first, second, third]);
  expect(proxy.asked).toHaveLength(1);
  expect(proxy.streams).toBe(1);

  await test.step("a leader that dies without a word is followed", async () => {
    await first.close();
    await idle("in-the-gap");
    await expect.poll(() => proxy.streams, TAKE_OVER).toBe(1);
    for (const page of [second, third]) await expect(started(page, "in-the-gap")).toBeVisible();
    await allMove([second, third]);
    expect(proxy.streams).toBe(1);
  });

  await test.step("one that is left says so, and is followed at once", async () => {
    await expect(mark(third)).toHaveAttribute("data-live", "live");
    const before = proxy.asked.length;
    const leader = asking();
    const follower = leader === second ? third : second;
    await leader.goto(`${proxy.url}/account`);
    await expect.poll(() => proxy.asked.length, { timeout: 2_500 }).toBe(before + 1);
    await expect.poll(() => proxy.streams).toBe(1);
    await allMove([follower]);
  });
});

test("a leader that freezes is followed, and yields when it wakes", async ({ first, proxy }) => {
  const second = await tab(first, proxy);
  const session = await first.context().newCDPSession(first);
  await session.send("Page.setWebLifecycleState", { state: "frozen" });
  await expect.poll(() => proxy.asked.length, TAKE_OVER).toBe(2);
  await allMove([second]);

  await session.send("Page.setWebLifecycleState", { state: "active" });
  await expect.poll(() => proxy.streams).toBe(1);
  await allMove([first, second]);
  expect(proxy.asked).toHaveLength(2);
});

test("a page that comes back from the browser's memory begins anew", async ({ first, proxy }) => {
  const second = await tab(first, proxy);
  const pass = (name: string) => window.dispatchEvent(new PageTransitionEvent(name, { persisted: true }));
  await first.evaluate(pass, "pagehide");
  await expect.poll(() => proxy.asked.length, { timeout: 2_500 }).toBe(2);
  await expect.poll(() => proxy.streams).toBe(1);
  await allMove([second]);

  await first.evaluate(pass, "pageshow");
  await allMove([first, second]);
  expect(proxy.asked).toHaveLength(2);
});

test("the network is cut: every tab says since when, and all recover by themselves", async ({ first, proxy, complaints }) => {
  complaints.expect(/ERR_INTERNET_DISCONNECTED/, /ERR_INCOMPLETE_CHUNKED_ENCODING/, /ERR_NETWORK_CHANGED/);
  const pages = [first, await tab(first, proxy)];
  for (const page of pages) await page.evaluate(() => document.documentElement.setAttribute("data-not-reloaded", ""));

  await first.context().setOffline(true);
  for (const page of pages) {
    await expect(mark(page)).toHaveAttribute("data-live", "stale", { timeout: 30_000 });
    await expect(mark(page)).toHaveText(/stale since \d\d:\d\d/);
  }
  await idle("while-cut");
  await first.context().setOffline(false);
  for (const page of pages) {
    await expect(mark(page)).toHaveAttribute("data-live", "live");
    await expect(started(page, "while-cut")).toBeVisible();
    await expect(page.locator("html")).toHaveAttribute("data-not-reloaded", "");
  }
  await allMove(pages);
  expect(proxy.streams).toBe(1);
});

test("whoever signs out in one tab is signed out in all", async ({ first, proxy, complaints }) => {
  complaints.expect(/401/);
  const pages = [await tab(first, proxy), await tab(first, proxy)];
  await first.getByRole("button", { name: "Account" }).click();
  await first.getByRole("button", { name: "Sign out" }).click();
  for (const page of [first, ...pages]) await expect(page).toHaveURL(/\/login/);
  await expect.poll(() => proxy.streams).toBe(0);
});

for (const [what, without] of [
  ["channels", () => Reflect.deleteProperty(window, "BroadcastChannel")],
  ["a place to keep anything", () => Object.defineProperty(window, "localStorage", { get: () => { throw new Error("denied"); } })],
] as const) {
  test(`where tabs have no ${what}, each has its own stream`, async ({ stranger, proxy }) => {
    await stranger.context().addInitScript(without);
    await signIn(stranger, proxy);
    await settled(stranger);
    const second = await tab(stranger, proxy);
    await allMove([stranger, second]);
    expect(proxy.streams).toBe(2);
    await stranger.context().close();
  });
}

test("behind a proxy that holds streams back, the page is read every few seconds and says so", async ({ stranger: page, proxy }) => {
  test.setTimeout(120_000);
  proxy.holdsStreams = true;
  await signIn(page, proxy);
  await expect(mark(page)).toHaveAttribute("data-live", "polled", { timeout: 60_000 });
  await expect(mark(page)).toHaveText("updated every 10 s");
  await page.evaluate(() => document.documentElement.setAttribute("data-not-reloaded", ""));

  await idle("polled-in");
  await expect(started(page, "polled-in")).toBeVisible({ timeout: 15_000 });
  const second = await page.context().newPage();
  await second.goto(proxy.url);
  await expect(mark(second)).toHaveAttribute("data-live", "polled");

  await test.step("when streams pass again, it is live again", async () => {
    proxy.holdsStreams = false;
    // Otherwise the next try is within a minute.
    for (const tab of [page, second]) await tab.evaluate(() => window.dispatchEvent(new Event("online")));
    for (const tab of [page, second]) await expect(mark(tab)).toHaveAttribute("data-live", "live");
    await allMove([page, second]);
    expect(proxy.streams).toBe(1);
    await expect(page.locator("html")).toHaveAttribute("data-not-reloaded", "");
  });
  await page.context().close();
});
