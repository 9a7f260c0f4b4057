// The settings of an installation by plain forms, with scripts and without.
import type { Page } from "@playwright/test";
import { signIn } from "../harness/pages";
import { expect, test } from "../harness/test";
import type { Watcher } from "../harness/watcher";

const VIC = { username: "vic", password: "a viewer's long password" };
const ISSUER = "https://id.example.invalid/realms/home";

async function settings(watcher: Watcher): Promise<any> {
  return watcher.ask("/api/settings", { headers: { Authorization: `Bearer ${await watcher.token()}` } });
}

async function addViewer(watcher: Watcher): Promise<void> {
  const headers = { Authorization: `Bearer ${await watcher.token()}`, "Content-Type": "application/json" };
  await watcher.ask("/api/users", { method: "POST", headers, body: JSON.stringify({ ...VIC, role: "viewer" }) });
}

async function save(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Save" }).click();
}

test("an admin changes the general settings, and is told what cannot be", async ({ startOwn, stranger: page, complaints }) => {
  complaints.expect(/422/);
  const watcher = await startOwn();
  await signIn(page, watcher);
  await page.goto(`${watcher.url}/settings`);
  await expect(page).toHaveURL(`${watcher.url}/settings/general`);
  await expect(page.getByLabel("Sampling interval")).toHaveValue("30");
  await page.getByLabel("Sampling interval").fill("10");
  await page.getByLabel("Interval between scans").fill("600");
  await page.getByLabel("Public address").fill(watcher.url);
  await save(page);
  await expect(page.getByRole("status").filter({ hasText: "Saved." })).toBeVisible();
  await expect(page.getByLabel("Sampling interval")).toHaveValue("10");
  const saved = await settings(watcher);
  expect([saved.stats_interval_secs, saved.stale_scan_interval_secs, saved.public_url]).toEqual([10, 600, watcher.url]);

  // The browser itself holds a number to its range; an address it takes for one we may not.
  await page.getByLabel("Public address").fill("ftp://watch.example.org");
  await save(page);
  await expect(page.locator("#public_url-error")).toContainText("This is no address");
  await expect(page.getByLabel("Public address")).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByText("Saved.")).toBeHidden();
  expect((await settings(watcher)).public_url).toBe(watcher.url);

  // What is left empty is taken away.
  await page.goto(`${watcher.url}/settings/general`);
  await page.getByLabel("Interval between scans").fill("");
  await page.getByLabel("Public address").fill("");
  await save(page);
  await expect(page.getByText("Saved.")).toBeVisible();
  const cleared = await settings(watcher);
  expect([cleared.stats_interval_secs, cleared.stale_scan_interval_secs, cleared.public_url]).toEqual([10, null, null]);
});

test("a number beyond its range is refused by the server as well, at its field", async ({ startOwn, stranger: page, complaints, javaScriptEnabled }) => {
  complaints.expect(/422/);
  const watcher = await startOwn();
  await signIn(page, watcher);
  // As from somebody whose browser knows no ranges. With scripts the service worker fetches the page.
  await page.route("**/settings/general", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replaceAll("<form ", "<form novalidate ") });
  });
  await page.goto(`${watcher.url}/settings/general`);
  if (javaScriptEnabled !== false) {
    await page.locator("form.sections").evaluate((form: HTMLFormElement) => form.setAttribute("novalidate", ""));
  }
  await page.getByLabel("Keep events for").fill("4000");
  await save(page);
  await expect(page.locator("#event_retention_days-error")).toHaveText("This is outside of the range.");
  expect((await settings(watcher)).event_retention_days).toBe(30);
});

test("the language of the installation is that of whoever has chosen none", async ({ startOwn, stranger: page }) => {
  const watcher = await startOwn();
  await signIn(page, watcher);
  await page.goto(`${watcher.url}/settings/general`);
  await page.locator("#language").selectOption("ru");
  await save(page);
  await expect.poll(async () => (await settings(watcher)).language).toBe("ru");
  await page.goto(`${watcher.url}/settings/general`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Общие");
  await page.context().clearCookies();
  await page.goto(`${watcher.url}/login`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Вход");
});

test("a viewer reads the general settings, has no form, and is refused the page of sign-on", async ({ startOwn, stranger: page, complaints }) => {
  complaints.expect(/403/);
  const watcher = await startOwn();
  await addViewer(watcher);
  await signIn(page, watcher, VIC);
  await page.goto(`${watcher.url}/settings`);
  await expect(page).toHaveURL(`${watcher.url}/settings/general`);
  const fact = page.locator("dl > div").filter({ hasText: "Sampling interval" });
  await expect(fact.getByRole("definition")).toHaveText(/^30\ss$/);
  await expect(page.locator("main form, main input, main select")).toHaveCount(0);
  const nav = page.getByRole("navigation", { name: "Settings" });
  await expect(nav.getByRole("link")).toHaveText(["General", "API tokens"]);

  const answer = await page.goto(`${watcher.url}/settings/sign-on`);
  expect(answer?.status()).toBe(403);
  expect(answer?.headers()["content-type"]).toContain("text/html");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("This page is for admins");
  await page.getByRole("link", { name: "Go to the dashboard" }).click();
  await expect(page).toHaveURL(`${watcher.url}/`);
  await expect(page.getByRole("heading", { level: 1 })).not.toHaveText("This page is for admins");
});

test("single sign-on is set up, its secret replaced and taken away, and turned off", async ({ startOwn, stranger: page, complaints }) => {
  complaints.expect(/422/);
  test.setTimeout(90_000);
  const watcher = await startOwn();
  await signIn(page, watcher);
  await page.goto(`${watcher.url}/settings/sign-on`);
  await expect(page.getByText("off", { exact: true })).toBeVisible();
  await expect(page.getByText(`${watcher.url}/api/auth/oidc/callback`)).toBeVisible();

  await test.step("what cannot be an issuer is refused at its field", async () => {
    await page.getByLabel("Issuer").fill("http://id.example.org");
    await page.getByLabel("Client ID").fill("docker-watcher");
    await save(page);
    await expect(page.locator("#oidc_issuer-error")).toContainText("https");
  });

  await test.step("a provider that does not answer is kept, and said not to", async () => {
    await page.getByLabel("Issuer").fill(ISSUER);
    await page.getByLabel("Client ID").fill("docker-watcher");
    await page.getByLabel("Client secret").fill("a secret of the client");
    await page.getByLabel("Display name").fill("Home");
    await page.getByLabel("Role claim").fill("groups");
    await page.getByLabel("Values for admins").fill("ops, root");
    await save(page);
    await expect(page.getByText("Saved.")).toBeVisible();
    await expect(page.getByText("The provider cannot be reached")).toBeVisible();
    await expect(page.getByText("A client secret is set.")).toBeVisible();
    const saved = await settings(watcher);
    expect([saved.oidc_issuer, saved.oidc_client_secret, saved.oidc_name, saved.oidc_admin_values]).toEqual([ISSUER, "set", "Home", "ops, root"]);
    expect(await page.content()).not.toContain("a secret of the client");
  });

  await test.step("its secret is replaced, and the rest stays", async () => {
    await page.getByLabel("New client secret").fill("another secret");
    await page.getByRole("button", { name: "Replace the secret" }).click();
    await expect(page.getByText("Saved.")).toBeVisible();
    const saved = await settings(watcher);
    expect([saved.oidc_client_secret, saved.oidc_role_claim]).toEqual(["set", "groups"]);
  });

  await test.step("saving the form anew leaves the secret alone", async () => {
    await page.goto(`${watcher.url}/settings/sign-on`);
    await page.getByLabel("Display name").fill("");
    await save(page);
    await expect(page.getByText("Saved.")).toBeVisible();
    const saved = await settings(watcher);
    expect([saved.oidc_client_secret, saved.oidc_name]).toEqual(["set", null]);
  });

  await test.step("it is taken away, and asked for with the rest again", async () => {
    await page.locator("summary").filter({ hasText: "Take the secret away" }).click();
    await page.getByRole("button", { name: "Take the secret away" }).click();
    await expect(page.getByLabel("Client secret")).toBeVisible();
    expect((await settings(watcher)).oidc_client_secret).toBeNull();
  });

  await test.step("and single sign-on is turned off", async () => {
    await page.locator("summary").filter({ hasText: "Turn single sign-on off" }).click();
    await page.getByRole("button", { name: "Turn single sign-on off" }).click();
    await expect(page.getByText("off", { exact: true })).toBeVisible();
    expect((await settings(watcher)).oidc_issuer).toBeNull();
  });
});
