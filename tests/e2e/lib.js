// lib.js: what every browser test stands on: a server of its own with a fresh network, a browser, sign-in as a demo user, and the
// judgements that hold for every page (accessible, valid HTML, quiet console).
// TSUNAGU names the program (build/tsunagu), TSUNAGU_DB the engine (sqlite, postgresql), TSUNAGU_TEST_PG the
// address of a PostgreSQL cluster as its superuser (tests/pg.sh makes one).
'use strict';
const assert = require('node:assert/strict');
const { spawn, execFile } = require('node:child_process');
const crypto = require('node:crypto');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const { after, before } = require('node:test');
const { promisify } = require('node:util');
const { chromium } = require('playwright-core');
const { HtmlValidate } = require('html-validate');

const run = promisify(execFile);
const top = path.resolve(__dirname, '../..');
const program = path.resolve(top, process.env.TSUNAGU || 'build/tsunagu');
const engine = process.env.TSUNAGU_DB || 'sqlite';
const out = path.join(__dirname, 'out');
const widths = { phone: 360, tablet: 768, office: 1280 };
const axeSource = require.resolve('axe-core/axe.min.js');
const htmlRules = require('./html-validate.json');

// --- the program -----------------------------------------------------------------------------------------------------------------

async function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function freshDatabase(folder) {
  if (engine === 'sqlite') return { url: `sqlite:${path.join(folder, 'network.db')}`, drop: async () => {} };
  const cluster = new URLSearchParams(new URL(process.env.TSUNAGU_TEST_PG).search);
  const env = { ...process.env, PGHOST: cluster.get('host'), PGUSER: cluster.get('user') };
  const name = `tsunagu_e2e_${process.pid}_${crypto.randomBytes(3).toString('hex')}`;
  await run('createdb', ['--template=template0', '--encoding=UTF8', '--locale=C', name], { env });
  const url = `postgresql:///${name}?host=${env.PGHOST}&user=${env.PGUSER}`;
  return { url, drop: () => run('dropdb', ['--if-exists', '--force', name], { env }) };
}

// How far the server's clock is ahead of this machine's. Codes of the second factor go by the server's.
let ahead = 0;

// A clock that a test can set: the library of tests/torture/fault.c moves the server's time of day by a word in a mapped file.
function testClock(folder) {
  const file = path.join(folder, 'clock');
  const words = Buffer.alloc(4096);
  const set = (date) => {
    ahead = date.getTime() - Date.now();
    words.writeBigInt64LE(BigInt(Math.round(ahead)), 8 * 8); // struct control: clock_ms
    fs.writeFileSync(file, words, { flag: fs.existsSync(file) ? 'r+' : 'w' });
  };
  return { set, env: { LD_PRELOAD: path.join(path.dirname(program), 'tests/torture/libtsunagu_fault.so'), TSUNAGU_FAULT: file } };
}

// A served demo network of its own. stop() ends the server and removes everything. at: what time it is there; setTime() changes it.
async function startServer({ scale = 'small', at = null } = {}) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tsunagu-e2e-'));
  const database = await freshDatabase(folder);
  const where = ['--db', database.url, '--key', path.join(folder, 'network.key')];
  const { stdout } = await run(program, ['demo', ...where, '--scale', scale], { cwd: folder });
  const clock = at && testClock(folder);
  clock?.set(at);
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const log = fs.openSync(path.join(folder, 'serve.log'), 'w');
  const child = spawn(program, ['serve', ...where, '--listen', `127.0.0.1:${port}`],
    { cwd: folder, stdio: ['ignore', log, log], env: { ...process.env, ...clock?.env } });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const readLog = () => fs.readFileSync(path.join(folder, 'serve.log'), 'utf8');
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`the server ended:\n${readLog()}`);
    return fetch(`${origin}/healthz`).then((r) => r.ok, () => false);
  }, 60000, 'the server answers');
  return {
    origin, folder, database, log: readLog, users: signIns(stdout), setTime: clock?.set,
    command: (...words) => run(program, [...words, ...where], { cwd: folder }),
    async stop() {
      child.kill('SIGTERM');
      await gone;
      fs.closeSync(log);
      await database.drop();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function until(probe, ms, what) {
  const end = Date.now() + ms;
  while (!(await probe())) {
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

// --- signing in ------------------------------------------------------------------------------------------------------------------

function base32Bytes(text) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  let bits = '';
  for (const letter of text.toUpperCase().replace(/[\s=-]/g, '')) {
    const value = alphabet.indexOf(letter);
    assert.ok(value >= 0, `not base 32: ${letter}`);
    bits += value.toString(2).padStart(5, '0');
  }
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}

// RFC 6238, SHA-1, six digits, thirty seconds.
function totp(secret, at = Date.now()) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30000)));
  const mac = crypto.createHmac('sha1', base32Bytes(secret)).update(counter).digest();
  const start = mac[19] & 15;
  return String((mac.readUInt32BE(start) & 0x7fffffff) % 1000000).padStart(6, '0');
}

// What `tsunagu demo` prints: one sign-in a line, fields parted by tabs: login, password, secret of the second factor ("" where the
// role needs none), organization, role, name.
function signIns(text) {
  const users = {};
  for (const line of text.split('\n')) {
    const [login, password, secret, organization, role, name] = line.split('\t');
    if (name) users[login] = { login, password, secret, organization, role, name };
  }
  assert.ok(Object.keys(users).length, `no sign-ins in what demo printed:\n${text}`);
  return users;
}

// --- the browser -----------------------------------------------------------------------------------------------------------------

async function startBrowser() {
  const root = process.getuid() === 0;
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: root ? ['--no-sandbox'] : [] });
}

// A browser window of one person: its cookies are its own. `faults` collects what a page must never have: script errors, console
// errors, refused styles or scripts, answers of 500 and above, requests to any other place. patience: how many milliseconds a page may
// take before a step of a test fails: a busy machine is not a broken page.
async function openWindow(browser, server, { width = widths.office, script = true, patience = 30000 } = {}) {
  const context = await browser.newContext({
    baseURL: server.origin, locale: 'ja-JP', timezoneId: 'Asia/Tokyo', javaScriptEnabled: script,
    viewport: { width, height: width < 700 ? 740 : 900 }, reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(patience); // of what is asked without a page too
  const page = await context.newPage();
  const faults = [];
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of (4\d\d)/.test(message.text())) faults.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(server.origin) && !request.url().startsWith('data:') && !request.url().startsWith('blob:')) {
      faults.push(`a request to another place: ${request.url()}`);
    }
  });
  page.on('response', (response) => {
    if (response.status() >= 500) faults.push(`${response.status()} ${response.url()}`);
  });
  return { context, page, faults, close: () => context.close() };
}

// For the tests of a file: a server, a browser, and windows that are closed afterwards and in which nothing may have gone wrong.
function stage({ skip = false } = {}) {
  let browser;
  const here = {
    server: null,
    open: (options) => openWindow(browser, here.server, options),
    inWindow: async (story, options) => {
      const window = await here.open(options);
      try {
        await story(window.page, window);
        assert.deepEqual(window.faults, []);
      } finally {
        await window.close();
      }
    },
  };
  before(async () => {
    if (skip) return;
    here.server = await startServer();
    browser = await startBrowser();
  });
  after(async () => {
    await browser?.close();
    await here.server?.stop();
  });
  return here;
}

// A code of the second factor works once: a second sign-in of the same user within 30 s waits for the next one.
const spent = new Map();
async function freshCode(user) {
  const step = () => Math.floor((Date.now() + ahead) / 30000);
  while (spent.get(user.secret) === step()) await new Promise((resolve) => setTimeout(resolve, 500));
  spent.set(user.secret, step());
  return totp(user.secret, Date.now() + ahead);
}

async function signIn(page, user, next = '/cases') {
  await page.goto(`/sign-in?next=${next}`);
  const door = page.locator('.door form').first();
  await door.locator('input[name=login]').fill(user.login);
  await door.locator('input[name=password]').fill(user.password);
  await door.getByRole('button', { name: 'サインインする' }).click();
  await page.waitForURL((url) => url.pathname !== '/sign-in');
  if (user.secret) {
    await door.locator('input[name=code]').fill(await freshCode(user));
    await door.getByRole('button', { name: '確認する' }).click();
  }
  await page.waitForURL((url) => url.pathname === next);
}

// The kind of page behind an address: "/cases/0c3k…/seen?page=2" -> "/cases/:id/seen".
const kind = (href) => href.replace(/[?#].*/, '').split('/').map((part) => (/^(?=.*\d)[0-9a-z]{11,}$/.test(part) ? ':id' : part)).join('/');

// --- what holds for every page -----------------------------------------------------------------------------------------------------

// What hangs over a page covers whatever happens to lie under it just now: that is no property of the page.
function layFlat() {
  for (const element of document.querySelectorAll('body *')) {
    if (['sticky', 'fixed'].includes(getComputedStyle(element).position)) element.style.position = 'static';
  }
}

async function axe(page) {
  await page.evaluate(fs.readFileSync(axeSource, 'utf8'));
  await page.evaluate(layFlat);
  const { violations } = await page.evaluate(() => window.axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }));
  const lines = violations.map((v) => `${v.id}: ${v.help}\n    ${v.nodes.map((n) => n.html.slice(0, 160)).join('\n    ')}`);
  assert.equal(lines.length, 0, `${page.url()}\n${lines.join('\n')}`);
}

const validator = new HtmlValidate(htmlRules);
async function validate(html, name = 'page') {
  const report = await validator.validateString(html, name);
  const lines = report.results.flatMap((r) => r.messages).map((m) => `${m.line}:${m.column} ${m.ruleId}: ${m.message}`);
  assert.equal(lines.length, 0, `${name}\n${lines.join('\n')}`);
}

// The page as the server sent it, not as script left it.
async function validatePage(page) {
  const answer = await page.context().request.get(page.url(), { headers: { accept: 'text/html' } });
  await validate(await answer.text(), new URL(page.url()).pathname);
}

async function noSidewaysScroll(page) {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(content <= window, `${page.url()} is ${content} px wide in a window of ${window}`);
}

// Pictures at three widths; at each of them the page fits its window.
async function screenshots(page, name, folder = out) {
  fs.mkdirSync(folder, { recursive: true });
  const before = page.viewportSize();
  for (const [kind, width] of Object.entries(widths)) {
    await page.setViewportSize({ width, height: width < 700 ? 740 : 900 });
    await page.screenshot({ path: path.join(folder, `${name}-${width}.png`), fullPage: true });
    if (kind === 'phone') await noSidewaysScroll(page);
  }
  await page.setViewportSize(before);
}

// All of it at once, for a page that stands.
async function judge(page, name) {
  await axe(page);
  await validatePage(page);
  await screenshots(page, name);
}

module.exports = { startServer, startBrowser, openWindow, stage, signIn, kind, totp, axe, validate, validatePage, noSidewaysScroll, screenshots, judge,
  until, engine, program, top, out, widths };
