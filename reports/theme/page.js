// Keys and comforts of an article page. The page is complete and readable without this script.
"use strict";
(() => {
  const root = document.documentElement;
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  root.classList.add("js");

  const run = globalThis.bycatch || {};
  const number = Number(document.body.dataset.number);
  if (run.pages >= number) $(".place").textContent = `${number} of ${run.pages.toLocaleString("en")}`;
  const held = (run.held || []).find(([at]) => at > number) || (run.held || []).find(([at]) => at !== number);
  if (held && /^[0-9a-f]{16}$/.test(held[1])) {
    const link = $(".next-held");
    link.href = `../${held[1].slice(0, 2)}/${held[1]}.html`;
    link.hidden = false;
  }

  // Findings
  let current = null;
  const notes = () => $$(".note[id]").filter((note) => getComputedStyle(note).display !== "none");
  const reveal = (element) => {
    for (let at = element; at; at = at.parentElement) if (at.localName === "details") at.open = true;
  };
  function select(note, scroll = true) {
    if (current) current.classList.remove("cur");
    $$(".lit").forEach((mark) => mark.classList.remove("lit"));
    $$(".map .here").forEach((bar) => bar.classList.remove("here"));
    current = note;
    document.dispatchEvent(new CustomEvent("bycatch:current", {detail: note}));
    if (!note) return;
    reveal(note);
    note.classList.add("cur");
    $$(`mark[data-f="${note.id.slice(1)}"]`).forEach((mark) => mark.classList.add("lit"));
    const row = note.closest(".row");
    if (row) $$(`.map a[href="#${row.id}"]`).forEach((bar) => bar.classList.add("here"));
    note.focus({preventScroll: true});
    if (scroll) (row && row.offsetHeight < innerHeight / 2 ? row : note).scrollIntoView({block: "center"});
  }
  function step(by) {
    const all = notes();
    if (!all.length) return;
    const at = all.indexOf(current);
    select(all[at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length]);
  }
  // What the script for decisions asks for: the next finding, the next that it accepts, or a certain one.
  document.addEventListener("bycatch:go", (event) => select(event.detail));
  document.addEventListener("bycatch:next", (event) => {
    if (!event.detail) return step(1);
    const all = notes();
    const at = all.indexOf(current);
    const next = [...all.slice(at + 1), ...all.slice(0, Math.max(at, 0))].find(event.detail);
    if (next) select(next);
    else if (current) current.focus({preventScroll: true});
  });
  document.addEventListener("click", (event) => {
    const mark = event.target.closest("mark[data-f]");
    const note = mark && document.getElementById(`f${mark.dataset.f}`);
    if (note) return select(note, false);
    const own = event.target.closest(".note[id]");
    if (own && own !== current && !event.target.closest("a, summary, button")) select(own, false);
  });

  // Why: the reason stands once on the page, below, and is copied into the note that asks for it.
  document.addEventListener("toggle", (event) => {
    const why = event.target;
    if (!why.matches || !why.matches(".note .why") || !why.open || why.dataset.full) return;
    const reason = document.getElementById(`why-${why.dataset.check}`);
    if (!reason) return;
    why.dataset.full = "yes";
    $(".more", why).replaceWith($(".reason", reason).cloneNode(true));
  }, true);

  // Views
  const views = ["v-find", "v-raw", "v-fix"].map((id) => document.getElementById(id));
  const opened = new Set();
  function unfold(open) {
    for (const fold of $$(".fold")) {
      if (open && !fold.open) opened.add(fold);
      if (open) fold.open = true;
      else if (opened.has(fold)) fold.open = false;
    }
    if (!open) opened.clear();
  }
  const viewed = () => unfold(!views[0].checked);
  views.forEach((view) => view.addEventListener("change", viewed));
  function turn() {
    const at = views.findIndex((view) => view.checked);
    views[(at + 1) % views.length].checked = true;
    viewed();
  }
  addEventListener("beforeprint", () => unfold(true));
  addEventListener("afterprint", viewed);

  // Places: a link to a folded paragraph opens its fold.
  function arrive() {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    reveal(target);
    if (target.matches(".note")) select(target);
    else target.scrollIntoView({block: "center"});
  }
  addEventListener("hashchange", arrive);
  arrive();

  // Keys
  const keys = $("dialog.keys");
  const help = () => (keys.open ? keys.close() : keys.showModal());
  $(".help").addEventListener("click", help);
  $(".btn", keys).addEventListener("click", help);
  const follow = (selector) => {
    const link = $(selector);
    if (link && link.href) link.click();
  };
  const actions = {
    j: () => step(1),
    k: () => step(-1),
    c: turn,
    "[": () => follow("a[rel=prev]"),
    "]": () => follow("a[rel=next]"),
    i: () => follow("a.brand"),
    y: () => current && ($(".why", current).open = !$(".why", current).open),
    "?": help,
  };
  addEventListener("keydown", (event) => {
    // AltGr, which types [ and ] on many keyboards, is reported as Ctrl and Alt.
    const chord = (event.ctrlKey || event.altKey || event.metaKey) && !event.getModifierState("AltGraph");
    if (chord || event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select")) return;
    if ($("dialog[open]") && !(keys.open && event.key === "?")) return;
    const action = actions[event.key];
    if (action) {
      event.preventDefault();
      action();
    }
  });
})();
