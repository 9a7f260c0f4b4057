// The settings as they live with scripts: told in place, by keys alone, and with nothing lost on the way.
import { alive, signIn } from "../harness/pages";
import { SECRET, SignOnProvider } from "../harness/provider";
import { expect, test } from "../harness/test";

test("the general settings are saved by keys alone, and what came of it is heard", async ({ startOwn, stranger: page }) => {
  const watcher = await startOwn();
  await signIn(page, watcher);
  await page.goto(`${watcher.url}/settings/general`);
  await alive(page);
  await page.getByLabel("Deploys kept").focus();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type("70");
  await page.keyboard.press("Enter");
  const said = page.getByRole("status").filter({ hasText: "Saved." });
  await expect(said).toBeFocused();
  await expect(page.getByLabel("Deploys kept")).toHaveValue("70");
  await page.reload();
  await expect(page.getByLabel("Deploys kept")).toHaveValue("70");
});

test("what was typed stays where it is refused", async ({ startOwn, stranger: page, complaints }) => {
  complaints.expect(/422/);
  const watcher = await startOwn();
  await signIn(page, watcher);
  await page.goto(`${watcher.url}/settings/general`);
  await alive(page);
  await page.getByLabel("Sampling interval").fill("12");
  await page.getByLabel("Public address").fill("https://ann:secret@watch.example.org");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByLabel("Public address")).toBeFocused();
  await expect(page.getByLabel("Sampling interval")).toHaveValue("12");
});

test("a provider that answers is said to, and one that calls itself otherwise is not", async ({ startOwn, stranger: page }) => {
  const watcher = await startOwn();
  const provider = await SignOnProvider.start(watcher, await watcher.token());
  try {
    await signIn(page, watcher);
    await page.goto(`${watcher.url}/settings`);
    await alive(page);
    await page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "Single sign-on" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Single sign-on");
    await expect(page.getByText("The provider answers as one should")).toBeVisible();
    const name = async (issuer: string, secret?: string) => {
      await page.getByLabel("Issuer").fill(issuer);
      if (secret) await page.getByLabel("Client secret").fill(secret);
      await page.getByRole("button", { name: "Save" }).click();
    };
    await name(provider.issuer.replace("127.0.0.1", "localhost"));
    await expect(page.getByText("The provider calls itself otherwise")).toBeVisible();
    await expect(page.getByText("A client secret is set.")).toHaveCount(0);
    await name(provider.issuer, SECRET);
    await expect(page.getByText("The provider answers as one should")).toBeVisible();
    await expect(page.getByText("A client secret is set.")).toBeVisible();
    await page.context().clearCookies();
    await page.goto(`${watcher.url}/login`);
    await page.getByRole("link", { name: "Sign in with Home" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("The provider");
  } finally {
    await provider.stop();
  }
});
