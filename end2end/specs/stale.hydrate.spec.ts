// The way of what nobody uses any more, as people live it: found, looked at, put aside one by one, taken
// back, and gone for good.
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { docker, run } from "../harness/docker";
import { alive, settled, signIn } from "../harness/pages";
import { oneOfEach, Yard } from "../harness/stale";
import { expect, test as base } from "../harness/test";
import { ADMIN } from "../harness/watcher";

const test = base.extend<{ open: (fill?: Parameters<typeof Yard.open>[0]) => Promise<Yard> }>({
  open: async ({ stranger }, use) => {
    const yards: Yard[] = [];
    await use(async (fill = oneOfEach) => {
      const yard = await Yard.open(fill);
      yards.push(yard);
      return yard;
    });
    // The page goes first: one whose server is gone complains.
    await stranger.context().close();
    for (const yard of yards) await yard.close();
  },
});

const stale = (page: Page, name: string) => page.locator(`[data-stale="${name}"]`);
const line = (page: Page, name: string) => page.locator(`[data-run="${name}"]`);
const tally = (page: Page) => page.getByRole("navigation", { name: "Main" }).locator(".place-tally");

/** Ticks these, and confirms their plan by typing how many they are. */
async function cleanUp(page: Page, ...names: string[]): Promise<void> {
  for (const name of names) await page.getByRole("checkbox", { name: new RegExp(name) }).check();
  await page.getByRole("button", { name: "Preview the plan" }).click();
  await expect(page.locator("[data-planned]")).toHaveCount(names.length);
  if (names.length > 1) await page.getByLabel(`Type ${names.length} to confirm`).fill(String(names.length));
  await page.getByRole("button", { name: /^Put \d+ containers? into quarantine$/ }).click();
}

async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa"]).analyze();
    expect(violations.map(({ id, nodes }) => `${colorScheme} ${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
  }
}

test("on a real engine: stopped, scanned, planned, put aside, taken back, put aside again and gone", async ({ startOwn, stranger: page }) => {
  test.setTimeout(120_000);
  const names = ["yard-one", "yard-two", "yard-three"];
  const all = async () => (await docker("ps", "--all", "--format", "{{.Names}}")).split("\n");
  try {
    const watcher = await startOwn();
    await docker("volume", "create", "yard-data");
    await run("yard-one", "exit 0", "--volume", "yard-data:/data", "--restart", "on-failure:2");
    for (const name of names.slice(1)) await run(name, "exit 0");
    const headers = { Authorization: `Bearer ${await watcher.token()}`, "Content-Type": "application/json" };
    await watcher.ask("/api/settings", { method: "PATCH", headers, body: JSON.stringify({ stale_threshold_days: 0 }) });
    await signIn(page, watcher);
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Stale" }).click();
    await settled(page);
    await page.evaluate(() => document.documentElement.setAttribute("data-not-reloaded", ""));

    await test.step("a scan finds them", async () => {
      const scanned = async () => {
        await page.getByRole("button", { name: "Scan now" }).click();
        await expect(page.getByRole("button", { name: "Scan now" })).toBeEnabled();
        return page.locator("[data-stale^=yard-]").count();
      };
      await expect.poll(scanned).toBe(3);
    });

    await test.step("a plan is only looked at, and is confirmed by the number and nothing else", async () => {
      for (const name of names) await page.getByRole("checkbox", { name: new RegExp(name) }).check();
      await page.getByRole("button", { name: "Preview the plan" }).click();
      const confirm = page.getByRole("button", { name: "Put 3 containers into quarantine" });
      await expect(confirm).toBeDisabled();
      await page.getByLabel("Type 3 to confirm").fill("2");
      await expect(confirm).toBeDisabled();
      expect(await all()).toEqual(expect.arrayContaining(names));
      await page.getByLabel("Type 3 to confirm").fill("3");
      await confirm.click();
    });

    await test.step("each is told, and is aside under another name", async () => {
      await expect(page.getByText("3 of 3 put into quarantine.")).toBeVisible();
      for (const name of names) await expect(line(page, name)).toContainText("in quarantine");
      const now = await all();
      for (const name of names) {
        expect(now).not.toContain(name);
        expect(now.some((other) => other.startsWith("docker-watcher-quarantine-") && other.endsWith(`-${name}`))).toBe(true);
      }
      await expect(page.locator("[data-stale^=yard-]")).toHaveCount(0);
    });

    await test.step("two are taken back at once, with their names and their policies", async () => {
      await line(page, "yard-one").getByRole("button", { name: "Undo yard-one" }).click();
      await expect(line(page, "yard-one")).toContainText("restored");
      expect(await docker("inspect", "--format", "{{.HostConfig.RestartPolicy.Name}}", "yard-one")).toBe("on-failure");
      await page.getByRole("button", { name: "Undo all 2" }).click();
      for (const name of names) await expect(line(page, name)).toContainText("restored");
      expect(await all()).toEqual(expect.arrayContaining(names));
      await page.getByRole("button", { name: "Done" }).click();
      await expect(page.locator("[data-stale^=yard-]")).toHaveCount(3);
    });

    await test.step("one goes with its volume, which is ticked by its name", async () => {
      await cleanUp(page, "yard-one");
      await expect(line(page, "yard-one")).toContainText("in quarantine");
      await page.getByRole("navigation", { name: "Lists" }).getByRole("link", { name: "Quarantine" }).click();
      await page.getByRole("link", { name: "Remove now yard-one" }).click();
      await page.getByRole("checkbox", { name: /yard-data/ }).check();
      await page.getByRole("button", { name: "Remove it and 1 volume for good" }).click();
      await expect(page.getByText("yard-one is removed.")).toBeVisible();
      expect(await docker("volume", "ls", "--quiet")).not.toContain("yard-data");
    });

    await test.step("another is removed at once", async () => {
      await page.getByRole("navigation", { name: "Lists" }).getByRole("link", { name: "Stale" }).click();
      await stale(page, "yard-two").getByRole("link", { name: "Clean up yard-two" }).click();
      await page.getByRole("radio", { name: /Remove now/ }).check();
      await page.getByRole("button", { name: /^Remove 1 container, free/ }).click();
      await expect(line(page, "yard-two")).toContainText("removed");
      const left = (await all()).filter((name) => name.includes("yard-"));
      expect(left).toEqual(["yard-three"]);
    });
    await expect(page.locator("html")).toHaveAttribute("data-not-reloaded", "");
  } finally {
    const left = (await all()).filter((name) => name.includes("yard-"));
    if (left.length) await docker("rm", "--force", ...left);
  }
});

test("one that the engine refuses stops no other, and what goes on can be stopped", async ({ open, stranger: page }) => {
  const yard = await open();
  await yard.visit(page);
  yard.engine.stubborn.add("never-ran");
  const release = yard.engine.hold("old-report");
  await cleanUp(page, "shop-db-1", "old-report", "never-ran");
  // They go in the order of the list.
  const order = await page.locator("[data-run]").evaluateAll((all) => all.map((one) => one.getAttribute("data-run")));
  expect(order.toSorted()).toEqual(["never-ran", "old-report", "shop-db-1"]);
  await expect(line(page, "old-report")).toContainText("under way");
  await expect(page.getByRole("progressbar", { name: "Progress" })).toBeVisible();
  await expect(page.getByText(/Cleaning up: \d of 3/)).toBeVisible();
  release();
  await expect(page.getByText("2 of 3 put into quarantine.")).toBeVisible();
  await expect(line(page, "never-ran")).toContainText("failed");
  await expect(line(page, "never-ran")).toContainText("never-ran is stubborn");
  await expect(line(page, "never-ran").getByRole("button")).toHaveCount(0);
  for (const name of ["shop-db-1", "old-report"]) await expect(line(page, name)).toContainText("in quarantine");
  await expectAccessible(page);
  await expect(stale(page, "never-ran")).toBeVisible();

  await page.getByRole("button", { name: "Undo all 2" }).click();
  await expect(line(page, "old-report")).toContainText("restored");
  await page.getByRole("button", { name: "Done" }).click();
  yard.engine.stubborn.clear();
  await expect(page.locator("[data-stale]")).toHaveCount(4);
  const again = yard.engine.hold("never-ran");
  await cleanUp(page, "never-ran", "old-report", "shop-db-1");
  await expect(line(page, "never-ran")).toContainText("under way");
  await page.getByRole("button", { name: "Stop after this one" }).click();
  again();
  await expect(line(page, "never-ran")).toContainText("in quarantine");
  await expect(page.locator("[data-run]").filter({ hasText: "not begun" })).not.toHaveCount(0);
});

test("what changed since it was shown is left alone, and says why", async ({ open, stranger: page }) => {
  const yard = await open();
  await yard.visit(page);
  await page.getByRole("checkbox", { name: /shop-db-1/ }).check();
  await page.getByRole("checkbox", { name: /old-report/ }).check();
  await page.getByRole("button", { name: "Preview the plan" }).click();
  await expect(page.locator("[data-planned]")).toHaveCount(2);
  // Between the plan and the word nobody tells of it.
  const web = yard.engine.named("old-report")!;
  [web.state, web.finished] = ["running", undefined];
  await page.getByLabel("Type 2 to confirm").fill("2");
  await page.getByRole("button", { name: "Put 2 containers into quarantine" }).click();
  await expect(line(page, "old-report")).toContainText("left alone");
  await expect(line(page, "old-report")).toContainText("It runs.");
  await expect(line(page, "shop-db-1")).toContainText("in quarantine");
  expect(yard.engine.named("old-report")).toBeTruthy();
});

test("a plan says what it would leave alone before anything is asked", async ({ open, stranger: page }) => {
  const yard = await open();
  await yard.visit(page);
  await yard.spare("container", "never-ran", "wait a little");
  const keys = ["never-ran", "odd", "old-report"].map((name) => yard.engine.named(name)!.id.slice(0, 12));
  await yard.go(page, `/stale?plan=${keys.join(",")}`);
  await expect(page.getByRole("heading", { name: "Plan for 3 containers" })).toBeVisible();
  await expect(page.locator('[data-planned="never-ran"]')).toContainText("Somebody wants to keep it.");
  await expect(page.locator('[data-planned="odd"]')).toHaveAttribute("data-left", "");
  await expect(page.getByRole("button", { name: "Put 1 container into quarantine" })).toBeEnabled();
  await expectAccessible(page);
});

test("the figure in the navigation and the line on the dashboard come, and go when nothing is stale", async ({ open, stranger: page }) => {
  const yard = await open((engine) => void engine.run("web", {}));
  await yard.visit(page, "/");
  await expect(page.locator(".verdict")).toHaveAttribute("data-mood", "well");
  await expect(tally(page)).toHaveCount(0);
  await expect(page.locator(".stale-line")).toHaveCount(0);
  await expect(page.locator(".stat", { hasText: "Stale" })).toHaveCount(0);

  yard.engine.ended("left-over", 30);
  await yard.know();
  await expect(tally(page)).toHaveText(/1.*1 container is stale/);
  await expect(page.locator(".stale-line")).toContainText("1 container has not run for long");
  await expect(page.locator("a.stat", { hasText: "Stale" })).toHaveAttribute("href", "/stale");
  await page.locator(".stale-line").getByRole("link").click();
  await expect(stale(page, "left-over")).toBeVisible();

  // On a page without a stream of its own it is there, too.
  await page.goto(`${yard.watcher.url}/settings/general`);
  await alive(page);
  await expect(tally(page)).toHaveText(/1/);
  await yard.putAside("left-over");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Dashboard" }).click();
  await expect(tally(page)).toHaveCount(0);
  await expect(page.locator(".stale-line")).toHaveCount(0);
});

test("a figure that was read before the stream told a newer one does not come back", async ({ open, stranger: page }) => {
  const yard = await open((engine) => void engine.run("web", {}));
  await signIn(page, yard.watcher);
  await page.goto(`${yard.watcher.url}/settings/general`);
  await alive(page);
  let release = () => {};
  const held = new Promise<void>((done) => (release = done));
  let asked = 0;
  await page.route("**/fn/health/summary*", async (route) => {
    const response = await route.fetch();
    asked += 1;
    await held;
    await route.fulfill({ response });
  });
  await yard.go(page, "/");
  // The page reads again as soon as it is live: its first line, and the navigation.
  await expect.poll(() => asked).toBe(2);
  yard.engine.ended("left-over", 30);
  await yard.know();
  await expect(tally(page)).toHaveText(/1/);
  release();
  // The first line was told meanwhile, and so reads once more, after it got what was held.
  await expect.poll(() => asked).toBeGreaterThan(2);
  await expect(page.locator(".stale-line")).toContainText("1 container has not run for long");
  await expect(tally(page)).toHaveText(/1/);
});

test("what somebody else does is on the open page by itself", async ({ open, stranger: page }) => {
  const yard = await open();
  await yard.visit(page);
  await page.evaluate(() => document.documentElement.setAttribute("data-not-reloaded", ""));
  const tab = (name: string) => page.getByRole("navigation", { name: "Lists" }).getByRole("link", { name });
  await expect(tab("Stale")).toContainText("4");
  await page.getByRole("checkbox", { name: /never-ran/ }).check();
  await yard.putAside("old-report");
  await expect(stale(page, "old-report")).toHaveCount(0);
  await expect(tab("Stale")).toContainText("3");
  await expect(tab("Quarantine")).toContainText("1");
  await expect(page.getByRole("checkbox", { name: /never-ran/ })).toBeChecked();
  await yard.spare("container", "shop-db-1", "not yet");
  await expect(stale(page, "shop-db-1")).toHaveCount(0);
  await expect(tab("Exemptions")).toContainText("1");
  await expect(tally(page)).toHaveText(/^2/);
  await expect(page.locator("html")).toHaveAttribute("data-not-reloaded", "");
});

test("back and forward close and open what is asked", async ({ open, stranger: page }) => {
  const yard = await open();
  await yard.visit(page);
  await stale(page, "old-report").getByRole("link", { name: "Clean up old-report" }).click();
  await expect(page.getByRole("dialog")).toContainText("Plan for 1 container");
  await page.goBack();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page).toHaveURL(`${yard.watcher.url}/stale`);
  await page.goForward();
  await expect(page.getByRole("dialog")).toContainText("Plan for 1 container");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  const opener = stale(page, "shop-db-1").getByRole("link", { name: "Keep shop-db-1" });
  await opener.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Reason")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(opener).toBeFocused();
  await page.getByRole("navigation", { name: "Lists" }).getByRole("link", { name: "Not running" }).click();
  await page.getByRole("group", { name: "Verdict" }).getByRole("link", { name: "Kept" }).click();
  await expect(page.locator("[data-idle]")).toHaveCount(1);
  await page.goBack();
  await expect(page.locator("[data-idle]")).toHaveCount(7);
  await page.reload();
  await expect(page.locator("[data-idle]")).toHaveCount(7);
});

test("whoever is signed out in the middle does nothing more, and finds the rest as it was", async ({ open, stranger: page, complaints }) => {
  complaints.expect(/401/);
  const yard = await open();
  await yard.visit(page);
  const order = await page.locator("[data-stale]").evaluateAll((all) => all.map((one) => one.getAttribute("data-stale")!));
  const release = yard.engine.hold(order[1]);
  await cleanUp(page, ...order);
  await expect(line(page, order[1])).toContainText("under way");
  // All but the one that asks for it.
  await yard.ask("DELETE", "/api/auth/sessions");
  release();
  await expect(page).toHaveURL(/\/login\?next=/);
  await alive(page);
  await page.getByLabel("Username").fill(ADMIN.username);
  await page.getByLabel("Password").fill(ADMIN.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/stale$/);
  await expect(stale(page, order[0])).toHaveCount(0);
  await expect(stale(page, order[2])).toBeVisible();
});

test("an engine that went away is said to, and nothing on it can be cleaned up", async ({ open, stranger: page }) => {
  const yard = await open();
  await yard.visit(page);
  yard.engine.refuse("the engine is being serviced");
  await expect(page.locator(".engine-away")).toContainText("does not answer", { timeout: 40_000 });
  await expect(page.locator(".engine-away")).toContainText("the engine is being serviced");
  await expect(page.locator("[data-stale]")).toHaveCount(0);
  await page.getByRole("link", { name: /containers do not run/ }).click();
  await expect(page.locator('[data-idle="old-report"]')).toContainText("Its engine does not answer.");
});

test("a thousand are found, shown by hundreds, and all at once when asked", async ({ open, stranger: page }) => {
  test.setTimeout(120_000);
  const yard = await open((engine) => {
    for (let n = 1000; n < 2000; n++) engine.ended(`n-${n}`, 30, { size: n });
  });
  await yard.visit(page);
  await expect(page.locator("[data-stale]")).toHaveCount(200);
  await expect(tally(page)).toHaveText(/^999\+/);
  await page.getByRole("link", { name: "Show all 1000 containers" }).click();
  await expect(page.locator("[data-stale]")).toHaveCount(1000);
  const began = Date.now();
  await page.getByLabel("Select all").check();
  await expect(page.locator(".pick-sum")).toContainText("1000 selected");
  console.log(`stale: a thousand ticked in ${Date.now() - began} ms`);
  await page.getByRole("button", { name: "Preview the plan" }).click();
  await expect(page.locator("[data-planned]")).toHaveCount(1000, { timeout: 60_000 });
  await expect(page.getByLabel("Type 1000 to confirm")).toBeVisible();
  console.log(`stale: the plan for a thousand was there after ${Date.now() - began} ms`);
});

for (const [language, locale] of Object.entries({ English: "en-GB", Russian: "ru-RU" })) test.describe(language, () => {
  test.use({ locale });

  test("no list and no question breaks a rule of WCAG A or AA, or scrolls sideways", async ({ open, stranger: page }) => {
    test.setTimeout(120_000);
    const yard = await open();
    const long = "a-container-whose-name-is-far-longer-than-any-card-or-column-is-wide-and-has-no-space";
    yard.engine.ended(long, 30, { image: `registry.example.org:5000/${long}/${long}:1.2.3` });
    await yard.know();
    await yard.putAside("never-ran");
    await yard.spare("pattern", "yearly-*", "the yearly report");
    const key = (name: string) => yard.engine.named(name)!.id.slice(0, 12);
    const [{ id: kept }] = await yard.ask("GET", "/api/containers/quarantine");
    const [{ id: spared }] = await yard.ask("GET", "/api/containers/exemptions");
    const addresses = [
      "/stale", "/stale?show=all", "/stale?show=quarantine", "/stale?show=exemptions", `/stale?plan=${key(long)},${key("shop-db-1")}`,
      `/stale?keep=${key(long)}`, `/stale?show=quarantine&remove=${kept}`, `/stale?show=exemptions&lift=${spared}`,
    ];
    const session = { name: "docker_watcher_session", value: yard.token, url: yard.watcher.url };
    await page.context().addCookies([session]);
    for (const address of addresses) {
      await page.setViewportSize({ width: 1440, height: 900 });
      await yard.go(page, address);
      await expectAccessible(page);
      for (const width of [360, 768, 1024]) {
        await page.setViewportSize({ width, height: 780 });
        const over = await page.evaluate(() => {
          const wide = document.documentElement.clientWidth;
          const out = [...document.body.querySelectorAll("*")].filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > wide + 1);
          const tables = [...document.querySelectorAll(".stale-table")].filter((one) => one.scrollWidth > one.clientWidth);
          return [...(document.documentElement.scrollWidth > wide ? out : []), ...tables].map((one) => one.outerHTML.slice(0, 120));
        });
        expect(over, `${address} at ${width} px`).toEqual([]);
      }
    }
  });
});
