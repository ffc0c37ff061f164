// pages.test.js: every page that somebody can reach by following links stands: no fault, valid HTML, accessible, fits a phone.
// Ids in a path count as one page, so that each kind is seen once for each who may see it; its markup is judged for the first of them.
'use strict';
const assert = require('node:assert/strict');
const { test } = require('node:test');
const lib = require('./lib.js');

const here = lib.stage();

const judged = new Set();

async function crawl(page, start, { files = /\.(pdf|csv|xlsx|ics|json)$/ } = {}) {
  const seen = new Map();
  const waiting = [start];
  const broken = [];
  while (waiting.length) {
    const path = waiting.shift();
    if (seen.has(lib.kind(path))) continue;
    seen.set(lib.kind(path), path);
    if (files.test(path.replace(/\?.*/, ''))) {
      const answer = await page.context().request.get(path);
      if (!answer.ok()) broken.push(`${path}: ${answer.status()}`);
      continue;
    }
    const answer = await page.goto(path);
    if (answer.status() !== 200) broken.push(`${path}: ${answer.status()}`);
    const judges = judged.has(lib.kind(path)) ? [fitsAPhone] : [lib.axe, lib.validatePage, fitsAPhone];
    judged.add(lib.kind(path));
    for (const judge of judges) await judge(page).catch((error) => broken.push(error.message));
    const links = await page.$$eval('a[href^="/"]', (all) => all.map((a) => a.getAttribute('href')));
    waiting.push(...links.map((href) => href.replace(/#.*/, '')).filter((href) => !seen.has(lib.kind(href))));
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

for (const [login, who, least] of [['suzuki', 'a worker of the city', 60], ['sato', 'the manager of the NPO', 55], ['ito', 'the coordinator', 25],
  ['watanabe', 'the admin', 25], ['nakamura', 'the auditor', 15], ['kobayashi', 'a clerk', 15], ['matsumoto', 'a volunteer', 10]]) {
  test(`what ${who} can reach stands`, () => here.inWindow(async (page) => {
    await lib.signIn(page, here.server.users[login], '/sessions');
    const { seen, broken } = await crawl(page, '/');
    assert.ok(seen.size >= least, `${seen.size} kinds of pages`);
    assert.deepEqual(broken, [], `${broken.length} faults on ${[...seen.keys()].join(' ')}`);
  }));
}
