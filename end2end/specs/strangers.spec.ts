// What others named is shown as the text that it is, wherever it stands.
import { MARKUP } from "../harness/cast";
import { expect, test } from "../harness/test";

test("a project named with markup is text in the page and in its title", async ({ page, appPath }) => {
  page.on("dialog", () => expect(false, "a name became a script").toBe(true));
  const name = `${MARKUP} · prod`;
  for (const path of ["/", "/apps"]) {
    await page.goto(path);
    await expect(page.getByRole("link", { name })).toBeVisible();
    await expect(page.locator('img[src="x"]')).toHaveCount(0);
  }
  await page.goto(await appPath(`${MARKUP}/prod`));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
  await expect(page).toHaveTitle(`${name} · Docker Watcher`);
  await expect(page.locator('img[src="x"]')).toHaveCount(0);
});
