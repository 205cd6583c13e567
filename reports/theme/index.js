// Filter, sort and search of the index. All rows come as columns in the page (gzip, base64): opening from disk needs no
// request. With scripts off the rows that the page itself holds can be read all the same.
"use strict";
(async () => {
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const SVG = "http://www.w3.org/2000/svg";
  const ROW = 62; // the height of a usual row; as many rows are made at once as fill the screen
  const status = $(".tally-line");

  // Keys work before the data is there.
  const keys = $("dialog.keys");
  const help = () => (keys.open ? keys.close() : keys.showModal());
  $(".help").addEventListener("click", help);
  $(".btn", keys).addEventListener("click", help);
  const links = () => $$("tbody .art-cell a");
  function step(by) {
    const all = links();
    const at = all.indexOf(document.activeElement);
    const next = all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))];
    if (next) next.focus();
  }
  addEventListener("keydown", (event) => {
    const chord = (event.ctrlKey || event.altKey || event.metaKey) && !event.getModifierState("AltGraph");
    if (event.key === "Escape" && event.target.id === "q") event.target.blur();
    if (chord || event.target.closest("input[type=search], select, textarea")) return;
    if ($("dialog[open]") && !(keys.open && event.key === "?")) return;
    const action = {"/": () => $("#q").focus(), j: () => step(1), k: () => step(-1), "?": help}[event.key];
    if (action) {
      event.preventDefault();
      action();
    }
  });

  if (!globalThis.DecompressionStream) {
    status.textContent = "Filters need a browser of 2023 or later.";
    return;
  }
  // Base 85, four bytes in five characters: base 64 would make the file 6 % larger.
  const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%/()*+-;,=.?@^_`{|}~";
  function decoded(text) {
    const value = new Uint8Array(128);
    for (let at = 0; at < 85; at++) value[DIGITS.charCodeAt(at)] = at;
    const whole = Math.ceil(text.length / 5);
    const made = new DataView(new ArrayBuffer(4 * whole));
    for (let group = 0; group < whole; group++) {
      let number = 0;
      for (let at = 5 * group; at < 5 * group + 5; at++) number = number * 85 + (at < text.length ? value[text.charCodeAt(at)] : 84);
      made.setUint32(4 * group, number);
    }
    return new Uint8Array(made.buffer, 0, 4 * whole - (5 * whole - text.length));
  }
  const bytes = decoded($("#data").textContent.trim());
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const data = JSON.parse(await new Response(unpacked).text());
  const count = data.title.length;
  // What is searched is one string: going through it once takes a tenth of the time of 100,000 short ones.
  const END = "\x01";
  const text = data.title.map((title, i) => `${title}\n${data.id[i]}\n${data.sources[data.source[i]]}${END}`).join("").toLowerCase();
  const ends = new Int32Array(count);
  for (let i = 0, at = -1; i < count; i++) ends[i] = at = text.indexOf(END, at + 1);
  document.documentElement.classList.add("js");

  // The name of a page: the first half of SHA-256 of the article's id. Worked out for the rows that are shown; 100,000
  // names would be a sixth of this file.
  const WHOLE = 2 ** 32;
  const part = (number) => ((number % 1) * WHOLE) | 0;
  const primes = Array.from({length: 310}, (_, n) => n + 2).filter((n, _, all) => !all.some((by) => by < n && n % by === 0));
  const first = primes.slice(0, 8).map((n) => part(Math.sqrt(n)));
  const rounds = primes.slice(0, 64).map((n) => part(Math.cbrt(n)));
  const turned = (x, by) => (x >>> by) | (x << (32 - by));
  function hashed(id) {
    const given = new TextEncoder().encode(id);
    const length = 64 * (((given.length + 8) >> 6) + 1);
    const padded = new Uint8Array(length);
    padded.set(given);
    padded[given.length] = 0x80;
    const view = new DataView(padded.buffer);
    view.setUint32(length - 4, 8 * given.length);
    const words = new Int32Array(64);
    let state = first;
    for (let at = 0; at < length; at += 64) {
      let [a, b, c, d, e, f, g, h] = state;
      for (let i = 0; i < 64; i++) {
        const [x, y] = [words[i - 15], words[i - 2]];
        words[i] = i < 16 ? view.getInt32(at + 4 * i) : words[i - 16] + words[i - 7] + (turned(x, 7) ^ turned(x, 18) ^ (x >>> 3)) + (turned(y, 17) ^ turned(y, 19) ^ (y >>> 10));
        const one = h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g)) + rounds[i] + words[i];
        const two = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
        [a, b, c, d, e, f, g, h] = [(one + two) | 0, a, b, c, (d + one) | 0, e, f, g];
      }
      state = [a, b, c, d, e, f, g, h].map((value, i) => (value + state[i]) | 0);
    }
    return state.slice(0, 2).map((value) => (value >>> 0).toString(16).padStart(8, "0")).join("");
  }

  // A row: the one the server wrote, or a new one of the same shape.
  const body = $("tbody");
  const made = new Map(count <= body.rows.length ? [...body.rows].map((row, i) => [i, row]) : []);
  const make = (name, className, text) => {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };
  function icon(name, box) {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("class", "ico");
    svg.setAttribute("viewBox", `0 0 ${box} ${box}`);
    svg.setAttribute("aria-hidden", "true");
    svg.append(document.createElementNS(SVG, "use"));
    svg.firstChild.setAttribute("href", `#i-${name}`);
    return svg;
  }
  const spell = (number) => number.toLocaleString("en");
  function build(i) {
    const row = make("tr");
    const [state, word] = data.states[data.verdict[i]];
    const verdict = make("span", `v-word w-${state}`);
    verdict.append(icon(state, 24), make("span", "", word));
    const cell = (className, ...content) => {
      const td = make("td", className);
      td.append(...content);
      row.append(td);
      return td;
    };
    cell("verdict-cell", verdict);
    const file = data.page[i] === "1" ? data.files[i] || hashed(data.id[i] || data.title[i]) : "";
    const title = make(file ? "a" : "span", "title", data.title[i]);
    if (file) title.href = `articles/${file.slice(0, 2)}/${file}.html`;
    title.dir = "auto";
    const article = cell("art-cell", title);
    if (data.id[i]) {
      article.append(make("small", "", data.id[i]));
      article.lastChild.dir = "auto";
    }
    for (const key of ["errors", "warnings", "notes"]) {
      cell(data[key][i] ? "num" : "num zero", spell(data[key][i])).dataset.label = data[key][i] === 1 ? key.slice(0, -1) : key;
    }
    const found = make("div", "found");
    const checks = data.sets[data.checks[i]];
    for (const check of checks.slice(0, 4)) {
      const family = data.kinds[check][1];
      const tag = make("span", `t-${family}`);
      tag.append(icon(family, 16), check);
      found.append(tag);
    }
    if (checks.length > 4) found.append(make("span", "", `and ${checks.length - 4} more`));
    cell("", found);
    cell("", data.langs[data.lang[i]][1]);
    cell("src", data.sources[data.source[i]]).dir = "auto";
    cell("num", spell(data.words[i])).dataset.label = data.words[i] === 1 ? "word" : "words";
    return row;
  }
  const rowOf = (i) => made.get(i) || made.set(i, build(i)).get(i);

  // State: what the controls say, and the address
  const selects = ["check", "severity", "lang", "source", "news"].map((id) => document.getElementById(id)).filter(Boolean);
  const boxes = $$("input[name=verdict]");
  let sort = "";
  let waiting = 0;
  // The address follows when the hand rests: browsers refuse a new one for every letter typed.
  function remember() {
    clearTimeout(waiting);
    waiting = setTimeout(note, 150);
    $("#reset").hidden = !address();
  }
  function note() {
    clearTimeout(waiting);
    const hash = address();
    history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
  }
  addEventListener("pagehide", note);
  function address() {
    const state = new URLSearchParams();
    if ($("#q").value.trim()) state.set("q", $("#q").value.trim());
    const on = boxes.filter((box) => box.checked).map((box) => box.value);
    if (on.length < boxes.length) state.set("verdict", on.join(" "));
    for (const select of selects) if (select.value) state.set(select.id, select.value);
    if (sort) state.set("sort", sort);
    return state.toString();
  }
  function recall() {
    const state = new URLSearchParams(location.hash.slice(1));
    $("#q").value = state.get("q") || "";
    const on = state.has("verdict") ? state.get("verdict").split(" ") : null;
    boxes.forEach((box) => (box.checked = !on || on.includes(box.value)));
    for (const select of selects) {
      const wanted = state.get(select.id) || "";
      select.value = [...select.options].some((option) => option.value === wanted) ? wanted : "";
    }
    const key = (state.get("sort") || "").replace(/^-/, "");
    sort = Object.hasOwn(order, key) ? state.get("sort") : "";
    apply();
  }

  // Sorting: what each column sorts by; the server's order is the tie-break
  const collator = new Intl.Collator("en", {numeric: true});
  const ranks = new Map();
  function ranked(key, values) {
    if (!ranks.has(key)) {
      const distinct = [...new Set(values)].sort(collator.compare);
      const place = new Map(distinct.map((value, at) => [value, at]));
      ranks.set(key, Int32Array.from(values, (value) => place.get(value)));
    }
    return ranks.get(key);
  }
  // A column that points into a short list: the list is put in order, not the column.
  function translated(key, list, column) {
    if (!ranks.has(key)) {
      const places = typeof list[0] === "number" ? list : Array.from(ranked(`${key} list`, list));
      ranks.set(key, Int32Array.from(column, (at) => places[at]));
    }
    return ranks.get(key);
  }
  const order = {
    verdict: () => data.verdict,
    title: () => ranked("title", data.title),
    errors: () => data.errors,
    warnings: () => data.warnings,
    notes: () => data.notes,
    checks: () => translated("checks", data.sets.map((set) => set.length), data.checks),
    lang: () => translated("lang", data.langs.map(([, name]) => name), data.lang),
    source: () => translated("source", data.sources, data.source),
    words: () => data.words,
  };
  const FIRST_DOWN = new Set(["errors", "warnings", "notes", "checks", "words"]);

  function picked(kept) {
    const rows = new Int32Array(count);
    let at = 0;
    for (let i = 0; i < count; i++) if (kept[i]) rows[at++] = i;
    return rows.subarray(0, at);
  }
  // Counting sort: stable, and linear where comparing would take 50 ms for 100,000 rows.
  function sorted(kept, by, down) {
    const {values, most} = packed(by);
    const starts = new Int32Array(most + 2);
    let total = 0;
    const slot = (i) => (down ? most - values[i] : values[i]);
    for (let i = 0; i < count; i++) if (kept[i]) starts[slot(i) + 1]++, total++;
    for (let at = 1; at < starts.length; at++) starts[at] += starts[at - 1];
    const rows = new Int32Array(total);
    for (let i = 0; i < count; i++) if (kept[i]) rows[starts[slot(i)]++] = i;
    return rows;
  }
  // A column as small whole numbers in the same order; made once.
  const columns = new Map();
  function packed(by) {
    if (!columns.has(by)) {
      const distinct = Int32Array.from(new Set(by)).sort();
      const dense = distinct.length && distinct.at(-1) < 4 * count;
      const place = dense ? null : new Map(Array.from(distinct, (value, at) => [value, at]));
      const values = dense ? Int32Array.from(by) : Int32Array.from(by, (value) => place.get(value));
      columns.set(by, {values, most: dense ? distinct.at(-1) : distinct.length});
    }
    return columns.get(by);
  }

  let chosen = new Int32Array(0);
  let shown = 0;
  const more = $(".btn.more");
  function extend() {
    const until = Math.min(chosen.length, shown + Math.ceil(innerHeight / ROW));
    body.append(...Array.from(chosen.subarray(shown, until), rowOf));
    shown = until;
    more.hidden = shown >= chosen.length;
  }
  function search(word, kept) {
    const hit = new Uint8Array(count);
    let i = 0;
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, ends[i])) {
      while (ends[i] <= at) i++;
      hit[i] = 1;
    }
    for (i = 0; i < count; i++) kept[i] &= hit[i];
  }
  function apply() {
    const wanted = $("#q").value.toLowerCase().split(/\s+/).filter(Boolean);
    const on = new Set(boxes.filter((box) => box.checked).map((box) => data.states.findIndex(([state]) => state === box.value)));
    const value = Object.fromEntries(selects.map((select) => [select.id, select.value]));
    const sets = value.check ? new Set(data.sets.flatMap((set, at) => (set.includes(value.check) ? [at] : []))) : null;
    const langs = value.lang ? data.langs.findIndex(([code]) => (code || "none") === value.lang) : -1;
    const source = value.source ? data.sources.findIndex((name) => (name || "none") === value.source) : -1;
    const counted = value.severity ? data[value.severity] : null;
    // A row takes part while its byte is 1; each filter in use is one pass over one column.
    const kept = new Uint8Array(count).fill(1);
    const keep = (column, holds) => {
      for (let i = 0; i < count; i++) if (kept[i] && !holds(column[i])) kept[i] = 0;
    };
    if (on.size < data.states.length) keep(data.verdict, (state) => on.has(state));
    if (sets) keep(data.checks, (set) => sets.has(set));
    if (value.lang) keep(data.lang, (at) => at === langs);
    if (value.source) keep(data.source, (at) => at === source);
    if (counted) keep(counted, (number) => number > 0);
    if (value.news && data.fresh) keep(data.fresh, (number) => (number > 0) === (value.news === "new"));
    for (const word of wanted) search(word, kept);
    const key = sort.replace(/^-/, "");
    chosen = Object.hasOwn(order, key) ? sorted(kept, order[key](), sort.startsWith("-")) : picked(kept);
    for (const th of $$("th[data-key]")) {
      if (th.dataset.key === key) th.setAttribute("aria-sort", sort.startsWith("-") ? "descending" : "ascending");
      else th.removeAttribute("aria-sort");
    }
    shown = 0;
    body.replaceChildren();
    extend();
    status.textContent = chosen.length === count ? "" : `${spell(chosen.length)} of ${spell(count)} articles`;
    remember();
  }

  for (const th of $$("th[data-key]")) {
    const button = make("button", "", th.textContent);
    button.type = "button";
    button.addEventListener("click", () => {
      const key = th.dataset.key;
      const first = FIRST_DOWN.has(key) ? `-${key}` : key;
      const second = FIRST_DOWN.has(key) ? key : `-${key}`;
      sort = sort === first ? second : sort === second ? "" : first;
      apply();
    });
    th.replaceChildren(button);
  }
  $("#q").addEventListener("input", apply);
  [...boxes, ...selects].forEach((control) => control.addEventListener("change", apply));
  $("#reset").addEventListener("click", () => {
    history.replaceState(null, "", location.pathname + location.search);
    recall();
  });
  more.addEventListener("click", extend);
  const near = {rootMargin: "0px 0px 400px"};
  new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && extend(), near).observe(more);
  addEventListener("hashchange", recall);
  recall();
  document.documentElement.dataset.ready = "yes";
  // The first search and the first sort of a page take three times as long as the next: these are for nobody.
  function warm() {
    const all = new Uint8Array(count).fill(1);
    for (const letter of "eao") search(letter, all);
    for (const down of [true, false]) sorted(all, order.title(), down);
    document.documentElement.dataset.idle = "yes";
  }
  // The order of 100,000 titles takes a third of a second: found out while nobody waits, in pieces.
  const idle = globalThis.requestIdleCallback || ((work) => setTimeout(work, 50));
  const slow = ["checks", "lang", "source", "title"];
  (function prepare() {
    const key = slow.shift();
    if (key) idle(() => (packed(order[key]()), prepare()));
    else idle(warm);
  })();
})();
