{% load static tern %}// The page that says what to do without a connection, and what it is drawn with: nothing else is ever kept in the browser.
const PAGE = "{% url "offline" %}";
const KEPT = [PAGE, "{% static "css/app.css" %}", "{% static "icons.svg" %}"];
const STORE = `tern-offline-${KEPT.join()}`;

// Without cookies: the page is the same for everybody.
const fresh = (address) => new Request(address, { credentials: "omit", cache: "reload" });

self.addEventListener("install", (e) => {
  const keep = async () => (await caches.open(STORE)).addAll(KEPT.map(fresh));
  e.waitUntil(keep().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (e) => {
  const forget = async () => {
    for (const name of await caches.keys()) if (name !== STORE) await caches.delete(name);
    await self.registration.navigationPreload?.enable();
    await self.clients.claim();
  };
  e.waitUntil(forget());
});

async function page(e) {
  try {
    return (await e.preloadResponse) ?? (await fetch(e.request));
  } catch {
    return (await caches.match(PAGE)) ?? Response.error();
  }
}

const look = (e) => fetch(e.request).catch(async () => (await caches.match(e.request)) ?? Response.error());

self.addEventListener("fetch", (e) => {
  const { method, mode, url } = e.request;
  if (method !== "GET") return;
  if (mode === "navigate") e.respondWith(page(e));
  else if (KEPT.includes(new URL(url).pathname)) e.respondWith(look(e));
});
