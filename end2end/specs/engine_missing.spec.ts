// A server that never reached an engine says so, and what to do about it.
import { Road } from "../harness/road";
import { expect, test } from "../harness/test";
import { ADMIN } from "../harness/watcher";

test("where no engine ever answered the dashboard says so", async ({ stranger: page, startOwn }) => {
  const road = await Road.plan();
  try {
    const watcher = await startOwn(road.host);
    await page.goto(`${watcher.url}/login`);
    await page.getByLabel("Username").fill(ADMIN.username);
    await page.getByLabel("Password").fill(ADMIN.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("An engine does not answer.");
    await expect(page.locator(".verdict")).toContainText("It has never answered.");
    const containers = page.locator(".stats").getByRole("link", { name: "Containers" });
    await expect(containers, "unknown is not zero").toContainText("–");
  } finally {
    await road.close();
  }
});
