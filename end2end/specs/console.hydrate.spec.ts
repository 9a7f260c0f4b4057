// Nothing is wrong behind the scenes: no page, reached by its address or by a link, makes the browser
// complain. A page that hydrates into something else than was rendered complains.
import { PLACES, settled, visit } from "../harness/pages";
import { expect, test } from "../harness/test";

for (const place of PLACES) {
  test(`${place.name} comes up without a complaint`, async ({ page, stranger, fresh, appPath, complaints }) => {
    if (place.name === "nowhere") complaints.expect(/404.*\/no\/such\/page/);
    const tab = await visit(place, { page, stranger, fresh, appPath });
    // What goes wrong in hydration is said after it, and the page's scripts are idle then.
    await tab.waitForFunction(() => new Promise((idle) => requestIdleCallback(() => idle(true))));
    expect(complaints.heard).toEqual([]);
  });
}

test("going from page to page by links and back makes no complaint", async ({ page }) => {
  await page.goto("/");
  await settled(page);
  await page.locator('[data-workload="shop/prod"]').getByRole("link", { name: "shop · prod" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("shop · prod");
  await settled(page);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Apps" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Apps");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Dashboard" }).click();
  await expect(page.locator('[data-workload="shop/prod"]')).toBeVisible();
  await page.goBack();
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("shop · prod");
  await settled(page);
});

test("an app that does not exist is said not to, with a way on", async ({ page, complaints }) => {
  complaints.expect(/404/);
  const answer = await page.goto("/apps/00000000-0000-7000-8000-000000000000");
  expect(answer?.status()).toBe(404);
  await expect(page.getByText("There is no such app.").first()).toBeVisible();
  await page.getByRole("link", { name: "All apps" }).click();
  await expect(page).toHaveURL(/\/apps$/);
});
