// What a person says, one thing after the other, and how to take it back: by saying the opposite.
const stored = (name, empty) => {
  try { return JSON.parse(sessionStorage.getItem(name)) ?? empty; } catch { return empty; }
};

export class Refusal extends Error {
  constructor(message, row) {
    super(message);
    this.row = row;
  }
}

export class Edits {
  constructor(changed) {
    this.changed = changed; // row, counts
    this.name = `vox-review ${location.pathname}`;
    ({ done: this.done, undone: this.undone } = stored(this.name, { done: [], undone: [] }));
    this.last = Promise.resolve();
    this.waiting = 0;
  }

  /** Says something; resolves when it is written. */
  say(edit) {
    return this.turn(async () => {
      await this.send(edit);
      this.done.push(edit);
      this.undone = [];
    });
  }

  undo() { return this.turn(() => this.move(this.done, this.undone, opposite)); }

  redo() { return this.turn(() => this.move(this.undone, this.done, edit => edit)); }

  /** One after the other, so that rows stand in the order in which they were said. */
  turn(work) {
    this.waiting++;
    const mine = this.last.then(work).finally(() => {
      this.waiting--;
      sessionStorage.setItem(this.name, JSON.stringify({ done: this.done.slice(-500), undone: this.undone.slice(-500) }));
    });
    this.last = mine.catch(() => { });
    return mine;
  }

  async move(from, to, turned) {
    const edit = from.pop();
    if (!edit) return null;
    const said = turned(edit);
    if (!said) throw new Refusal("there was nothing before: a file of edits cannot say that again. D drops the clip.");
    try { await this.send(said); }
    catch (error) {
      if (!(error instanceof Refusal)) from.push(edit); // it may go better later
      throw error;
    }
    to.push(edit);
    return edit;
  }

  async send({ number, sha256, field, old, new: now }) {
    const answer = await fetch("api/edit", { method: "POST", keepalive: true, headers: { "Content-Type": "application/json" }, body: JSON.stringify({ number, sha256, field, old, new: now }) });
    const said = await answer.json();
    if (answer.ok) this.changed(said.row, said.counts);
    else {
      if (said.row) this.changed(said.row, null);
      throw new Refusal(said.error, said.row);
    }
  }
}

/** The edit that takes one back; null where the form of the file has none. */
function opposite(edit) {
  const back = { ...edit, old: edit.new, new: edit.old };
  if (edit.field === "text" || edit.field === "speaker") return edit.old === "" ? null : back;
  return { ...edit, field: word[edit.old], old: state[edit.field] };
}

// what a clip is, and the word that makes it so
const word = { "": "undecided", kept: "keep", dropped: "drop" };
const state = { undecided: "", keep: "kept", drop: "dropped" };
