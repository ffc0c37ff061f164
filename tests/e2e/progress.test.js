// progress.test.js: the coordinating body sees what is stuck, without names, and asks who leads it.
'use strict';
const assert = require('node:assert/strict');
const { test } = require('node:test');
const lib = require('./lib.js');

const here = lib.stage();

test('the clock of all cases shows what is stuck first, no name, and asks the leading organization once a day', () => here.inWindow(async (page) => {
  await lib.signIn(page, here.server.users.ito, '/progress');
  await page.getByRole('heading', { name: '進行状況' }).waitFor();
  const states = await page.locator('.progress-table tbody .state').allInnerTexts();
  const order = ['返事がない', '接触がない', '主担当がいない', '期日を過ぎた', '予定がない', '進んでいる'];
  const ranks = states.map((word) => order.indexOf(word.trim()));
  assert.ok(ranks.length > 5 && ranks[0] === 0, states.join(' '));
  assert.deepEqual(ranks, [...ranks].sort((a, b) => a - b));
  const list = await page.context().request.get('/progress', { headers: { accept: 'application/json' } });
  const cases = (await list.json()).cases;
  assert.equal(cases.length, ranks.length);
  for (const line of cases) assert.ok(!('name' in line) && !('kana' in line) && !('age' in line));
  await lib.judge(page, 'progress');

  const first = page.locator('.progress-table tbody tr').filter({ has: page.getByRole('button', { name: /状況をたずねる/ }) }).first();
  const number = (await first.locator('.row-name').innerText()).trim();
  await first.getByRole('button', { name: /状況をたずねる/ }).click();
  await page.getByText('主担当の機関に、状況をたずねました。').waitFor();
  const asked = page.locator('.progress-table tbody tr').filter({ hasText: number });
  await asked.getByText(/たずねました/).waitFor();
  assert.equal(await asked.getByRole('button').count(), 0);
  await page.goto('/today');
  await page.getByRole('heading', { name: 'ネットワークで止まっているもの' }).waitFor();
  await lib.judge(page, 'today-coordinator');
}));
