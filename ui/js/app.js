// app.js: what script adds to pages that work without it. It keeps nothing about anybody in the browser.
(() => {
  'use strict';
  const words = document.body.dataset;
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // --- dates: one press for today, in the era that is chosen -------------------------------------------------------------------
  const eraStart = { R: 2018, H: 1988, S: 1925, T: 1911, '': 0 };
  const japan = () => new Date(Date.now() + 9 * 3600e3);
  for (const date of all('[data-date]')) {
    const part = (name) => date.querySelector(`[name$=".${name}"]`);
    const today = document.createElement('button');
    today.type = 'button';
    today.className = 'button small-button';
    today.textContent = words.today;
    today.addEventListener('click', () => {
      const now = japan();
      if (part('era').value !== '') part('era').value = 'R';
      part('y').value = now.getUTCFullYear() - eraStart[part('era').value];
      part('m').value = now.getUTCMonth() + 1;
      part('d').value = now.getUTCDate();
      date.dispatchEvent(new Event('input', { bubbles: true }));
    });
    all('.date-part', date).pop().after(today);
  }

  // --- what is asked only after another answer: data-when="name=value" -----------------------------------------------------------
  const conditional = all('[data-when]');
  const settle = () => {
    for (const part of conditional) {
      const [name, value] = part.dataset.when.split('=');
      const chosen = (input) => input.value === value && (input.checked || input.tagName === 'SELECT');
      const on = !part.parentElement.closest('[data-when][hidden]') && all(`[name="${name}"]`).some(chosen);
      part.hidden = !on;
      for (const input of all('input, textarea, select', part)) input.disabled = !on;
    }
  };
  if (conditional.length) {
    document.addEventListener('change', settle);
    settle();
  }

  // --- 秘匿: while somebody writes about a person of whom something is concealed, the server is asked whether the text resembles it -------
  const flag = document.querySelector('.strip-flag[href$="/concealment"]');
  const token = document.querySelector('input[name="_csrf"]');
  const asked = new WeakMap();
  const ask = async (input) => {
    const text = input.value.trim();
    if (text.length < 3 || asked.get(input) === text) return;
    asked.set(input, text);
    const body = new URLSearchParams({ _csrf: token.value, _key: `check-${Date.now()}-${Math.floor(Math.random() * 1e9)}` });
    for (const line of text.split('\n').slice(0, 50)) body.append('text', line);
    const answer = await fetch(`${flag.getAttribute('href')}/check`, { method: 'POST', body, headers: { accept: 'application/json' } });
    const told = answer.ok && (await answer.json()).resembles;
    let note = input.parentElement.querySelector('.resembles');
    if (told && !note) {
      note = document.createElement('p');
      note.className = 'hint late resembles';
      note.setAttribute('role', 'status');
      input.after(note);
    }
    if (note) note.textContent = told ? words.resembles : '';
  };
  if (flag && token && words.resembles && !location.pathname.endsWith('/concealment')) {
    let waiting;
    document.addEventListener('input', ({ target }) => {
      if (!target.matches('textarea, input[type="text"]')) return;
      clearTimeout(waiting);
      waiting = setTimeout(() => ask(target).catch(() => {}), 1200);
    });
  }

  // --- questions of a sheet that another answer switches on: data-enable='{"any": …, "on": [{name, op, value}]}' -------------------
  // They are hidden, never emptied: the server decides what counts.
  const answersOf = (form, name) => all(`[name="${CSS.escape(name)}"], [name="${CSS.escape(name)}.y"]`, form)
    .filter((input) => (input.type === 'checkbox' || input.type === 'radio' ? input.checked && input.value !== '' : input.value.trim() !== ''))
    .map((input) => input.value);
  const compare = (a, b) => (Number.isNaN(Number(a)) || Number.isNaN(Number(b)) ? String(a).localeCompare(String(b)) : a - b);
  const holds = (form, { name, op, value }) => {
    const answers = answersOf(form, name);
    if (op === 'exists') return (answers.length > 0) === value;
    if (typeof value === 'boolean') return answers.includes(String(value)) === (op === '=');
    const one = { '=': (a) => compare(a, value) === 0, '!=': (a) => compare(a, value) === 0, '>': (a) => compare(a, value) > 0,
      '<': (a) => compare(a, value) < 0, '>=': (a) => compare(a, value) >= 0, '<=': (a) => compare(a, value) <= 0 }[op];
    return op === '!=' ? !answers.some(one) : answers.some(one);
  };
  const switched = all('[data-enable]').map((part) => [part, JSON.parse(part.dataset.enable)]);
  const enable = () => {
    for (const [part, { any, on }] of switched) {
      const form = part.closest('form');
      part.hidden = any ? !on.some((when) => holds(form, when)) : !on.every((when) => holds(form, when));
    }
  };
  if (switched.length) {
    for (const hint of all('.field-when')) hint.hidden = true;
    document.addEventListener('input', enable);
    document.addEventListener('change', enable);
    enable();
  }

  // --- nothing is lost -------------------------------------------------------------------------------------------------------------
  const clock = () => japan().toISOString().slice(11, 16);
  for (const form of all('form[data-autosave]')) {
    const saved = form.querySelector('[data-saved]');
    const onServer = form.dataset.autosave === 'server';
    const rev = form.elements.namedItem('rev');
    let dirty = false, busy = false, timer = 0, stopped = false;
    let waiting = null; // what was sent and not answered: it goes again under the same key, so that it is written once
    const tell = (text) => { if (saved) saved.textContent = text; };
    const send = async () => {
      if ((!dirty && !waiting) || busy || stopped) return;
      busy = true;
      if (!waiting) {
        dirty = false;
        waiting = new URLSearchParams(new FormData(form));
        waiting.set('action', 'save');
        waiting.set('_key', crypto.randomUUID());
      }
      try {
        // form.action would be the button of that name
        const answer = await fetch(form.getAttribute('action'), { method: 'POST', body: waiting, headers: { accept: 'application/json' } });
        if (!answer.ok && answer.status !== 422) throw new Error(String(answer.status));
        const said = await answer.json();
        waiting = null;
        if (said.has_conflict) {
          stopped = true; // both versions are shown by the page that pressing the button brings
          dirty = true;
          tell(words.conflict);
        } else {
          if (rev && said.rev) rev.value = said.rev;
          if (answer.ok) tell(`${words.saved} ${clock()}`);
        }
      } catch {
        dirty = true;
        tell(words.offline);
      }
      busy = false;
      if (dirty && !stopped) timer = setTimeout(send, 15000);
    };
    form.addEventListener('input', () => {
      dirty = true;
      if (!stopped) tell(words.unsaved);
      clearTimeout(timer);
      if (onServer) timer = setTimeout(send, 3000);
    });
    form.addEventListener('submit', () => { dirty = false; clearTimeout(timer); });
    addEventListener('online', () => { if (onServer) send(); });
    addEventListener('beforeunload', (event) => { if (dirty) event.preventDefault(); });
  }

  // --- a search goes on by itself: slice by slice, as they come ---------------------------------------------------------------------
  const goOn = async () => {
    for (let form = document.querySelector('[data-more]'); form; form = document.querySelector('[data-more]')) {
      const list = document.querySelector('[data-hits]');
      if (list.children.length >= 100) return; /* more than anybody reads: the button stands */
      try {
        const answer = await fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)) });
        if (!answer.ok) return;
        const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
        list.append(...all('[data-hits] > li', page));
        const next = page.querySelector('[data-more]');
        if (next) form.replaceWith(next);
        else form.remove();
        const none = page.querySelector('[data-none]');
        if (!next && none && !list.children.length) list.after(none);
      } catch {
        return;
      }
    }
  };
  goOn();

  // --- a map wider than its frame begins at its middle, where the person is ---------------------------------------------------------------
  for (const map of all('.map-scroll')) map.scrollLeft = (map.scrollWidth - map.clientWidth) / 2;

  // --- panels that hang from the bar -----------------------------------------------------------------------------------------------
  const panels = all('.top details');
  const close = (except) => { for (const panel of panels) if (panel !== except) panel.open = false; };
  document.addEventListener('click', (event) => close(event.target.closest('.top details')));
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    const open = panels.find((panel) => panel.open);
    close();
    open?.querySelector('summary').focus();
  });

  // --- keys: / search, n new record, g t today, ? help; can be switched off on the help page ----------------------------------------
  const keysOff = () => localStorage.getItem('keys') === 'off';
  const composing = (event) => event.isComposing || event.keyCode === 229; // the key belongs to the word that is being converted
  const toSearch = () => document.querySelector('[data-key-search]');
  const cases = document.querySelector('.nav a[href="/cases"]');
  if (location.hash === '#q') toSearch()?.focus();
  // On every page about somebody; where the form itself stands there is nothing to begin.
  const record = () => {
    const start = document.querySelector('[data-key-new]'), name = document.querySelector('.strip-name');
    if (start) start.click();
    else if (name && !location.pathname.endsWith('/records/new')) location.assign(`${name.getAttribute('href')}/records/new`);
  };
  let before = '', palette = null;
  document.addEventListener('keydown', (event) => {
    if (keysOff() || event.ctrlKey || event.altKey || event.metaKey || composing(event) || palette?.open) return;
    if (event.target.closest('input, textarea, select, [contenteditable]')) return;
    const key = before === 'g' && event.key === 't' ? 'gt' : event.key;
    before = event.key;
    if (key === '/' && toSearch()) { event.preventDefault(); toSearch().focus(); }
    else if (key === '/' && cases) { event.preventDefault(); location.assign('/cases#q'); }
    else if (key === 'n') record();
    else if (key === 'gt') location.assign('/today');
    else if (key === '?') location.assign('/help');
  });
  // --- everything that can be done from this page, by name, and everybody whom one may see: Ctrl+K. What can be done is the page's own links
  // and buttons; who is meant is asked of the server as the list of cases asks it, by POST: no name stands in an address. 「虐待かもしれない」
  // always stands there, whatever is typed.
  const urgent = document.querySelector('.urgent > summary');
  const commands = () => {
    const found = new Map();
    const here = '.act a, .act button', lines = '.also a, .day-text a, .tabs a, .context .box a, .list-tools a';
    const elsewhere = '.nav a, .me-panel a, .me-panel button';
    for (const it of [here, lines, elsewhere].flatMap((part) => all(part))) {
      const name = it.textContent.replace(/\s+/g, ' ').trim();
      if (name && !found.has(name)) found.set(name, it);
    }
    return [...found];
  };
  const PEOPLE = 6;
  const personLine = (one) => {
    const line = document.createElement('li'), button = document.createElement('button');
    const name = document.createElement('b'), more = document.createElement('small');
    line.className = 'palette-person';
    button.type = 'button';
    name.textContent = one.name || one.number;
    more.textContent = [one.kana, one.age, one.grade, one.lead].filter(Boolean).join('　');
    button.append(name, ' ', more);
    button.addEventListener('click', () => location.assign(one.href));
    line.append(button);
    return line;
  };
  // Who may list cases may find whom he may see. Lines that stand stay: somebody may be on one of them.
  const findPeople = (input, list, told) => {
    let waiting, asking = null;
    const show = (people, text) => {
      if (all('.palette-person', list).some((line) => line.contains(document.activeElement))) input.focus();
      for (const line of all('.palette-person', list)) line.remove();
      list.lastElementChild?.before(...people.map(personLine));
      told.textContent = text;
    };
    const seek = async (q) => {
      asking = new AbortController();
      try {
        const answer = await fetch('/cases', { method: 'POST', body: new URLSearchParams({ _csrf: token.value, q }),
          headers: { accept: 'application/json' }, signal: asking.signal });
        if (!answer.ok) return;
        const { cases: found } = await answer.json();
        show(found.slice(0, PEOPLE), found.length > PEOPLE ? words.peopleMore : found.length || list.children.length > 1 ? '' : words.peopleNone);
      } catch {
        // another word was typed, or there is no line: the commands stand
      }
    };
    return () => {
      const q = input.value.trim();
      clearTimeout(waiting);
      asking?.abort();
      show([], '');
      // one letter names nobody; one character of another script may
      if (cases && token && (q.length > 1 || q > '\u0370')) waiting = setTimeout(() => seek(q), 400);
    };
  };
  const openPalette = () => {
    if (!palette) {
      palette = document.createElement('dialog');
      palette.className = 'palette';
      palette.setAttribute('aria-label', words.palette);
      const input = document.createElement('input'), list = document.createElement('ul'), told = document.createElement('p');
      told.className = 'hint';
      told.setAttribute('role', 'status');
      input.type = 'search';
      input.className = 'input';
      input.placeholder = cases ? words.palettePeople : words.palette;
      input.setAttribute('aria-label', input.placeholder);
      palette.append(input, told, list);
      document.body.append(palette);
      const fill = () => {
        const wanted = input.value.normalize('NFKC').toLowerCase();
        const meant = commands().filter(([name]) => name.normalize('NFKC').toLowerCase().includes(wanted)).slice(0, 11);
        list.replaceChildren(...[...meant, [urgent.textContent.trim(), urgent]]
          .map(([name, it]) => {
            const line = document.createElement('li'), button = document.createElement('button');
            button.type = 'button';
            button.textContent = name;
            if (it === urgent) {
              button.className = 'palette-urgent';
              button.toggleAttribute('data-meant', wanted !== '' && name.includes(wanted));
            }
            button.addEventListener('click', (event) => {
              event.stopPropagation(); // what is pressed outside of a panel closes it
              palette.close();
              it.click();
              if (it === urgent) it.parentElement.querySelector('.urgent-list a').focus();
            });
            line.append(button);
            return line;
          }));
      };
      const find = findPeople(input, list, told);
      input.addEventListener('input', (event) => {
        fill();
        if (!event.isComposing) find();
      });
      input.addEventListener('compositionend', find);
      palette.addEventListener('close', () => { // nobody's name stays behind
        input.value = '';
        find();
        list.replaceChildren();
      });
      palette.addEventListener('keydown', (event) => {
        if (composing(event)) return;
        const buttons = all('button', list), at = buttons.indexOf(document.activeElement);
        if (event.key === 'ArrowDown') buttons[Math.min(at + 1, buttons.length - 1)]?.focus();
        else if (event.key === 'ArrowUp') (at > 0 ? buttons[at - 1] : input).focus();
        else if (event.key === 'Enter' && at < 0) list.querySelector('li:not(:last-child) button, [data-meant]')?.click();
        else return;
        event.preventDefault();
      });
      palette.addEventListener('click', (event) => { if (event.target === palette) palette.close(); });
      palette.fill = fill;
    }
    palette.querySelector('input').value = '';
    palette.fill();
    palette.showModal();
  };
  document.addEventListener('keydown', (event) => {
    if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (palette?.open) palette.close();
    else openPalette();
  });

  const toggle = document.querySelector('[data-keys-toggle]');
  if (toggle) {
    const state = document.querySelector('[data-keys-state]');
    const show = () => { state.textContent = keysOff() ? words.keysOff : words.keysOn; };
    toggle.hidden = false;
    toggle.addEventListener('click', () => { localStorage.setItem('keys', keysOff() ? 'on' : 'off'); show(); });
    show();
  }

  // --- a form that came back: go to what has to be mended --------------------------------------------------------------------------
  document.getElementById('problems')?.focus();
})();
