// Decisions: taken on the page, kept in the browser (or handed to `bycatch review`), exported as one file that
// `bycatch apply` carries out. A page without this script is complete; it only cannot be decided on.
"use strict";
(() => {
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const run = globalThis.bycatch || {};
  const tray = $(".tray");
  const here = $("#found") ? JSON.parse($("#found").textContent) : null;
  const WORDS = {fix: "fix accepted", waive: "waived", skip: "skipped", teach: "taught"};

  // The log: one entry a decision, the last one that fits a finding holds. Kept per run, shared by its pages.
  const place = `bycatch:${run.run || ""}`;
  let log = [];
  function stored() {
    try {
      const kept = JSON.parse(localStorage.getItem(place) || "[]");
      return Array.isArray(kept) ? kept : [];
    } catch {
      return log;
    }
  }
  const post = (path, body) =>
    fetch(path, {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(body)}).then(async (answer) => {
      const said = await answer.json();
      if (!answer.ok) throw new Error(said.error || `the server said ${answer.status}`);
      return said;
    });
  async function change(next, say) {
    if (run.served) {
      try {
        log = (await post("/decisions", {run: run.run, had: log.length, decisions: next})).decisions;
      } catch (error) {
        return show(`Not kept: ${error.message}`);
      }
    } else {
      log = next;
      try {
        localStorage.setItem(place, JSON.stringify(log));
      } catch {
        say += "; this browser keeps nothing, so download before you leave";
      }
    }
    show(say);
    paint();
  }

  // Which decision holds for a note
  function fits(decision, key, [check, phrase]) {
    if (decision.do === "teach") return false;
    if (decision.for === "finding") return decision.key === key && decision.text === here.text;
    if (decision.for === "phrase") return decision.check === check && decision.phrase === phrase;
    if (decision.for === "check") return decision.check === check;
    return decision.source === here.source;
  }
  const holds = (key) => log.findLast((decision) => here.notes[key] && fits(decision, key, here.notes[key]) && !(decision.do === "fix" && !here.notes[key][2]));
  const noted = here ? $$(".note[data-key]") : [];
  const panel = here ? $("#decide").content.firstElementChild.cloneNode(true) : null;
  const many = (count, one) => `${count.toLocaleString("en")} ${one}${count === 1 ? "" : "s"}`;

  let said = "";
  function show(text) {
    said = text;
    paint();
  }
  function paint() {
    const done = noted.filter((note) => {
      const decision = holds(note.dataset.key);
      note.dataset.decided = decision ? decision.do : "";
      let tag = $(".decided", note);
      if (decision && !tag) {
        tag = document.createElement("span");
        tag.className = "decided";
        $("h3", note).after(tag);
      }
      if (tag) {
        tag.hidden = !decision;
        tag.textContent = decision ? WORDS[decision.do] + (decision.reason ? `: ${decision.reason}` : "") : "";
      }
      return decision;
    });
    tray.hidden = !log.length && !said && !noted.length;
    const parts = [];
    if (said) parts.push(said);
    if (noted.length) parts.push(`${done.length} of ${noted.length} decided here`);
    if (log.length || !noted.length) parts.push(`${many(log.length, "decision")} in all`);
    $(".state", tray).textContent = parts.join(". ") + ".";
    for (const button of $$("button", tray)) button.hidden = !log.length || (button.dataset.act === "carry" && !run.served);
  }

  // Taking a decision
  let current = null;
  let by = "";
  try {
    by = localStorage.getItem("bycatch:by") || "";
  } catch {
    by = "";
  }
  document.addEventListener("bycatch:current", (event) => {
    current = event.detail;
    if (!panel) return;
    if (!current) return panel.remove();
    const [, phrase, fixable, quote] = here.notes[current.dataset.key];
    form.hidden = true;
    $("[data-act=fix]", panel).disabled = !fixable;
    const [, ofPhrase, , ofSource] = scope.options;
    for (const [option, value] of [[ofPhrase, phrase && quote], [ofSource, here.source]]) {
      option.hidden = option.disabled = !value;
      option.dataset.words ||= option.textContent;
      option.textContent = option.dataset.words.replace("%s", () => (value.length > 40 ? value.slice(0, 39) + "…" : value));
    }
    scope.value = "finding";
    current.append(panel);
  });
  const step = () => document.dispatchEvent(new CustomEvent("bycatch:next", {detail: (note) => !note.dataset.decided}));
  function take(what, more = {}) {
    if (!current) return show("Choose a finding first, with j");
    const [check, phrase, fixable, quote] = here.notes[current.dataset.key];
    if (what === "fix" && !fixable) return show("No fix is offered here; waive it or skip it");
    const how = scope.value;
    const decision = {do: what, for: how};
    if (how === "finding") {
      Object.assign(decision, {key: current.dataset.key, check, article: here.article, path: here.path, record: here.record, text: here.text, quote});
    } else if (how === "source") decision.source = here.source;
    else decision.check = check;
    if (how === "phrase") decision.phrase = phrase;
    Object.assign(decision, more);
    if (by) decision.by = by;
    change([...latest(), decision], WORDS[what]).then(step);
  }
  const latest = () => (run.served ? log : stored());
  function undo() {
    const all = latest();
    const last = all.at(-1);
    if (!last) return show("Nothing to undo");
    const where = last.for === "finding" && here && last.text !== here.text ? ` in ${last.article}` : "";
    change(all.slice(0, -1), `Undone: ${WORDS[last.do]}${where}`).then(() => {
      const note = last.key && noted.find((one) => one.dataset.key === last.key);
      if (note) document.dispatchEvent(new CustomEvent("bycatch:go", {detail: note}));
    });
  }
  const form = panel && $("form", panel);
  const scope = panel && $("select", panel);
  if (panel) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const reason = form.elements.reason.value.trim();
      if (!reason) return form.elements.reason.focus();
      by = form.elements.by.value.trim();
      try {
        localStorage.setItem("bycatch:by", by);
      } catch {
        // The name is then asked for again.
      }
      const until = form.elements.until.value;
      take("waive", until ? {reason, until} : {reason});
      form.elements.reason.value = "";
    });
    panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !form.hidden) cancel();
    });
  }
  function cancel() {
    form.hidden = true;
    if (current) current.focus({preventScroll: true});
  }
  function waive() {
    if (!current) return show("Choose a finding first, with j");
    form.hidden = false;
    form.elements.by.value = by;
    form.elements.reason.focus({preventScroll: true});
    form.scrollIntoView({block: "center"});
  }

  // Teaching a phrase
  const dialog = $("dialog.teach");
  function teach(text) {
    const lesson = $("form", dialog);
    lesson.elements.phrase.value = text.trim().replace(/\s+/g, " ").slice(0, 300);
    dialog.showModal();
  }
  if (dialog) {
    const lesson = $("form", dialog);
    const fill = (select, pairs, value) => {
      for (const [id, title] of pairs) select.append(new Option(title, id, false, id === value));
    };
    fill(lesson.elements.check, run.checks || []);
    fill(lesson.elements.lang, run.langs || [], here.lang);
    lesson.addEventListener("submit", (event) => {
      event.preventDefault();
      const phrase = lesson.elements.phrase.value.trim();
      if (!phrase) return;
      const decision = {do: "teach", check: lesson.elements.check.value, lang: lesson.elements.lang.value, phrase, article: here.article};
      if (by) decision.by = by;
      dialog.close();
      change([...latest(), decision], `Taught “${phrase}”`);
    });
    // Short lines without a finding may be furniture that no check knows yet.
    for (const row of $$(".row")) {
      const text = $(".p", row);
      if ($(".note, mark", row) || /\bf-|gone/.test(row.className) || text.textContent.length > 90) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "teach-line";
      button.dir = "ltr";
      button.textContent = "Teach…";
      button.setAttribute("aria-label", `Teach the phrase of ${$(".no", row).getAttribute("aria-label").toLowerCase()}`);
      button.addEventListener("click", () => teach(text.textContent));
      text.after(button);
      row.classList.add("teachable");
    }
  }

  // The file
  const quoted = (text) => JSON.stringify(String(text)).replace(/\\ud[89a-f][0-9a-f]{2}/gi, "\\ufffd").replace(/\x7f/g, "\\u007f");
  function file() {
    const lines = ["# Decisions taken on a bycatch report. `bycatch apply decisions.toml` carries them out.", "version = 1", `run = ${quoted(run.run || "")}`, `paths = [${(run.paths || []).map(quoted).join(", ")}]`];
    const records = Object.entries(run.records || {}).map(([path, numbers]) => `${quoted(path)} = [${numbers.join(", ")}]`);
    if (records.length) lines.push(`records = { ${records.join(", ")} }`);
    for (const decision of log) {
      lines.push("", "[[decision]]");
      for (const [name, value] of Object.entries(decision)) lines.push(`${name} = ${typeof value === "number" ? value : quoted(value)}`);
    }
    return lines.join("\n") + "\n";
  }
  function download() {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([file()], {type: "application/toml"}));
    link.download = "decisions.toml";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    show("decisions.toml saved; carry it out with: bycatch apply decisions.toml");
  }
  async function copy() {
    try {
      await navigator.clipboard.writeText(file());
      show("Copied");
    } catch {
      const box = $("dialog.shown");
      $("pre", box).textContent = file();
      box.showModal();
      getSelection().selectAllChildren($("pre", box));
    }
  }
  async function carry() {
    try {
      const answer = await post("/apply", {run: run.run});
      const box = $("dialog.shown");
      $("h2", box).textContent = "Carried out";
      $("pre", box).textContent = answer.lines.join("\n");
      box.addEventListener("close", () => location.reload(), {once: true});
      box.showModal();
    } catch (error) {
      show(`Not carried out: ${error.message}`);
    }
  }

  const acts = {fix: () => take("fix"), skip: () => take("skip"), waive, cancel, undo, download, copy, carry, next: () => document.dispatchEvent(new CustomEvent("bycatch:next", {detail: null}))};
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-act]");
    if (!button) return;
    if (button.dataset.act === "close") return button.closest("dialog").close();
    acts[button.dataset.act]();
  });
  const keys = here ? {a: acts.fix, w: waive, s: acts.skip, z: undo, t: () => teach(String(getSelection()) || (current && $(".p", current.closest(".row") || document).textContent) || "")} : {z: undo};
  addEventListener("keydown", (event) => {
    const chord = (event.ctrlKey || event.altKey || event.metaKey) && !event.getModifierState("AltGraph");
    if (chord || event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select") || $("dialog[open]")) return;
    if (Object.hasOwn(keys, event.key)) {
      event.preventDefault();
      keys[event.key]();
    }
  });

  // Another page of the same run, open in another tab.
  addEventListener("storage", (event) => {
    if (event.key !== place) return;
    log = stored();
    paint();
  });
  if (run.served) {
    fetch("/decisions").then((answer) => answer.json()).then((kept) => {
      log = kept.decisions;
      by ||= kept.by || "";
      paint();
    });
  } else log = stored();
  paint();
})();
