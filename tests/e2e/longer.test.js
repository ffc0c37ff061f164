// longer.test.js: eight days, told as they happen. The town is new; its clock is set to a Monday in June, a month without holidays.
//
// The old ledger of 600 cases comes in from Excel. A boy of 17 is asked for under a kana with a slip in it: he is known, from the ledger. His
// sister lives where nobody may find her; her address stands in an old note. Three places are asked to help: the NPO tries three times before
// it meets him; the health centre, without an account, answers by a link and a spoken code; the youth centre, closed on Wednesday, stays
// silent, and on the eighth day, after five opening days, stands on top of three people's day. The sister's address has left by no hole.
'use strict';
const assert = require('node:assert/strict');
const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const { join } = require('node:path');
const { after, before, test } = require('node:test');
const lib = require('./lib.js');

// Invented people.
const boy = { name: '星野 航太', kana: 'ほしの こうた', slip: 'ほしの こおた' };
const sister = { address: '架空県隣市すずめ台5-6-7 コーポひめごと', note: '姉は すずめ台５ー６ー７ に移った。元気にしている。' };
const holes = /すずめ台5|すずめ台五|ひめごと|5-6-7|5ー6ー7/;
const npo = 'NPO法人あおば';
const health = 'デモ市保健所';
const centre = 'こども若者センター';
const city = '子ども若者支援課';

// The second Monday of the next June that has not come yet, ten in the morning in Japan.
function mondayInJune() {
  for (let year = new Date().getUTCFullYear(); ; year++) {
    const first = new Date(Date.UTC(year, 5, 1));
    const monday = 8 + ((8 - first.getUTCDay()) % 7);
    const at = new Date(Date.UTC(year, 5, monday, 1));
    if (at > new Date(Date.now() + 86400000)) return at;
  }
}
const monday = mondayInJune();
const dayOn = (n, hour = 0) => new Date(monday.getTime() + n * 86400000 + hour * 3600000);
const ymd = (date) => ({ y: String(date.getUTCFullYear()), m: String(date.getUTCMonth() + 1), d: String(date.getUTCDate()) });

let server;
let browser;
let windows = {};
const place = {};

before(async () => {
  server = await lib.startServer({ scale: '0', at: monday });
  browser = await lib.startBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

// 600 cases come in, are taken back and stand in every list and file; beside it the other engine's browser keeps the machine busy.
const patience = 120000;
async function at(login) {
  if (!windows[login]) {
    windows[login] = await lib.openWindow(browser, server, { patience });
    await lib.signIn(windows[login].page, server.users[login], '/sessions');
  }
  return windows[login].page;
}
function chapter(name, story) {
  test(name, async () => {
    await story();
    for (const [who, { faults }] of Object.entries(windows)) assert.deepEqual(faults, [], `at the desk of ${who}`);
  });
}
// Another day: everybody comes to their desk anew.
async function day(n) {
  for (const window of Object.values(windows)) await window.close();
  windows = {};
  server.setTime(dayOn(n));
}

const write = (page, name, text) => page.locator(`[name="${name}"]`).first().fill(text);
const pick = (page, name, value) => page.locator(`[name="${name}"][value="${value}"]`).check();
const path = (page) => new URL(page.url()).pathname;
const said = (page) => page.locator('main').innerText();
async function press(page, button) {
  await page.getByRole('button', { name: button, exact: typeof button === 'string' }).first().click();
  await page.waitForLoadState('load');
  const problems = page.locator('.problems');
  if (await problems.count()) assert.fail(`${page.url()}\n${await problems.first().innerText()}`);
}
async function date(page, name, when) {
  await page.locator(`[name="${name}.era"]`).selectOption('');
  for (const [part, value] of Object.entries(ymd(when))) await write(page, `${name}.${part}`, value);
}

// --- the ledger ----------------------------------------------------------------------------------------------------------------------

const head = ['番号', '氏名', 'ふりがな', '生年月日', '性別', '住所', '電話', '主担当者', '受理日', '状況', '頻度', '主訴', '最終接触日', '備考'];
const digits = '零壱弐参肆伍陸漆捌玖';
const inKanji = (n) => [...String(n).padStart(3, '0')].map((c) => digits[c] + digits[c]).join('');
function ledgerRows() {
  const rows = Array.from({ length: 600 }, (_, i) => [i + 1, `試験 ${inKanji(i)}`, '', `平成${18 + (i % 10)}年${(Math.floor(i / 25) % 12) + 1}月${(i % 25) + 1}日`,
    i % 2 ? '男' : '女', `架空市${i}番地`, `0900000${String(i).padStart(4, '0')}`, i % 10 ? '高橋' : '鈴木', '令和7年4月1日', '支援中', 'ABC'[i % 3],
    '朝おきられない', '令和8年4月10日', '=SUM(1)']);
  const old = monday.getUTCFullYear() - 17;
  rows[300] = [301, boy.name, boy.kana, `${old}年4月20日`, '男', '架空市みなと町1-1', '08000001234', '鈴木', '令和8年6月1日', '支援中', 'B', '学校をやめた',
    '', sister.note];
  return [['進行管理台帳 令和8年度'], head, ...rows];
}

// A spreadsheet as Excel writes it, by the library of another language.
function excel(rows) {
  const make = `
import json, sys, zipfile
from xml.sax.saxutils import escape
rows = json.load(sys.stdin)
cell = lambda v: '<c t="inlineStr"><is><t xml:space="preserve">' + escape(str(v)) + '</t></is></c>'
sheet = '<worksheet><sheetData>' + ''.join('<row>' + ''.join(map(cell, r)) + '</row>' for r in rows) + '</sheetData></worksheet>'
rel = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
book = '<workbook xmlns:r="%s"><sheets><sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>' % rel
rels = '<Relationships><Relationship Id="rId1" Type="%s/worksheet" Target="worksheets/sheet1.xml"/></Relationships>' % rel
with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as z:
    z.writestr('xl/workbook.xml', book); z.writestr('xl/_rels/workbook.xml.rels', rels); z.writestr('xl/worksheets/sheet1.xml', sheet)`;
  const file = join(server.folder, 'ledger.xlsx');
  execFileSync('python3', ['-c', make, file], { input: JSON.stringify(rows) });
  return fs.readFileSync(file);
}
const chosen = (name, buffer) => ({ name, mimeType: 'application/octet-stream', buffer });

chapter('the old ledger of 600 cases comes in from Excel, whole or not at all, and is taken back', async () => {
  const page = await at('tanaka');
  await page.goto('/ledger/import');
  await lib.judge(page, 'ledger-import');
  const send = async (name, bytes) => {
    await page.locator('input[type=file]').setInputFiles(chosen(name, bytes));
    await page.getByRole('button', { name: /ファイルを確かめる/ }).click();
    await page.waitForLoadState('load');
  };
  await send('ledger.xlsx', Buffer.from('d0cf11e0a1b11ae1', 'hex'));
  await page.getByText('古い形のExcel(.xls)').first().waitFor();
  const rows = ledgerRows();
  const wrong = rows.map((row) => [...row]);
  wrong[17][3] = '平成40年1月1日';
  wrong[33][13] = '番号 1234-5678-9018';
  await send('ledger.xlsx', excel(wrong));
  const report = await said(page);
  for (const words of ['マイナンバー(個人番号)と思われる', '18', '34']) assert.ok(report.includes(words), words);
  assert.equal(await page.getByRole('button', { name: '取り込む', exact: true }).count(), 0, 'not a row comes in');
  await lib.judge(page, 'ledger-refused');
  await send('old.csv', Buffer.from('8e8196bc2c94f58d6c0d0a8e8e8cb120956c8e442c610d0a', 'hex')); // 氏名,備考 / 試験 … in Shift_JIS
  await press(page, '取り込む');
  await page.goto('/ledger/import');
  await press(page, /取り消す/);
  await page.getByText('取り込みを取り消しました。').waitFor();
  await send('ledger.xlsx', excel(rows));
  await page.getByText('600').first().waitFor();
  await press(page, '取り込む');
  assert.equal(path(page), '/ledger/unconfirmed');
  assert.equal(await page.locator('tbody tr').count(), 50);
  await lib.judge(page, 'ledger-unconfirmed');
});

chapter('the worker looks whether the boy is known, with a slip in his kana, and begins no second file', async () => {
  const page = await at('suzuki');
  await page.goto('/cases/new');
  await page.locator('form[action="/cases/find"] [name=q]').fill(boy.slip);
  await page.getByRole('button', { name: 'さがす', exact: true }).first().click();
  const hit = page.locator('.found a');
  await hit.first().waitFor();
  assert.equal(await hit.count(), 1);
  assert.match(await page.locator('.found').innerText(), /星野.*17歳/s);
  await hit.click();
  await page.waitForURL(/\/cases\/[0-9a-z]+$/);
  place.case = path(page);
  assert.ok((await said(page)).includes('すずめ台'), 'until somebody conceals it, the old note can be read');
});

chapter('the sister is concealed: two know, and what was written before is covered at that moment', async () => {
  const page = await at('suzuki');
  await page.goto(`${place.case}/concealment`);
  await pick(page, 'items', 'address');
  for (const name of ['鈴木', '田中']) await page.locator('label.choice', { hasText: name }).locator('[name=holders]').check();
  await write(page, 'town', '隣市');
  await write(page, 'reason', '姉が家を出て、居場所を知られると危ない');
  await press(page, '秘匿にする');
  await write(page, 'whose', '姉');
  await write(page, 'value', sister.address);
  await press(page, '秘匿に加える');
  await page.goto(place.case);
  assert.doesNotMatch((await said(page)).normalize('NFKC'), holes);
  assert.match(await said(page), /［秘匿あり］/);
});

chapter('a sheet that tells where she is cannot be sent; without it, it goes to three places', async () => {
  const page = await at('suzuki');
  await page.goto(`${place.case}/sheets/new`);
  await press(page, '新しいシートを書く');
  place.sheet = path(page).replace(/\/edit$/, '');
  await pick(page, 'answer.route', 'family');
  await pick(page, 'answer.purpose_explained', 'true');
  await pick(page, 'answer.concerns', 'mental');
  await write(page, 'answer.request', `学校の話より音楽の話がしたい。${sister.note}`);
  for (const name of [npo, health, centre]) await page.locator('label.choice', { hasText: name }).locator('[name=receivers]').check();
  await pick(page, 'kind', 'help');
  await page.getByRole('button', { name: '見せる前に確かめる' }).first().click();
  await page.locator('.problems', { hasText: '秘匿の項目に似たことが書かれています' }).waitFor();
  await lib.judge(page, 'sheet-concealed');
  await page.locator('main [name=_concealed]').check(); // it may stand in the office's own draft
  await page.getByRole('button', { name: '見せる前に確かめる' }).first().click();
  await page.waitForURL((url) => url.pathname === `${place.sheet}/preview`);
  await page.goto(`${place.case}/consents/new`);
  await consent(page);
  await page.goto(`${place.sheet}/preview`);
  assert.doesNotMatch((await said(page)).normalize('NFKC'), holes);
  await page.getByRole('button', { name: /送る$/ }).click();
  await page.waitForLoadState('load');
  assert.match(await page.locator('.problems').first().innerText(), /秘匿/, 'it does not leave');
  await page.goto(`${place.sheet}/edit`);
  await write(page, 'answer.request', '学校の話より音楽の話がしたい。');
  await page.getByRole('button', { name: '見せる前に確かめる' }).first().click();
  await page.waitForURL((url) => url.pathname === `${place.sheet}/preview`);
  await press(page, /送る$/);
  await page.goto('/connections?view=sent');
  for (const name of [npo, health, centre]) {
    const line = page.locator('li.connection', { hasText: boy.name }).filter({ hasText: name });
    place[name] = await line.locator('a.connection-name').getAttribute('href');
  }
});

async function consent(page) {
  await page.locator('[name=explained]').check();
  await pick(page, 'by', 'person');
  await pick(page, 'answer', 'given');
  for (const box of await page.locator('[name=recipients]').all()) await box.uncheck();
  for (const name of [npo, health, centre]) await page.locator('label.choice', { hasText: name }).locator('[name=recipients]').check();
  await pick(page, 'preset', 'standard');
  await write(page, 'purpose', '居場所と体の相談のため');
  await date(page, 'until', dayOn(300));
  await pick(page, 'how', 'written');
  await press(page, '同意を記録する');
}

// --- three answers -------------------------------------------------------------------------------------------------------------------

chapter('the youth centre is closed on Wednesday', async () => {
  const page = await at('kato');
  await page.goto('/opening-days');
  await date(page, 'from', dayOn(2));
  await press(page, '休みを加える');
});

chapter('the NPO takes it on and records three tries before the first contact', async () => {
  const manager = await at('sato');
  await manager.goto(`${place[npo]}/answer`);
  await pick(manager, 'answer', 'accept');
  await manager.locator('label.choice', { hasText: '山田' }).locator('[name=worker]').check();
  await press(manager, '返事を送る');
  const page = await at('yamada');
  for (const [method, result, text] of [['phone', 'none', ''], ['letter', 'left', '手紙を置いた'], ['visit', 'voice', '戸ごしに声だけ'], ['meet', 'met', '楽器店の前で会えた']]) {
    await page.goto(`${place[npo]}/contact`);
    await pick(page, 'method', method);
    await pick(page, 'result', result);
    await write(page, 'text', text);
    await press(page, '記録する');
  }
  const sender = await at('suzuki');
  await sender.goto(place[npo]);
  const told = await said(sender);
  assert.match(told, /初回接触/);
  assert.match(told, /4回|3回/, 'how often it was tried');
  for (const text of ['手紙を置いた', '戸ごしに声だけ', '楽器店の前で会えた']) assert.ok(told.includes(text), text);
});

chapter('the health centre, without an account, answers once by the link and the code that was told by telephone', async () => {
  const page = await at('suzuki');
  await page.goto(`${place[health]}/link`);
  await press(page, 'リンクと合言葉を作る');
  const link = (await page.locator('dd.breakable').innerText()).trim();
  const code = (await page.locator('.spoken').innerText()).trim();
  const guest = await lib.openWindow(browser, server, { patience });
  try {
    const there = guest.page;
    await there.goto(link);
    assert.ok(!(await there.content()).includes('星野'), 'without the code it shows nothing');
    await write(there, 'code', '0000-0000');
    await there.locator('main form button').click();
    await there.getByText('合言葉がちがいます').first().waitFor();
    await write(there, 'code', code);
    await there.locator('main form button').click();
    await there.waitForURL(/\/reply\/sheet$/);
    const sheet = await said(there);
    assert.ok(sheet.includes('星野'));
    assert.doesNotMatch(sheet.normalize('NFKC'), holes);
    await lib.judge(there, 'reply-sheet');
    await pick(there, 'answer', 'accept');
    await write(there, 'name', '保健師 大野');
    await write(there, 'text', '水曜の午後に電話します。');
    await press(there, '返事を送る');
    await there.getByText('もう使えません').waitFor();
    assert.equal((await there.goto(link)).status(), 409, 'it answers once');
    assert.deepEqual(guest.faults, []);
  } finally {
    await guest.close();
  }
  await page.goto(place[health]);
  await page.getByText('水曜の午後に電話します。').first().waitFor();
});

// --- no hole -------------------------------------------------------------------------------------------------------------------------


// What stands in an answer, as somebody who looks for it would read it.
function words(name, bytes) {
  const file = join(server.folder, 'answer');
  if (bytes.subarray(0, 5).toString() === '%PDF-') {
    fs.writeFileSync(file, bytes);
    return execFileSync('pdftotext', ['-raw', file, '-'], { encoding: 'utf8' });
  }
  if (bytes.subarray(0, 2).toString() === 'PK') {
    fs.writeFileSync(file, bytes);
    return execFileSync('python3', ['-c', 'import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); [print(n, z.read(n).decode()) for n in z.namelist()]', file],
      { encoding: 'utf8' });
  }
  return /cp932/.test(name) ? new TextDecoder('shift_jis').decode(bytes) : bytes.toString();
}
const tight = (text) => text.normalize('NFKC').replace(/<[^>]*>/g, '').replace(/\s+/g, '');

const aboutPeople = /^\/(today|cases|connections|consents|sheets|ledger|handover|news|progress|search|stand-in|emergenc|leaks)/;
const name = (where) => (/\.(csv|xlsx|pdf)/.test(where) ? where : lib.kind(where)); // each file by itself

// Everything about people that links lead to, each kind of address once, as a page and as JSON; its headers count too.
async function everyAnswer(page, starts) {
  const seen = new Map();
  const waiting = [...starts];
  while (waiting.length) {
    const where = waiting.shift();
    // The one place where a named worker opens it on demand.
    if (seen.has(name(where)) || !aboutPeople.test(where) || /concealment\/open$/.test(where)) continue;
    for (const accept of /\.\w+(\?|$)/.test(where) ? ['*/*'] : ['text/html', 'application/json']) {
      const answer = await page.context().request.get(where, { headers: { accept }, maxRedirects: 0 });
      const text = words(where, await answer.body());
      const all = tight(`${JSON.stringify(answer.headers())} ${text}`);
      assert.doesNotMatch(all, holes, `${where} as ${accept}`);
      seen.set(name(where), answer.status());
      if (accept === 'text/html') waiting.push(...[...text.matchAll(/href="(\/[^"#]*)/g)].map((m) => m[1].replaceAll('&amp;', '&')));
    }
  }
  return seen;
}

chapter('the sister\'s address leaves by no hole', async () => {
  const files = ['/cases/ledger.csv', '/cases/ledger.csv?encoding=cp932', '/cases/ledger.xlsx', `${place.sheet}/sheet.pdf`, `${place.sheet}/sheet.pdf?copy=desk`,
    `${place[centre]}/fax.pdf`, `${place.case}/seen.pdf?for=person`, `${place.case}/handover`, `${place.case}/concealment`];
  let asked = 0;
  for (const [login, starts] of [['suzuki', [place.case, '/today', '/cases', '/connections', ...files]], ['tanaka', files],
    ['sato', [place[npo], '/today', '/cases', '/connections']], ['ito', ['/today', '/progress']]]) {
    const page = await at(login);
    const seen = await everyAnswer(page, starts);
    asked += seen.size;
    if (starts.includes(files[0])) for (const file of files.slice(0, 6)) assert.equal(seen.get(file), 200, `${login} got ${file}`);
    if (login === 'ito') continue;
    await page.goto('/search');
    await write(page, 'q', 'すずめ台');
    await page.keyboard.press('Enter');
    await page.waitForLoadState('load');
    assert.equal(await page.locator('[data-hits] mark').count(), 0, 'a search for it finds nothing');
  }
  assert.ok(asked > 60, `${asked} answers`);
  const to = join(server.folder, 'out');
  const { stdout } = await server.command('export', '--plain', '--to', to);
  const lines = (pattern) => spawnSync('grep', ['-rlE', pattern, to], { encoding: 'utf8' }).stdout;
  assert.ok(lines(boy.name).length > 0, 'what he is called stands there');
  assert.equal(lines('すずめ台|ひめごと'), '', stdout);
  assert.doesNotMatch(tight(server.log()), holes, 'nor the log');
});

// --- eight days ------------------------------------------------------------------------------------------------------------------------

const top = (page, list) => page.locator(`${list} .day-line`).first().innerText();

chapter('a week later only four opening days have passed: nobody is troubled yet', async () => {
  await day(7);
  const page = await at('suzuki');
  await page.goto('/today');
  assert.ok((await page.locator('.work .day-line').count()) > 20, 'the day is full of cases that nobody touched');
  assert.doesNotMatch(await top(page, '.work'), new RegExp(centre));
});

chapter('on the eighth day the silent one stands on top of three people\'s day', async () => {
  await day(8);
  const sender = await at('suzuki');
  await sender.goto('/today');
  assert.match(await top(sender, '.work'), new RegExp(`返事がない[^]*8日[^]*${centre}[^]*星野`));
  await lib.judge(sender, 'today-silence');
  const receiver = await at('kato');
  await receiver.goto('/today');
  assert.match(await top(receiver, '.work'), new RegExp(`返事がない[^]*${city}[^]*星野`));
  const coordinator = await at('ito');
  await coordinator.goto('/today');
  const line = await top(coordinator, '.network-clock');
  assert.match(line, new RegExp(`返事がない[^]*R\\d+-\\d+[^]*${city}`));
  assert.ok(!(await coordinator.content()).includes('星野'), 'by number, without a name');
  for (const page of [sender, receiver, coordinator]) assert.doesNotMatch(tight(await page.content()), holes);
});
