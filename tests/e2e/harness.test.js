// The harness itself: its numbers agree with the standard's, and its judges do refuse.
'use strict';
const assert = require('node:assert/strict');
const { test } = require('node:test');
const lib = require('./lib.js');

test('the second factor agrees with the examples of RFC 6238', () => {
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'; // "12345678901234567890"
  for (const [seconds, code] of [[59, '287082'], [1111111109, '081804'], [1234567890, '005924'], [20000000000, '353130']]) {
    assert.equal(lib.totp(secret, seconds * 1000), code);
  }
});

test('the judge of HTML refuses a label without its field', async () => {
  const page = (body) => `<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>x</title></head><body>${body}</body></html>`;
  await lib.validate(page('<h1>見出し</h1>'));
  await assert.rejects(lib.validate(page('<h1>見出し</h1><label for="none">氏名</label><p><div></div></p>')));
});

test('the judge of accessibility refuses a picture without words', async () => {
  const browser = await lib.startBrowser();
  try {
    const page = await browser.newPage();
    const body = (inner) => `<!doctype html><html lang="ja"><head><title>x</title></head><body><main><h1>x</h1>${inner}</main></body></html>`;
    await page.setContent(body('<p>文</p>'));
    await lib.axe(page);
    await page.setContent(body('<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">'));
    await assert.rejects(lib.axe(page), /image-alt/);
  } finally {
    await browser.close();
  }
});
