// Everything that a browser says to nobody: errors and warnings of the console (a hydration that does
// not match is one), exceptions, requests that failed, answers that are errors.
import type { BrowserContext } from "@playwright/test";

export class Complaints {
  private said: string[] = [];
  private announced: RegExp[] = [];

  /** `scripts` says whether pages may run any: a browser that may not complains of each one. */
  constructor(context: BrowserContext, scripts: boolean) {
    if (!scripts) this.expect(/failed: .*\/pkg\/.* csp$/, /was preloaded using link preload but not used/);
    this.listen(context);
  }

  listen(context: BrowserContext): void {
    context.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") {
        this.said.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
      }
    });
    context.on("weberror", (error) => this.said.push(`exception: ${error.error().stack}`));
    context.on("requestfailed", (request) => {
      const why = request.failure()?.errorText;
      // A page that is left drops what it was waiting for, its stream above all.
      if (why !== "net::ERR_ABORTED") this.said.push(`failed: ${request.url()} ${why}`);
    });
    context.on("response", (response) => {
      if (response.status() >= 400) this.said.push(`answer ${response.status()}: ${response.url()}`);
    });
  }

  /** What this test is about to cause, and is right to be complained about. */
  expect(...patterns: RegExp[]): void {
    this.announced.push(...patterns);
  }

  get heard(): string[] {
    return this.said.filter((complaint) => !this.announced.some((pattern) => pattern.test(complaint)));
  }
}
