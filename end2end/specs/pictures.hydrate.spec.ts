// Pictures of every page for people to look at, in results/: three widths, two themes, two languages
// where it matters.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { RESULTS } from "../harness/paths";
import { PLACES, visit } from "../harness/pages";
import { test } from "../harness/test";

const WIDTHS = [390, 768, 1440];
const LOCALES = { en: "en-GB", ru: "ru-RU" };

test.beforeAll(() => mkdirSync(RESULTS, { recursive: true }));

for (const [language, locale] of Object.entries(LOCALES)) {
  test.describe(language, () => {
    test.use({ locale });
    // Russian words are longer, which shows where most of them are.
    const places = language === "en" ? PLACES : PLACES.filter(({ name }) => ["dashboard", "app", "stale", "events", "account", "users", "tokens"].includes(name));
    for (const place of places) {
      test(`${place.name} has its picture taken`, async ({ page, stranger, fresh, appPath, complaints }) => {
        complaints.expect(/404.*\/no\/such\/page/);
        const tab = await visit(place, { page, stranger, fresh, appPath });
        for (const width of WIDTHS) {
          await tab.setViewportSize({ width, height: 900 });
          for (const colorScheme of ["light", "dark"] as const) {
            await tab.emulateMedia({ colorScheme });
            const path = join(RESULTS, `${place.name}-${language}-${width}-${colorScheme}.png`);
            await tab.screenshot({ path, fullPage: true, animations: "disabled" });
          }
        }
      });
    }
  });
}
