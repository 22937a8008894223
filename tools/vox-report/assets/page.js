'use strict';
// A player for each clip: a click on the waveform plays from there; space plays and pauses; the arrow keys go to the clip before or after.
(() => {
  document.documentElement.classList.add('scripted');
  const waves = [...document.querySelectorAll('button.wave')];
  let current = null;

  const soundOf = wave => wave.parentElement.querySelector('audio');

  function draw(wave) {
    const sound = soundOf(wave);
    const share = sound.duration > 0 ? sound.currentTime / sound.duration : 0;
    wave.querySelector('.played').setAttribute('width', 320 * share);
  }

  function follow(wave) {
    draw(wave);
    if (!soundOf(wave).paused) requestAnimationFrame(() => follow(wave));
  }

  function play(wave, share) {
    const sound = soundOf(wave);
    if (current && current !== wave) soundOf(current).pause();
    current = wave;
    const start = () => {
      if (share !== undefined && sound.duration > 0) sound.currentTime = share * sound.duration;
      sound.play().then(() => follow(wave), () => {});
    };
    if (sound.readyState > 0) start();
    else {
      sound.addEventListener('loadedmetadata', start, { once: true });
      sound.load();
    }
  }

  function toggle(wave) {
    if (soundOf(wave).paused) play(wave);
    else soundOf(wave).pause();
  }

  function step(by) {
    const next = waves[waves.indexOf(current) + by];
    if (!next) return;
    next.focus();
    next.scrollIntoView({ block: 'nearest' });
    play(next, 0);
  }

  for (const wave of waves) {
    const sound = soundOf(wave);
    sound.addEventListener('play', () => wave.classList.add('playing'));
    for (const name of ['pause', 'ended']) sound.addEventListener(name, () => { wave.classList.remove('playing'); draw(wave); });
    wave.addEventListener('click', event => {
      if (event.detail === 0) { toggle(wave); return; } // from the keyboard
      if (wave === current && !sound.paused) { sound.pause(); return; }
      const box = wave.getBoundingClientRect();
      play(wave, (event.clientX - box.left) / box.width);
    });
  }

  document.addEventListener('focusin', event => {
    if (waves.includes(event.target) && (!current || soundOf(current).paused)) current = event.target;
  });

  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest('input, select, textarea, summary, a, .tall')) return;
    if (event.key === 'ArrowRight') step(1);
    else if (event.key === 'ArrowLeft') step(-1);
    else if (event.key === ' ' && current && !event.target.closest('button')) toggle(current);
    else return;
    event.preventDefault();
  });

  // A point of the picture of the voices plays its clip, wherever on the page the clip's player is.
  const cards = new Map([...document.querySelectorAll('article[data-id]')].map(card => [card.dataset.id, card]));
  for (const point of document.querySelectorAll('circle[data-clip]')) {
    const wave = cards.get(point.dataset.clip)?.querySelector('button.wave');
    const hear = () => {
      document.querySelector('.heard-now').textContent = wave ? point.querySelector('title').textContent : `${point.querySelector('title').textContent}: no player`;
      for (const other of document.querySelectorAll('circle.now')) other.classList.remove('now');
      point.classList.add('now');
      if (!wave) return;
      if (current === wave && !soundOf(wave).paused) soundOf(wave).pause();
      else play(wave, 0);
    };
    point.addEventListener('click', hear);
    point.addEventListener('keydown', event => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      hear();
      event.preventDefault();
      event.stopPropagation();
    });
  }

  for (const input of document.querySelectorAll('input[data-filters]')) {
    const rows = [...document.getElementById(input.dataset.filters).tBodies[0].rows];
    const texts = rows.map(row => row.textContent.toLowerCase());
    const said = input.closest('.search').querySelector('output');
    input.addEventListener('input', () => {
      const words = input.value.toLowerCase().split(/\s+/);
      let shown = 0;
      rows.forEach((row, i) => {
        row.hidden = !words.every(word => texts[i].includes(word));
        if (!row.hidden) shown++;
      });
      said.textContent = input.value ? `${shown} of ${rows.length}` : '';
    });
  }
})();
