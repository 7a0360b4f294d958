"use strict";
// Better with a little: a page that waits for a judgement shows it when it is there.
(() => {
  const box = document.querySelector("[data-wait]");
  if (!box) return;
  const look = async () => {
    try {
      const answer = await fetch(box.dataset.wait);
      if (answer.ok && (await answer.json()).state !== "waiting") {
        location.reload();
        return;
      }
    } catch {
      // no connection in this moment: again
    }
    setTimeout(look, 2000);
  };
  setTimeout(look, 1500);
})();
// A form that is sent once is sent once.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.dataset.download !== undefined) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});
// Before a session ends: say so in time, and go on without leaving what is half written.
(() => {
  const box = document.querySelector("[data-until]");
  if (!box) return;
  const WARNING = 10 * 60 * 1000;
  const warn = () => { box.hidden = false; };
  let waiting = setTimeout(warn, Date.parse(box.dataset.until) - Date.now() - WARNING);
  const form = box.querySelector("form");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    delete form.dataset.sent;
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
    if (!answer.ok || new URL(answer.url).pathname === "/in") return;
    box.hidden = true;
    clearTimeout(waiting);
    waiting = setTimeout(warn, 60 * 60 * 1000 - WARNING);
  });
})();
