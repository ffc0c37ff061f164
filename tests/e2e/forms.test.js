// forms.test.js: a form of a case saves itself while it is written, two writers see both versions, and it is finished and printed.
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

test('a plan saves itself, shows both versions to two writers, is finished and stands on paper', async () => {
  const one = await lib.openWindow(browser, server);
  const two = await lib.openWindow(browser, server);
  try {
    const { page } = one;
    await lib.signIn(page, server.users.takahashi, '/cases');
    await page.locator('a[href^="/cases/06"], a[href^="/cases/05"]').first().click();
    await page.getByRole('link', { name: '様式', exact: true }).click();
    await page.getByRole('button', { name: '支援計画（プラン）' }).click();
    const problem = page.locator('textarea[name="answer.problem"]');
    const said = page.locator('[data-saved]');
    await problem.fill('朝、起きられない');
    await said.getByText('下書きを保存しました').waitFor();
    await lib.signIn(two.page, server.users.takahashi, new URL(page.url()).pathname);
    const other = two.page.locator('textarea[name="answer.problem"]');
    assert.equal(await other.inputValue(), '朝、起きられない');
    await problem.fill('ひとりめの内容');
    await said.getByText('まだ保存していません').waitFor();
    await said.getByText('下書きを保存しました').waitFor();
    await other.fill('ふたりめの内容');
    await two.page.locator('[data-saved]').getByText('ほかの人が先に変えました').waitFor();
    await two.page.getByRole('button', { name: '保存する', exact: true }).click();
    await two.page.getByRole('heading', { name: 'ちがうところ' }).waitFor();
    const both = await two.page.locator('.both').innerText();
    assert.match(both, /ひとりめの内容/);
    assert.match(both, /ふたりめの内容/);
    await lib.judge(two.page, 'forms-both');

    await two.page.getByRole('button', { name: '書き終える' }).click();
    await two.page.locator('#problems').waitFor();
    const day = two.page.locator('[data-date]').filter({ has: two.page.locator('[name="answer.review_on.y"]') });
    await day.getByRole('button', { name: '今日' }).click();
    await two.page.getByRole('button', { name: '書き終える' }).click();
    await two.page.getByText('書き終えました。').waitFor();
    await two.page.getByText('ふたりめの内容').waitFor();
    const pdf = await two.page.context().request.get(`${new URL(two.page.url()).pathname}/sheet.pdf`);
    assert.equal((await pdf.body()).subarray(0, 5).toString(), '%PDF-');
    assert.deepEqual([...one.faults, ...two.faults], []);
  } finally {
    await one.close();
    await two.close();
  }
});
