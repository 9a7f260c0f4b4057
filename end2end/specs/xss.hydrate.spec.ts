// What the scripts write stays text, too: live updates, pages reached by links, charts, and the words of
// an engine that refuses.
import { APPS, begin, end, expect, fill, fillStale, signIn, test, workloads } from "../harness/attack";
import { settled } from "../harness/pages";
import { makeToken } from "../harness/happenings";
import { NAMES, PAYLOADS } from "../harness/payloads";

test("live updates, links and charts take the names for text", async ({ victim: page, executions }) => {
  test.setTimeout(240_000);
  const attack = await begin();
  const { engine } = attack;
  try {
    await signIn(page, attack);
    await settled(page);
    await page.evaluate(() => document.documentElement.setAttribute("data-not-reloaded", ""));
    const look = async () => {
      await executions.wait(page);
      await executions.inspect(page);
    };

    await test.step("containers appear on the open page", async () => {
      fill(engine);
      await workloads(attack);
      await expect(page.locator("[data-workload]")).toHaveCount(APPS, { timeout: 60_000 });
      const text = (await page.locator("#main").textContent()) ?? "";
      expect(PAYLOADS.filter((payload) => !text.includes(payload.trim()))).toEqual([]);
      await look();
    });

    await test.step("they are renamed, fall ill, and are told of in strange words", async () => {
      const all = [...engine.containers.values()];
      for (const [n, container] of all.entries()) {
        const text = PAYLOADS[n % PAYLOADS.length];
        container.name = `again ${n} ${text}`;
        engine.tell(container, "rename");
        engine.tell(container, `health_status: ${text}`);
        engine.tell(container, `exec_start: ${text}`);
        engine.tell(container, text);
      }
      await expect(page.locator("#main")).toContainText(`again ${all.length - 1} `, { timeout: 60_000 });
      await look();
    });

    await test.step("they go", async () => {
      for (const container of [...engine.containers.values()].slice(0, PAYLOADS.length)) {
        engine.containers.delete(container.id);
        engine.tell(container, "die");
        engine.tell(container, "destroy");
      }
      await expect.poll(() => page.locator("[data-workload]").count(), { timeout: 60_000 }).toBeLessThanOrEqual(APPS - PAYLOADS.length);
      await look();
    });

    await test.step("the fleet's chart, its legend and its table", async () => {
      const chart = page.locator(".chart");
      await expect(chart.locator("canvas")).toBeVisible({ timeout: 60_000 });
      const box = (await chart.boundingBox())!;
      for (const part of [0.1, 0.5, 0.9]) await page.mouse.move(box.x + part * box.width, box.y + box.height / 2);
      await page.mouse.click(box.x + box.width / 2, box.y + 10);
      await page.getByText("Show as table").click();
      await look();
    });

    await test.step("pages reached by links", async () => {
      const paths = await page.locator("[data-workload] a[href^='/apps/']").evaluateAll((links) => links.map((link) => link.getAttribute("href")!));
      const some = [...new Set(paths)].slice(0, PAYLOADS.length);
      expect(some.length).toBe(PAYLOADS.length);
      for (const path of some) {
        await page.locator(`#main a[href='${path}']`).first().click();
        await expect(page).toHaveURL(attack.watcher.url + path);
        const heading = page.getByRole("heading", { level: 1 });
        await expect(heading).toContainText(" · ");
        await expect.poll(() => page.title()).toContain("Docker Watcher");
        const chart = page.locator(".chart");
        if (await chart.count()) await chart.hover();
        await look();
        await page.goBack();
        await expect(page).toHaveURL(`${attack.watcher.url}/`);
        await expect(page.locator(`#main a[href='${path}']`).first()).toBeAttached();
      }
      await expect(page.locator("html")).toHaveAttribute("data-not-reloaded", "");
    });

    await test.step("lines of the log arrive, and are opened", async () => {
      await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Events" }).click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("Events");
      const token = await attack.watcher.token();
      for (const name of NAMES) await makeToken(attack.watcher, token, name);
      await expect(page.locator("[data-event]").filter({ hasText: "API token" })).toHaveCount(NAMES.length);
      await look();
      for (let n = 0; n < NAMES.length; n += 5) {
        await page.locator("[data-event]").nth(n).getByRole("link", { name: /^Details/ }).click();
        await look();
        await page.keyboard.press("Escape");
        await expect(page.getByRole("dialog")).toHaveCount(0);
      }
      await expect(page.locator("html")).toHaveAttribute("data-not-reloaded", "");
      await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Dashboard" }).click();
      await expect(page.locator("[data-workload]").first()).toBeVisible();
    });

    await test.step("what is stale arrives, is asked about, and is cleaned up", async () => {
      await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Stale" }).click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("Stale containers");
      await fillStale(attack);
      // Those that are spared by the label of their name are on no list but that of all.
      await page.getByRole("link", { name: /^Not running/ }).click();
      // A name with a slash is a link's: those are shown by their ids.
      const named = PAYLOADS.filter((text) => !text.includes("/"));
      await expect(page.locator("[data-idle^='still ']")).toHaveCount(named.length);
      await look();
      const lists = page.getByRole("navigation", { name: "Lists" });
      await lists.getByRole("link", { name: "Exemptions" }).click();
      await look();
      await page.locator("[data-exemption]").first().getByRole("link", { name: /^Lift/ }).click();
      await look();
      await page.keyboard.press("Escape");
      await lists.getByRole("link", { name: "Quarantine" }).click();
      await look();
      await page.locator("[data-kept]").first().getByRole("link", { name: /^Remove now/ }).click();
      await expect(page.locator("[data-planned]")).toBeVisible();
      await look();
      await page.keyboard.press("Escape");
      await lists.getByRole("link", { name: "Stale" }).click();
      await expect(page.locator("[data-stale]")).not.toHaveCount(0);
      const count = await page.locator("[data-stale]").count();
      await page.getByLabel("Select all").check();
      await page.getByRole("button", { name: "Preview the plan" }).click();
      await expect(page.locator("[data-planned]")).toHaveCount(count);
      await look();
      // A name that is none cannot be given back, so that those are left alone.
      const able = await page.locator("[data-planned]:not([data-left])").count();
      expect(able).toBeGreaterThan(1);
      await page.locator("#typed").fill(String(able));
      await page.getByRole("button", { name: /into quarantine$/ }).click();
      await expect(page.locator("progress")).toHaveCount(0);
      await expect(page.locator("[data-run]")).toHaveCount(able);
      await look();
      await expect(page.locator("html")).toHaveAttribute("data-not-reloaded", "");
      await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Dashboard" }).click();
      await expect(page.locator("[data-workload]").first()).toBeVisible();
    });

    await test.step("the engine refuses in such words", async () => {
      engine.refuse(PAYLOADS.join(" "));
      await expect(page.locator(".verdict")).toHaveAttribute("data-mood", "blind", { timeout: 40_000 });
      await expect(page.locator(".verdict-error")).toBeVisible();
      await look();
      await page.reload();
      await look();
    });
    console.log(`xss: ${PAYLOADS.length} payloads live, by links, in charts and in errors: ${executions.seen.length} executed`);
  } finally {
    await page.close();
    await end(attack);
  }
});
