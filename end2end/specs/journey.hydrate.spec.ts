// The whole way of a newcomer: first start, signing in, and a container that comes to life on the page.
import { at, docker, run } from "../harness/docker";
import { busy } from "../harness/cast";
import { colours } from "../harness/picture";
import { expect, test } from "../harness/test";
import { ADMIN } from "../harness/watcher";

test.afterAll(async () => docker("rm", "--force", "newcomer"));

test("a newcomer makes the first admin, signs in, and sees a container start, work and stop", async ({ fresh, stranger: page, complaints }) => {
  complaints.expect(/403.*auth\/setup/);
  await test.step("every address leads to the first start", async () => {
    await page.goto(fresh.url);
    await expect(page).toHaveURL(`${fresh.url}/setup`);
    await expect(page.getByRole("heading", { name: "First start" })).toBeVisible();
  });

  await test.step("a wrong token is refused at its field", async () => {
    await page.getByLabel("Setup token").fill("not-the-token");
    await page.getByLabel("Username").fill(ADMIN.username);
    await page.getByLabel("Password").fill(ADMIN.password);
    await page.getByRole("button", { name: "Create the admin" }).click();
    await expect(page.locator("#setup_token-error")).toHaveText("This is not the setup token of this installation.");
  });

  await test.step("the right one makes the admin and leads inside", async () => {
    await page.getByLabel("Setup token").fill(await fresh.setupToken());
    // Sent before the scripts were there, the form has come back empty.
    await page.getByLabel("Username").fill(ADMIN.username);
    await page.getByLabel("Password").fill(ADMIN.password);
    await page.getByRole("button", { name: "Create the admin" }).click();
    await expect(page).toHaveURL(`${fresh.url}/`);
    await expect(page.locator("[data-live]")).toHaveAttribute("data-live", "live");
  });

  await test.step("signing out and in again", async () => {
    await page.getByRole("button", { name: "Account" }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page).toHaveURL(/\/login/);
    await page.getByLabel("Username").fill(ADMIN.username);
    await page.getByLabel("Password").fill(ADMIN.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.locator("[data-live]")).toHaveAttribute("data-live", "live");
  });

  // A reload would take this away.
  await page.evaluate(() => document.documentElement.setAttribute("data-not-reloaded", ""));
  const card = page.locator('[data-workload="journey/prod"]');
  const row = card.locator('[data-container="newcomer"]');

  await test.step("a container that starts appears by itself", async () => {
    await expect(card).toHaveCount(0);
    await run("newcomer", busy(40_000, 1), ...at("journey", "prod"), "--cpus", "0.3");
    await expect(row).toHaveAttribute("data-status", "running");
  });

  await test.step("its CPU bar moves", async () => {
    const seen = new Set<string>();
    const readings = async () => {
      const value = await row.locator("meter").getAttribute("value", { timeout: 100 }).catch(() => null);
      if (value !== null) seen.add(value);
      return seen.size;
    };
    await expect.poll(readings).toBeGreaterThan(2);
    expect(Number(await row.getAttribute("data-memory"))).toBeGreaterThan(0);
  });

  await test.step("the chart draws it", async () => {
    const chart = page.locator(".chart");
    await expect.poll(async () => Number(await chart.getAttribute("data-points"))).toBeGreaterThan(2);
    await expect.poll(() => colours(chart)).toBeGreaterThan(5);
  });

  await test.step("it stops, and the page says so", async () => {
    await docker("stop", "--time", "1", "newcomer");
    await expect(row).toHaveAttribute("data-status", "exited");
    await expect(row).toContainText("exited");
    await expect(row.locator("meter")).toHaveCount(0);
    await expect(card).toContainText("stopped");
  });

  await expect(page.locator("html")).toHaveAttribute("data-not-reloaded", "");
});
