// stored.test.js: a network full of markup, seen by a browser. Every text field of every form that a worker, a coordinator and an admin can
// reach is filled with the corpus of tests/support/payloads.txt, as the forms stand on the pages; then everybody opens every page. No
// script of ours runs, the policy has nothing to refuse, the console stays silent. Rendering knows nothing of the engine: SQLite alone.
'use strict';
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');
const lib = require('./lib.js');

const corpus = fs.readFileSync(path.join(lib.top, 'tests/support/payloads.txt'), 'utf8').split('\n').filter(Boolean);
const skip = lib.engine !== 'sqlite' && 'the engine is not asked';

const here = lib.stage({ skip });

// As many payloads as the field has letters for, beginning with another one each time.
let turn = 0;
function value(max) {
  turn += 7;
  let text = '';
  for (let i = 0; i < corpus.length; i++) {
    const next = corpus[(turn + i) % corpus.length];
    if (text.length + next.length + 1 <= max) text += ` ${next}`;
  }
  return text.trim();
}

// Whatever runs, is refused by the policy, or complains.
async function watched(login) {
  const window = await here.open();
  const faults = window.faults;
  await window.context.exposeFunction('xssRan', (what) => faults.push(`ran: ${what}`));
  await window.context.addInitScript(() => {
    globalThis.xss = (n) => globalThis.xssRan(String(n));
    for (const name of ['alert', 'confirm', 'prompt']) globalThis[name] = () => globalThis.xssRan(name);
    document.addEventListener('securitypolicyviolation', (e) => globalThis.xssRan(`policy ${e.violatedDirective} ${e.blockedURI}`));
  });
  window.page.on('dialog', (dialog) => { faults.push(`dialog ${dialog.message()}`); dialog.dismiss(); });
  await lib.signIn(window.page, here.server.users[login], '/sessions');
  return window;
}

// What a browser would send of each form of the page, its texts exchanged.
const formsOf = (page) => page.$$eval('form[method=post]', (forms) => forms.map((form) => ({
  action: form.getAttribute('action') || location.pathname,
  fields: [...form.elements].filter((e) => e.name && !e.disabled).map((e) => ({
    name: e.name, type: e.type, value: e.value, checked: e.checked, required: e.required, max: e.maxLength,
    first: e.tagName === 'SELECT' ? [...e.options].map((o) => o.value).find(Boolean) : '',
  })),
})));

const texts = new Set(['text', 'textarea', 'search']);
const plain = /^(day|time|phone|fax|email|url|postal|login|from|until|next_day|birth|first_contact|code|old|new|again|password|rev|_)/;

function filled(form) {
  const body = new URLSearchParams();
  const groups = new Set();
  for (const field of form.fields) {
    if (['submit', 'button', 'reset'].includes(field.type)) continue;
    if (texts.has(field.type) && !plain.test(field.name) && !/\.(era|y|m|d)$/.test(field.name)) {
      body.append(field.name, value(field.max > 0 ? field.max : field.type === 'textarea' ? 2000 : 180));
    } else if (field.type === 'radio' || field.type === 'checkbox') {
      const one = field.type === 'radio' && !groups.has(field.name);
      if (field.checked || (field.type === 'checkbox' && field.required) || one) {
        groups.add(field.name);
        body.append(field.name, field.value);
      }
    } else if (field.type === 'select-one') body.append(field.name, field.value || field.first || '');
    else body.append(field.name, field.value);
  }
  return body;
}

const never = /sign-out|sessions|password|second-factor|factor|stop|reopen|end$|membership|withdraw|close/;

// Follows links, each kind of page once; `write` also sends each form.
async function walk(page, write) {
  const seen = new Set();
  const waiting = ['/today', '/cases', '/connections', '/directory', '/accounts', '/help'];
  let sent = 0;
  while (waiting.length) {
    const href = waiting.shift();
    if (seen.has(lib.kind(href)) || /^\/(language|assets)/.test(href)) continue;
    seen.add(lib.kind(href));
    if (/\.(pdf|csv|json|xlsx|ics)$/.test(href.replace(/\?.*/, ''))) continue;
    const answer = await page.goto(href, { waitUntil: 'load' });
    if (answer.status() !== 200) continue;
    waiting.push(...await page.$$eval('a[href^="/"]', (all) => all.map((a) => a.getAttribute('href'))));
    if (!write) continue;
    for (const form of await formsOf(page)) {
      if (never.test(form.action) || seen.has(`POST ${lib.kind(form.action)}`)) continue;
      seen.add(`POST ${lib.kind(form.action)}`);
      const done = await page.context().request.post(form.action, { data: filled(form).toString(), maxRedirects: 0,
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html', origin: here.server.origin } });
      // 404: what an earlier form of the same page took away (who may know what is concealed)
      assert.ok([200, 303, 404, 409, 422].includes(done.status()), `${form.action}: ${done.status()}`);
      sent++;
      if (done.status() === 303) waiting.unshift(new URL(done.headers().location, here.server.origin).pathname);
      else await page.setContent(await done.text()).catch(() => {});
    }
  }
  return { pages: seen.size, sent };
}

test('what is typed into forms runs in no browser', { skip }, async () => {
  let sent = 0;
  for (const [login, write] of [['watanabe', true], ['ito', true], ['suzuki', true], ['sato', true]]) {
    const { page, faults, close } = await watched(login);
    try {
      const walked = await walk(page, write);
      sent += walked.sent;
      assert.ok(walked.pages > 5, `${login}: ${walked.pages} pages`);
      assert.deepEqual(faults, [], login);
    } finally {
      await close();
    }
  }
  assert.ok(sent >= 10, `${sent} forms were sent`);
});

test('a script that stands in a page all the same does not run', { skip }, async () => {
  const { page, close } = await watched('suzuki');
  try {
    const refused = await page.evaluate(() => new Promise((resolve) => {
      document.addEventListener('securitypolicyviolation', (e) => resolve(e.violatedDirective));
      const script = document.createElement('script');
      script.textContent = 'xss(0)';
      document.body.append(script);
      setTimeout(() => resolve('nothing'), 1000);
    }));
    assert.match(refused, /^script-src/);
  } finally {
    await close();
  }
});
