// Every page against the machine-checked part of WCAG 2 A and AA, in both themes.
import AxeBuilder from "@axe-core/playwright";
import { PLACES, visit } from "../harness/pages";
import { expect, test } from "../harness/test";

for (const place of PLACES) {
  test(`${place.name} breaks no rule of WCAG A or AA, light or dark`, async ({ page, stranger, fresh, appPath, complaints }) => {
    complaints.expect(/404.*\/no\/such\/page/);
    const tab = await visit(place, { page, stranger, fresh, appPath });
    // Half-way through a change of colours the contrast is nobody's choice.
    await tab.emulateMedia({ reducedMotion: "reduce" });
    for (const colorScheme of ["light", "dark"] as const) {
      await tab.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const { violations } = await new AxeBuilder({ page: tab }).withTags(["wcag2a", "wcag2aa"]).analyze();
      const found = violations.map(({ id, nodes }) => `${colorScheme} ${id}: ${nodes.map((node) => node.html).join(" ")}`);
      expect(found).toEqual([]);
    }
  });
}
