// The event log comes to the page by itself, and moves nothing that somebody reads.
import { docker, run, at } from "../harness/docker";
import { failToSignIn, makeLines, makeToken } from "../harness/happenings";
import { alive, settled, signIn } from "../harness/pages";
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

async function open(page: Page, own: Watcher, path: string): Promise<void> {
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
  await log.mouse.wheel(0, 200);
  await expect.poll(() => log.evaluate(() => scrollY)).toBeGreaterThan(200);
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

test("what happened while the network was cut is there afterwards, each once", async ({ log, own, token, complaints }) => {
  complaints.expect(/ERR_INTERNET_DISCONNECTED|ERR_NETWORK|Failed to fetch/);
  await log.context().setOffline(true);
  const names = ["cut-a", "cut-b", "cut-c"];
  for (const name of names) await makeToken(own, token, name);
  await log.context().setOffline(false);
  for (const name of names) await expect(line(log, `API token ${name}`)).toHaveCount(1, { timeout: 40_000 });
  await expect(log.locator("[data-live]")).toHaveAttribute("data-live", "live");
  await makeToken(own, token, "cut-d");
  await expect(line(log, "API token cut-d")).toHaveCount(1);
  for (const name of names) await expect(line(log, `API token ${name}`)).toHaveCount(1);
  await expect(log.locator("html")).toHaveAttribute("data-not-reloaded", "");
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
