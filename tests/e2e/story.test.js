// story.test.js: one afternoon from the counter to the answer, told as it happens.
//
// A mother and her son, 17, who left his high school in May, come to a counter. The worker fills the つなぐシート, picks an NPO and the
// education support centre from a town's real directory, records who of the two agreed to what towards whom, looks at exactly the page
// that each receiver will get, and sends. The NPO opens it, sees the parts that the consent covers and no more, takes the case on, and
// answers. The boy withdraws his consent towards the centre: its view is gone at that moment. He asks who looked at his record and
// gets, printed at the counter, a page that he can read; his mother, asking the same, gets what she may know.
'use strict';
const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const { join } = require('node:path');
const { after, before, test } = require('node:test');
const lib = require('./lib.js');

// Invented people. What is told here must come out where a consent covers it, and nowhere else.
const boy = { name: '星野 航太', kana: 'ほしの こうた', born: bornYearsAgo(17) };
const mother = '星野 美咲';
const npo = 'NPO法人あおば';
const centre = '教育支援センター さくら教室';
const told = {
  phone: '080-0000-1234',
  school: '県立みなみ高校',
  family: '父は単身赴任で月に一度だけ帰る',
  diagnosis: '起立性調節障害で通院している',
  wish: '学校の話をせずに音楽の話がしたい',
  likes: 'ギターと古い電車',
  avoid: '朝の電話は避けてほしい',
};
// What the boy agreed to: all of this towards the NPO, the school part and no family, health or wishes towards the centre.
const agreed = {
  [npo]: { sees: ['phone', 'school', 'family', 'diagnosis', 'wish', 'likes'], not: [] },
  [centre]: { sees: ['phone', 'school'], not: ['family', 'diagnosis', 'wish', 'likes'] },
};
const categories = {
  [npo]: ['basic', 'contact', 'family', 'education', 'work', 'health', 'disability', 'support', 'strength'],
  [centre]: ['basic', 'contact', 'education'],
};

let server;
let browser;
const windows = {};
const place = {}; // where things stand: paths that later chapters come back to
const previewed = {};

before(async () => {
  server = await lib.startServer();
  browser = await lib.startBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

function bornYearsAgo(years) {
  const day = new Date(Date.now() - 90 * 86400000);
  return { y: String(day.getFullYear() - years), m: String(day.getMonth() + 1), d: String(Math.min(day.getDate(), 28)) };
}

// Whoever sits at a desk keeps their window open through the story.
async function at(login) {
  if (!windows[login]) {
    windows[login] = await lib.openWindow(browser, server);
    await lib.signIn(windows[login].page, server.users[login]);
  }
  return windows[login].page;
}
const counter = () => at('suzuki');
const npoDesk = () => at('sato');
const centreDesk = () => at('inoue');

// A chapter: the page must stand when it is over, and nothing may have gone wrong in any window.
function chapter(name, story) {
  test(name, async () => {
    await story();
    for (const [who, { faults }] of Object.entries(windows)) assert.deepEqual(faults, [], `at the desk of ${who}`);
  });
}

const write = (page, name, text) => page.locator(`[name="${name}"]`).first().fill(text);
const pick = (page, name, value) => page.locator(`[name="${name}"][value="${value}"]`).check();
const press = async (page, button) => {
  await page.getByRole('button', { name: button, exact: true }).first().click();
  await page.waitForLoadState('load');
};
async function date(page, name, { y, m, d }) {
  await page.locator(`[name="${name}.era"]`).selectOption('');
  await write(page, `${name}.y`, y);
  await write(page, `${name}.m`, m);
  await write(page, `${name}.d`, d);
}
async function accepted(page) {
  const problems = page.locator('.problems');
  if (await problems.count()) assert.fail(`${page.url()}\n${await problems.first().innerText()}`);
}
const path = (page) => new URL(page.url()).pathname;

// --- at the counter ----------------------------------------------------------------------------------------------------------------

chapter('a mother and her son come to the counter and are received', async () => {
  const page = await counter();
  await page.goto('/cases/new');
  await lib.judge(page, 'case-new');
  await write(page, 'name', boy.name);
  await write(page, 'kana', boy.kana);
  await date(page, 'birth', boy.born);
  await pick(page, 'sex', '1');
  await page.locator('[name="birth.y"]').fill(String(new Date().getFullYear() + 1));
  await pick(page, 'origin', 'family');
  await press(page, '保存する');
  assert.match(await page.locator('.problems').innerText(), /今日より先/, 'nobody is born after today');
  await write(page, 'birth.y', boy.born.y);
  await write(page, 'mobile', told.phone);
  await write(page, 'school', told.school);
  await write(page, 'grade', '高2 5月に中退');
  await write(page, 'interest', told.likes);
  await write(page, 'avoid', told.avoid);
  await write(page, 'guardian_name', mother);
  await pick(page, 'guardian_relation', 'mother');
  await pick(page, 'guardian_authority', 'sole');
  await pick(page, 'origin', 'family');
  await write(page, 'concern', 'この先どうしたらよいかわからない');
  await pick(page, 'density', 'B');
  await press(page, '保存する');
  await accepted(page);
  assert.match(path(page), /^\/cases\/[0-9a-z]+$/);
  place.case = path(page);
  const strip = await page.locator('.strip').innerText();
  for (const word of ['星野', '17歳', told.avoid]) assert.ok(strip.includes(word), `${word} stands on top`);
  await lib.judge(page, 'case-begun');
});

chapter('the worker fills the つなぐシート and picks the two places', async () => {
  const page = await counter();
  await page.goto(`${place.case}/sheets/new`);
  await press(page, '新しいシートを書く');
  place.sheet = path(page).replace(/\/edit$/, '');
  assert.equal(await page.locator('[name="answer.person_name"]').inputValue(), boy.name, 'what is known stands there already');
  await pick(page, 'answer.route', 'family');
  await pick(page, 'answer.purpose_explained', 'true');
  await write(page, 'answer.person_phone_mobile', told.phone);
  await write(page, 'answer.household_size', '3');
  await write(page, 'answer.household.0.member_note', told.family);
  await pick(page, 'answer.concerns', 'mental');
  await write(page, 'answer.request', told.wish);
  await write(page, 'answer.school_name', told.school);
  await pick(page, 'answer.school_status', 'dropout');
  await write(page, 'answer.diagnosis', told.diagnosis);
  for (const [answer, asked] of [['false', false], ['true', true], ['', false]]) {
    await pick(page, 'answer.interpreter', answer);
    assert.equal(await page.locator('[name="answer.interpreter_language"]').isVisible(), asked, `which language, after "${answer}"`);
  }
  await write(page, 'answer.likes', told.likes);
  await write(page, 'answer.avoid', told.avoid);
  for (const name of [npo, centre]) await page.locator('label.choice', { hasText: name }).locator('[name=receivers]').check();
  await pick(page, 'kind', 'help');
  await press(page, '保存する');
  await accepted(page);
  await page.goto(`${place.sheet}/edit`);
  assert.equal(await page.locator('[name="answer.diagnosis"]').inputValue(), told.diagnosis, 'the draft is kept');
  await lib.judge(page, 'sheet-edit');
});

chapter('nothing can be sent before anybody has agreed', async () => {
  const page = await counter();
  await page.goto(`${place.sheet}/edit`);
  await press(page, '見せる前に確かめる');
  await page.waitForURL((url) => url.pathname === `${place.sheet}/preview`);
  assert.equal(await page.getByRole('button', { name: /へ送る/ }).count(), 0);
  const shown = await page.locator('main').innerText();
  for (const words of [told.diagnosis, told.wish]) assert.ok(!shown.includes(words));
  const answer = await page.context().request.post(`${place.sheet}/preview`, { form: await hidden(page) });
  assert.notEqual(answer.status(), 500);
  await page.goto('/connections?view=sent');
  assert.ok(!(await page.locator('main').innerText()).includes(boy.name), 'also a forged post sends nothing');
});

const hidden = (page) => page.$$eval(`form[action$="/preview"] input[type=hidden]`,
  (all) => Object.fromEntries(all.map((input) => [input.name, input.value])));

chapter('the worker records who of the two agreed to what towards whom', async () => {
  const page = await counter();
  await page.goto(`${place.sheet}/preview`);
  await page.getByRole('link', { name: '同意を記録する' }).first().click();
  await page.waitForURL((url) => url.pathname === `${place.case}/consents/new`);
  await lib.judge(page, 'consent-new');
  await consent(page, { by: 'person', towards: [npo, centre] });
  const back = page.getByRole('link', { name: 'つなぐシートにもどる' });
  assert.equal(await back.getAttribute('href'), `${place.sheet}/preview`, 'the sheet that waited is one step away');
  // The mother is asked as well; for someone of 17 hers neither helps nor hinders.
  await page.goto(`${place.case}/consents/new`);
  await consent(page, { by: 'guardian', towards: [npo] });
  await page.goto(`${place.case}/consents`);
  const matrix = await page.locator('main').innerText();
  for (const name of [npo, centre]) assert.ok(matrix.includes(name));
  await lib.judge(page, 'consents');
});

async function consent(page, { by, towards }) {
  await page.locator('[name=explained]').check();
  await pick(page, 'by', by);
  if (by === 'guardian') await page.locator('label.choice', { hasText: mother }).locator('[name=guardian]').check();
  await pick(page, 'answer', 'given');
  await pick(page, 'preset', 'detail');
  for (const box of await page.locator('[name=recipients]').all()) await box.uncheck();
  for (const name of towards) {
    const box = page.locator('label.choice', { hasText: name }).locator('[name=recipients]');
    await box.check();
    const id = await box.inputValue();
    for (const category of categories[name]) await page.locator(`[name=cells][value="${id}.${category}"]`).check();
  }
  await write(page, 'purpose', '居場所と学び直しの相談のため');
  await pick(page, 'how', 'written');
  const until = new Date(Date.now() + 300 * 86400000);
  await date(page, 'until', { y: String(until.getFullYear()), m: String(until.getMonth() + 1), d: String(until.getDate()) });
  await press(page, '同意を記録する');
  await accepted(page);
}

chapter('the worker looks at exactly the page that each receiver will get, and sends', async () => {
  const page = await counter();
  await page.goto(`${place.sheet}/preview`);
  for (const name of [npo, centre]) {
    await page.locator('nav.tabs a', { hasText: name }).click();
    await page.locator('.frame-label', { hasText: name }).waitFor();
    previewed[name] = await paper(page);
    for (const key of agreed[name].sees) assert.ok(previewed[name].includes(told[key]), `${name} will read: ${told[key]}`);
    for (const key of agreed[name].not) assert.ok(!previewed[name].includes(told[key]), `${name} will not read: ${told[key]}`);
    await lib.judge(page, name === npo ? 'preview-npo' : 'preview-centre');
  }
  await page.getByRole('button', { name: /送る$/ }).click();
  await page.waitForLoadState('load');
  await accepted(page);
  await page.goto('/connections?view=sent');
  const his = (await page.locator('li.connection', { hasText: boy.name }).allInnerTexts()).join();
  for (const name of [npo, centre]) assert.ok(his.includes(name), `sent to ${name}`);
  await lib.judge(page, 'connections-sent');
});

// The sheet's answers as they are read; who sent it when and under which number stands above them.
const paper = (page) => page.locator('article.paper .form-view').innerText();

async function openArrived(page) {
  await page.goto('/connections?view=received');
  await page.locator('a.connection-name', { hasText: boy.name }).click();
  await page.waitForURL(/\/connections\/[0-9a-z]+$/);
  return path(page);
}

// --- at the receivers' desks ---------------------------------------------------------------------------------------------------------

chapter('the NPO opens it and sees the parts that the consent covers and no more', async () => {
  const page = await npoDesk();
  place.npo = await openArrived(page);
  assert.equal(await paper(page), previewed[npo], 'the page is the one that was previewed');
  await lib.judge(page, 'connection-npo');
});

chapter('the centre opens its own, smaller page', async () => {
  const page = await centreDesk();
  place.centre = await openArrived(page);
  assert.equal(await paper(page), previewed[centre]);
  const whole = await page.content();
  for (const key of agreed[centre].not) assert.ok(!whole.includes(told[key]), `nowhere in the page: ${told[key]}`);
  await lib.judge(page, 'connection-centre');
});

chapter('neither can open what went to the other', async () => {
  for (const [page, other] of [[await npoDesk(), place.centre], [await centreDesk(), place.npo]]) {
    const nothing = other.replace(/[^/]+$/, '0000000000000');
    const [one, none] = [await fetched(page, other), await fetched(page, nothing)];
    assert.equal(one.status, 404);
    assert.equal(one.text, none.text, 'what one may not see and what is not there are the same page');
  }
});

async function fetched(page, url) {
  const answer = await page.context().request.get(url, { headers: { accept: 'text/html' } });
  const text = (await answer.text()).replace(/[0-9a-f]{16,}/g, '…');
  return { status: answer.status(), text };
}

chapter('the NPO takes the case on, and answers', async () => {
  const page = await npoDesk();
  await page.goto(`${place.npo}/answer`);
  await lib.judge(page, 'connection-answer');
  await pick(page, 'answer', 'accept');
  const worker = page.locator('label.choice', { hasText: '山田' }).locator('[name=worker]');
  if (await worker.count()) await worker.check();
  await press(page, '返事を送る');
  await accepted(page);
  await page.goto(`${place.npo}/answer`);
  await pick(page, 'answer', 'answer');
  await pick(page, 'outcome', 'supporting');
  await write(page, 'text', '来週の木曜、ギターのある部屋で会うことになりました。');
  await press(page, '返事を送る');
  await accepted(page);
  const sender = await counter();
  await sender.goto('/connections?view=sent');
  const line = sender.locator('li.connection', { hasText: boy.name }).filter({ hasText: npo });
  assert.match(await line.innerText(), /返事あり/);
  await line.locator('a.connection-name').click();
  await sender.getByText('ギターのある部屋').waitFor();
  await lib.judge(sender, 'connection-answered');
  await sender.goto(place.case);
  await lib.judge(sender, 'case');
});

chapter('the worker\'s day shows what waits', async () => {
  const page = await counter();
  await page.goto('/today');
  await lib.judge(page, 'today');
});

// --- the boy comes back ----------------------------------------------------------------------------------------------------------------

chapter('the boy withdraws towards the centre: its view is gone at that moment', async () => {
  const there = await centreDesk();
  assert.equal((await fetched(there, place.centre)).status, 200, 'until then it sees it');
  const page = await counter();
  await page.goto(`${place.case}/consents`);
  await page.locator('tr', { hasText: centre }).getByRole('link', { name: '取り消す' }).click();
  await page.waitForURL(/\/consents\/[0-9a-z]+\/withdraw/);
  assert.ok((await page.locator('main').innerText()).includes(centre), 'what will happen is said before it does');
  await lib.judge(page, 'consent-withdraw');
  await pick(page, 'by', 'person');
  await pick(page, 'how', 'oral');
  await press(page, '同意を取り消す');
  await accepted(page);
  assert.equal((await fetched(there, place.centre)).status, 404);
  assert.equal((await fetched(there, place.case)).status, 404);
  await there.goto('/connections?view=received');
  assert.ok(!(await there.locator('main').innerText()).includes(boy.name));
  assert.equal((await fetched(await npoDesk(), place.npo)).status, 200, 'the NPO, to which he still agrees, keeps its view');
});

chapter('he asks who looked at his record and gets a page that he can read', async () => {
  const page = await counter();
  await page.goto(`${place.case}/seen`);
  const rows = await page.locator('main').innerText();
  for (const name of [npo, centre, '子ども若者支援課']) assert.ok(rows.includes(name), `${name} looked`);
  await lib.judge(page, 'seen');
  const paper = await printed(page, page.getByRole('link', { name: '本人に渡す紙を作る' }), 'seen-boy');
  for (const name of [npo, centre]) assert.ok(paper.includes(name.replace(' ', '')), `${name} stands on his paper`);
  assert.match(paper, /同意/);
  for (const person of ['佐藤', '井上', '山田']) assert.ok(!paper.includes(person), 'organizations and jobs, no names of workers');
  for (const key of ['family', 'diagnosis', 'wish']) assert.ok(!paper.includes(told[key]), 'who looked, not what stands there');
});

chapter('his mother, asking the same, gets what she may know', async () => {
  const page = await counter();
  await page.goto(`${place.case}/seen`);
  const paper = await printed(page, page.getByRole('link', { name: new RegExp(`${mother}.*渡す紙`) }), 'seen-mother');
  assert.ok(paper.includes(npo), 'the NPO, to which she had agreed');
  assert.ok(!paper.includes('さくら教室'), 'not the centre, about which she was not asked');
  assert.ok(!paper.includes('子ども若者支援課が'), 'nor the counter');
});

// The text of a paper that a link makes, and its picture beside the others.
async function printed(page, link, name) {
  const href = await link.getAttribute('href');
  const answer = await page.context().request.get(href);
  assert.equal(answer.status(), 200);
  assert.equal(answer.headers()['content-type'], 'application/pdf');
  const folder = fs.mkdtempSync(join(os.tmpdir(), 'tsunagu-paper-'));
  const file = join(folder, 'paper.pdf');
  try {
    fs.writeFileSync(file, await answer.body());
    fs.mkdirSync(lib.out, { recursive: true });
    execFileSync('pdftoppm', ['-png', '-r', '70', file, join(lib.out, name)]);
    const size = execFileSync('pdfinfo', [file], { encoding: 'utf8' });
    assert.match(size, /A4/);
    return execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).replace(/[ \n]+/g, '');
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
