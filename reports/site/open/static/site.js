// Search and the ranking table. Without it every page still says all that it has to say.
"use strict";

// Data comes as a script: a page that is opened from a file may not fetch.
function load(address, done) {
  const script = document.createElement("script");
  script.src = address;
  script.onload = done;
  document.head.append(script);
}

// As people type: no blanks between words, Arabic digits, no zero-width marks, short forms long,
// with their dots or without (but no word begins as a name does: ทนาย), places without what they are.
const SHORT = [[/(^|\s)อ\.?บ\.?จ\.?/g, "$1องค์การบริหารส่วนจังหวัด"], [/(^|\s)อ\.?บ\.?ต\.?/g, "$1องค์การบริหารส่วนตำบล"],
  [/(^|\s)ท\.?น[.\s]/g, "$1เทศบาลนคร"], [/(^|\s)ท\.?ม[.\s]/g, "$1เทศบาลเมือง"], [/(^|\s)ท\.?ต\.?/g, "$1เทศบาลตำบล"],
  [/(^|\s)ก\.?ท\.?ม\.?/g, "$1กรุงเทพมหานคร"], [/(^|\s)(จ\.|จังหวัด|อ\.|อำเภอ)/g, "$1"], [/ต\./g, "ตำบล"]];
function plain(text) {
  let said = text.normalize("NFC").replace(/[\u200b-\u200d\ufeff]/g, "").replace(/ํา/g, "ำ")
    .replace(/[๐-๙]/g, (digit) => digit.charCodeAt(0) - 0x0e50).toLowerCase().trim();
  for (const [short, long] of SHORT) said = said.replace(short, long);
  return said;
}
function pairs(text) {
  const found = new Set();
  for (let i = 0; i < text.length - 1; i++) found.add(text.slice(i, i + 2));
  return found;
}

function wordsOf(text) {
  return plain(text).split(/\s+/).filter(Boolean);
}

// All words within the name, the code, district or province; else the names that share most pairs.
function search(query, rows, provinces) {
  const words = wordsOf(query);
  if (!words.length) return [];
  for (const row of rows) {
    row.text ??= plain(`${row[1]} ${row[0]} ${row[4]} ${provinces[row[3]] ?? ""}`);
  }
  const whole = rows.filter((row) => words.every((word) => row.text.includes(word)));
  if (whole.length) {
    const said = words.join("");
    return whole.sort((a, b) =>
      plain(b[1]).endsWith(said) - plain(a[1]).endsWith(said) || a[1].length - b[1].length);
  }
  const wanted = pairs(words.join(""));
  return rows
    .map((row) => {
      const has = pairs(row.text);
      let shared = 0;
      for (const pair of wanted) shared += has.has(pair);
      return [shared / wanted.size, row];
    })
    .filter(([share]) => share >= 0.6)
    .sort((a, b) => b[0] - a[0])
    .map(([, row]) => row);
}

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

const MOST = 50;
function showResults(query, root) {
  const list = document.getElementById("results");
  const status = document.getElementById("searched");
  load(`${root}names.js`, () => {
    const found = search(query, window.ITA_NAMES.rows, window.ITA_NAMES.provinces);
    status.textContent = found.length
      ? `พบ ${found.length.toLocaleString()} แห่ง${found.length > MOST ? ` แสดง ${MOST} แห่งแรก` : ""}`
      : "ไม่พบหน่วยงานที่ชื่อใกล้เคียง ลองพิมพ์เฉพาะส่วนของชื่อ";
    list.replaceChildren(...found.slice(0, MOST).map((row) => {
      const item = element("li");
      item.append(
        element("a", row[1], { href: `${root}${row[5]}/${encodeURIComponent(row[0])}/index.html` }),
        ` ${row[4] ? `อ.${row[4]} ` : ""}${window.ITA_NAMES.provinces[row[3]] ?? ""}`);
      return item;
    }));
  });
}

const PAGE = 100;
function ranking(form) {
  const { year, root } = form.dataset;
  const state = { sort: 6, down: false, from: 0 };
  const types = Object.fromEntries([...form.type.options].map((o) => [o.value, o.dataset.short]));
  const provinces =
    Object.fromEntries([...form.province.options].map((o) => [o.value, o.textContent]));
  const columns = [["หน่วยงาน", 1], ["จังหวัด", 3], ["ประเภท", 2], ["คะแนน", 4], ["ระดับ", 5],
    ["อันดับประเทศ", 6], ["เทียบปีก่อน", 7]];
  for (const part of new URLSearchParams(location.hash.slice(1))) {
    if (form.elements[part[0]]) form.elements[part[0]].value = part[1];
  }

  function cells(row) {
    const moved = row[7] === null ? "–"
      : row[7] > 0 ? `▲ ${row[7]}` : row[7] < 0 ? `▼ ${-row[7]}` : "เท่าเดิม";
    return [provinces[row[3] ?? "00"], types[row[2]], row[4]?.toFixed(2) ?? "–", row[5] ?? "–",
      row[6]?.toLocaleString() ?? "–", moved];
  }
  function key(row) {
    const value = row[state.sort];
    return state.sort === 3 ? provinces[value ?? "00"] : value;
  }
  // A table that is made anew takes the place of its buttons: the keyboard stays where it was.
  function again(place, number) {
    show();
    const buttons = [...document.querySelectorAll(`${place} button`)];
    (buttons[number].disabled ? buttons.find((b) => !b.disabled) : buttons[number])?.focus();
  }
  function show() {
    const words = wordsOf(form.name.value);
    const rows = window.ITA_RANKING.filter((row) =>
      words.every((word) => plain(`${row[1]} ${row[0]}`).includes(word))
      && (!form.province.value || (row[3] ?? "00") === form.province.value)
      && (!form.type.value || row[2] === form.type.value)
      && (!form.level.value || row[5] === form.level.value));
    rows.sort((a, b) => {
      const [x, y] = [key(a), key(b)];
      if (x === null || y === null) return (x === null) - (y === null);
      const order = typeof x === "string" ? x.localeCompare(y, "th") : x - y;
      return state.down ? -order : order;
    });
    const table = element("table");
    const head = element("tr");
    for (const [words, column] of columns) {
      const cell = element("th", undefined, { scope: "col" });
      const button = element("button", words, { type: "button" });
      button.onclick = () => {
        state.down = state.sort === column ? !state.down : column === 4 || column === 7;
        Object.assign(state, { sort: column, from: 0 });
        again("#ranking thead", columns.findIndex((one) => one[1] === column));
      };
      if (state.sort === column) {
        cell.setAttribute("aria-sort", state.down ? "descending" : "ascending");
      }
      cell.append(button);
      head.append(cell);
    }
    const body = element("tbody");
    for (const row of rows.slice(state.from, state.from + PAGE)) {
      const line = element("tr");
      const first = element("th", undefined, { scope: "row" });
      first.append(element("a", row[1],
        { href: `${root}${year}/${encodeURIComponent(row[0])}/index.html` }));
      line.append(first, ...cells(row).map((text, i) => element("td", text, i === 2 || i > 3 ? { class: "n" } : {})));
      body.append(line);
    }
    const top = element("thead");
    top.append(head);
    table.append(top, body);
    const wide =
      element("div", undefined, { class: "wide", tabindex: 0, role: "region", "aria-label": "ตารางอันดับ" });
    wide.append(table);
    document.getElementById("ranking").replaceChildren(wide);
    const last = Math.min(state.from + PAGE, rows.length);
    document.getElementById("found").textContent = rows.length
      ? `${(state.from + 1).toLocaleString()}–${last.toLocaleString()} จาก ${rows.length.toLocaleString()} แห่ง`
      : "ไม่มีหน่วยงานตามที่เลือก";
    const turn = (words, by) => {
      const button = element("button", words, { type: "button" });
      button.disabled = by < 0 ? state.from === 0 : last >= rows.length;
      button.onclick = () => { state.from += by; again("#pages", by < 0 ? 0 : 1); };
      return button;
    };
    document.getElementById("pages").replaceChildren(turn("ก่อนหน้า", -PAGE), turn("ถัดไป", PAGE));
  }

  load("rows.js", () => {
    for (const level of new Set(window.ITA_RANKING.map((row) => row[5]))) {
      if (level) form.level.append(element("option", level, { value: level }));
    }
    form.hidden = false;
    form.oninput = () => { state.from = 0; show(); };
    form.onsubmit = (event) => event.preventDefault();
    show();
  });
}

const asked = new URLSearchParams(location.search).get("q");
if (document.getElementById("results") && asked) {
  document.getElementById("q").value = asked;
  showResults(asked, document.querySelector(".search").dataset.root);
}
const filters = document.getElementById("filters");
if (filters) ranking(filters);
