// Single sign-on against a real provider: in by a plain link, a role from a claim, and out again at both.
import type { Page } from "@playwright/test";
import { SignOnProvider } from "../harness/provider";
import { test as base, expect } from "../harness/test";
import { ADMIN, type Watcher } from "../harness/watcher";

const test = base.extend<{ own: Watcher; provider: SignOnProvider }>({
  own: async ({ startOwn }, use) => use(await startOwn()),
  provider: [
    async ({ own }, use) => {
      const provider = await SignOnProvider.start(own, await own.token());
      await use(provider);
      await provider.stop();
    },
    { auto: true },
  ],
});

async function signOn(page: Page, own: Watcher, login: string, wish = "/apps"): Promise<void> {
  await page.goto(own.url + wish);
  await page.getByRole("link", { name: "Sign in with Home" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("The provider");
  await page.getByLabel("Login").fill(login);
  await page.getByRole("button", { name: "Go on" }).click();
}

async function account(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Account" }).click();
}

test("whoever the provider knows comes in, where they wanted to go, as what its claim says", async ({ stranger: page, own }) => {
  await signOn(page, own, "ops-ann");
  await expect(page).toHaveURL(`${own.url}/apps`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Apps");
  await account(page);
  await expect(page.getByText("ops-ann", { exact: true })).toBeVisible();
  await expect(page.getByText("Admin", { exact: true })).toBeVisible();
});

test("another group is another role", async ({ stranger: page, own }) => {
  await signOn(page, own, "guest-bob");
  await expect(page).toHaveURL(`${own.url}/apps`);
  await account(page);
  await expect(page.getByText("Viewer", { exact: true })).toBeVisible();
});

test("an admin who comes in by sign-on alone is none to rely on once that is off", async ({ stranger: page, own }) => {
  await signOn(page, own, "ops-ann");
  await expect(page).toHaveURL(`${own.url}/apps`);
  await page.goto(`${own.url}/settings/users`);
  await expect(page.getByRole("link", { name: `Remove ${ADMIN.username}` })).toBeVisible();
  await own.ask("/api/settings", {
    method: "PATCH",
    headers: { Authorization: `Bearer ${await own.token()}`, "Content-Type": "application/json" },
    body: JSON.stringify({ oidc_issuer: null }),
  });
  await page.goto(`${own.url}/settings/users`);
  const kept = page.getByRole("button", { name: `Remove ${ADMIN.username}` });
  await expect(kept).toHaveAttribute("aria-disabled", "true");
  await expect(kept).toHaveAttribute("title", /the last admin who can sign in/);
  await expect(page.getByRole("link", { name: "Remove ops-ann" })).toBeVisible();
});

test("signing out here signs out there, so that the next one is asked again", async ({ stranger: page, own, complaints }) => {
  // What the page was just reading is refused while it leaves.
  complaints.expect(/401.*\/fn\//);
  await signOn(page, own, "ops-ann");
  await account(page);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Leave the provider");
  await page.getByRole("button", { name: "Sign out of the provider" }).click();
  await expect(page).toHaveURL(`${own.url}/login`);
  await page.goto(own.url);
  await expect(page).toHaveURL(/\/login/);
  await page.getByRole("link", { name: "Sign in with Home" }).click();
  await expect(page.getByLabel("Login")).toBeVisible();
});

test("who says no there is told so here, in our words", async ({ stranger: page, own }) => {
  await page.goto(`${own.url}/login`);
  await page.getByRole("link", { name: "Sign in with Home" }).click();
  await page.getByRole("button", { name: "No", exact: true }).click();
  await expect(page).toHaveURL(/\/login\?sign_on=cancelled/);
  await expect(page.getByRole("alert")).toHaveText("The sign-on was cancelled.");
});

test("a provider that is away is said to be, and the password still works", async ({ stranger: page, own, provider }) => {
  await provider.stop();
  await page.goto(`${own.url}/login`);
  await page.getByRole("link", { name: "Sign in with Home" }).click();
  await expect(page.getByRole("alert")).toContainText("does not answer");
  await expect(page.getByLabel("Password")).toBeVisible();
});
