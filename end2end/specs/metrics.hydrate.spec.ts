// The metrics panel: history first, live points after, other spans of time, and pauses as gaps.
import type { Page } from "@playwright/test";
import { columns } from "../harness/picture";
import { settled } from "../harness/pages";
import { expect, test } from "../harness/test";

const points = async (page: Page) => Number(await page.locator(".chart").getAttribute("data-points"));
const newest = async (page: Page) => Number(await page.locator(".chart").getAttribute("data-last-ts"));

/** What the table says of the minutes that are over. */
async function pastMinutes(page: Page): Promise<string[]> {
  await page.getByText("Show as table").click();
  const rows = await page.getByRole("table").last().locator("tbody tr").allInnerTexts();
  return rows.slice(1);
}

test("live points follow the history, and a reload shows the same", async ({ page, appPath }) => {
  await page.goto(await appPath("shop/prod"));
  await settled(page);
  const [before, then] = [await points(page), await newest(page)];
  expect(before, "points that the server had").toBeGreaterThan(0);
  await expect.poll(() => points(page)).toBeGreaterThan(before + 1);
  expect(await newest(page)).toBeGreaterThan(then);

  const [shown, until, minutes] = [await points(page), await newest(page), await pastMinutes(page)];
  await page.reload();
  await settled(page);
  expect(await points(page)).toBeGreaterThanOrEqual(shown);
  expect(await newest(page)).toBeGreaterThanOrEqual(until);
  expect(await pastMinutes(page)).toEqual(expect.arrayContaining(minutes));
});

test("another span of time is read and drawn without a reload", async ({ page }) => {
  await page.goto("/");
  await settled(page);
  await page.evaluate(() => document.documentElement.setAttribute("data-not-reloaded", ""));
  const span = page.getByRole("group", { name: "Time span" });
  for (const [words, window] of [["2 h", "2h"], ["6 h", "6h"], ["30 min", "30m"]]) {
    const asked = page.waitForRequest((request) => /stats\/fleet/.test(request.url()) && (request.postData() ?? request.url()).includes(window));
    await span.getByRole("button", { name: words }).click();
    await asked;
    await expect(span.getByRole("button", { name: words })).toHaveAttribute("aria-pressed", "true");
    await expect(page).toHaveURL(new RegExp(`window=${window}$`));
    await expect.poll(() => points(page)).toBeGreaterThan(0);
  }
  await expect(page.locator("html")).toHaveAttribute("data-not-reloaded", "");
});

test("a pause in which nothing was measured is a gap in the line", async ({ page }) => {
  // Two hours with half an hour missing, in the place of what the server has.
  const now = Math.floor(Date.now() / 1000);
  const ages = Array.from({ length: 240 }, (_, index) => 7200 - 30 * index);
  const history = ages
    .filter((age) => age > 5400 || age < 3600)
    .map((age) => ({ ts: now - age, cpu_percent: 50 + 20 * Math.sin(age / 300), memory_usage: 2e8, memory_limit: 0 }));
  await page.route("**/fn/stats/fleet**", (route) => route.fulfill({ json: history }));
  await page.goto("/");
  await settled(page);
  await page.getByRole("button", { name: "2 h", exact: true }).click();
  await expect.poll(() => points(page)).toBeGreaterThan(170);
  const drawn = async () => {
    const found = await columns(page.locator(".chart"));
    return { before: found.some((x) => x < 25), pause: found.filter((x) => x > 30 && x < 48), after: found.some((x) => x > 60) };
  };
  await expect.poll(drawn).toEqual({ before: true, pause: [], after: true });
});

test.describe("in Russian", () => {
  test.use({ locale: "ru-RU" });

  test("the chart writes its figures as the page does, where 1,000 would be one", async ({ page }) => {
    await page.goto("/");
    await settled(page);
    const written = () =>
      page.evaluate(() => {
        type Write = (value: unknown) => string;
        type Drawn = { yAxis: { axisLabel: { formatter: Write } }[]; tooltip: { valueFormatter: Write }[] };
        type Library = { getInstanceByDom: (place: Element | null) => { getOption: () => Drawn | undefined } };
        const { echarts } = window as unknown as { echarts: Library };
        const drawn = echarts.getInstanceByDom(document.querySelector(".chart-canvas")).getOption();
        const axes = drawn?.yAxis.map((axis) => axis.axisLabel.formatter) ?? [];
        const all = [...axes, ...(drawn?.tooltip.map((tooltip) => tooltip.valueFormatter) ?? [])];
        return all.map((write) => [write(1000), write(1.5), write(null)]);
      });
    await expect.poll(written).toEqual(Array(3).fill(["1000", "1,5", "–"]));
  });
});
