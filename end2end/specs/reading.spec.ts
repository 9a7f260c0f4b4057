// What can be read on the pages as the server writes them.
import { LONG_NAME } from "../harness/cast";
import { expect, test } from "../harness/test";

test("the dashboard says how things are, and has every container with its state and figures", async ({ page }) => {
  await page.goto("/");
  await expect(page.locator(".verdict")).toHaveAttribute("data-mood", "needs-you");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("One thing needs you.");
  await expect(page.locator(".matter")).toContainText("ill");
  await expect(page.locator(".metrics figcaption")).toContainText(/CPU between .* Memory between/);

  const web = page.locator('[data-workload="shop/prod"] [data-container="web-1"]');
  await expect(web).toHaveAttribute("data-status", "running");
  await expect(web).toHaveAttribute("data-cpu", /^\d/);
  await expect(web.locator("meter")).toBeVisible();
  await expect(web).toContainText(/\d\s%/);
  await expect(web).toContainText(/MiB|KiB/);
  await expect(web).toContainText(/of 128\sMiB/);

  const ended = page.locator('[data-container="migrate"]');
  await expect(ended).toHaveAttribute("data-status", "exited");
  await expect(ended).toContainText("code 3");
  await expect(page.locator('[data-container="batch"]')).toHaveAttribute("data-status", "paused");
  await expect(page.locator('[data-workload="blog/default"]')).toBeVisible();
  await expect(page.locator(`[data-container="${LONG_NAME}"]`)).toBeVisible();
});

test("every figure at the top leads to a page that there is", async ({ page, javaScriptEnabled }) => {
  const dashboard = async () => {
    await page.goto("/");
    // From then on the links are followed by the scripts.
    if (javaScriptEnabled !== false) await expect(page.locator("[data-live]")).toHaveAttribute("data-live", "live");
  };
  await dashboard();
  const tiles = page.locator("a.stat");
  const targets = await tiles.evaluateAll((all) => all.map((one) => one.getAttribute("href") ?? ""));
  expect(targets).toContain("/events?source=engine");
  for (const target of targets) {
    await page.locator(`a.stat[href="${target}"]`).click();
    await expect.poll(() => new URL(page.url()).pathname).toBe(target.split("?")[0]);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^(Apps|Events|Stale containers)$/);
    await dashboard();
  }
});

test("the list has every app with a link to its page", async ({ page }) => {
  await page.goto("/apps");
  const row = page.locator('[data-workload="shop/prod"]');
  await expect(row).toContainText("2 of 3 run");
  await row.getByRole("link").click();
  await expect(page).toHaveTitle("shop · prod · Docker Watcher");
});

test("an app's page has its containers, and its history as a table", async ({ page, appPath }) => {
  await page.goto(await appPath("shop/prod"));
  await expect(page.locator('[data-container="web-1"]')).toContainText("running");
  await expect(page.locator('[data-container="web-1"] meter')).toBeVisible();
  await expect(page.locator('[data-container="migrate"]')).toContainText("ended with code 3");
  await page.getByText("Show as table").click();
  const rows = page.getByRole("table").last().locator("tbody tr");
  await expect(rows.first()).toContainText(/\d\d:\d\d.*\d+(\.\d+)?\s%.*(MiB|KiB)/);
});

test("the time span is chosen by a button and stands in the address", async ({ page }) => {
  await page.goto("/");
  const span = page.getByRole("group", { name: "Time span" });
  await expect(span.getByRole("button", { name: "30 min" })).toHaveAttribute("aria-pressed", "true");
  await span.getByRole("button", { name: "2 h" }).click();
  await expect(page).toHaveURL(/\?window=2h$/);
  await expect(span.getByRole("button", { name: "2 h" })).toHaveAttribute("aria-pressed", "true");
  await expect(span.getByRole("button", { name: "30 min" })).toHaveAttribute("aria-pressed", "false");
  await expect(page.locator(".chart")).toHaveAttribute("data-points", /^[1-9]/);
});

test("language and theme are chosen by links and stay", async ({ page }) => {
  await page.goto("/apps");
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("link", { name: "Русский" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Приложения");
  await page.goto("/");
  await expect(page.locator("html")).toHaveAttribute("lang", "ru");
  await expect(page.getByText("Контейнеры").first()).toBeVisible();
  await page.getByRole("button", { name: "Учётная запись" }).click();
  await page.getByRole("link", { name: "Тёмная" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.goto("/apps");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});
