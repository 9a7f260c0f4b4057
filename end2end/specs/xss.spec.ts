// Names that are markup and scripts stay text: in what the server writes, with scripts and without, and
// in what the scripts make of it.
import { expect, fillStale, signIn, staleAddresses, test } from "../harness/attack";
import { settled } from "../harness/pages";
import { makeToken } from "../harness/happenings";
import { NAMES, PAYLOADS, vulnerable } from "../harness/payloads";

/** As a browser shows it: runs of white space are one space. */
const shown = (text: string) => text.replace(/[\t\n\f\r ]+/g, " ").trim();

test("the detector notices each payload on a page that makes every mistake", async ({ context, executions, javaScriptEnabled }) => {
  test.setTimeout(120_000);
  const unseen: string[] = [];
  await context.route("http://vulnerable.invalid/**", async (route) => {
    const n = Number(new URL(route.request().url()).pathname.slice(1));
    const is_page = route.request().isNavigationRequest() && n < PAYLOADS.length;
    await (is_page ? route.fulfill({ contentType: "text/html", body: vulnerable(PAYLOADS[n]) }) : route.abort());
  });
  for (const [n, text] of PAYLOADS.entries()) {
    executions.seen.length = 0;
    const page = await context.newPage();
    // A payload may lead the page away while it is looked at.
    const look = async () => {
      await page.goto(`http://vulnerable.invalid/${n}`);
      if (!javaScriptEnabled) return executions.inspect(page);
      await page.evaluate(() => {
        for (const link of document.querySelectorAll("a")) if (link.protocol === "javascript:") link.click();
      });
    };
    await look().catch((error: Error) => {
      if (!/context was destroyed|ERR_|interrupted|navigat/i.test(error.message)) throw error;
    });
    const noticed = expect.poll(() => executions.seen.length, { timeout: javaScriptEnabled ? 5_000 : 100 });
    await noticed.toBeGreaterThan(0).catch(() => unseen.push(text));
    await page.close();
  }
  console.log(`xss: the detector noticed ${PAYLOADS.length - unseen.length} of ${PAYLOADS.length} payloads on a vulnerable page`);
  // Without scripts there is nothing to see of what is nothing but a script.
  const silent = (text: string) => !javaScriptEnabled && !/data-xss|canary|javascript:/i.test(text.normalize("NFKC"));
  const decoded = (text: string) => !javaScriptEnabled && /^(&lt;|%3C|\uff1c)/.test(text);
  expect(unseen.filter((text) => !silent(text) && !decoded(text))).toEqual([]);
});

test("every page shows the names as they are, and nothing of them runs", async ({ victim: page, executions, attack, apps, javaScriptEnabled }) => {
  test.setTimeout(480_000);
  let visits = 0;
  const look = async (path: string) => {
    await page.goto(attack.watcher.url + path);
    if (javaScriptEnabled) {
      await settled(page);
      await executions.wait(page);
    }
    await executions.inspect(page);
    visits++;
  };
  for (const text of PAYLOADS) await look(`/login?next=${encodeURIComponent(text)}`);
  await signIn(page, attack);
  for (const path of ["/", "/apps"]) {
    await look(path);
    const text = (await page.locator("#main").textContent()) ?? "";
    // A label's own white space at its ends is nobody's name.
    expect(PAYLOADS.filter((payload) => !text.includes(payload.trim()))).toEqual([]);
  }
  for (const { id, project, stage } of apps) {
    await look(`/apps/${id}`);
    expect(shown(await page.title())).toBe(shown(`${project} · ${stage} · Docker Watcher`));
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(`${project} · ${stage}`);
  }
  for (const text of PAYLOADS) await look(`/apps/${encodeURIComponent(text)}`);
  const token = await attack.watcher.token();
  const headers = { Authorization: `Bearer ${token}` };
  for (const name of NAMES) await makeToken(attack.watcher, token, name);
  await look("/events");
  const told = shown((await page.locator("#main").textContent()) ?? "");
  expect(NAMES.filter((name) => !told.includes(shown(name)))).toEqual([]);
  const log = await attack.watcher.ask(`/api/events?q=token.created&limit=${NAMES.length}`, { headers });
  for (const { id } of log.items) await look(`/events?event=${id}`);
  for (const text of PAYLOADS) {
    const [value, key] = [encodeURIComponent(text), ["q", "workload", "container", "operation", "since", "severity", "event"][visits % 7]];
    await look(`/events?${key}=${value}`);
  }
  await fillStale(attack);
  for (const path of await staleAddresses(attack)) await look(path);
  for (const [address, selector] of Object.entries({ "/stale?show=all": "[data-idle]", "/stale?show=quarantine": "[data-kept]" })) {
    await look(address);
    const text = shown((await page.locator("#main").textContent()) ?? "");
    expect(PAYLOADS.filter((payload) => !text.includes(shown(payload)))).toEqual([]);
    await expect(page.locator(selector)).not.toHaveCount(0);
  }
  for (const text of PAYLOADS) {
    const key = ["show", "verdict", "plan", "keep", "remove", "lift", "rows"][visits % 7];
    await look(`/stale?${key}=${encodeURIComponent(text)}`);
  }
  await look(`/?window=${encodeURIComponent(PAYLOADS.join(" "))}`);
  console.log(`xss: ${PAYLOADS.length} payloads, ${visits} pages ${javaScriptEnabled ? "with" : "without"} scripts: ${executions.seen.length} executed`);
});
