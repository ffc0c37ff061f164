// consent.test.js: what a law lets through is asked for by one and allowed by another; one page says who may see what now.
'use strict';
const assert = require('node:assert/strict');
const { test } = require('node:test');
const lib = require('./lib.js');

const here = lib.stage();

// The first case of the list: its path.
async function firstCase(page) {
  await page.goto('/cases');
  return new URL(await page.locator('a.row-link').first().getAttribute('href'), here.server.origin).pathname;
}

test('a law opens what another one allowed, and the picture says so', () => here.inWindow((page) => here.inWindow(async (manager) => {
  await lib.signIn(page, here.server.users.suzuki);
  const path = await firstCase(page);
  await page.goto(`${path}/bases`);
  await page.getByRole('link', { name: '法令による提供を申し出る' }).click();
  await page.getByLabel('デモ市保健所').check();
  await page.getByRole('button', { name: '次へ' }).click();
  await page.getByLabel('ほかの行政機関などへの提供').check();
  for (const what of ['基本', '連絡先', '健康']) await page.getByLabel(what, { exact: false }).first().check();
  await page.getByLabel('何のために渡すか').fill('家庭訪問の前に、保健師と様子を確かめるため');
  await page.getByLabel('なぜ必要か').fill('二週間、だれとも会えていないため');
  await page.getByLabel('不当に害さないと考える理由').fill('渡すのは訪問に要る項目だけで、保健所の外には出ない');
  await page.getByLabel('連絡がつかない').check();
  await page.getByLabel('あとで知らせる').check();
  await lib.judge(page, 'basis-new');
  await page.getByRole('button', { name: '申し出る' }).click();
  await page.getByText('申し出た人は、自分では認められません。').waitFor();

  await lib.signIn(manager, here.server.users.tanaka, '/today');
  await manager.goto(`${path}/bases`);
  await lib.screenshots(manager, 'bases');
  await manager.getByRole('button', { name: '認める', exact: true }).click();
  await manager.getByText('いま有効').waitFor();

  await page.goto('/bases');
  await lib.screenshots(page, 'basis-register');
  const file = await page.context().request.get('/bases.csv');
  assert.match(await file.text(), /第69条第2項第3号/);
  await page.goto(`${path}/who`);
  await page.getByRole('cell', { name: '見られる', exact: true }).first().waitFor();
  await lib.judge(page, 'who-may');
  assert.equal((await page.context().request.get(`${path}/who.pdf?for=person`)).status(), 200);
})));
