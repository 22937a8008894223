// The list of clips: only the rows in sight are elements, so that twenty thousand are no more work than twenty.
const height = 60, spare = 8, batch = 200;

export class ClipList {
  constructor(box, space, load, open) {
    this.box = box;
    this.space = space;
    this.load = load; // numbers -> rows
    this.open = open; // a place was chosen
    this.numbers = [];
    this.rows = new Map();
    this.shown = new Map();
    this.asked = new Set();
    this.at = -1;
    box.addEventListener("scroll", () => this.draw(), { passive: true });
    new ResizeObserver(() => this.draw()).observe(box);
    space.addEventListener("click", event => {
      const row = event.target.closest(".row");
      if (row) this.open(Number(row.dataset.place));
    });
  }

  get number() { return this.numbers[this.at]; }

  set(numbers) {
    this.numbers = numbers;
    this.asked.clear();
    for (const element of this.shown.values()) element.remove();
    this.shown.clear();
    this.space.style.height = `${numbers.length * height}px`;
    this.at = -1;
    this.box.scrollTop = 0;
    this.draw();
  }

  /** Chooses a place and brings it into sight. */
  choose(place) {
    this.at = place;
    const top = place * height;
    if (top < this.box.scrollTop) this.box.scrollTop = top;
    else if (top + height > this.box.scrollTop + this.box.clientHeight) this.box.scrollTop = top + height - this.box.clientHeight;
    this.draw();
  }

  /** A row has changed. */
  put(row) {
    this.rows.set(row.number, row);
    for (const [place, element] of this.shown) if (this.numbers[place] === row.number) this.fill(element, place);
  }

  draw() {
    const from = Math.max(0, Math.floor(this.box.scrollTop / height) - spare);
    const to = Math.min(this.numbers.length, Math.ceil((this.box.scrollTop + this.box.clientHeight) / height) + spare);
    for (const [place, element] of this.shown)
      if (place < from || place >= to) {
        element.remove();
        this.shown.delete(place);
      }
    for (let place = from; place < to; place++) {
      let element = this.shown.get(place);
      if (!element) {
        element = document.createElement("div");
        element.className = "row";
        element.setAttribute("role", "option");
        element.style.top = `${place * height}px`;
        element.dataset.place = place;
        element.id = `row-${place}`;
        this.shown.set(place, element);
        this.space.append(element);
        this.fill(element, place);
      }
      element.setAttribute("aria-selected", place === this.at);
    }
    if (this.at >= 0) this.box.setAttribute("aria-activedescendant", `row-${this.at}`);
    else this.box.removeAttribute("aria-activedescendant");
    this.fetch(from, to);
  }

  async fetch(from, to) {
    const missing = [];
    for (let place = from; place < to && missing.length < batch; place++) {
      const number = this.numbers[place];
      if (!this.rows.has(number) && !this.asked.has(number)) missing.push(number);
    }
    if (missing.length === 0) return;
    for (const number of missing) this.asked.add(number);
    try {
      for (const row of await this.load(missing)) this.put(row);
    } catch {
      for (const number of missing) this.asked.delete(number); // the next scroll asks again
    }
  }

  fill(element, place) {
    const row = this.rows.get(this.numbers[place]);
    element.setAttribute("aria-setsize", this.numbers.length);
    element.setAttribute("aria-posinset", place + 1);
    if (!row) return;
    element.classList.toggle("dropped", row.state === "dropped");
    const part = (kind, text) => {
      const span = document.createElement("span");
      span.className = kind;
      span.textContent = text;
      return span;
    };
    const about = part("about", [row.seconds === null ? "" : `${row.seconds.toFixed(1)} s`, row.speaker, row.id].filter(Boolean).join(" · "));
    if (row.guards.length || row.rejected) about.prepend(part("guards", [...row.guards, row.rejected].filter(Boolean).join(" ") + " · "));
    element.replaceChildren(part("said", row.text), part("sure", row.confidence === null ? "" : row.confidence.toFixed(2)), about,
      part("mark", [row.corrected ? "corrected" : "", row.state].filter(Boolean).join(", ")));
  }
}
