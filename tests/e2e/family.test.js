// family.test.js: the family as a map and as a list, on a phone and in the office.
'use strict';
const assert = require('node:assert/strict');
const { test } = require('node:test');
const lib = require('./lib.js');

const here = lib.stage();

test('a worker adds a grandfather; map and list both have him; on a phone the map scrolls, not the page', () => here.inWindow(async (page) => {
  await lib.signIn(page, here.server.users.suzuki, '/cases');
  await page.getByRole('link', { name: /岡本 蓮/ }).first().click();
  await page.getByRole('link', { name: '家族・エコマップ' }).click();
  await page.getByRole('link', { name: '家族を加える' }).click();
  await page.getByLabel(/名前か、呼び方/).fill('岡本 正和');
  await page.getByLabel('本人から見た続柄').selectOption('grandfather_m');
  await page.getByLabel('健在か').selectOption('dead');
  await page.getByRole('button', { name: '保存する' }).click();
  const map = page.getByRole('region', { name: /^ジェノグラム。/ });
  await map.waitFor();
  assert.match(await map.locator('svg').innerHTML(), /岡本 正和/);
  await page.getByRole('cell', { name: '岡本 正和' }).first().waitFor();
  await lib.judge(page, 'family');
  const path = new URL(page.url()).pathname;
  await page.setViewportSize({ width: lib.widths.phone, height: 740 });
  await page.goto(path);
  const wide = await page.evaluate(() => ({
    page: document.documentElement.scrollWidth,
    maps: [...document.querySelectorAll('.map-scroll')].map((m) => [m.clientWidth, m.scrollWidth]),
  }));
  assert.ok(wide.page <= lib.widths.phone, `the page is ${wide.page} wide`);
  assert.equal(wide.maps.length, 2);
  assert.ok(wide.maps.some(([room, needs]) => needs > room), 'the eco-map is wider than a phone');
  assert.ok(await page.getByText('図は、横に動かせます。').last().isVisible(), 'and says so');
  for (const fit of await page.getByLabel('全体を縮めて見る').all()) await fit.check();
  assert.ok(await page.evaluate(() => [...document.querySelectorAll('.map-scroll')].every((m) => m.scrollWidth <= m.clientWidth)),
    'and fits where one asks for the whole');
}));
