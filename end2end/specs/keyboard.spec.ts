// The pages without a mouse: the skip link comes first, and it can always be seen where one is.
import type { Page } from "@playwright/test";
import { expect, test } from "../harness/test";

/** What has the focus, and whether that can be seen: by an outline, and by being in sight. */
function focus(page: Page) {
  return page.evaluate(() => {
    const one = document.activeElement as HTMLElement;
    const style = getComputedStyle(one);
    const box = one.getBoundingClientRect();
    const marked = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
    return { name: one.outerHTML.slice(0, 90), visible: marked && box.bottom > 0 && box.top < innerHeight && box.width > 0 };
  });
}

test("the skip link comes first and leads to the content", async ({ page }) => {
  await page.goto("/");
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to the content" });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(page.locator("#main")).toBeFocused();
});

for (const path of ["/", "/apps", "/stale", "/stale?show=all", "/stale?show=exemptions", "/events", "/account", "/settings/general", "/settings/sign-on", "/settings/users", "/settings/tokens", "/login"]) {
  test(`every stop of the Tab key on ${path} can be seen`, async ({ page, stranger }) => {
    const tab = path === "/login" ? stranger : page;
    await tab.goto(path);
    const hidden: string[] = [];
    for (let stop = 0; stop < 24; stop++) {
      await tab.keyboard.press("Tab");
      const { name, visible } = await focus(tab);
      if (name.startsWith("<body")) break;
      if (!visible) hidden.push(name);
    }
    expect(hidden).toEqual([]);
  });
}

test("the account's menu opens, is walked through and closes by keys", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("button", { name: "Account" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Sign out" })).toBeHidden();
  await expect(page.getByRole("button", { name: "Account" })).toBeFocused();
});
