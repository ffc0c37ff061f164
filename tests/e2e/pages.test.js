// pages.test.js: every page that somebody can reach by following links stands: no fault, valid HTML, accessible, fits a phone.
// Ids in a path count as one page, so that each kind is seen once for each who may see it; its markup is judged for the first of them.
'use strict';
const assert = require('node:assert/strict');
const { test } = require('node:test');
const lib = require('./lib.js');

const here = lib.stage();

const judged = new Set();

async function crawl(page, start, { files = /\.(pdf|csv|xlsx|ics|json)$/ } = {}) {
  const seen = new Map();
  const waiting = [start];
  const broken = [];
  while (waiting.length) {
    const path = waiting.shift();
    if (seen.has(lib.kind(path))) continue;
    seen.set(lib.kind(path), path);
    if (files.test(path.replace(/\?.*/, ''))) {
      const answer = await page.context().request.get(path);
      if (!answer.ok()) broken.push(`${path}: ${answer.status()}`);
      continue;
    }
    const answer = await page.goto(path);
    if (answer.status() !== 200) broken.push(`${path}: ${answer.status()}`);
    const judges = judged.has(lib.kind(path)) ? [fitsAPhone] : [lib.axe, lib.validatePage, fitsAPhone];
    judged.add(lib.kind(path));
    for (const judge of judges) await judge(page).catch((error) => broken.push(error.message));
    const links = await page.$$eval('a[href^="/"]', (all) => all.map((a) => a.getAttribute('href')));
    waiting.push(...links.map((href) => href.replace(/#.*/, '')).filter((href) => !seen.has(lib.kind(href))));
  }
  return { seen, broken };
}

async function fitsAPhone(page) {
  const before = page.viewportSize();
  await page.setViewportSize({ width: lib.widths.phone, height: 740 });
  try {
    await lib.noSidewaysScroll(page);
  } finally {
    await page.setViewportSize(before);
  }
}

for (const [login, who, least] of [['suzuki', 'a worker of the city', 60], ['sato', 'the manager of the NPO', 55], ['ito', 'the coordinator', 25],
  ['watanabe', 'the admin', 25], ['nakamura', 'the auditor', 15], ['kobayashi', 'a clerk', 15], ['matsumoto', 'a volunteer', 10]]) {
  test(`what ${who} can reach stands`, () => here.inWindow(async (page) => {
    await lib.signIn(page, here.server.users[login], '/sessions');
    const { seen, broken } = await crawl(page, '/');
    assert.ok(seen.size >= least, `${seen.size} kinds of pages`);
    assert.deepEqual(broken, [], `${broken.length} faults on ${[...seen.keys()].join(' ')}`);
  }));
}

// A key that belongs to a word being converted (IME) is no command.
const converting = (page, key) => page.evaluate((pressed) => {
  (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', { key: pressed, isComposing: true, bubbles: true, cancelable: true }));
}, key);
const at = (page) => new URL(page.url()).pathname;

test('keys lead where they say, the palette does everything by name, and 虐待かもしれない is always in reach', () => here.inWindow(async (page) => {
  await lib.signIn(page, here.server.users.suzuki, '/today');
  await page.keyboard.press('n'); // about nobody: nothing
  await page.keyboard.press('/');
  await page.waitForURL('**/cases#q');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'q');
  await page.keyboard.type('n/gt?');
  assert.equal(await page.locator('#q').inputValue(), 'n/gt?', 'while one writes, keys write');
  const link = page.locator('.case-table a.row-link').first();
  const person = await link.getAttribute('href');
  const name = await link.locator('.row-name').innerText();
  await page.goto(`${person}/family`);
  await converting(page, 'n');
  await page.keyboard.press('n');
  await page.waitForURL(`**${person}/records/new`);
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await page.waitForURL('**/today');
  await page.keyboard.press('Control+k');
  const palette = page.locator('.palette');
  await page.keyboard.type('つなぎ先');
  await converting(page, 'Enter');
  assert.ok(await palette.isVisible(), 'Enter ends the conversion, no more');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/directory');
  const asked = [];
  page.on('request', (request) => asked.push(decodeURIComponent(request.url())));
  await page.keyboard.press('Control+k');
  await page.keyboard.type(name);
  await palette.locator('.palette-person').first().waitFor();
  await page.keyboard.press('Control+k');
  assert.equal(await palette.locator('li').count(), 0, 'nobody stays behind in a palette that is closed');
  await page.keyboard.press('Control+k');
  await page.keyboard.type(name);
  await palette.locator('.palette-person').first().waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(`**${person}`);
  assert.ok(asked.some((url) => url.endsWith('/cases')) && asked.every((url) => !url.includes(name)), 'asked, and in no address');
  await here.inWindow(async (other) => { // who works for another body finds nobody of that name
    await lib.signIn(other, here.server.users.kimura, '/directory');
    await other.keyboard.press('Control+k');
    await other.keyboard.type(name);
    await other.getByText('その名前の人はいません。').waitFor();
    assert.equal(await other.locator('.palette-person').count(), 0);
  });
  await page.goto('/directory');
  for (const [typed, reach] of [['そんなものはない', 'ArrowDown'], ['虐待', '']]) {
    await page.keyboard.press('Control+k');
    await page.keyboard.type(typed);
    if (reach) {
      await page.keyboard.press('Enter');
      assert.ok(await palette.isVisible(), 'nothing of that name: nothing is done');
      await page.keyboard.press(reach);
    }
    await page.keyboard.press('Enter');
    assert.match(await page.locator('.urgent-panel').innerText(), /189/);
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute('href')), 'tel:189');
    await page.keyboard.press('Escape');
    assert.ok(!await page.locator('.urgent-panel').isVisible());
  }
  assert.equal(at(page), '/directory');
  for (const path of ['/', '/reply', '/no-such-page', '/sign-in']) { // before one is anybody, too
    const other = await here.open({ script: false });
    await other.page.goto(path);
    await other.page.locator('.urgent > summary').click();
    assert.match(await other.page.locator('.urgent-panel').innerText(), /189[^]*110/, path);
    await other.close();
  }
}));

test('the cases that are ticked go to a colleague together, by keys, on a phone and without a script', () => here.inWindow(async (page) => {
  await lib.signIn(page, here.server.users.suzuki, '/handover');
  const boxes = page.getByRole('checkbox', { name: /^このケースを引き継ぐ ./ });
  const ticked = page.locator('input[name="case"]:checked');
  const before = await boxes.count();
  const cases = await page.locator('.book h2 a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
  assert.ok(before >= 2 && cases.length === before, 'each box says whose case it is');
  await page.getByRole('link', { name: 'すべてに印をつける' }).click();
  await page.waitForURL('**all=1');
  assert.equal(await ticked.count(), before);
  await boxes.nth(0).focus();
  await page.keyboard.press('Space');
  assert.equal(await ticked.count(), before - 1);
  await page.keyboard.press('Space');
  const next = page.getByLabel('次の担当');
  await next.focus();
  await page.keyboard.press('ArrowDown');
  assert.ok(await next.inputValue(), 'somebody is chosen');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByText('選んだケースを引き継ぎました。').waitFor();
  assert.equal(await boxes.count(), 0);
  for (const gone of cases) assert.equal((await page.goto(gone)).status(), 404);
}, { script: false, width: lib.widths.phone }));
