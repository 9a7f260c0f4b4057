// What a page shows while the server or the engine is away, and how it comes back by itself.
import { at, docker, run } from "../harness/docker";
import { settled } from "../harness/pages";
import { Road } from "../harness/road";
import { expect, test } from "../harness/test";
import { ADMIN, type Watcher } from "../harness/watcher";
import type { Page } from "@playwright/test";

async function signIn(page: Page, watcher: Watcher): Promise<void> {
  await page.goto(`${watcher.url}/login`);
  await page.getByLabel("Username").fill(ADMIN.username);
  await page.getByLabel("Password").fill(ADMIN.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.locator('[data-workload="shop/prod"]')).toBeVisible();
  await settled(page);
}

test.afterAll(async () => docker("rm", "--force", "meanwhile"));

test("the server goes away: the page keeps what it had and says how old it is, and recovers", async ({ stranger: page, startOwn, complaints }) => {
  // Nobody answers for a while, and the browser says so each time that the page asks.
  complaints.expect(/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|ERR_NETWORK/);
  const watcher = await startOwn();
  await signIn(page, watcher);
  const chart = page.locator(".chart");
  await expect(chart).toHaveAttribute("data-points", /^[1-9]/);
  await page.evaluate(() => document.documentElement.setAttribute("data-not-reloaded", ""));

  await watcher.stop("SIGKILL");
  await expect(page.locator("[data-live]")).toHaveAttribute("data-live", "stale");
  await expect(page.locator("[data-live]")).toHaveText(/stale since \d\d:\d\d/);
  await expect(page.locator('[data-container="web-1"] meter')).toBeVisible();
  await expect(chart).toHaveAttribute("data-points", /^[1-9]/);

  await run("meanwhile", "while :; do sleep 3600; done", ...at("away", "prod"));
  const last = Number(await chart.getAttribute("data-last-ts"));
  await watcher.startAgain();
  await expect(page.locator("[data-live]")).toHaveAttribute("data-live", "live", { timeout: 20_000 });
  await expect(page.locator('[data-workload="away/prod"] [data-status="running"]')).toBeVisible();
  await expect.poll(async () => Number(await chart.getAttribute("data-last-ts"))).toBeGreaterThan(last);
  await expect(page.locator("html")).toHaveAttribute("data-not-reloaded", "");
});

test("the engine goes away: the page says so, shows what was recorded, and recovers", async ({ stranger: page, startOwn }) => {
  const road = await Road.plan();
  await road.mend();
  try {
    const watcher = await startOwn(road.host);
    await signIn(page, watcher);
    await expect(page.locator(".chart")).toHaveAttribute("data-points", /^[1-9]/);
    const verdict = page.locator(".verdict");
    await expect(verdict).toHaveAttribute("data-mood", "needs-you");

    await road.cut();
    await expect(verdict).toHaveAttribute("data-mood", "blind", { timeout: 20_000 });
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("An engine does not answer.");
    await expect(verdict).toContainText("What you see was recorded before.");
    await expect(page.locator('[data-container="web-1"]')).toBeVisible();
    await page.reload();
    await expect(page.locator('[data-container="web-1"]')).toBeVisible();
    await expect(page.locator(".chart")).toHaveAttribute("data-points", /^[1-9]/);

    await road.mend();
    await expect(verdict).toHaveAttribute("data-mood", "needs-you", { timeout: 20_000 });
    await expect(page.locator('[data-container="web-1"]')).toHaveAttribute("data-status", "running");
  } finally {
    await road.close();
  }
});
