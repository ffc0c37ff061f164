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

// The desk: what is late is dealt with from its line; what has gone says what can be done instead; a record is corrected whole.
test('a silent receiver is asked from its line, what was sent says what can be done instead, a record is corrected whole', () => here.inWindow(async (page) => {
  await lib.signIn(page, here.server.users.tanaka, '/today');
  const asking = page.locator('.day-line').filter({ has: page.getByRole('button', { name: '状況をたずねる' }) }).first();
  const line = (await asking.locator('.day-text a').innerText()).trim();
  await asking.getByRole('button', { name: '状況をたずねる' }).click();
  await page.getByText('状況をたずねました。相手の「今日」に出ます。').waitFor();
  assert.match(page.url(), /\/today$/);
  const asked = page.locator('.day-line').filter({ hasText: line }).filter({ hasText: '今日、状況をたずねました' }).first();
  await asked.waitFor();
  assert.equal(await asked.getByRole('button', { name: '状況をたずねる' }).count(), 0);
  await lib.judge(page, 'today-asked');

  await asked.getByRole('link', { name: '開く' }).click();
  const sheet = await page.locator('a[href^="/sheets/"]').first().getAttribute('href');
  const answer = await page.goto(`${sheet.replace(/\/(sheet\.pdf|fax\.pdf).*$/, '').replace(/[?#].*$/, '')}/edit`);
  assert.equal(answer.status(), 409);
  await page.getByRole('heading', { level: 1, name: 'このシートは、もう送られています' }).waitFor();
  await page.getByRole('link', { name: '新しいシートを書く' }).waitFor();
  await lib.judge(page, 'sheet-sent');

  await page.goto('/cases?view=all');
  await page.locator('.case-table .row-link').first().click();
  await page.locator('a[href*="/records/"]:not([href$="/new"])').first().click();
  await page.getByRole('heading', { level: 1, name: '記録を直す' }).waitFor();
  await lib.judge(page, 'record-edit');
  await page.getByLabel('場所').fill('駅前の喫茶店');
  await page.getByRole('button', { name: '直して保存する' }).click();
  await page.getByText('記録を直しました。').waitFor();
  await page.getByText('場所: 駅前の喫茶店').waitFor();
  await lib.judge(page, 'record-mended');
}));
