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

// Several tabs, and leases that have to run out.
base.describe.configure({ timeout: 90_000 });

const test = base.extend<{ own: Watcher; road: Proxy; first: Page }>({
  own: async ({ startOwn }, use) => use(await startOwn()),
  road: async ({ own }, use) => {
    const road = await Proxy.before(own.url);
    await use(road);
    await road.close();
  },
  // The first tab; it leads where nothing else is said.
  first: async ({ stranger, road }, use) => {
    await signIn(stranger, road);
    await expect(mark(stranger)).toHaveAttribute("data-live", "live");
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
async function tab(page: Page, road: Proxy): Promise<Page> {
  const another = await page.context().newPage();
  await another.goto(road.url);
  await expect(mark(another)).toHaveAttribute("data-live", "live");
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

/** Answers what the leader has said since then, as another tab hears it. */
async function listen(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const name = Object.keys(localStorage).find((key) => key.startsWith("docker-watcher-live"));
    const said: string[] = [];
    new BroadcastChannel(name!).onmessage = ({ data }) => said.push(data.join(" "));
    Object.assign(window, { said });
  });
  return () => page.evaluate(() => (window as any).said);
}

async function allMove(pages: Page[]): Promise<void> {
  for (const page of pages) {
    const then = await newest(page);
    await expect.poll(() => newest(page)).toBeGreaterThan(then);
  }
}

const idle = (name: string) => run(name, "while :; do sleep 3600; done", ...at(name, "prod"));

test.afterAll(async () => docker("rm", "--force", "in-the-gap", "while-cut", "polled-in"));

test("three tabs have one stream, and when one of them goes another takes over and nothing is lost", async ({ first, road }) => {
  const [second, third] = [await tab(first, road), await tab(first, road)];
  const asking = lastToAsk(first);
  await allMove([first, second, third]);
  expect(road.asked).toHaveLength(1);
  expect(road.streams).toBe(1);

  await test.step("a leader that dies without a word is followed", async () => {
    await first.close();
    await idle("in-the-gap");
    await expect.poll(() => road.streams, TAKE_OVER).toBe(1);
    for (const page of [second, third]) await expect(started(page, "in-the-gap")).toBeVisible();
    await allMove([second, third]);
    expect(road.streams).toBe(1);
  });

  await test.step("one that is left says so, and is followed at once", async () => {
    await expect(mark(third)).toHaveAttribute("data-live", "live");
    const before = road.asked.length;
    const leader = asking();
    const follower = leader === second ? third : second;
    const told = await listen(follower);
    await leader.goto(`${road.url}/account`);
    await expect.poll(told).toContainEqual(expect.stringContaining("goodbye"));
    await expect.poll(() => road.asked.length, TAKE_OVER).toBe(before + 1);
    await expect.poll(() => road.streams).toBe(1);
    await allMove([follower]);
  });
});

test("whoever takes over goes on from the last line of the log that any tab heard", async ({ first, road }) => {
  const second = await tab(first, road);
  const cursor = "01990000-0000-7000-8000-000000000007";
  const told = await listen(second);
  road.log(cursor, "It died.");
  await expect.poll(told).toContainEqual(expect.stringContaining("It died."));
  await first.close();
  await expect.poll(() => road.asked, TAKE_OVER).toHaveLength(2);
  expect(new URL(road.asked[0], road.url).searchParams.get("last_event_id")).toBeNull();
  expect(new URL(road.asked[1], road.url).searchParams.get("last_event_id")).toBe(cursor);
  await allMove([second]);
});

test("a leader that hangs is followed, and yields when it can", async ({ first, road }) => {
  const second = await tab(first, road);
  const hang = first.evaluate((until) => {
    while (Date.now() < until);
  }, Date.now() + 12_000);
  await expect.poll(() => road.asked.length, TAKE_OVER).toBe(2);
  await allMove([second]);

  await hang;
  await expect.poll(() => road.streams).toBe(1);
  await allMove([first, second]);
  expect(road.asked).toHaveLength(2);
});

test("a page that comes back from the browser's memory begins anew", async ({ first, road }) => {
  const second = await tab(first, road);
  const pass = (name: string) => window.dispatchEvent(new PageTransitionEvent(name, { persisted: true }));
  const told = await listen(second);
  await first.evaluate(pass, "pagehide");
  await expect.poll(told).toContainEqual(expect.stringContaining("goodbye"));
  await expect.poll(() => road.asked.length, TAKE_OVER).toBe(2);
  await expect.poll(() => road.streams).toBe(1);
  await allMove([second]);

  await first.evaluate(pass, "pageshow");
  await allMove([first, second]);
  expect(road.asked).toHaveLength(2);
});

test("the network is cut: every tab says since when, and all recover by themselves", async ({ first, road, complaints }) => {
  complaints.expect(/ERR_INTERNET_DISCONNECTED/, /ERR_INCOMPLETE_CHUNKED_ENCODING/, /ERR_NETWORK_CHANGED/);
  const pages = [first, await tab(first, road)];
  for (const page of pages) {
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await page.evaluate(() => document.documentElement.setAttribute("data-not-reloaded", ""));
  }

  await first.context().setOffline(true);
  // That alone leaves open what is open.
  road.dropStreams();
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
  expect(road.streams).toBe(1);
});

test("whoever signs out in one tab is signed out in all", async ({ first, road, complaints }) => {
  complaints.expect(/401/);
  const pages = [await tab(first, road), await tab(first, road)];
  await first.getByRole("button", { name: "Account" }).click();
  await first.getByRole("button", { name: "Sign out" }).click();
  for (const page of [first, ...pages]) await expect(page).toHaveURL(/\/login/);
  await expect.poll(() => road.streams).toBe(0);
});

for (const [what, without] of [
  ["no channels", () => Reflect.deleteProperty(window, "BroadcastChannel")],
  ["nowhere to keep anything", () => Object.defineProperty(window, "localStorage", { get: () => { throw new Error("denied"); } })],
] as const) {
  test(`where tabs have ${what}, each has its own stream`, async ({ stranger, road }) => {
    await stranger.context().addInitScript(without);
    await signIn(stranger, road);
    const second = await tab(stranger, road);
    await allMove([stranger, second]);
    expect(road.streams).toBe(2);
    await stranger.context().close();
  });
}

test("behind a proxy that holds streams back, the page is read every few seconds and says so", async ({ stranger: page, road }) => {
  test.setTimeout(120_000);
  road.holdsStreams = true;
  await signIn(page, road);
  await expect(mark(page)).toHaveAttribute("data-live", "polled", { timeout: 60_000 });
  await expect(mark(page)).toHaveText("updated every 10 s");
  await page.evaluate(() => document.documentElement.setAttribute("data-not-reloaded", ""));

  await idle("polled-in");
  await expect(started(page, "polled-in")).toBeVisible({ timeout: 15_000 });
  const second = await page.context().newPage();
  await second.goto(road.url);
  await expect(mark(second)).toHaveAttribute("data-live", "polled");

  await test.step("when streams pass again, it is live again", async () => {
    road.holdsStreams = false;
    // Otherwise the next try is within a minute.
    for (const tab of [page, second]) await tab.evaluate(() => window.dispatchEvent(new Event("online")));
    for (const tab of [page, second]) await expect(mark(tab)).toHaveAttribute("data-live", "live");
    await allMove([page, second]);
    expect(road.streams).toBe(1);
    await expect(page.locator("html")).toHaveAttribute("data-not-reloaded", "");
  });
  await page.context().close();
});
