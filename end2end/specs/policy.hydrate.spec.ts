// What a page may not do, even if somebody got a word of theirs into it: the browser refuses, and says so
// to the ear that every test has.
import { expect, test } from "../harness/test";

/** The browser's own words for what it refuses, and ours. */
const REFUSALS = /Content Security Policy|^forbidden: |: csp$| csp$/;

const INJECTED = `
  <script>window.ran = "script"</script>
  <img src="/favicon.svg" onload="window.ran = 'handler'">
  <style>main { display: none }</style>
  <p id="injected" style="position: fixed">a word of theirs</p>`;

/** What was refused so far, by the directive that forbids it. */
const refused = (heard: string[]): string[] =>
  [...new Set(heard.flatMap((said) => said.match(/^forbidden: ([a-z-]+)/)?.slice(1) ?? []))].sort();

test("a script, a handler and a style that got into a page as it was written are refused", async ({ page, complaints }) => {
  await page.route("**/apps", async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace("</body>", `${INJECTED}</body>`);
    await route.fulfill({ response, body });
  });
  await page.goto("/apps");
  await expect(page.getByText("a word of theirs")).toBeVisible();
  await expect(page.locator("main")).toBeVisible();
  await expect(page.locator("#injected")).toHaveCSS("position", "static");
  const all = ["script-src-attr", "script-src-elem", "style-src-attr", "style-src-elem"];
  await expect.poll(() => refused(complaints.heard)).toEqual(all);
  expect(await page.evaluate(() => (window as any).ran)).toBeUndefined();
  complaints.expect(REFUSALS);
});

test("a script, a handler, a link, a style and a frame that get into a page later are refused", async ({ page, complaints }) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.ran = 'script'";
    const box = document.createElement("div");
    box.innerHTML = `
      <button onclick="window.ran = 'handler'">theirs</button>
      <a href="javascript:window.ran = 'link'">theirs</a>
      <p id="injected" style="position: fixed">theirs</p>
      <style>main { display: none }</style>
      <iframe src="/login"></iframe>`;
    document.body.append(script, box);
    box.querySelector("button")!.click();
    box.querySelector("a")!.click();
  });
  await expect(page.locator("main")).toBeVisible();
  await expect(page.locator("#injected")).toHaveCSS("position", "static");
  const all = ["frame-src", "script-src-attr", "script-src-elem", "style-src-attr", "style-src-elem"];
  await expect.poll(() => refused(complaints.heard)).toEqual(all);
  expect(await page.evaluate(() => (window as any).ran)).toBeUndefined();
  complaints.expect(REFUSALS);
});

test("a page sends nothing to anybody else", async ({ page, complaints }) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  const sent = await page.evaluate(async () => {
    new Image().src = "http://127.0.0.1:9/picture.png";
    return fetch("http://127.0.0.1:9/", { mode: "no-cors" }).then(() => true, () => false);
  });
  expect(sent).toBe(false);
  await expect.poll(() => refused(complaints.heard)).toEqual(["connect-src", "img-src"]);
  complaints.expect(REFUSALS);
});
