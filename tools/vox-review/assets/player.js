// Sound, its outline, and its words.
const speeds = [1, 0.75, 0.5, 1.5], loops = ["off", "clip", "word"], doubtful = 0.5;

export class Player {
  constructor(parts) {
    Object.assign(this, parts); // sound, wave, words, play, loop, speed, time
    this.clip = null;
    this.mode = "off";
    this.word = -1;
    this.wave.addEventListener("pointerdown", event => this.jump((event.offsetX / this.wave.clientWidth) * this.length));
    this.wave.addEventListener("keydown", event => {
      const to = { Home: 0, End: this.length }[event.key];
      if (to !== undefined) this.jump(to);
    });
    this.sound.addEventListener("play", () => this.tick());
    for (const happened of ["pause", "ended", "seeked", "loadedmetadata"]) this.sound.addEventListener(happened, () => this.draw());
    new ResizeObserver(() => this.draw()).observe(this.wave);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
    this.words.addEventListener("click", event => {
      const button = event.target.closest("button");
      if (button) this.choose(Number(button.dataset.word), true);
    });
  }

  get length() { return this.clip?.seconds || 0; }

  open(clip, start) {
    this.clip = clip;
    this.word = -1;
    this.sound.pause();
    if (clip.fault) this.sound.removeAttribute("src");
    else this.sound.src = `sound/${clip.row.number}?${clip.sha256.slice(0, 16)}`;
    this.sound.playbackRate = this.sound.defaultPlaybackRate;
    this.words.replaceChildren(...clip.words.map((word, place) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = word.text;
      button.dataset.word = place;
      button.tabIndex = -1; // commas and points go through them; hundreds of stops for Tab would be a wall
      button.title = `${word.start.toFixed(2)} to ${word.end.toFixed(2)} s${word.score === null ? "" : `, ${word.score.toFixed(2)}`}`;
      button.classList.toggle("doubtful", word.score !== null && word.score < doubtful);
      return button;
    }));
    this.words.hidden = clip.words.length === 0;
    this.draw();
    if (start && !clip.fault) this.start();
  }

  start() { this.sound.play().catch(() => { }); } // browsers let nothing play before the first key or click

  toggle() {
    if (!this.clip || this.clip.fault) return;
    if (this.sound.paused) {
      const range = this.range();
      if (range && (this.sound.currentTime < range.start || this.sound.currentTime >= range.end)) this.sound.currentTime = range.start;
      this.start();
    } else this.sound.pause();
  }

  jump(seconds) {
    if (!this.clip || this.clip.fault) return;
    this.sound.currentTime = Math.min(Math.max(0, seconds), this.length);
    if (this.mode !== "word") this.word = -1;
    this.draw();
  }

  /** What is looped: a word, or null for all of it. */
  range() { return this.mode === "word" && this.word >= 0 ? this.clip.words[this.word] : null; }

  cycle() {
    this.mode = loops[(loops.indexOf(this.mode) + 1) % loops.length];
    if (this.mode === "word" && !this.clip?.words.length) this.mode = "off";
    if (this.mode === "word" && this.word < 0) this.word = Math.max(0, this.now());
    this.sound.loop = this.mode === "clip";
    this.draw();
  }

  faster() {
    const speed = speeds[(speeds.indexOf(this.sound.playbackRate) + 1) % speeds.length];
    this.sound.defaultPlaybackRate = this.sound.playbackRate = speed;
    this.draw();
  }

  choose(place, start) {
    if (!this.clip?.words.length) return;
    this.word = Math.min(Math.max(0, place), this.clip.words.length - 1);
    this.sound.currentTime = this.clip.words[this.word].start;
    this.words.children[this.word].scrollIntoView({ block: "nearest" });
    if (start) this.start();
    this.draw();
  }

  step(by) { this.choose((this.word >= 0 ? this.word : this.now()) + by, true); }

  /** The word that is spoken. */
  now() {
    const at = this.sound.currentTime + 0.001;
    return this.clip?.words.findLastIndex(word => word.start <= at) ?? -1;
  }

  tick() {
    const range = this.range();
    if (range && this.sound.currentTime >= Math.max(range.end, range.start + 0.05)) this.sound.currentTime = range.start;
    this.draw();
    if (!this.sound.paused) requestAnimationFrame(() => this.tick());
  }

  draw() {
    const at = this.sound.currentTime || 0;
    this.play.textContent = this.sound.paused ? "Play" : "Pause";
    this.loop.textContent = this.mode;
    this.speed.firstChild.data = `${this.sound.playbackRate}× `;
    this.time.textContent = this.clip ? `${at.toFixed(1)} / ${this.length.toFixed(1)} s` : "";
    this.wave.setAttribute("aria-valuemax", this.length.toFixed(1));
    this.wave.setAttribute("aria-valuenow", at.toFixed(1));
    const spoken = this.sound.paused ? -1 : this.now();
    [...this.words.children].forEach((button, place) => {
      button.classList.toggle("now", place === spoken);
      button.setAttribute("aria-pressed", place === this.word);
    });
    this.outline(at);
  }

  outline(at) {
    const { wave, clip } = this, scale = devicePixelRatio || 1, width = Math.round(wave.clientWidth * scale), tall = Math.round(wave.clientHeight * scale);
    if (!width || !clip) return;
    if (wave.width !== width || wave.height !== tall) Object.assign(wave, { width, height: tall });
    const paint = wave.getContext("2d"), style = getComputedStyle(wave), colour = name => style.getPropertyValue(name);
    paint.clearRect(0, 0, width, tall);
    const place = seconds => this.length ? (seconds / this.length) * width : 0;
    if (this.word >= 0 && clip.words[this.word]) {
      const { start, end } = clip.words[this.word];
      paint.fillStyle = colour("--chosen");
      paint.fillRect(place(start), 0, Math.max(2, place(end) - place(start)), tall);
    }
    const columns = clip.peaks.length / 2, middle = tall / 2, top = Math.max(8, ...clip.peaks.map(Math.abs));
    for (let column = 0; column < columns; column++) {
      const x = (column / columns) * width, low = clip.peaks[2 * column] / top, high = clip.peaks[2 * column + 1] / top;
      paint.fillStyle = colour(x < place(at) ? "--played" : "--wave");
      paint.fillRect(x, middle - high * middle * 0.94, Math.max(1, width / columns), Math.max(scale, (high - low) * middle * 0.94));
    }
    paint.fillStyle = colour("--ink");
    paint.fillRect(place(at), 0, 2 * scale, tall);
  }
}
