// Everything that a browser says to nobody: errors and warnings of the console (a hydration that does
// not match is one), exceptions, requests that failed, answers that are errors, and whatever a page
// tried that its own content policy forbids.
import type { BrowserContext } from "@playwright/test";

export class Complaints {
  private said: string[] = [];
  private announced: RegExp[] = [];

  /** `scripts` says whether pages may run any: a browser that may not complains of each one. */
  constructor(private readonly scripts: boolean) {
    if (!scripts) this.expect(/failed: .*\/pkg\/.* csp$/, /was preloaded using link preload but not used/);
  }

  async listen(context: BrowserContext): Promise<void> {
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
    // Without scripts nobody can be told; the console has it all the same.
    if (this.scripts) await this.listenForViolations(context);
  }

  private async listenForViolations(context: BrowserContext): Promise<void> {
    await context.exposeBinding("reportViolation", (_, what: string) => {
      this.said.push(`forbidden: ${what}`);
    });
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        const { effectiveDirective, blockedURI, documentURI, sourceFile, lineNumber } = event;
        const where = `${sourceFile || documentURI}:${lineNumber}`;
        (window as any).reportViolation(`${effectiveDirective} ${blockedURI} (${where})`);
      });
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
