// The event log as the server writes it: everything can be found, and each view of it has an address.
import { makeLines } from "../harness/happenings";
import { alive } from "../harness/pages";
import { expect, test } from "../harness/test";
import type { Page } from "@playwright/test";

/** More lines than one part of the log has. */
const PAIRS = 40;

const lines = (page: Page) => page.locator("[data-event]");
const ids = (page: Page) => lines(page).evaluateAll((all) => all.map((one) => one.getAttribute("data-event")!));

async function open(page: Page, path: string, scripts: boolean): Promise<void> {
  await page.goto(path);
  if (scripts) await alive(page);
}

test.beforeAll(async ({ watcher, session }) => makeLines(watcher, session, "robot", PAIRS));

test("the newest lines come first and say who did what, when, and how much it matters", async ({ page }) => {
  await page.goto("/events");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Events");
  const first = lines(page).first();
  await expect(first).toContainText(`admin removed the API token robot-${PAIRS - 1}.`);
  await expect(first).toHaveAttribute("data-severity", "info");
  await expect(first).toContainText("Info");
  await expect(first).toContainText("Access");
  await expect(first.locator("time")).toHaveAttribute("title", /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/);
  await expect(lines(page)).toHaveCount(50);
});

test("a choice is a link, can be seen, and can be taken back", async ({ page, javaScriptEnabled }) => {
  await open(page, "/events", javaScriptEnabled!);
  await page.getByRole("link", { name: "Engine", exact: true }).click();
  await expect(page).toHaveURL(/\/events\?source=engine$/);
  await expect(page.getByText("robot-")).toHaveCount(0);
  const access = page.getByRole("link", { name: "Access", exact: true });
  await access.click();
  await expect(page).toHaveURL(/\/events\?source=engine,access$/);
  await expect(access).toHaveAttribute("aria-current", "true");
  await expect(lines(page).first()).toContainText("robot-");
  await access.click();
  await expect(page).toHaveURL(/\/events\?source=engine$/);
  await page.getByRole("link", { name: "Clear filters" }).first().click();
  await expect(page).toHaveURL(/\/events$/);
  await expect(lines(page)).toHaveCount(50);
});

test("words are looked for by a form that keeps what is chosen, and can be taken away", async ({ page, javaScriptEnabled }) => {
  await open(page, "/events?source=access&since=24h", javaScriptEnabled!);
  await page.getByRole("searchbox").fill("robot-7 remov");
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page).toHaveURL(/source=access/);
  await expect(page).toHaveURL(/since=24h/);
  await expect(lines(page)).toHaveCount(1);
  await expect(lines(page)).toContainText("admin removed the API token robot-7.");
  await expect(page.getByRole("searchbox")).toHaveValue("robot-7 remov");
  await page.getByRole("link", { name: /^Words: robot-7 remov/ }).click();
  await expect(page).toHaveURL(/\/events\?since=24h&source=access$/);
  await expect(lines(page)).toHaveCount(50);
});

test("a form without scripts names its choices one by one, and they are all understood", async ({ page }) => {
  await page.goto("/events?severity=error&severity=warning&q=&until=");
  for (const name of ["Error", "Warning"]) {
    await expect(page.getByRole("link", { name, exact: true })).toHaveAttribute("aria-current", "true");
  }
  await expect(page.getByRole("link", { name: "Info", exact: true })).not.toHaveAttribute("aria-current", "true");
  await expect(page.getByText("robot-")).toHaveCount(0);
});

test("a moment is chosen in UTC", async ({ page, javaScriptEnabled }) => {
  await open(page, "/events", javaScriptEnabled!);
  await page.getByText("Exact times").click();
  await page.getByLabel("Until (UTC)").fill("2020-01-01T00:00:00");
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page.getByText("Nothing fits the filter")).toBeVisible();
  await expect(page.getByLabel("Until (UTC)")).toHaveValue(/^2020-01-01T00:00/);
  await page.getByRole("link", { name: /^Until: / }).click();
  await expect(page).toHaveURL(/\/events$/);
});

test("older lines follow, none twice and none left out", async ({ page, javaScriptEnabled }) => {
  await open(page, "/events", javaScriptEnabled!);
  await expect(lines(page)).toHaveCount(50);
  const seen = await ids(page);
  await page.getByRole("link", { name: "Older" }).click();
  if (javaScriptEnabled) {
    await expect.poll(() => lines(page).count()).toBeGreaterThan(PAIRS * 2);
    expect((await ids(page)).slice(0, 50)).toEqual(seen);
    await expect(page).toHaveURL(/\/events$/);
  } else {
    await expect(page).toHaveURL(/\/events\?before=/);
    seen.push(...(await ids(page)));
    await page.getByRole("link", { name: "Newest" }).click();
    await expect(page).toHaveURL(/\/events$/);
  }
  const all = javaScriptEnabled ? await ids(page) : seen;
  expect(new Set(all).size).toBe(all.length);
  expect(all).toEqual([...all].sort().reverse());
  expect(all.length).toBeGreaterThan(PAIRS * 2);
});

test("everything about a line has an address of its own", async ({ page, javaScriptEnabled }) => {
  await open(page, "/events?source=access", javaScriptEnabled!);
  const id = (await ids(page))[0];
  await lines(page).first().getByRole("link", { name: /^Details/ }).click();
  await expect(page).toHaveURL(`/events?source=access&event=${id}`);
  const drawer = page.getByRole("dialog", { name: /admin removed the API token/ });
  await expect(drawer).toContainText("token.removed");
  await expect(drawer).toContainText(id);
  await drawer.getByRole("link", { name: "Close" }).click();
  await expect(drawer).toBeHidden();
  await expect(page).toHaveURL(/\/events\?source=access$/);
  // Who follows the link later, when others have come, sees it all the same.
  await page.goto(`/events?severity=error&event=${id}`);
  await expect(drawer).toContainText("token.removed");
});

test("nothing that fits is said so, and so is what makes no sense", async ({ page }) => {
  await page.goto("/events?q=nobodyeversaidthis");
  await expect(page.getByText("Nothing fits the filter")).toBeVisible();
  await page.getByRole("link", { name: "Clear filters" }).last().click();
  await expect(lines(page)).toHaveCount(50);
  await page.goto("/events?severity=loud");
  await expect(page.getByRole("alert")).toContainText("Choose of info, warning, error.");
  await page.getByRole("link", { name: /^Severity: loud/ }).click();
  await expect(lines(page)).toHaveCount(50);
});

test("what is shown can be had as a file", async ({ page }) => {
  await page.goto("/events?q=robot-3&source=access&since=24h");
  const href = await page.getByRole("link", { name: "Export as CSV" }).getAttribute("href");
  const file = await page.context().request.get(href!);
  expect(file.headers()["content-disposition"]).toContain("events.csv");
  const rows = (await file.text()).trim().split("\r\n").slice(1);
  expect(rows.length).toBeGreaterThan(2);
  expect(rows.filter((row) => !row.includes("robot-3"))).toEqual([]);
});

test("the dashboard has the latest few, and leads to the others", async ({ page }) => {
  await page.goto("/");
  const feed = page.locator(".feed");
  await expect(lines(page)).toHaveCount(5);
  await expect(lines(page).first()).toContainText(`robot-${PAIRS - 1}.`);
  await feed.getByRole("link", { name: /^all/ }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Events");
});

test("the errors that the dashboard counts are those of the list behind the figure", async ({ page }) => {
  await page.goto("/");
  const tile = page.getByRole("link", { name: /^Errors in 24 h/ });
  const count = Number(await tile.locator(".stat-figure").textContent());
  await tile.click();
  await expect(page).toHaveURL(/\/events\?severity=error&since=24h$/);
  await expect(page.getByRole("link", { name: "24 h", exact: true })).toHaveAttribute("aria-current", "true");
  await expect(lines(page)).toHaveCount(count);
});

test("an app's page has its own events, with a way to all of them", async ({ page, appPath }) => {
  const path = await appPath("shop/prod");
  await page.goto(path);
  await page.locator(".feed").getByRole("link", { name: /^all/ }).click();
  await expect(page).toHaveURL(`/events?workload=${path.replace("/apps/", "")}`);
  await expect(page.getByRole("link", { name: /^App: shop · prod/ })).toBeVisible();
});
