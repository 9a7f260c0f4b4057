// Who gets in, as people live it: a second factor from its picture to its end, sessions that are ended
// from elsewhere, people and tokens that come and go.
import AxeBuilder from "@axe-core/playwright";
import type { Browser, Page } from "@playwright/test";
import { alive, settled, signIn } from "../harness/pages";
import { expect, test } from "../harness/test";
import { totp } from "../harness/totp";
import { ADMIN, type Watcher } from "../harness/watcher";

const LONG_NAME = "somebody-whose-name-is-as-long-as-a-name-may-be-and-has-no-space";

/** Breaks no rule of WCAG A or AA, light or dark. */
async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa"]).analyze();
    expect(violations.map(({ id, nodes }) => `${colorScheme} ${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/login/);
}

/** A page of another browser, in which the admin is signed in. */
async function elsewhere(browser: Browser, watcher: Watcher): Promise<Page> {
  const context = await browser.newContext({ userAgent: "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0" });
  const page = await context.newPage();
  await signIn(page, watcher);
  return page;
}

test("a second factor is set up, asked for, recovered from and taken away", async ({ startOwn, stranger: page, complaints }) => {
  test.setTimeout(120_000);
  complaints.expect(/401/, /422/);
  const watcher = await startOwn();
  await signIn(page, watcher);
  await page.goto(`${watcher.url}/account`);
  await alive(page);
  let secret = "";
  let recovery: string[] = [];

  await test.step("a wrong password begins nothing", async () => {
    await page.getByLabel("Your password").fill("not the password");
    await page.getByRole("button", { name: "Set it up" }).click();
    await expect(page.locator("#begin-password-error")).toHaveText("This is not your password.");
    await expect(page.getByLabel("Your password")).toBeFocused();
  });

  await test.step("the secret is shown as a picture and as text", async () => {
    await page.getByLabel("Your password").fill(ADMIN.password);
    await page.getByRole("button", { name: "Set it up" }).click();
    await expect(page.locator(".qr path")).toHaveAttribute("d", /^M\d+ \d+h1v1h-1z/);
    secret = (await page.locator(".secret-text").textContent())!.trim();
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    await expect(page.getByLabel("Code from the app")).toBeFocused();
    await expectAccessible(page);
  });

  await test.step("its first code turns it on and brings the recovery codes", async () => {
    await page.getByLabel("Code from the app").fill("000000");
    await page.getByRole("button", { name: "Turn it on" }).click();
    await expect(page.locator("#code-error")).toContainText("not the code of now");
    await page.getByLabel("Code from the app").fill(totp(secret));
    await page.getByRole("button", { name: "Turn it on" }).click();
    const codes = page.getByRole("list", { name: "Recovery codes" }).getByRole("listitem");
    await expect(codes).toHaveCount(10);
    recovery = await codes.allTextContents();
    const saving = page.waitForEvent("download");
    await page.getByRole("link", { name: "Save as a file" }).click();
    expect((await saving).suggestedFilename()).toBe("docker-watcher-recovery-codes.txt");
    await expectAccessible(page);
    await expect(page.getByRole("button", { name: "Done" })).toBeDisabled();
    await page.getByLabel("I have kept them").check();
    await page.getByRole("button", { name: "Done" }).click();
    await expect(page.getByText("Recovery codes left: 10")).toBeVisible();
  });

  await test.step("the next sign-in asks for a code and keeps what was typed", async () => {
    await signOut(page);
    await alive(page);
    await page.getByLabel("Username").fill(ADMIN.username);
    await page.getByLabel("Password").fill(ADMIN.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByLabel("One-time code")).toBeFocused();
    await expect(page.getByLabel("Password")).toHaveValue(ADMIN.password);
    await page.getByLabel("One-time code").fill("000000");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.locator("#code-error")).toHaveText("This code is wrong or was used before. Wait for the next one.");
    await expect(page.getByLabel("Username")).toHaveValue(ADMIN.username);
    await expectAccessible(page);
    await page.getByLabel("One-time code").fill(totp(secret, 1));
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL(`${watcher.url}/`);
  });

  await test.step("a recovery code opens the account once", async () => {
    const signInWith = async (code: string) => {
      await page.getByLabel("Username").fill(ADMIN.username);
      await page.getByLabel("Password").fill(ADMIN.password);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByLabel("One-time code").fill(code);
      await page.getByRole("button", { name: "Sign in" }).click();
    };
    await signOut(page);
    await alive(page);
    await signInWith(recovery[0]);
    await expect(page).toHaveURL(`${watcher.url}/`);
    await signOut(page);
    await alive(page);
    await signInWith(recovery[0]);
    await expect(page.locator("#code-error")).toContainText("wrong");
    await page.getByLabel("One-time code").fill(recovery[1]);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL(`${watcher.url}/`);
  });

  await test.step("new recovery codes replace the old ones, and the factor is taken away", async () => {
    await page.goto(`${watcher.url}/account`);
    await alive(page);
    await expect(page.getByText("Recovery codes left: 8")).toBeVisible();
    await page.getByText("New recovery codes").click();
    await page.locator("#renew-password").fill(ADMIN.password);
    await page.getByRole("button", { name: "Make new codes" }).click();
    await page.getByLabel("I have kept them").check();
    await page.getByRole("button", { name: "Done" }).click();
    await expect(page.getByText("Recovery codes left: 10")).toBeVisible();
    await page.getByText("Turn it off", { exact: true }).click();
    await page.locator("#remove-password").fill(ADMIN.password);
    await page.getByRole("button", { name: "Turn the second factor off" }).click();
    await expect(page.getByText("The second factor is off")).toBeFocused();
    await expect(page.getByRole("button", { name: "Set it up" })).toBeVisible();
    expect(await watcher.token()).toBeTruthy();
  });
});

test("a session that is ended from elsewhere leaves its pages", async ({ startOwn, stranger: page, browser }) => {
  const watcher = await startOwn();
  await signIn(page, watcher);
  const watching = await elsewhere(browser, watcher);
  await settled(watching);
  const idle = await watching.context().newPage();
  await idle.goto(`${watcher.url}/settings/tokens`);
  await expect(idle.locator("[name=expires_at]")).toHaveValue(/^20\d\d-/);

  await page.goto(`${watcher.url}/account`);
  await alive(page);
  const row = page.locator("[data-session]").filter({ hasText: "Firefox · Android" });
  await row.getByRole("button", { name: "End" }).click();
  await expect(row).toHaveCount(0);
  await expect(page.getByText("Sessions ended: 1.")).toBeFocused();

  await test.step("what is live goes to the sign-in by itself", async () => {
    await expect(watching).toHaveURL(/\/login/);
  });
  await test.step("what only stands there goes there at its next act, and knows the way back", async () => {
    await idle.getByLabel("Name").fill("late");
    await idle.getByRole("button", { name: "Make the token" }).click();
    await expect(idle).toHaveURL(/\/login\?next=%2Fsettings%2Ftokens/);
  });
  await watching.context().close();
  await expect(page.getByText("this one")).toBeVisible();
});

test("a new password ends the sessions elsewhere and keeps this one", async ({ startOwn, stranger: page, browser }) => {
  const watcher = await startOwn();
  await signIn(page, watcher);
  const other = await elsewhere(browser, watcher);
  await settled(other);
  await page.goto(`${watcher.url}/account`);
  await alive(page);
  await page.getByLabel("Current password").fill(ADMIN.password);
  await page.getByLabel("New password").fill("seven quiet otters swim upstream");
  await page.getByRole("button", { name: "Change the password" }).click();
  await expect(page.getByText("Your password is changed.")).toBeFocused();
  await expect(page.getByLabel("New password")).toHaveValue("");
  await expect(page.locator("[data-session]")).toHaveCount(1);
  await expect(other).toHaveURL(/\/login/);
  await other.context().close();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Apps" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Apps");
});

test("people come, change and go, and the focus is never lost", async ({ startOwn, stranger: page }) => {
  const watcher = await startOwn();
  await signIn(page, watcher);
  await page.goto(`${watcher.url}/settings/users`);
  await alive(page);
  const row = page.locator(`[data-user="${LONG_NAME}"]`);

  await test.step("somebody is added", async () => {
    await page.getByLabel("Username").fill(LONG_NAME);
    await page.getByLabel("Password").fill("a door that stays shut");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await expect(page.getByText(`${LONG_NAME} is added.`)).toBeFocused();
    await expect(row).toContainText("Viewer");
    await expect(page.getByLabel("Username")).toHaveValue("");
  });

  await test.step("the dialog is modal, closes by Escape and gives the focus back", async () => {
    const link = row.getByRole("link", { name: `Change ${LONG_NAME}` });
    await link.click();
    await expect(page.locator("dialog:modal")).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await expect(page.locator("dialog")).toHaveCount(0);
    await expect(page).toHaveURL(`${watcher.url}/settings/users`);
    await expect(link).toBeFocused();
  });

  await test.step("a role changes", async () => {
    await row.getByRole("link", { name: /^Change/ }).click();
    await page.getByRole("dialog").getByLabel("Role").selectOption("admin");
    await page.getByRole("dialog").getByRole("button", { name: "Change the role" }).click();
    await expect(page.getByText(`${LONG_NAME} is changed.`)).toBeFocused();
    await expect(row).toContainText("Admin");
  });

  await test.step("nothing is too wide for a phone", async () => {
    await page.setViewportSize({ width: 360, height: 780 });
    const wide = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(await wide()).toBe(0);
    await row.getByRole("link", { name: /^Remove/ }).click();
    await expect(page.locator("dialog:modal")).toBeInViewport();
    expect(await wide()).toBe(0);
  });

  await test.step("somebody is removed, after it was said what that does", async () => {
    await expect(page.getByRole("dialog")).toContainText("The account is deleted");
    await page.getByRole("dialog").getByRole("button", { name: "Remove the account" }).click();
    await expect(page.getByText(`${LONG_NAME} is removed.`)).toBeFocused();
    await expect(row).toHaveCount(0);
  });
});

test("a token is made, used over HTTP, and taken back", async ({ startOwn, stranger: page, complaints }) => {
  complaints.expect(/409/);
  const watcher = await startOwn();
  await signIn(page, watcher);
  await page.goto(`${watcher.url}/settings/tokens`);
  await expect(page.getByText("There are no API tokens")).toBeVisible();
  await expect(page.locator("[name=expires_at]")).toHaveValue(/^20\d\d-/);
  const row = page.locator('[data-token="ci"]');
  const make = async () => {
    await page.getByLabel("Name").fill("ci");
    await page.getByLabel("Expires").selectOption("30");
    await page.getByRole("button", { name: "Make the token" }).click();
  };
  await make();
  const token = (await page.locator(".secret-text").first().textContent())!.trim();
  await expect(page.locator(".secret-text").last()).toHaveText(`Authorization: Bearer ${token}`);
  await expectAccessible(page);
  await expect(row).toContainText(ADMIN.username);
  const soon = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
  await expect(row).toContainText(soon);

  const use = (method: string, path: string) =>
    fetch(watcher.url + path, { method, headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" }, body: method === "GET" ? undefined : "{}" });
  expect((await use("GET", "/api/workloads")).status).toBe(200);
  expect((await use("POST", "/api/users")).status).toBe(403);
  expect((await use("GET", "/api/auth/sessions")).status).toBe(403);

  await page.getByRole("button", { name: "Done" }).click();
  await expect(page.locator(".secret-text")).toHaveCount(0);
  await make();
  await expect(page.locator("#name-error")).toHaveText("There is a token of this name already.");

  await row.getByRole("link", { name: "Take back ci" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Take the token back" }).click();
  await expect(page.getByText("ci is taken back.")).toBeFocused();
  await expect(page.getByText("There are no API tokens")).toBeVisible();
  expect((await use("GET", "/api/workloads")).status).toBe(401);
});

test("the way to one's account and to the settings is short", async ({ page }) => {
  await page.goto("/");
  await settled(page);
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("link", { name: "Password, second factor, sessions" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Your account");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Settings" }).click();
  await expect(page).toHaveURL(/\/settings\/general$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("General");
  await page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "API tokens" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("API tokens");
});
