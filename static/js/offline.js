// Where the browser has it (HTTPS, or this machine), a worker keeps the page for a lost connection: templates/errors/service_worker.js.
navigator.serviceWorker?.register("/service-worker.js").catch(() => {});
