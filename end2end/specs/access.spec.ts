// What of accounts works by plain forms and links, with scripts and without.
import type { Page } from "@playwright/test";
import { signIn } from "../harness/pages";
import { expect, test } from "../harness/test";
import { totp } from "../harness/totp";
import { ADMIN, type Watcher } from "../harness/watcher";

const NEW_PASSWORD = "seven quiet otters swim upstream";
const ANN = { username: "ann", password: "a door that stays shut" };

/** Asks the API as somebody who is signed in. */
async function call(watcher: Watcher, method: string, path: string, body: unknown): Promise<any> {
  const headers = { Authorization: `Bearer ${await watcher.token()}`, "Content-Type": "application/json" };
  return watcher.ask(path, { method, headers, body: JSON.stringify(body) });
}

async function fillSignIn(page: Page, code?: string): Promise<void> {
  await page.getByLabel("Username").fill(ADMIN.username);
  await page.getByLabel("Password").fill(ADMIN.password);
  if (code !== undefined) await page.getByLabel("One-time code").fill(code);
  await page.getByRole("button", { name: "Sign in" }).click();
}

test("a password is changed, and the old one is of no more use", async ({ startOwn, stranger: page, complaints }) => {
  complaints.expect(/422/);
  const watcher = await startOwn();
  await signIn(page, watcher);
  await page.goto(`${watcher.url}/account`);
  const change = async (current: string, next: string) => {
    await page.getByLabel("Current password").fill(current);
    await page.getByLabel("New password").fill(next);
    await page.getByRole("button", { name: "Change the password" }).click();
  };
  await change("not my password", NEW_PASSWORD);
  await expect(page.getByText("This is not your password.")).toBeVisible();
  await expect(page).not.toHaveURL(/otters/);
  await change(ADMIN.password, "password");
  await expect(page.getByText("This password is too short, too long, or among the first that are guessed.")).toBeVisible();
  await change(ADMIN.password, NEW_PASSWORD);
  await expect(page.locator("#new-password-error")).toBeHidden();
  await expect
    .poll(() => watcher.post("/api/auth/login", { ...ADMIN, password: NEW_PASSWORD }).then(() => true, () => false))
    .toBe(true);
  await expect(watcher.token()).rejects.toThrow("401");
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Your account");
});

test("an account with a second factor is asked for a code; a wrong one is said to be wrong", async ({ startOwn, stranger: page, complaints }) => {
  complaints.expect(/401/);
  const watcher = await startOwn();
  const token = await watcher.token();
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  const post = (path: string, body: unknown) => watcher.ask(path, { method: "POST", headers, body: JSON.stringify(body) });
  const { secret } = await post("/api/auth/second-factor", { password: ADMIN.password });
  const { codes } = await post("/api/auth/second-factor/confirm", { code: totp(secret) });

  await page.goto(`${watcher.url}/login`);
  await fillSignIn(page);
  await expect(page.getByLabel("One-time code")).toHaveAttribute("autocomplete", "one-time-code");
  await fillSignIn(page, "000000");
  await expect(page.locator("#code-error")).toContainText("wrong");
  await fillSignIn(page, totp(secret, 1));
  await expect(page).toHaveURL(`${watcher.url}/`);

  await page.context().clearCookies();
  await page.goto(`${watcher.url}/login`);
  await fillSignIn(page);
  await expect(page.getByLabel("One-time code")).toBeVisible();
  await fillSignIn(page, codes[0]);
  await expect(page).toHaveURL(`${watcher.url}/`);
  await page.goto(`${watcher.url}/account`);
  await expect(page.getByText("Recovery codes left: 9")).toBeVisible();
});

test("somebody is added, becomes an admin, and is removed", async ({ startOwn, stranger: page, complaints }) => {
  complaints.expect(/409/);
  const watcher = await startOwn();
  await signIn(page, watcher);
  await page.goto(`${watcher.url}/settings/users`);
  const row = page.locator('[data-user="ann"]');
  const add = async () => {
    await page.getByLabel("Username").fill(ANN.username);
    await page.getByLabel("Password").fill(ANN.password);
    await page.getByRole("button", { name: "Add", exact: true }).click();
  };
  await add();
  await expect(row).toContainText("Viewer");
  await expect(row).toContainText("never");
  await add();
  await expect(page.locator("#username-error")).toHaveText("There is a user of this name already.");

  await row.getByRole("link", { name: "Change ann" }).click();
  await page.getByRole("dialog").getByLabel("Role").selectOption("admin");
  await page.getByRole("dialog").getByRole("button", { name: "Change the role" }).click();
  await expect(row).toContainText("Admin");

  await page.goto(`${watcher.url}/settings/users`);
  await row.getByRole("link", { name: "Remove ann" }).click();
  await expect(page.getByRole("dialog")).toContainText("The account is deleted");
  await page.getByRole("dialog").getByRole("button", { name: "Remove the account" }).click();
  await expect(row).toHaveCount(0);
  await expect(page.getByRole("button", { name: `Remove ${ADMIN.username}` })).toHaveAttribute("aria-disabled", "true");
});

test("a viewer is told to ask an admin, and reads the list of tokens", async ({ startOwn, stranger: page, complaints }) => {
  complaints.expect(/403/);
  const watcher = await startOwn();
  await call(watcher, "POST", "/api/users", { ...ANN, role: "viewer" });
  await call(watcher, "POST", "/api/tokens", { name: "ci", role: "viewer" });
  await signIn(page, watcher, ANN);
  const answer = await page.goto(`${watcher.url}/settings/users`);
  expect(answer?.status()).toBe(403);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("This page is for admins");
  await expect(page.getByText("Ask an admin")).toBeVisible();
  await page.goto(`${watcher.url}/settings/tokens`);
  await expect(page.locator('[data-token="ci"]')).toContainText("admin");
  await expect(page.getByRole("link", { name: "Take back ci" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Make the token" })).toHaveCount(0);
});

test("a session is ended by whoever sees that it is not theirs", async ({ startOwn, stranger: page }) => {
  const watcher = await startOwn();
  await signIn(page, watcher);
  const stolen = await watcher.token();
  await page.goto(`${watcher.url}/account`);
  await expect(page.getByText("this one")).toBeVisible();
  const other = page.locator("[data-session]").filter({ hasText: "node" });
  // The admin was made by a program as well, which has a session of its own since then.
  const before = await other.count();
  await other.first().getByRole("button", { name: "End" }).click();
  await expect(other).toHaveCount(before - 1);
  await page.getByRole("button", { name: /^End the others/ }).click();
  await expect(page.locator("[data-session]")).toHaveCount(1);
  const refused = await fetch(`${watcher.url}/api/workloads`, { headers: { Authorization: `Bearer ${stolen}` } });
  expect(refused.status).toBe(401);
});

test.describe("on a tablet, in Russian", () => {
  test.use({ locale: "ru-RU" });

  test("the list of users stays within its card", async ({ page }) => {
    for (const width of [768, 800, 1024, 1100]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto("/settings/users");
      await expect(page.locator("[data-user]").first()).toBeVisible();
      const over = await page.locator(".table").evaluate((table) => {
        const card = table.closest(".card")!.getBoundingClientRect();
        return table.getBoundingClientRect().right - card.right;
      });
      expect(over, `${width} px`).toBeLessThan(0);
    }
  });
});
