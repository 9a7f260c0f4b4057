// The service worker: keeps static files, and a page for when the server cannot be reached.
//
// It never keeps a page or an answer of the API: what they say is true for one person at one moment.
"use strict";

const CACHE = "docker-watcher-1";
const OFFLINE = "/offline.html";
const KEPT = ["/pkg/", "/generated/", "/favicon.svg", "/manifest.webmanifest"];

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll([OFFLINE, "/favicon.svg", "/pkg/docker-watcher.css"]))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name !== CACHE).map((name) => caches.delete(name));
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(old(names)))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(OFFLINE)));
  } else if (KEPT.some((path) => url.pathname.startsWith(path))) {
    event.respondWith(newest(request));
  }
});

/**
 * What the server has now, which costs an empty answer where it is what we keep; our copy only where
 * the server is away. An old script beside a new page would fail in ways that nobody understands.
 */
async function newest(request) {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request, { cache: "no-cache" });
    if (answer.ok && !answer.redirected) await cache.put(request, answer.clone());
    return answer;
  } catch (error) {
    const kept = await cache.match(request);
    if (kept) return kept;
    throw error;
  }
}
