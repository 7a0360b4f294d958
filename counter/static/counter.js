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
// A form that is pressed twice is sent once. Nothing tells a page that sending was stopped: after
// some seconds it can be pressed again; what it says meanwhile is said beside the button.
const AGAIN = 5000;
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.dataset.download !== undefined) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => { delete form.dataset.sent; }, AGAIN);
  const said = form.querySelector("[data-sending]");
  if (said) said.textContent = said.dataset.sending;
});
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
  for (const said of document.querySelectorAll("[data-sending]")) said.textContent = "";
});
// Before a session ends: say so in time, and go on without leaving what is half written.
(() => {
  const box = document.querySelector("[data-left]");
  if (!box) return;
  const WARNING = 10 * 60 * 1000;
  const warn = () => { box.hidden = false; };
  // The seconds that the server counts: the clock of the browser may be wrong by years.
  let waiting = setTimeout(warn, 1000 * box.dataset.left - WARNING);
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
