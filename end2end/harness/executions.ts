// Notices when something that was to be text is taken for markup or for a script: it runs, it asks, it
// loads something, or it stands in the page as an element.
import type { BrowserContext, Page } from "@playwright/test";
import { CANARY } from "./payloads";

export class Executions {
  /** What happened, in words; empty where nothing did. */
  readonly seen: string[] = [];

  static async watch(context: BrowserContext): Promise<Executions> {
    const executions = new Executions();
    await context.exposeBinding("pwned", ({ page }, n) => {
      executions.seen.push(`payload ${n} ran on ${page.url()}`);
    });
    await context.route(new RegExp(`//${CANARY}/`), (route) => {
      executions.seen.push(`something asked for ${route.request().url()}`);
      return route.abort();
    });
    context.on("dialog", (dialog) => {
      executions.seen.push(`a dialog said ${dialog.message()}`);
      void dialog.dismiss();
    });
    return executions;
  }

  /** Looks through the page as it stands, for elements and attributes that no page of ours has. */
  async inspect(page: Page): Promise<void> {
    const strange = await page.evaluate(() =>
      [...document.querySelectorAll("*")]
        .filter((element) => {
          const acts = [...element.attributes].some(({ name, value }) => {
            const leads = /^(href|src|action|formaction|data|xlink:href)$/i.test(name);
            return /^on|^data-xss/i.test(name) || (leads && /^\s*j\s*a\s*v\s*a\s*s\s*c\s*r\s*i\s*p\s*t\s*:/i.test(value));
          });
          return acts || element.localName === "base" || element.localName === "iframe";
        })
        .map((element) => element.outerHTML.slice(0, 200)),
    );
    for (const html of strange) this.seen.push(`on ${page.url()} there is ${html}`);
  }

  /** Waits until what was to fail by now, such as an image, has failed. */
  async wait(page: Page): Promise<void> {
    await page.evaluate(async () => {
      for (let turn = 0; turn < 2; turn++) {
        await new Promise((over) => {
          const probe = new Image();
          probe.onerror = over;
          probe.src = `data:image/png;base64,${turn}`;
        });
        await new Promise((idle) => requestIdleCallback(idle));
      }
    });
  }
}
