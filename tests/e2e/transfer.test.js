// transfer.test.js: a case moves from one town's network to another's: cards are exchanged, the fingerprint is read out, one file goes over, and a
// new case begins there. And how one wants to be told by mail.
'use strict';
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { after, before, test } = require('node:test');
const lib = require('./lib.js');

let here;
let there;
let browser;
before(async () => {
  [here, there] = await Promise.all([lib.startServer(), lib.startServer()]);
  browser = await lib.startBrowser();
});
after(async () => {
  await browser?.close();
  await here?.stop();
  await there?.stop();
});

const manager = (server) => Object.values(server.users).find((u) => u.role === '管理者');

async function openTransfers(server) {
  const w = await lib.openWindow(browser, server);
  await lib.signIn(w.page, manager(server), '/transfers');
  const words = w.page.locator('.pairs dd');
  return { ...w, card: (await words.nth(0).innerText()).trim(), digits: (await words.nth(1).innerText()).trim() };
}

async function register(page, name, card) {
  await page.locator('input[name=name]').fill(name);
  await page.locator('textarea[name=card]').fill(card);
  await page.getByRole('button', { name: '登録する' }).click();
  await page.getByText('合わせ札を登録しました。').waitFor();
}

// Bodies of the directory that the giver has consents towards, as those of the other town: its admin says so, its manager chooses them.
async function bodies(server, page) {
  const admin = await lib.openWindow(browser, server);
  try {
    await lib.signIn(admin.page, server.users.watanabe, '/directory');
    for (const name of ['ハローワークデモ', 'デモ市社会福祉協議会']) {
      await admin.page.goto('/directory?q=' + encodeURIComponent(name));
      await admin.page.getByRole('link', { name }).first().click();
      await admin.page.getByRole('link', { name: '直す' }).first().click();
      await admin.page.locator('select[name=circle]').selectOption('outside');
      await admin.page.getByRole('button', { name: '保存する' }).click();
      await page.goto('/transfers');
      await page.locator('.links select[name=body]').first().selectOption({ label: name });
      await page.getByRole('button', { name: '加える' }).first().click();
      await page.getByText('受け取る機関を登録しました。').waitFor();
    }
  } finally {
    await admin.close();
  }
}

// Cases that this organization leads and that may be told to somebody.
async function movable(page) {
  const json = async (path) => (await page.context().request.get(path, { headers: { accept: 'application/json' } })).json();
  const found = [];
  for (const one of (await json('/cases?view=all')).cases) {
    const data = await json(`${one.href}/transfer`);
    if (data.leads && data.has_organizations && !data.is_closed) found.push(one);
  }
  return found;
}

// The first of them for which no answer is awaited: that would have to be settled first.
async function moves(page, cases, file) {
  for (const one of cases) {
    await page.goto(`${one.href}/transfer`);
    await page.locator('input[name=organization]').first().check();
    await page.locator('input[name=compared]').check();
    const coming = page.waitForEvent('download').catch(() => null);
    const waits = page.getByText('返事を待っているつなぎがあります').first().waitFor().then(() => null, () => null);
    await page.getByRole('button', { name: '移管のファイルを作る' }).click();
    const download = await Promise.race([coming, waits]);
    if (download) {
      await download.saveAs(file);
      return one;
    }
  }
  return null;
}

test('a case moves to another network with its file, once', async () => {
  const a = await openTransfers(here);
  const b = await openTransfers(there);
  try {
    assert.match(a.digits, /^(\d{5} ){7}\d{5}$/);
    assert.notEqual(a.digits, b.digits);
    await register(a.page, 'となりの市', b.card);
    assert.ok((await a.page.locator('.links').innerText()).includes(b.digits));
    await register(b.page, 'もとの市', a.card);
    await bodies(here, a.page);
    await lib.judge(a.page, 'transfers-bodies');
    const cases = await movable(a.page);
    assert.ok(cases.length, 'the demo has a case to move');
    await a.page.goto(`${cases[0].href}/transfer`);
    await a.page.locator('input[name=organization]').first().check();
    await lib.judge(a.page, 'case-transfer');
    await a.page.getByRole('button', { name: '移管のファイルを作る' }).click();
    await a.page.getByText('電話で相手と読みあわせてから').first().waitFor();
    const file = path.join(here.folder, 'case.tsunagu');
    const one = await moves(a.page, cases, file);
    assert.ok(one, 'one of them waits for nobody');
    const sealed = fs.readFileSync(file);
    assert.ok(sealed.length > 10000 && !sealed.includes(one.name));

    await b.page.locator('input[name=file]').setInputFiles(file);
    await b.page.getByRole('button', { name: 'ファイルを確かめる' }).click();
    await b.page.getByText('まだ何も受け入れていません').waitFor();
    await lib.judge(b.page, 'transfer-look');
    await b.page.getByText('あて先が、この機関の名前とちがいます').first().waitFor();
    await b.page.getByRole('button', { name: '受け入れる', exact: true }).click();
    await b.page.getByText('このファイルのあて先が、この機関の名前とちがいます。確かめてください。').first().waitFor();
    await b.page.locator('input[name=meant]').check();
    const others = b.page.locator('input[name=others]'); // both towns play the same demo: somebody so named may be known
    if (await others.count()) {
      await b.page.getByRole('button', { name: '受け入れる', exact: true }).click();
      await b.page.getByText('もう知られているかもしれない人です。').first().waitFor();
      await b.page.locator('input[name=others]').check();
    }
    await b.page.getByRole('button', { name: '受け入れる', exact: true }).click();
    await b.page.getByText('移管されたケースを受け入れました。').waitFor();
    assert.ok((await b.page.content()).includes(one.name));
    await b.page.getByText('移管で受け入れたケースです。').first().waitFor();
    assert.doesNotMatch(await b.page.locator('main').innerText(), /（\d+日前/); // days that are told for good are dates
    await b.page.goto('/transfers');
    await lib.judge(b.page, 'transfers');
    const receipt = (await b.page.locator('#taken-h ~ ul .spoken').first().innerText()).trim();
    assert.match(receipt, /^\d{4} \d{4}$/);
    await b.page.locator('input[name=file]').setInputFiles(file);
    await b.page.getByRole('button', { name: 'ファイルを確かめる' }).click();
    await b.page.getByText('もう取り込んであります').first().waitFor();

    await a.page.goto(`${one.href}/transfer`);
    await a.page.locator('input[name=receipt]').fill(receipt);
    await a.page.getByRole('button', { name: '受付番号を記録する' }).click();
    await a.page.getByText('受け取られたことを記録しました。').waitFor();
    await a.page.goto(`${one.href}/transfer`); // nothing is left to be done there
    await a.page.getByText('このケースは、相手に受け取られました。').waitFor();
    assert.equal(await a.page.locator('input[name=receipt], input[name=organization]').count(), 0);
    await a.page.goto(one.href);
    await a.page.getByText('受け取られました').first().waitFor();
    assert.deepEqual([...a.faults, ...b.faults], []);
  } finally {
    await a.close();
    await b.close();
  }
});

test('one chooses how to be told by mail', async () => {
  const { page, faults, close } = await lib.openWindow(browser, here);
  const admin = await lib.openWindow(browser, here);
  try {
    await lib.signIn(page, here.users.sato, '/mail');
    await page.getByLabel('開庁日の朝に、まとめて受け取る（7時半ごろ）').check();
    await page.getByRole('button', { name: '保存する' }).click();
    await page.getByText('メールの宛先を入力してください。').first().waitFor();
    await page.locator('input[name=address]').fill('sato@town.example');
    await page.getByRole('button', { name: '保存する' }).click();
    await page.getByText('メールの受け取りかたを保存しました。').waitFor();
    await lib.judge(page, 'mail');
    await lib.signIn(admin.page, here.users.watanabe, '/mail-queue');
    await lib.judge(admin.page, 'mail-queue');
    assert.deepEqual([...faults, ...admin.faults], []);
  } finally {
    await close();
    await admin.close();
  }
});
