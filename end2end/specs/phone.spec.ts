// The pages on a phone, in both languages.
import { PLACES, visit } from "../harness/pages";
import { expect, test } from "../harness/test";

for (const width of [360, 390]) {
  for (const locale of ["en-GB", "ru-RU"]) {
    test.describe(`${width} px, ${locale}`, () => {
      test.use({ viewport: { width, height: 780 }, locale });

      test("no page scrolls sideways, and no place in the navigation is cut short", async ({ page, stranger, fresh, appPath, complaints }) => {
        complaints.expect(/404.*\/no\/such\/page/);
        for (const place of PLACES) {
          const tab = await visit(place, { page, stranger, fresh, appPath });
          const over = await tab.evaluate(() => {
            const wide = document.documentElement.clientWidth;
            const out = [...document.body.querySelectorAll("*")].filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > wide + 1);
            return document.documentElement.scrollWidth > wide ? out.map((one) => one.outerHTML.slice(0, 120)) : [];
          });
          expect(over, place.name).toEqual([]);
          const cut = await tab
            .locator(".place-name")
            .evaluateAll((names) => names.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent));
          expect(cut, `names in the navigation of ${place.name}`).toEqual([]);
        }
      });
    });
  }
}

test.describe("the navigation", () => {
  test.use({ viewport: { width: 360, height: 640 } });

  test("lies within reach of a thumb, and what is below it can be scrolled into sight", async ({ page }) => {
    await page.goto("/");
    const nav = page.getByRole("navigation", { name: "Main" });
    for (const link of await nav.getByRole("listitem").getByRole("link").all()) {
      const box = (await link.boundingBox())!;
      expect(box.height).toBeGreaterThanOrEqual(44);
      expect(box.y + box.height).toBeLessThanOrEqual(640);
      expect(box.y).toBeGreaterThan(320);
    }
    const last = page.locator(".instance").last();
    await last.scrollIntoViewIfNeeded();
    await nav.getByRole("link", { name: "Apps" }).click();
    await expect(page).toHaveURL(/\/apps$/);
    await page.getByRole("button", { name: "Account" }).click();
    await expect(page.getByRole("button", { name: "Sign out" })).toBeInViewport();
  });
});
