// door.test.js: who gets in, who does not, and what is seen at the door.
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

// A window that is closed afterwards and in which nothing may have gone wrong.
async function inWindow(options, story) {
  const { page, faults, close } = await lib.openWindow(browser, server, options);
  try {
    await story(page);
    assert.deepEqual(faults, []);
  } finally {
    await close();
  }
}

test('the door stands for everybody, at every width', () => inWindow({}, async (page) => {
  await page.goto('/sign-in');
  await lib.judge(page, 'sign-in');
}));

test('without signing in there is nothing but the door', () => inWindow({}, async (page) => {
  for (const path of ['/cases', '/connections', '/cases/new', '/sessions']) {
    await page.goto(path);
    assert.equal(new URL(page.url()).pathname, '/sign-in', path);
  }
}));

test('a worker comes in with one factor', () => inWindow({}, async (page) => {
  await lib.signIn(page, server.users.suzuki);
  await lib.judge(page, 'cases-empty');
}));

test('a coordinator comes in with the second factor only', () => inWindow({}, async (page) => {
  const { login, password } = server.users.ito;
  await page.goto('/sign-in?next=/cases');
  await page.locator('.door input[name=login]').fill(login);
  await page.locator('.door input[name=password]').fill(password);
  await page.getByRole('button', { name: 'サインインする' }).click();
  await page.waitForURL((url) => url.pathname === '/second-factor');
  await lib.judge(page, 'second-factor');
  await page.goto('/cases');
  assert.equal(new URL(page.url()).pathname, '/second-factor');
  await lib.signIn(page, server.users.ito);
}));

test('a wrong password says nothing about the account', () => inWindow({}, async (page) => {
  const said = [];
  for (const login of [server.users.tanaka.login, 'nobody-of-that-name']) {
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

test('it works without script', () => inWindow({ script: false }, async (page) => {
  await lib.signIn(page, server.users.sato);
  assert.equal(await page.locator('h1').count(), 1);
}));

test('whoever signs out is out, also with the back button', () => inWindow({}, async (page) => {
  await lib.signIn(page, server.users.kato);
  await page.locator('details.me summary').click();
  await page.getByRole('button', { name: 'サインアウト' }).click();
  await page.waitForURL((url) => url.pathname === '/sign-in');
  await page.goBack();
  await page.reload();
  assert.equal(new URL(page.url()).pathname, '/sign-in');
}));
