// What is stale, as the server writes it and as its forms work, with scripts and without.
import { expect, test as base } from "../harness/test";
import { oneOfEach, VIEWER, Yard } from "../harness/stale";

const test = base.extend<{ yard: Yard }>({
  yard: async ({ stranger }, use) => {
    const yard = await Yard.open(oneOfEach);
    await yard.spare("pattern", "yearly-*", "the yearly report", "2099-01-02T03:04:05Z");
    await use(yard);
    // The page goes first: one whose server is gone complains.
    await stranger.context().close();
    await yard.close();
  },
});

test("every container that does not run is there with what is said of it and why", async ({ yard, stranger: page }) => {
  await yard.visit(page);
  const row = (name: string) => page.locator(`[data-stale="${name}"]`);
  await expect(page.locator("[data-stale]")).toHaveCount(3);
  await expect(row("shop-db-1")).toContainText("postgres:16");
  await expect(row("shop-db-1")).toContainText("Last ran");
  await expect(row("shop-db-1")).toContainText("3.0\u00a0MiB");
  await expect(row("shop-db-1").getByRole("link", { name: "shop", exact: true })).toHaveAttribute("href", /^\/apps\//);
  await expect(row("never-ran")).toContainText("Never ran, made");
  await expect(page.locator(".last-scan")).toContainText(/Last scan .*: it looked at 7 containers that do not run, on 1 engine\./);
  await expect(page.locator(".stale-head")).toContainText("more than 7 days ago");

  const tabs = page.getByRole("navigation", { name: "Lists" });
  await expect(tabs.getByRole("link", { name: "Stale" })).toContainText("3");
  await tabs.getByRole("link", { name: "Not running" }).click();
  await expect(page).toHaveURL(/\?show=all$/);
  const idle = (name: string) => page.locator(`[data-idle="${name}"]`);
  await expect(page.locator("[data-idle]")).toHaveCount(7);
  await expect(idle("just-ended")).toContainText("It was alive recently.");
  await expect(idle("odd")).toContainText("Its engine has a word for its state that is not known here.");
  await expect(idle("says-keep")).toContainText("By its own label docker-watcher.keep=true");
  await expect(idle("yearly-books")).toContainText("the yearly report");
  await expect(idle("yearly-books")).toContainText("admin · until 2099-01-02");

  await page.getByRole("group", { name: "Verdict" }).getByRole("link", { name: "Unknown" }).click();
  await expect(page).toHaveURL(/verdict=unknown$/);
  await expect(page.locator("[data-idle]")).toHaveCount(1);
  await expect(idle("odd")).toBeVisible();

  await tabs.getByRole("link", { name: "Exemptions" }).click();
  const exemption = page.locator('[data-exemption="yearly-*"]');
  for (const text of ["Pattern", "the yearly report", "admin", "2099-01-02", "yearly-books"]) await expect(exemption).toContainText(text);
  await exemption.getByRole("link", { name: "1 container" }).click();
  await expect(page).toHaveURL(/show=all&verdict=exempt$/);
  await expect(page.locator("[data-idle]")).toHaveCount(2);
});

test("ticks lead to a plan, and the plan into quarantine and back", async ({ yard, stranger: page }) => {
  await yard.visit(page);
  await page.getByRole("checkbox", { name: /shop-db-1/ }).check();
  await page.getByRole("checkbox", { name: /old-report/ }).check();
  await page.getByRole("button", { name: "Preview the plan" }).click();
  const plan = page.getByRole("dialog");
  await expect(plan.getByRole("heading")).toHaveText("Plan for 2 containers");
  const db = plan.locator('[data-planned="shop-db-1"]');
  for (const text of ["1 other may miss it", "shop-web-1 (running): of the same Compose project", "postgres:16", "always"]) await expect(db).toContainText(text);
  await expect(db).toContainText("Volume shop-data");
  await expect(plan.locator('[data-planned="old-report"]')).toContainText("because you selected it");
  await expect(plan.getByRole("radio", { name: /quarantine/ })).toBeChecked();
  await expect(plan.getByText("Each stays, with its data")).toBeHidden();
  await page.getByLabel("Type 2 to confirm").fill("2");
  await plan.getByRole("button", { name: "Put 2 containers into quarantine" }).click();
  await expect.poll(() => yard.engine.named("shop-db-1")).toBeUndefined();
  await expect.poll(() => yard.engine.named("old-report")).toBeUndefined();

  await yard.go(page, "/stale?show=quarantine");
  const kept = page.locator('[data-kept="shop-db-1"]');
  await expect(page.locator("[data-kept]")).toHaveCount(2);
  await expect(kept).toContainText("admin");
  await kept.getByRole("button", { name: "Restore shop-db-1" }).click();
  await expect(page.locator("[data-kept]")).toHaveCount(1);
  await expect.poll(() => yard.engine.named("shop-db-1")?.policy).toBe("always");
  await yard.go(page, "/stale");
  await expect(page.locator('[data-stale="shop-db-1"]')).toBeVisible();
});

test("what ran and ended since its plan was shown is left alone, although a scan has seen it since", async ({ yard, stranger: page }) => {
  const key = (name: string) => yard.engine.named(name)!.id.slice(0, 12);
  await yard.visit(page);
  await yard.go(page, `/stale?plan=${key("old-report")},${key("shop-db-1")}`);
  await expect(page.locator("[data-planned]")).toHaveCount(2);
  const report = yard.engine.named("old-report")!;
  report.finished = new Date(report.finished!.getTime() + 24 * 3600 * 1000);
  for (const action of ["start", "die"]) yard.engine.tell(report, action);
  await yard.know();
  await page.getByLabel("Type 2 to confirm").fill("2");
  await page.getByRole("button", { name: "Put 2 containers into quarantine" }).click();
  await expect.poll(() => yard.engine.named("shop-db-1")).toBeUndefined();
  // What was not touched can be asked for again, by a plan of what it is now.
  await yard.go(page, `/stale?plan=${key("old-report")}`);
  expect(yard.engine.named("old-report")).toBeTruthy();
  await page.getByRole("button", { name: "Put 1 container into quarantine" }).click();
  await expect.poll(() => yard.engine.named("old-report")).toBeUndefined();
});

test("out of quarantine for good, with the volume that is ticked and no other", async ({ yard, stranger: page }) => {
  yard.engine.named("shop-db-1")!.volumes!.push("shop-logs");
  await yard.putAside("shop-db-1");
  await yard.visit(page, "/stale?show=quarantine");
  await page.locator('[data-kept="shop-db-1"]').getByRole("link", { name: "Remove now shop-db-1" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("heading")).toHaveText("Remove shop-db-1 now?");
  await expect(dialog.getByRole("checkbox", { name: /shop-logs/ })).not.toBeChecked();
  await dialog.getByRole("checkbox", { name: /shop-data/ }).check();
  await dialog.getByRole("button", { name: /^Remove it/ }).click();
  await expect(page.locator("[data-kept]")).toHaveCount(0);
  const told = async () => (await yard.ask("GET", "/api/events?source=container&limit=100")).items.map(({ message }: any) => message).join("\n");
  await expect.poll(told).toContain("shop-data");
  expect(await told()).not.toContain("shop-logs");
});

test("one is kept straight from its row, another by its label, and both can be lifted", async ({ yard, stranger: page }) => {
  await yard.visit(page);
  await page.locator('[data-stale="old-report"]').getByRole("link", { name: "Keep old-report" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("the auditors come in March");
  await dialog.getByRole("button", { name: "Keep it" }).click();
  await expect(page.locator('[data-stale="old-report"]')).toHaveCount(0);
  await yard.go(page, "/stale?show=exemptions");
  await expect(page.locator('[data-exemption="old-report"]')).toContainText("the auditors come in March");

  await page.getByLabel("What it goes by").selectOption("Label");
  await page.getByLabel("Name, label or pattern").fill("com.docker.compose.project=shop");
  await page.getByLabel("Reason").fill("the shop opens again");
  await page.getByRole("button", { name: "Add it" }).click();
  const label = page.locator('[data-exemption="com.docker.compose.project=shop"]');
  await expect(label).toContainText("shop-db-1");
  await label.getByRole("link", { name: /^Lift/ }).click();
  await expect(page.getByRole("dialog")).toContainText("1 container becomes stale then");
  await page.getByRole("dialog").getByRole("button", { name: "Lift it" }).click();
  await expect(label).toHaveCount(0);
  await yard.go(page, "/stale");
  await expect(page.locator('[data-stale="shop-db-1"]')).toBeVisible();
});

test("a scan is one button, and what it finds is there", async ({ yard, stranger: page }) => {
  await yard.visit(page);
  const late = yard.engine.ended("late", 20);
  const known = async () => (await yard.ask("GET", "/api/containers/stale?all=true")).map(({ docker_id }: any) => docker_id);
  await expect.poll(known).toContain(late.id);
  await page.getByRole("button", { name: "Scan now" }).click();
  await expect(page.locator('[data-stale="late"]')).toBeVisible();
});

test("a viewer sees everything and can do nothing", async ({ yard, stranger: page }) => {
  await yard.putAside("never-ran");
  await yard.addViewer();
  const key = yard.engine.named("shop-db-1")!.id.slice(0, 12);
  const [{ id: kept }] = await yard.ask("GET", "/api/containers/quarantine");
  const [{ id: spared }] = await yard.ask("GET", "/api/containers/exemptions");
  await yard.visit(page, "/stale", VIEWER);
  await expect(page.locator("[data-stale]")).toHaveCount(2);
  for (const address of ["/stale", "/stale?show=all", "/stale?show=quarantine", "/stale?show=exemptions", `/stale?plan=${key}`, `/stale?keep=${key}`, `/stale?show=quarantine&remove=${kept}`, `/stale?show=exemptions&lift=${spared}`]) {
    await yard.go(page, address);
    const main = page.locator("#main");
    await expect(main.locator("table")).toBeVisible();
    await expect(main.locator("input, button, form, dialog, select, .button")).toHaveCount(0);
  }
});

test("nothing is stale: the page says when the last scan looked, and at how much", async ({ yard, stranger: page }) => {
  await yard.putAside("shop-db-1", "old-report", "never-ran");
  await yard.visit(page);
  await expect(page.locator(".empty")).toContainText("Nothing is known to be stale");
  await expect(page.locator(".empty")).toContainText(/Last scan .*: it looked at \d containers that do not run, on 1 engine\./);
  await page.getByRole("link", { name: /4 containers do not run/ }).click();
  await expect(page.locator("[data-idle]")).toHaveCount(4);
});
