// pages.test.js: every page that somebody can reach by following links stands: no fault, valid HTML, accessible, fits a phone.
// Ids in a path count as one page, so that each kind is seen once for each who may see it; its markup is judged for the first of them.
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

// "/cases/0c3k…/seen" -> "/cases/:id/seen"
const kind = (path) => path.replace(/\?.*/, '').split('/').map((part) => (/^(?=.*\d)[0-9a-z]{11,}$/.test(part) ? ':id' : part)).join('/');

const judged = new Set();

async function crawl(page, start, { files = /\.(pdf|csv|xlsx|ics|json)$/ } = {}) {
  const seen = new Map();
  const waiting = [start];
  const broken = [];
  while (waiting.length) {
    const path = waiting.shift();
    if (seen.has(kind(path))) continue;
    seen.set(kind(path), path);
    if (files.test(path.replace(/\?.*/, ''))) {
      const answer = await page.context().request.get(path);
      if (!answer.ok()) broken.push(`${path}: ${answer.status()}`);
      continue;
    }
    const answer = await page.goto(path);
    if (answer.status() !== 200) broken.push(`${path}: ${answer.status()}`);
    const judges = judged.has(kind(path)) ? [fitsAPhone] : [lib.axe, lib.validatePage, fitsAPhone];
    judged.add(kind(path));
    for (const judge of judges) await judge(page).catch((error) => broken.push(error.message));
    const links = await page.$$eval('a[href^="/"]', (all) => all.map((a) => a.getAttribute('href')));
    waiting.push(...links.map((href) => href.replace(/#.*/, '')).filter((href) => !seen.has(kind(href))));
  }
  return { seen, broken };
}

async function fitsAPhone(page) {
  const before = page.viewportSize();
  await page.setViewportSize({ width: lib.widths.phone, height: 740 });
  try {
    await lib.noSidewaysScroll(page);
  } finally {
    await page.setViewportSize(before);
  }
}

for (const [login, who] of [['suzuki', 'a worker of the city'], ['sato', 'the manager of the NPO'], ['ito', 'the coordinator'],
  ['watanabe', 'the admin'], ['nakamura', 'the auditor'], ['kobayashi', 'a clerk'], ['matsumoto', 'a volunteer']]) {
  test(`what ${who} can reach stands`, async () => {
    const { page, faults, close } = await lib.openWindow(browser, server);
    try {
      await lib.signIn(page, server.users[login], '/sessions');
      const { seen, broken } = await crawl(page, '/');
      assert.deepEqual(broken, [], `${broken.length} faults on ${[...seen.keys()].join(' ')}`);
      assert.deepEqual(faults, []);
    } finally {
      await close();
    }
  });
}
