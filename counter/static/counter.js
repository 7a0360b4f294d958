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
