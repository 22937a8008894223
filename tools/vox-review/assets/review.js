import { ClipList } from "./list.js";
import { Player } from "./player.js";
import { Edits } from "./edits.js";

const part = id => document.getElementById(id);
const get = async path => {
  const answer = await fetch(path);
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.error);
  return said;
};
const line = text => text.replace(/[\s\u2028\u2029]+/g, " ").trim();

let summary, clip = null, opening = 0, quiet;
const list = new ClipList(part("list"), part("space"), async numbers => (await get(`api/rows?numbers=${numbers.join(",")}`)).rows, place => go(place));
const player = new Player({ sound: part("sound"), wave: part("wave"), words: part("words"), play: part("play-word"), loop: part("loop-word"), speed: part("speed"), time: part("time") });
const edits = new Edits((row, counts) => {
  list.put(row);
  if (counts) summary.counts = counts;
  if (!summary.speakers.includes(row.speaker) && row.speaker) {
    summary.speakers = [...summary.speakers, row.speaker].sort();
    speakers();
  }
  if (clip?.row.number === row.number) {
    const typed = part("text"), untouched = line(typed.value) === line(clip.row.text);
    clip.row = row;
    if (untouched) typed.value = row.text;
    show();
  }
  count();
});

function say(text, alarm = false) {
  const box = part("say");
  box.textContent = text;
  box.classList.toggle("alarm", alarm);
  box.hidden = false;
  clearTimeout(quiet);
  quiet = setTimeout(() => { box.hidden = true; }, alarm ? 8000 : 2500);
}

const fail = error => say(error instanceof TypeError ? "the server does not answer; is vox-review still running? Nothing is lost that was saved." : error.message, true);

function count() {
  const { touched, corrected, kept, dropped } = summary.counts;
  part("progress").textContent = `${touched.toLocaleString("en")} of ${summary.total.toLocaleString("en")} clips done: ${corrected} corrected, ${kept} kept, ${dropped} dropped`
    + (summary.orphans ? `; ${summary.orphans} earlier edits do not apply` : "");
  part("undo").disabled = edits.done.length === 0;
  part("redo").disabled = edits.undone.length === 0;
}

function speakers() {
  const chosen = part("of-speaker"), value = chosen.value;
  chosen.replaceChildren(new Option("all", ""), ...summary.speakers.map(name => new Option(name, name)));
  chosen.value = value;
}

/** What hangs on the clip's row, and not on its sound. */
function show() {
  const { row } = clip;
  part("name").textContent = row.id;
  const badges = [[row.confidence === null ? "" : `${summary.sorted_by ?? "confidence"} ${row.confidence.toFixed(3)}`, ""], ...row.guards.map(guard => [guard, "alarm"]),
    [row.rejected && `rejected: ${row.rejected}`, "alarm"], [row.corrected && "corrected", "good"], [row.state, row.state === "dropped" ? "alarm" : "good"]];
  part("badges").replaceChildren(...badges.filter(([text]) => text).map(([text, kind]) => Object.assign(document.createElement("span"), { className: `badge ${kind}`, textContent: text })));
  part("keep").setAttribute("aria-pressed", row.state === "kept");
  part("drop").setAttribute("aria-pressed", row.state === "dropped");
  part("first").hidden = row.text === clip.first_text;
  part("first").textContent = `before all edits: ${clip.first_text || "no text"}`;
  part("speakers").replaceChildren(...summary.speakers.map((name, place) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: name + " " });
    button.setAttribute("aria-pressed", name === row.speaker);
    if (place < 9) button.append(Object.assign(document.createElement("kbd"), { textContent: place + 1 }));
    button.onclick = () => speaker(name);
    return button;
  }));
  typed();
}

function typed() {
  part("text-state").textContent = clip && line(part("text").value) !== line(clip.row.text) ? "not saved yet" : "";
}

/** Opens the clip at a place of the list. */
async function go(place) {
  if (place < 0 || place >= list.numbers.length) return;
  save();
  const mine = ++opening;
  list.choose(place);
  try {
    const opened = await get(`api/clip/${list.number}`);
    if (mine !== opening) return; // somebody went on meanwhile
    clip = opened;
    list.put(clip.row);
    part("text").value = clip.row.text;
    part("new-speaker").value = "";
    part("fault").hidden = !clip.fault;
    part("fault").textContent = clip.fault;
    part("values").replaceChildren(...Object.entries(clip.values).map(([name, value]) => {
      const row = document.createElement("tr");
      row.append(Object.assign(document.createElement("th"), { textContent: name }), Object.assign(document.createElement("td"), { textContent: value }));
      return row;
    }));
    part("clip").hidden = false;
    show();
    player.open(clip, part("auto").checked);
  } catch (error) { fail(error); }
}

async function relist() {
  save();
  await edits.last;
  const asked = new URLSearchParams({ order: part("order").value, filter: part("filter").value, words: part("find").value, speaker: part("of-speaker").value });
  try {
    const { numbers } = await get(`api/list?${asked}`);
    list.set(numbers);
    part("found").textContent = numbers.length === 1 ? "1 clip" : `${numbers.length.toLocaleString("en")} clips`;
    part("nothing").hidden = numbers.length > 0;
    if (numbers.length > 0) await go(0);
    else {
      clip = null;
      part("sound").pause();
      part("clip").hidden = true;
    }
  } catch (error) { fail(error); }
}

async function change(field, old, now, words) {
  try {
    await edits.say({ number: clip.row.number, sha256: clip.sha256, field, old, new: now });
    say(words);
  } catch (error) { fail(error); }
  finally { count(); }
}

/** Saves the text where it was changed. */
function save() {
  if (!clip) return;
  const text = line(part("text").value);
  if (text === line(clip.row.text)) return;
  if (text === "") {
    part("text").value = clip.row.text;
    typed();
    return say("an empty text is no correction; D drops the clip", true);
  }
  if (clip.pending === text) return; // on its way
  const saved = clip;
  saved.pending = text;
  change("text", clip.row.text, text, "saved").then(() => {
    saved.pending = null;
    typed();
  });
}

const keep = () => clip && (clip.row.state === "kept" ? change("undecided", "kept", "", "kept no more") : change("keep", clip.row.state, "", "kept"));
const drop = () => clip && (clip.row.state === "dropped" ? change("undecided", "dropped", "", "dropped no more") : change("drop", clip.row.state, "", "dropped"));
const speaker = name => clip && name && name !== clip.row.speaker && change("speaker", clip.row.speaker, name, `speaker: ${name}`);

async function turnBack(work, word) {
  save();
  try {
    const edit = await work();
    if (!edit) return say(`nothing to ${word}`);
    say(`${word}: ${edit.field}`);
    if (clip?.row.number !== edit.number) {
      const place = list.numbers.indexOf(edit.number);
      if (place >= 0) await go(place);
    }
  } catch (error) { fail(error); }
  finally { count(); }
}

const undo = () => turnBack(() => edits.undo(), "undo"), redo = () => turnBack(() => edits.redo(), "redo");
const enter = () => {
  save();
  if (list.at + 1 < list.numbers.length) go(list.at + 1);
  else say("that was the last one");
};

const keys = {
  " ": () => player.toggle(), j: () => go(list.at + 1), arrowdown: () => go(list.at + 1), k: () => go(list.at - 1), arrowup: () => go(list.at - 1), enter, y: keep, d: drop, u: undo, l: () => player.cycle(),
  s: () => player.faster(), ",": () => player.step(-1), ".": () => player.step(1), arrowleft: () => player.jump(part("sound").currentTime - 0.5), arrowright: () => player.jump(part("sound").currentTime + 0.5),
  e: () => part("text").focus(), "/": () => part("find").focus(), "?": () => part("help").showModal(), r: relist,
};

document.addEventListener("keydown", event => {
  if (event.isComposing || part("help").open) return;
  const key = event.key.toLowerCase(), target = event.target, command = event.ctrlKey || event.metaKey;
  const act = work => {
    event.preventDefault();
    work();
  };
  if (target === part("text")) {
    if (key === "enter" && !event.shiftKey) return act(enter);
    if (key === "escape") return act(() => part("list").focus());
    if (command && key === " ") return act(() => player.toggle());
    return;
  }
  if (target.matches("input:not([type=checkbox]), select")) {
    if (key === "escape") act(() => part("list").focus());
    if (key === "enter" && target === part("new-speaker")) act(() => speaker(line(target.value)));
    return;
  }
  if (command && key === "z") return act(event.shiftKey ? redo : undo);
  if (command && key === "y") return act(redo);
  if (command || event.altKey) return;
  if (key === "u" && event.shiftKey) return act(redo);
  if (/^[1-9]$/.test(key)) return act(() => speaker(summary.speakers[key - 1]));
  if ((key === " " || key === "enter") && target.matches("button, summary, input")) return; // it is theirs
  if (keys[key]) act(keys[key]);
});

part("text").addEventListener("input", typed);
part("text").addEventListener("blur", save);
addEventListener("pagehide", save);
addEventListener("beforeunload", event => { if (edits.waiting) event.preventDefault(); });
for (const [id, work] of Object.entries({ play: () => player.toggle(), loop: () => player.cycle(), speed: () => player.faster(), save: enter, keep, drop, undo, redo, "help-open": () => part("help").showModal() })) part(id).addEventListener("click", work);
for (const id of ["filter", "order", "of-speaker"]) part(id).addEventListener("change", relist);
let pause;
part("find").addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(relist, 250);
});
document.querySelector("form.filters").addEventListener("submit", event => event.preventDefault());

try {
  summary = await get("api/summary");
  document.title = `Review: ${summary.title}`;
  part("title").textContent = `Review: ${summary.title}`;
  part("edits-file").textContent = summary.edits_file;
  part("filter").replaceChildren(...summary.filters.map(name => new Option(name, name)));
  part("order").replaceChildren(...summary.orders.map(name => new Option(name === "confidence" ? `lowest ${summary.sorted_by ?? "confidence"}` : name, name)));
  speakers();
  count();
  await relist();
  part("list").focus();
  document.documentElement.dataset.ready = "";
} catch (error) { fail(error); }
