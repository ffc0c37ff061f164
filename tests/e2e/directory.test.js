// directory.test.js: the real list of a real town, imported as the town publishes it and searched as a worker would. The list is not
// part of this tree: it is read from ../shared/data where that is at hand.
'use strict';
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');
const lib = require('./lib.js');

const lists = path.resolve(lib.top, '../shared/data/directory-yuzawa');
const skip = fs.existsSync(lists) ? false : 'the town\'s lists are not here';
const here = lib.stage({ skip });

test('a town\'s real directory is imported, searched and shown', { skip }, async () => {
  const files = fs.readdirSync(lists).filter((name) => name.endsWith('.json')).map((name) => path.join(lists, name));
  const rows = JSON.parse(fs.readFileSync(files.find((file) => /facilties/.test(file)), 'utf8'));
  const { stdout } = await here.server.command('import', 'directory', ...files, '--area-code', '0183', '--city', '湯沢市');
  assert.match(stdout, /\d/);
  await here.inWindow(async (page) => {
    await lib.signIn(page, here.server.users.suzuki, '/directory');
    const names = JSON.stringify(rows).match(/[^"]*(?:児童|こども|子ども)[^"]*(?:センター|園|館)[^"]*/g) || [];
    assert.ok(names.length, 'the list has places for children');
    await page.goto(`/directory?q=${encodeURIComponent('児童')}`);
    assert.ok(await page.locator('li.place').count(), 'what the town publishes is found');
    await lib.judge(page, 'directory');
    await page.locator('a.place-name').first().click();
    await page.waitForURL(/\/directory\/[0-9a-z]+/);
    await lib.judge(page, 'directory-place');
  });
});
