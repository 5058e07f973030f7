// The page "Scenario": every number with its unit, errors beside the field, saved as a whole or not at all.

import { get, post } from "./api.js";
import { el } from "./dom.js";

const UNSAVED = "Edits are flown here, but there is no file to save them to: precipice serve SCENARIO opens one.";

export class FieldsPage {
  constructor(failed) {
    this.failed = failed;
    this.rows = new Map();
    this.search = el("input", { type: "search", placeholder: "find a field, such as throw", id: "find-field", "aria-label": "Find a field", oninput: () => this.filter() });
    this.save = el("button", { type: "button", class: "main", id: "save", onclick: () => this.send("/api/save", "saved") }, "Save file");
    this.discard = el("button", { type: "button", id: "discard", onclick: () => this.send("/api/discard", "read again from the file") }, "Discard");
    this.words = el("span", { class: "soft", role: "status", id: "edit-words" });
    this.note = el("span", { class: "soft", id: "save-note" });
    this.other = el("div", { role: "alert" });
    this.list = el("div", { id: "fields" });
    this.node = el("div", {}, el("div", { class: "sticky" }, el("div", { class: "bar" }, this.search, this.save, this.discard), this.note, " ", this.words, this.other), this.list);
  }

  async send(path, done) {
    try {
      await post(path);
      this.words.textContent = done;
      await this.load();
    } catch (error) {
      this.failed(error);
    }
  }

  async load() {
    const fields = await get("/api/fields");
    const open = new Set([...this.list.querySelectorAll("details[open]")].map((node) => node.dataset.section));
    const focus = document.activeElement?.dataset?.path;
    const groups = new Map();
    this.rows.clear();
    for (const field of fields) {
      const section = field.name.includes(".") ? field.name.split(".")[0] : "stunt";
      if (!groups.has(section)) groups.set(section, []);
      groups.get(section).push(this.row(field));
    }
    this.list.replaceChildren(...[...groups].map(([section, rows]) =>
      el("details", { data: { section }, open: open.has(section) || (!open.size && section === "plan") }, el("summary", {}, `${section.replaceAll("_", " ")} (${rows.length})`), ...rows)));
    if (this.state) this.heed(this.state);
    if (focus) this.rows.get(focus)?.input.focus();
    this.filter();
  }

  row(field) {
    const id = `field-${field.path}`, value = field.edit ?? field.text;
    const change = () => this.edit(field, input.value);
    const input = field.words
      ? el("select", { id, data: { path: field.path }, onchange: change }, ...field.words.map((word) => el("option", { value: word, selected: word === value }, word)))
      : el("input", { id, data: { path: field.path }, value, spellcheck: "false", autocomplete: "off", placeholder: field.example, "aria-describedby": `${id}-help`, onchange: change });
    input.value = value;
    const basis = field.basis ? ` ${field.basis}${field.spread ? ", uncertain" : ""}.` : "";
    const name = field.name.split(".").slice(1).join(".") || field.name;
    const problem = el("div", { class: "problem", id: `${id}-problem`, role: "alert" });
    const node = el("div", { class: "field", data: { path: field.path } },
      el("label", { for: id, title: field.source ?? "" }, name.replaceAll("_", " "), el("small", { id: `${id}-help` }, field.help + basis)), input, problem);
    this.rows.set(field.path, { node, input, problem, field });
    return node;
  }

  async edit(field, text) {
    const back = text.trim() === field.text;
    try {
      await post("/api/edit", { path: field.path, text: back ? null : text });
    } catch (error) {
      this.failed(error);
    }
  }

  filter() {
    const word = this.search.value.trim().toLowerCase().replaceAll(" ", "_");
    for (const group of this.list.children) {
      let any = false;
      for (const node of group.querySelectorAll(".field")) {
        const hit = !word || node.dataset.path.includes(word);
        node.hidden = !hit;
        any ||= hit;
      }
      group.hidden = !any;
      if (word && any) group.open = true;
    }
  }

  heed(state) {
    this.state = state;
    const count = Object.keys(state.edits).length, left = [];
    for (const { node, problem, input, field } of this.rows.values()) {
      node.classList.toggle("changed", field.path in state.edits);
      const mine = state.problems.filter((p) => p.field === field.name || p.field.startsWith(`${field.name}.`));
      node.classList.toggle("wrong", mine.length > 0);
      input.setAttribute("aria-invalid", String(mine.length > 0));
      const text = mine.map((p) => `${p.rule}, but is ${p.value}: ${p.remedy}`).join(" · ");
      if (problem.textContent !== text) problem.textContent = text;
    }
    const named = [...this.rows.values()].map((row) => row.field.name);
    for (const p of state.problems) if (!named.some((name) => p.field === name || p.field.startsWith(`${name}.`))) left.push(el("p", { class: "bad" }, `${p.field} ${p.rule}, but is ${p.value}: ${p.remedy}`));
    this.other.replaceChildren(...left);
    this.save.disabled = !count || state.problems.length > 0 || !state.can_save;
    this.discard.disabled = !count;
    this.save.title = state.can_save ? state.file : UNSAVED;
    this.note.textContent = state.can_save ? "" : `${state.opened ? `${state.opened} keeps what was flown. ` : ""}${UNSAVED}`;
    if (state.problems.length) this.words.textContent = `${state.problems.length} to correct; the last scenario without problems is shown, and the file is untouched`;
    else if (count) this.words.textContent = `${count} changed, not saved: what you see is flown with ${count === 1 ? "it" : "them"}`;
    else if (/changed|correct/.test(this.words.textContent)) this.words.textContent = "";
    document.documentElement.dataset.problems = state.problems.length;
  }
}
