// forms.test.js: a form of a case saves itself while it is written, two writers see both versions, and it is finished and printed.
'use strict';
const assert = require('node:assert/strict');
const { test } = require('node:test');
const lib = require('./lib.js');

const here = lib.stage();

test('a plan saves itself, shows both versions to two writers, is finished and stands on paper', () => here.inWindow((page) => here.inWindow(async (second) => {
  await lib.signIn(page, here.server.users.takahashi, '/cases');
  await page.locator('a[href^="/cases/06"], a[href^="/cases/05"]').first().click();
  await page.getByRole('link', { name: '様式', exact: true }).click();
  await page.getByRole('button', { name: '支援計画（プラン）' }).click();
  const problem = page.locator('textarea[name="answer.problem"]');
  const said = page.locator('[data-saved]');
  await problem.fill('朝、起きられない');
  await said.getByText('下書きを保存しました').waitFor();
  await lib.signIn(second, here.server.users.takahashi, new URL(page.url()).pathname);
  const other = second.locator('textarea[name="answer.problem"]');
  assert.equal(await other.inputValue(), '朝、起きられない');
  await problem.fill('ひとりめの内容');
  await said.getByText('まだ保存していません').waitFor();
  await said.getByText('下書きを保存しました').waitFor();
  await other.fill('ふたりめの内容');
  await second.locator('[data-saved]').getByText('ほかの人が先に変えました').waitFor();
  await second.getByRole('button', { name: '保存する', exact: true }).click();
  await second.getByRole('heading', { name: 'ちがうところ' }).waitFor();
  const both = await second.locator('.both').innerText();
  assert.match(both, /ひとりめの内容/);
  assert.match(both, /ふたりめの内容/);
  await lib.judge(second, 'forms-both');

  await second.getByRole('button', { name: '書き終える' }).click();
  await second.locator('#problems').waitFor();
  const day = second.locator('[data-date]').filter({ has: second.locator('[name="answer.review_on.y"]') });
  await day.getByRole('button', { name: '今日' }).click();
  await second.getByRole('button', { name: '書き終える' }).click();
  await second.getByText('書き終えました。').waitFor();
  await second.getByText('ふたりめの内容').waitFor();
  const pdf = await second.context().request.get(`${new URL(second.url()).pathname}/sheet.pdf`);
  assert.equal((await pdf.body()).subarray(0, 5).toString(), '%PDF-');
})));
