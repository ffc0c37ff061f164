// sign_in.test.js: the door, as people use it: a wrong password, the second factor set up with an app or on paper, two memberships,
// a new colleague who gets a password on paper, and a colleague who leaves.
'use strict';
const assert = require('node:assert/strict');
const { test } = require('node:test');
const lib = require('./lib.js');

const here = lib.stage();

async function tryPassword(page, login, password) {
  const door = page.locator('.door form').first();
  await door.locator('input[name=login]').fill(login);
  await door.locator('input[name=password]').fill(password);
  await door.getByRole('button', { name: 'サインインする' }).click();
}

// After a wrong answer the address answers a GET with the empty form: the page as it stands is judged.
async function judgeAsItStands(page, name) {
  await lib.axe(page);
  await lib.screenshots(page, name);
}

test('a wrong password says nothing of the name, keeps it typed, and lets try again', () => here.inWindow(async (page) => {
  await page.goto('/sign-in?next=/sessions');
  await lib.judge(page, 'sign-in');
  await tryPassword(page, 'suzuki', 'not this one at all');
  await page.getByRole('alert').waitFor();
  assert.match(await page.getByRole('alert').innerText(), /サインイン名かパスワードがちがいます/);
  assert.equal(await page.locator('#f-login').inputValue(), 'suzuki');
  assert.equal(await page.locator('#f-password').inputValue(), '');
  await judgeAsItStands(page, 'sign-in-wrong');
  await tryPassword(page, 'suzuki', here.server.users.suzuki.password);
  await page.waitForURL('**/sessions');
  await lib.judge(page, 'sessions');
}));

test('a visitor of the demo enters by a card, without script too', () => here.inWindow(async (page) => {
  await page.goto('/sign-in?next=/sessions');
  await page.getByRole('button', { name: '佐藤 由美' }).click();
  await page.waitForURL((url) => url.pathname !== '/sign-in');
  await page.goto('/sessions');
  assert.match(await page.locator('.me-name').innerText(), /佐藤 由美/);
}, { script: false }));

test('who has two memberships chooses one, and may change', () => here.inWindow(async (page) => {
  await page.goto('/sign-in?next=/sessions');
  await tryPassword(page, 'yoshida', here.server.users.yoshida.password);
  await page.waitForURL('**/sessions');
  await page.goto('/cases');
  await page.waitForURL('**/membership?next=/cases');
  await lib.judge(page, 'membership');
  await page.getByRole('button', { name: 'さくら教室' }).click();
  await page.waitForURL('**/cases');
  assert.match(await page.locator('.me-name').innerText(), /さくら教室/);
}));

let given;
test('an administrator registers a colleague and reads the first password to her', () => here.inWindow(async (page) => {
  await lib.signIn(page, here.server.users.watanabe, '/accounts');
  await lib.judge(page, 'accounts');
  await page.goto('/accounts/new');
  await lib.judge(page, 'account-new');
  await page.locator('#f-name').fill('新井 花');
  await page.locator('#f-kana').fill('あらい はな');
  await page.locator('#f-login').fill('arai');
  await page.locator('#f-organization').selectOption({ label: '子ども若者支援課' });
  await page.locator('input[name=role][value=coordinator]').check();
  await page.getByRole('button', { name: '登録する', exact: true }).click();
  given = await page.locator('.callout .secret code').innerText();
  assert.match(given, /^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/);
  await judgeAsItStands(page, 'account-registered');
}));

test('the colleague chooses her own password and makes codes on paper', () => here.inWindow(async (page) => {
  await page.goto('/sign-in?next=/sessions');
  await tryPassword(page, 'arai', given);
  await page.waitForURL('**/sessions');
  await page.goto('/membership');
  await page.waitForURL('**/password');
  await lib.judge(page, 'password');
  await page.locator('#f-old').fill(given);
  await page.locator('#f-new').fill('yama to kawa to mori no asa');
  await page.locator('#f-again').fill('yama to kawa to mori no asa');
  await page.getByRole('button', { name: 'パスワードを変える' }).click();
  await page.goto('/cases');
  await page.waitForURL('**/second-factor?next=/cases');
  await lib.judge(page, 'second-factor-setup');
  const size = await page.locator('img.qr').evaluate((img) => img.naturalWidth);
  assert.ok(size > 0, 'the picture for the app is there');
  await page.getByRole('button', { name: '紙の番号を作る' }).click();
  const codes = await page.locator('.secret code').allInnerTexts();
  assert.equal(codes.length, 10);
  await judgeAsItStands(page, 'paper-codes');
  await page.getByRole('button', { name: '次へ' }).click();
  await lib.judge(page, 'second-factor-paper');
  await page.locator('#f-code').fill(codes[3].toLowerCase());
  await page.getByRole('button', { name: '確認する' }).click();
  await page.waitForURL('**/cases');
  await page.goto('/sessions');
  assert.match(await page.locator('.me-name').innerText(), /新井 花/);
}));

test('who leaves is gone at that moment', () => here.inWindow(async (admin) => {
  await here.inWindow(async (page) => {
    await lib.signIn(page, here.server.users.saito, '/sessions');
    await lib.signIn(admin, here.server.users.watanabe, '/accounts');
    await admin.getByRole('link', { name: '斎藤 光' }).click();
    await lib.judge(admin, 'account');
    await admin.getByRole('link', { name: '所属を終える' }).click();
    await lib.judge(admin, 'membership-end');
    await admin.getByRole('button', { name: '所属を終える' }).click();
    await admin.getByText('所属の終わりを登録しました。').waitFor();
    await page.goto('/sessions');
    assert.equal(new URL(page.url()).pathname, '/sign-in');
  });
}));
