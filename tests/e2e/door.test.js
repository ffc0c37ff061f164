// door.test.js: who gets in, who does not, and what is seen at the door.
'use strict';
const assert = require('node:assert/strict');
const { test } = require('node:test');
const lib = require('./lib.js');

const here = lib.stage();

test('the door stands for everybody, at every width', () => here.inWindow(async (page) => {
  await page.goto('/sign-in');
  await lib.judge(page, 'sign-in');
}));

test('without signing in there is nothing but the door', () => here.inWindow(async (page) => {
  for (const path of ['/cases', '/connections', '/cases/new', '/sessions']) {
    await page.goto(path);
    assert.equal(new URL(page.url()).pathname, '/sign-in', path);
  }
}));

test('a worker comes in with one factor', () => here.inWindow(async (page) => {
  await lib.signIn(page, here.server.users.suzuki);
  await lib.judge(page, 'cases-empty');
}));

test('a coordinator comes in with the second factor only', () => here.inWindow(async (page) => {
  const { login, password } = here.server.users.ito;
  await page.goto('/sign-in?next=/cases');
  await page.locator('.door input[name=login]').fill(login);
  await page.locator('.door input[name=password]').fill(password);
  await page.getByRole('button', { name: 'サインインする' }).click();
  await page.waitForURL((url) => url.pathname === '/second-factor');
  await lib.judge(page, 'second-factor');
  await page.goto('/cases');
  assert.equal(new URL(page.url()).pathname, '/second-factor');
  await lib.signIn(page, here.server.users.ito);
}));

test('a wrong password says nothing about the account', () => here.inWindow(async (page) => {
  const said = [];
  for (const login of [here.server.users.tanaka.login, 'nobody-of-that-name']) {
    await page.goto('/sign-in');
    await page.locator('.door input[name=login]').fill(login);
    await page.locator('.door input[name=password]').fill('not the right words at all');
    await page.getByRole('button', { name: 'サインインする' }).click();
    await page.getByRole('alert').waitFor();
    assert.equal(await page.locator('.door input[name=login]').inputValue(), login, 'what was typed is still there');
    said.push(await page.getByRole('alert').innerText());
  }
  assert.equal(said[0], said[1]);
}));

test('it works without script', () => here.inWindow(async (page) => {
  await lib.signIn(page, here.server.users.sato);
  assert.equal(await page.locator('h1').count(), 1);
}, { script: false }));

test('whoever signs out is out, also with the back button', () => here.inWindow(async (page) => {
  await lib.signIn(page, here.server.users.kato);
  await page.locator('details.me summary').click();
  await page.getByRole('button', { name: 'サインアウト' }).click();
  await page.waitForURL((url) => url.pathname === '/sign-in');
  await page.goBack();
  await page.reload();
  assert.equal(new URL(page.url()).pathname, '/sign-in');
}));
