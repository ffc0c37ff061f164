// ledger.test.js: a ledger pasted out of a spreadsheet is refused by its rows, comes in as 同意未確認, goes out, and is taken back.
'use strict';
const assert = require('node:assert/strict');
const { after, before, test } = require('node:test');
const lib = require('./lib.js');

let server;
let browser;
before(async () => {
  server = await lib.startServer();
  browser = await lib.startBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const head = '番号\t氏名\t生年月日\t性別\t電話\t状況\t備考';
const good = '1\t架空 壱壱零零\t平成20年6月1日\t男\t9000000001\t支援中\t朝おきられない';
const bad = '2\t架空 弐弐参参\t平成40年1月1日\t女\t\t\t番号 1234-5678-9018';

test('a ledger comes in whole or not at all, and is taken back', async () => {
  const { page, faults, close } = await lib.openWindow(browser, server);
  try {
    await lib.signIn(page, server.users.tanaka, '/ledger/import');
    await page.locator('textarea').fill([head, good, bad].join('\n'));
    await page.getByRole('button', { name: /確かめる/ }).click();
    await page.getByText('マイナンバー(個人番号)と思われる').waitFor();
    assert.equal(await page.getByRole('button', { name: '取り込む', exact: true }).count(), 0);
    await lib.judge(page, 'ledger-refused');
    await page.locator('textarea').fill([head, good].join('\n'));
    await page.getByRole('button', { name: /確かめる/ }).click();
    await page.getByRole('button', { name: '取り込む', exact: true }).click();
    await page.getByRole('link', { name: /架空 壱壱零零/ }).first().waitFor();
    await lib.judge(page, 'ledger-unconfirmed');
    for (const name of ['ledger.csv', 'ledger.csv?encoding=cp932', 'ledger.xlsx']) {
      const file = await page.context().request.get(`/cases/${name}`);
      assert.equal(file.status(), 200, name);
    }
    await page.goto('/ledger/import');
    await page.getByRole('button', { name: /取り消す/ }).click();
    await page.getByText('取り込みを取り消しました。').waitFor();
    assert.deepEqual(faults, []);
  } finally {
    await close();
  }
});
