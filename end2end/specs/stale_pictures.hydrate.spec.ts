// Pictures of the page of what is stale in each of its states, for people to look at, in results/.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { alive, settled } from "../harness/pages";
import { RESULTS } from "../harness/paths";
import { oneOfEach, Yard } from "../harness/stale";
import { expect, test } from "../harness/test";

test.beforeAll(() => mkdirSync(RESULTS, { recursive: true }));

for (const [language, locale] of Object.entries({ en: "en-GB", ru: "ru-RU" })) {
  test(`every list and every question has its picture taken (${language})`, async ({ browser }) => {
    test.setTimeout(240_000);
    const yard = await Yard.open((engine) => {
      oneOfEach(engine);
      for (const n of [1, 2, 3]) engine.ended(`aside-${n}`, 20 + n, { size: n * 2 ** 22, volumes: ["shared-data"] });
      engine.ended("stubborn", 60);
    });
    const context = await browser.newContext({ locale, viewport: { width: 1440, height: 900 } });
    try {
      await yard.putAside("aside-1", "aside-2", "aside-3");
      const kept: any[] = await yard.ask("GET", "/api/containers/quarantine");
      const held = [...yard.engine.containers.values()].find(({ name }) => name.endsWith("-aside-3"))!;
      yard.engine.stubborn.add(held.name);
      await yard.ask("POST", `/api/containers/quarantine/${kept.find(({ name }) => name === "aside-3").id}/remove`).catch(() => undefined);
      await yard.spare("pattern", "yearly-*", "the yearly report", "2027-04-01T00:00:00Z");
      await yard.spare("label", "com.example.role=archive", "what the auditors may want to see in March");
      const key = (name: string) => yard.engine.named(name)!.id.slice(0, 12);
      const page = await context.newPage();
      await context.addCookies([{ name: "docker_watcher_session", value: await yard.watcher.token(), url: yard.watcher.url }]);
      const shoot = async (name: string) => {
        for (const width of [390, 768, 1440]) {
          await page.setViewportSize({ width, height: 900 });
          for (const colorScheme of ["light", "dark"] as const) {
            await page.emulateMedia({ colorScheme });
            const path = join(RESULTS, `stale-${name}-${language}-${width}-${colorScheme}.png`);
            await page.screenshot({ path, fullPage: true, animations: "disabled" });
          }
        }
        await page.setViewportSize({ width: 1440, height: 900 });
      };
      const addresses = {
        some: "/stale", all: "/stale?show=all", quarantine: "/stale?show=quarantine", exemptions: "/stale?show=exemptions",
        plan: `/stale?plan=${key("shop-db-1")},${key("old-report")},${key("odd")}`, keep: `/stale?keep=${key("old-report")}`,
        take: `/stale?show=quarantine&remove=${kept[0].id}`, dashboard: "/",
      };
      for (const [name, address] of Object.entries(addresses)) {
        await page.goto(yard.watcher.url + address);
        await settled(page);
        await alive(page);
        await shoot(name);
      }
      await page.goto(`${yard.watcher.url}/stale?plan=${["shop-db-1", "old-report", "stubborn"].map(key).join(",")}`);
      await alive(page);
      yard.engine.stubborn.add("stubborn");
      await page.locator("#typed").fill("3");
      await page.locator(".confirm button").click();
      await expect(page.locator("[data-run]")).toHaveCount(3);
      await expect(page.locator("progress")).toHaveCount(0);
      await shoot("run");
      yard.engine.refuse("the engine is being serviced");
      await expect(page.locator(".engine-away")).toBeVisible({ timeout: 40_000 });
      // As of now, and not as of the scan: the head says what the list that it leads to says.
      await expect(page.locator(".last-scan")).toContainText(/6 (of them|из них)/);
      await shoot("away");
    } finally {
      await context.close();
      await yard.close();
    }
  });
}
