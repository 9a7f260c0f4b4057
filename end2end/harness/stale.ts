// A server beside an engine whose containers have been ended for as long as a test wants.
import { expect, type Page } from "@playwright/test";
import { FakeEngine } from "./fake_engine";
import { alive, settled, signIn } from "./pages";
import { Watcher } from "./watcher";

export const VIEWER = { username: "vera", password: "a passphrase of a viewer" };

export class Yard {
  private constructor(
    readonly engine: FakeEngine,
    readonly watcher: Watcher,
    readonly token: string,
  ) {}

  /** With what `fill` puts into the engine, looked at by a scan. */
  static async open(fill: (engine: FakeEngine) => void): Promise<Yard> {
    const engine = await FakeEngine.start();
    fill(engine);
    const watcher = await Watcher.startWithAdmin(engine.host);
    const yard = new Yard(engine, watcher, await watcher.token());
    await yard.know();
    return yard;
  }

  async close(): Promise<void> {
    await this.watcher.dispose();
    await this.engine.close();
  }

  /** Asks the API as the admin does. */
  async ask(method: string, path: string, body: unknown = {}): Promise<any> {
    const headers = { Authorization: `Bearer ${this.token}`, "Content-Type": "application/json" };
    return this.watcher.ask(path, { method, headers, body: method === "GET" ? undefined : JSON.stringify(body) });
  }

  /** Scans until every container that does not run is known and was looked at. */
  async know(): Promise<void> {
    const still = [...this.engine.containers.values()].filter(({ state, name }) => state !== "running" && !name.startsWith("docker-watcher-"));
    const looked = async () => {
      await this.ask("POST", "/api/containers/stale/scan");
      const all: any[] = await this.ask("GET", "/api/containers/stale?all=true");
      return all.filter(({ looked_at }) => looked_at !== null).length;
    };
    await expect.poll(looked, { timeout: 30_000 }).toBe(still.length);
  }

  /** Puts those of these names into quarantine. */
  async putAside(...names: string[]): Promise<void> {
    const ids = names.map((name) => this.engine.named(name)!.id);
    const done: any[] = await this.ask("POST", "/api/containers/stale/cleanup", { ids });
    expect(done.map(({ outcome }) => outcome)).toEqual(names.map(() => "quarantined"));
  }

  async spare(kind: string, value: string, reason: string, until?: string): Promise<any> {
    return this.ask("POST", "/api/containers/exemptions", { kind, value, reason, until });
  }

  /** Makes somebody who may only look. */
  async addViewer(): Promise<void> {
    await this.ask("POST", "/api/users", { ...VIEWER, role: "viewer" });
  }

  /** Signs somebody in and goes to an address of the page. */
  async visit(page: Page, address = "/stale", who?: typeof VIEWER): Promise<void> {
    await signIn(page, this.watcher, who);
    await this.go(page, address);
  }

  async go(page: Page, address: string): Promise<void> {
    await page.goto(this.watcher.url + address);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    if (await page.evaluate(() => matchMedia("(scripting: enabled)").matches).catch(() => false)) {
      await settled(page);
      await alive(page);
    }
  }
}

/** One of each: two that are stale, one that never ran, one that lived a moment ago, two that are kept, and
 * one of which nobody can say. */
export function oneOfEach(engine: FakeEngine): void {
  const shop = { "com.docker.compose.project": "shop", "com.docker.compose.service": "db" };
  engine.run("shop-web-1", { ...shop, "com.docker.compose.service": "web" });
  engine.ended("shop-db-1", 30, { image: "postgres:16", policy: "always", volumes: ["shop-data"], size: 3 * 2 ** 20 }, shop);
  engine.ended("old-report", 12, { image: "rig/report:2", size: 2 ** 20 });
  engine.ended("never-ran", 40, { state: "created", finished: undefined });
  engine.ended("just-ended", 1);
  engine.ended("says-keep", 30, {}, { "docker-watcher.keep": "true" });
  engine.ended("yearly-books", 30);
  engine.ended("odd", 30, { state: "hibernating" });
}
