// What axe does not look at, of WCAG 2.2 AA; gives what is wrong, a line each.
() => {
  const wrong = [];
  const say = (what, node) => wrong.push(`${what}: ${node.outerHTML.slice(0, 160)}`);
  if (document.documentElement.lang !== "th") wrong.push("the page does not say that it is Thai");
  const headings = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter((h) => h.offsetParent);
  if (headings.filter((h) => h.tagName === "H1").length !== 1) wrong.push("not one h1");
  let level = 0;
  for (const heading of headings) {
    if (+heading.tagName[1] > level + 1) say("a level is left out before", heading);
    level = +heading.tagName[1];
  }
  for (const node of document.querySelectorAll("[tabindex]")) {
    if (node.tabIndex > 0) say("has an order of its own", node);
  }

  // 2.5.8: 24 by 24, or so far from others that circles of 24 do not meet; text in a sentence may.
  const targets = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
    .filter((node) => node.type !== "hidden" && !node.disabled && node.checkVisibility());
  const places = targets.map((node) => {
    const box = node.getBoundingClientRect();
    const x = box.left + box.width / 2;
    const y = box.top + box.height / 2;
    return { node, box, x, y, small: box.width < 24 || box.height < 24 };
  }).filter((place) => place.box.right > 0 && place.box.width > 1);
  const distance = (place, box) => Math.hypot(
    Math.max(box.left - place.x, 0, place.x - box.right),
    Math.max(box.top - place.y, 0, place.y - box.bottom));
  for (const place of places.filter((one) => one.small)) {
    const inSentence = getComputedStyle(place.node).display === "inline"
      && place.node.parentElement.innerText.trim().length > place.node.innerText.trim().length;
    const near = places.find((other) => other !== place && (other.small
      ? Math.hypot(other.x - place.x, other.y - place.y) < 24
      : distance(place, other.box) < 12));
    if (near && !inSentence) say("smaller than 24 pixels beside another target", place.node);
  }

  // 2.4.7: what has the focus looks another way than without.
  const look = (node) => {
    const style = getComputedStyle(node);
    return [style.outlineStyle, style.outlineWidth, style.boxShadow, style.borderColor].join();
  };
  for (const node of targets.filter((one) => one.tagName !== "INPUT" || one.type !== "file").slice(0, 60)) {
    document.activeElement?.blur();
    const before = look(node);
    node.focus({ focusVisible: true, preventScroll: true });
    if (document.activeElement === node && look(node) === before) say("its focus is not seen", node);
  }
  document.activeElement?.blur();
  return wrong;
}
