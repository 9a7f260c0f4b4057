// The event log comes to the page by itself, and moves nothing that somebody reads.
import { docker, run, at } from "../harness/docker";
import { failToSignIn, makeLines, makeToken } from "../harness/happenings";
import { alive, settled, signIn } from "../harness/pages";
import { Proxy } from "../harness/proxy";
import { expect, test as base } from "../harness/test";
import type { Watcher } from "../harness/watcher";
import type { Page } from "@playwright/test";

/** A server of its own, with a log that has something to scroll through, and who is signed in there. */
const test = base.extend<{ own: Watcher; token: string; log: Page }>({
  own: async ({ startOwn }, use) => use(await startOwn()),
  token: async ({ own }, use) => {
    const token = await own.token();
    await makeLines(own, token, "early", 30);
    await use(token);
  },
  log: async ({ stranger, own, token }, use) => {
    expect(token).toBeTruthy();
    await signIn(stranger, own);
    await open(stranger, own, "/events");
    await use(stranger);
  },
});

base.describe.configure({ timeout: 90_000 });

const lines = (page: Page) => page.locator("[data-event]");
const line = (page: Page, text: string) => lines(page).filter({ hasText: text });

async function open(page: Page, own: { url: string }, path: string): Promise<void> {
  await page.goto(own.url + path);
  await settled(page);
  await alive(page);
  await page.evaluate(() => document.documentElement.setAttribute("data-not-reloaded", ""));
}

test("what happens appears at the top, and what is repeated counts in its place", async ({ log, own }) => {
  await failToSignIn(own);
  const failed = line(log, "A sign-in as admin failed");
  await expect(failed).toHaveCount(1);
  await expect(lines(log).first()).toContainText("A sign-in as admin failed");
  await expect(failed).toHaveAttribute("data-severity", "warning");
  const id = await failed.getAttribute("data-event");
  await failToSignIn(own);
  await expect(failed).toContainText("× 2, last");
  await expect(failed).toHaveCount(1);
  expect(await failed.getAttribute("data-event")).toBe(id);
  await expect(log.locator("html")).toHaveAttribute("data-not-reloaded", "");
});

test("a container that dies appears without a reload", async ({ log }) => {
  await run("dies-at-once", "exit 3", ...at("deaths", "prod"));
  try {
    const died = line(log, "dies-at-once exited with code 3.");
    await expect(died).toHaveCount(1);
    await expect(died.getByRole("link", { name: "deaths · prod" })).toBeVisible();
  } finally {
    await docker("rm", "--force", "dies-at-once");
  }
});

test("while somebody reads further down, what is new waits, is counted, and moves nothing", async ({ log, own, token }) => {
  const read = lines(log).nth(30);
  await read.scrollIntoViewIfNeeded();
  const top = await log.evaluate(() => scrollY);
  await log.mouse.wheel(0, 200);
  // The wheel turns for a while.
  await expect.poll(() => log.evaluate(() => scrollY)).toBe(top + 200);
  const before = await read.boundingBox();
  for (const name of ["a", "b", "c"]) await makeToken(own, token, `late-${name}`);
  const news = log.getByRole("button", { name: "3 new" });
  await expect(news).toBeVisible();
  expect(await read.boundingBox()).toEqual(before);
  await expect(line(log, "late-")).toHaveCount(0);
  await news.click();
  await expect(lines(log).first()).toContainText("late-c");
  await expect(line(log, "late-")).toHaveCount(3);
  expect(await log.evaluate(() => scrollY)).toBe(0);
  await expect(news).toHaveCount(0);
});

test("what does not fit the filter does not come", async ({ log, own, token }) => {
  await open(log, own, "/events?q=wanted");
  await makeToken(own, token, "other");
  await makeToken(own, token, "wanted");
  await expect(line(log, "API token wanted")).toHaveCount(1);
  await expect(lines(log)).toHaveCount(1);
});

for (const heard of ["a line", "no line"]) {
  test(`what happened while the stream was cut is there afterwards, each once, when ${heard} was heard before`, async ({ stranger: page, own, token, complaints }) => {
    test.setTimeout(180_000);
    complaints.expect(/ERR_INTERNET_DISCONNECTED/, /ERR_INCOMPLETE_CHUNKED_ENCODING/, /ERR_NETWORK_CHANGED/);
    const road = await Proxy.before(own.url);
    await signIn(page, road);
    await open(page, road, "/events");
    if (heard === "a line") {
      await makeToken(own, token, "uncut");
      await expect(line(page, "API token uncut")).toHaveCount(1);
    }
    // With the first word of the stream; before it, there is nothing to cut.
    await expect(page.locator("[data-live]")).toHaveAttribute("data-live", "live");
    const streams = road.cursors.length;
    await page.context().setOffline(true);
    // That alone leaves open what is open.
    road.dropStreams();
    await expect(page.locator("[data-live]")).toHaveAttribute("data-live", "stale", { timeout: 30_000 });
    const names = ["cut-a", "cut-b", "cut-c"];
    for (const name of names) await makeToken(own, token, name);
    await expect(line(page, "API token cut-")).toHaveCount(0);
    await page.context().setOffline(false);
    for (const name of names) await expect(line(page, `API token ${name}`)).toHaveCount(1, { timeout: 40_000 });
    // By the stream, which goes on from where it was, or read again until it is back.
    await expect(page.locator("[data-live]")).toHaveAttribute("data-live", /^(live|polled)$/, { timeout: 40_000 });
    await makeToken(own, token, "cut-d");
    await expect(line(page, "API token cut-d")).toHaveCount(1, { timeout: 40_000 });
    for (const name of names) await expect(line(page, `API token ${name}`)).toHaveCount(1);
    await expect.poll(() => road.cursors.length, { timeout: 90_000 }).toBeGreaterThan(streams);
    const since = road.cursors.slice(streams);
    expect(since).not.toContain("");
    // The first of them skips nothing of what it missed.
    const missed = await line(page, "API token cut-a").getAttribute("data-event");
    expect(since[0] < missed!).toBe(true);
    await expect(page.locator("html")).toHaveAttribute("data-not-reloaded", "");
    // What a page complains of when its proxy is gone is not part of the test.
    await page.context().close();
    await road.close();
  });
}

test("what happens between the page and its stream leaves no gap, however much it is", async ({ stranger: page, own, token, complaints }) => {
  complaints.expect(/ERR_INCOMPLETE_CHUNKED_ENCODING/);
  const road = await Proxy.before(own.url);
  await signIn(page, road);
  road.holdsStreams = true;
  road.dropStreams();
  await page.goto(`${road.url}/events`);
  await alive(page);
  // More than one read brings.
  await makeLines(own, token, "between", 40);
  road.holdsStreams = false;
  road.dropStreams();
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  const mark = page.locator("[data-live]");
  await expect(mark).toHaveAttribute("data-live", "live", { timeout: 40_000 });
  // It is heard before what is shown was read again.
  await makeToken(own, token, "afterwards");
  await expect(line(page, "API token afterwards")).toHaveCount(1);
  await expect(line(page, "between-39").first()).toBeVisible();
  const all = await own.ask("/api/events?limit=500", { headers: { Authorization: `Bearer ${token}` } });
  const known: string[] = all.items.map((item: { id: string }) => item.id);
  const shown = await lines(page).evaluateAll((items) => items.map((item) => item.getAttribute("data-event") ?? ""));
  const within = known.filter((id) => id <= shown[0] && id >= shown[shown.length - 1]);
  expect(shown).toEqual(within);
  await page.context().close();
  await road.close();
});

test("what one act caused is folded under it, and unfolds", async ({ stranger: page, own, token }) => {
  const names = ["folded-a", "folded-b"];
  for (const name of names) await run(name, "exit 0", ...at("folded", "prod"));
  try {
    const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
    const write = (method: string, path: string, body: unknown) => own.ask(path, { method, headers, body: JSON.stringify(body) });
    await write("PATCH", "/api/settings", { stale_threshold_days: 0 });
    const stale = async () => {
      const found: { id: string; name: string }[] = await write("POST", "/api/containers/stale/scan", {});
      return found.filter(({ name }) => names.includes(name)).map(({ id }) => id);
    };
    await expect.poll(async () => (await stale()).length, { timeout: 30_000 }).toBe(2);
    await write("POST", "/api/containers/stale/cleanup", { ids: await stale() });
    await signIn(page, own);
    await open(page, own, "/events");
    const group = page.locator("[data-operation]").filter({ hasText: "folded-" });
    await expect(group).toHaveCount(1);
    await expect(group.getByText(/folded-[ab]/).first()).toBeVisible();
    const inside = group.locator("details [data-event]");
    await expect(inside).toHaveCount(1);
    await expect(inside).toBeHidden();
    await group.locator("summary").click();
    await expect(inside).toBeVisible();
  } finally {
    const kept = await docker("ps", "--all", "--quiet", "--filter", "label=docker-watcher.project=folded");
    await docker("rm", "--force", ...kept.split("\n"));
  }
});

test("the drawer opens by a key, closes by Escape, and gives the focus back", async ({ log }) => {
  const more = lines(log).nth(2).getByRole("link", { name: /^Details/ });
  await more.focus();
  await log.keyboard.press("Enter");
  await expect(log.getByRole("dialog")).toBeVisible();
  await log.keyboard.press("Escape");
  await expect(log.getByRole("dialog")).toHaveCount(0);
  await expect(more).toBeFocused();
  await expect(log).toHaveURL(/\/events$/);
});

test("a choice is made without a reload", async ({ log }) => {
  await log.getByRole("link", { name: "Engine", exact: true }).click();
  await expect(log).toHaveURL(/source=engine$/);
  await expect(line(log, "early-")).toHaveCount(0);
  await log.goBack();
  await expect(line(log, "early-").first()).toBeVisible();
  await expect(log.locator("html")).toHaveAttribute("data-not-reloaded", "");
});
