// Every page that there is, as each test that goes through all of them visits it.
import { expect, type Page } from "@playwright/test";
import { ADMIN, type Watcher } from "./watcher";

export type Place = {
  name: string;
  /** Who is there: somebody signed in, a stranger, or the very first visitor. */
  visitor: "admin" | "stranger" | "first";
  path: (appPath: (name: string) => Promise<string>) => Promise<string> | string;
  heading: RegExp;
};

const HEADINGS = {
  dashboard: /needs? you|требу/i,
  apps: /^(Apps|Приложения)$/,
  app: /^shop · prod$/,
  stale: /^(Stale containers|Заброшенные контейнеры)$/,
  events: /^(Events|События)$/,
  login: /^(Sign in|Вход)$/,
  setup: /^(First start|Первый запуск)$/,
  account: /^(Your account|Ваша учётная запись)$/,
  general: /^(General|Общие)$/,
  signOn: /^(Single sign-on|Единый вход)$/,
  users: /^(Users|Пользователи)$/,
  tokens: /^(API tokens|Токены API)$/,
  nowhere: /no such page|нет/i,
};

export const PLACES: Place[] = [
  { name: "dashboard", visitor: "admin", path: () => "/", heading: HEADINGS.dashboard },
  { name: "apps", visitor: "admin", path: () => "/apps", heading: HEADINGS.apps },
  { name: "app", visitor: "admin", path: (appPath) => appPath("shop/prod"), heading: HEADINGS.app },
  { name: "stale", visitor: "admin", path: () => "/stale", heading: HEADINGS.stale },
  { name: "events", visitor: "admin", path: () => "/events", heading: HEADINGS.events },
  { name: "account", visitor: "admin", path: () => "/account", heading: HEADINGS.account },
  { name: "general", visitor: "admin", path: () => "/settings/general", heading: HEADINGS.general },
  { name: "sign-on", visitor: "admin", path: () => "/settings/sign-on", heading: HEADINGS.signOn },
  { name: "users", visitor: "admin", path: () => "/settings/users", heading: HEADINGS.users },
  { name: "tokens", visitor: "admin", path: () => "/settings/tokens", heading: HEADINGS.tokens },
  { name: "nowhere", visitor: "admin", path: () => "/no/such/page", heading: HEADINGS.nowhere },
  { name: "login", visitor: "stranger", path: () => "/login", heading: HEADINGS.login },
  { name: "setup", visitor: "first", path: () => "/setup", heading: HEADINGS.setup },
];

/** What a visit needs, as the fixtures have it. */
export type Visit = {
  page: Page;
  stranger: Page;
  fresh: Watcher;
  appPath: (name: string) => Promise<string>;
};

/** Goes there as its visitor does, and comes back with the page once it stands and, with scripts, lives. */
export async function visit(place: Place, { page, stranger, fresh, appPath }: Visit): Promise<Page> {
  const tab = place.visitor === "admin" ? page : stranger;
  const path = await place.path(appPath);
  await tab.goto(place.visitor === "first" ? fresh.url + path : path);
  await expect(tab.getByRole("heading", { level: 1 })).toHaveText(place.heading);
  await settled(tab);
  return tab;
}

/** Signs the admin in on a page of `watcher`, or of a proxy before it, and comes back inside. */
export async function signIn(page: Page, watcher: { url: string }, who = ADMIN): Promise<void> {
  await page.goto(`${watcher.url}/login`);
  await page.getByLabel("Username").fill(who.username);
  await page.getByLabel("Password").fill(who.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(`${watcher.url}/`);
}

/** Waits until its scripts have taken the page over and have nothing more to do. */
export async function alive(page: Page): Promise<void> {
  await expect(page.locator("html")).toHaveAttribute("data-alive", "");
  await page.waitForFunction(() => new Promise((idle) => requestIdleCallback(() => idle(true))));
}

/** Waits until the page is live and its chart drawn; a page without scripts is so at once. */
export async function settled(page: Page): Promise<void> {
  const mark = page.locator("[data-live]");
  if ((await mark.count()) > 0 && (await mark.isVisible())) {
    await expect(mark).toHaveAttribute("data-live", "live");
  }
  const chart = page.locator(".chart-canvas");
  if ((await chart.count()) > 0 && (await chart.isVisible())) await expect(chart.locator("canvas")).toBeVisible();
}
