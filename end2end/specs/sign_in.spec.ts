// Signing in and out by plain forms.
import { expect, test } from "../harness/test";
import { ADMIN } from "../harness/watcher";

test("a stranger is led to the sign-in page and on to where they wanted to go", async ({ stranger: page }) => {
  await page.goto("/apps");
  await expect(page).toHaveURL(/\/login\?next=/);
  await page.getByLabel("Username").fill(ADMIN.username);
  await page.getByLabel("Password").fill(ADMIN.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/apps$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Apps");
});

test("a wrong password is said to be wrong, and the form stays", async ({ stranger: page, complaints }) => {
  complaints.expect(/401/);
  await page.goto("/login");
  await page.getByLabel("Username").fill(ADMIN.username);
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toHaveText("Username or password is wrong.");
  await expect(page.getByLabel("Password")).toBeVisible();
  await expect(page).not.toHaveURL(/password/);
});

test("signing out leads to the sign-in page, and the way back is closed", async ({ stranger: page, complaints }) => {
  // What the page was just reading is refused while it leaves.
  complaints.expect(/401.*\/fn\//);
  await page.goto("/login");
  await page.getByLabel("Username").fill(ADMIN.username);
  await page.getByLabel("Password").fill(ADMIN.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: "Account" }).click();
  await expect(page.getByText(ADMIN.username, { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/login/);
  await page.goto("/");
  await expect(page).toHaveURL(/\/login/);
});
