// The first start by a plain form: who has the setup token makes the first admin, once.
import { expect, test } from "../harness/test";
import { ADMIN } from "../harness/watcher";

test("whoever has the setup token makes the first admin and is signed in", async ({ fresh, stranger: page }) => {
  await page.goto(fresh.url);
  await expect(page).toHaveURL(`${fresh.url}/setup`);
  await page.getByLabel("Setup token").fill(await fresh.setupToken());
  await page.getByLabel("Username").fill(ADMIN.username);
  await page.getByLabel("Password").fill(ADMIN.password);
  await page.getByRole("button", { name: "Create the admin" }).click();
  await expect(page).toHaveURL(`${fresh.url}/`);
  await expect(page.locator('[data-workload="shop/prod"]')).toBeVisible();
  await page.goto(`${fresh.url}/setup`);
  await expect(page).toHaveURL(`${fresh.url}/`);
});

test("a wrong setup token is refused, and nobody is made", async ({ fresh, stranger: page, complaints }) => {
  complaints.expect(/403/);
  await page.goto(`${fresh.url}/setup`);
  await page.getByLabel("Setup token").fill("not-the-token");
  await page.getByLabel("Username").fill(ADMIN.username);
  await page.getByLabel("Password").fill(ADMIN.password);
  await page.getByRole("button", { name: "Create the admin" }).click();
  await expect(page.getByText("This is not the setup token of this installation.")).toBeVisible();
  expect((await fresh.ask("/api/auth/state")).setup_required).toBe(true);
});
