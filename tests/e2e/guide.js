// guide.js: the pictures of docs/guide.ja.md, from the demo network. Run by screenshots.js.
'use strict';
const path = require('node:path');
const lib = require('./lib.js');

const docs = path.resolve(__dirname, '../../docs/screenshots');

// name, who, page (CASE: the path of that person's first case), what is done there before the picture
const search = async (page) => {
  await page.fill('#f-q', '学校');
  await page.keyboard.press('Enter');
  await page.locator('[data-hits] mark').first().waitFor();
};
const find = async (page) => {
  await page.locator('form[action="/cases/find"] input[type="text"]').first().fill('もりた');
  await page.locator('form[action="/cases/find"] button[type="submit"]').click();
  await page.locator('.found').waitFor();
};
const family = async (page) => {
  await page.getByRole('link', { name: /森田 陽斗/ }).first().click();
  await page.getByRole('link', { name: '家族・エコマップ' }).click();
  await page.locator('.map').first().waitFor();
};
const pictures = [
  ['today', 'suzuki', '/today'],
  ['find', 'suzuki', '/cases/new', find],
  ['case', 'suzuki', 'CASE'],
  ['family', 'suzuki', '/cases', family],
  ['consent', 'suzuki', 'CASE/consents'],
  ['list', 'tanaka', '/cases?view=all&density=A&sort=next'],
  ['search', 'suzuki', '/search', search],
  ['conceal', 'suzuki', 'CASE/concealment'],
  ['course', 'suzuki', 'CASE/course'],
  ['seen', 'suzuki', 'CASE/seen'],
  ['connection', 'suzuki', '/connections'],
  ['progress', 'ito', '/progress'],
  ['audit', 'nakamura', '/audit'],
];

async function main() {
  const server = await lib.startServer();
  const browser = await lib.startBrowser();
  try {
    for (const login of new Set(pictures.map(([, who]) => who))) {
      const { page, close } = await lib.openWindow(browser, server);
      await lib.signIn(page, server.users[login], '/today');
      const { origin } = new URL(page.url());
      const list = await page.context().request.get(`${origin}/cases`, { headers: { accept: 'application/json' } });
      const first = list.ok() ? (await list.json()).cases[0]?.href : '';
      await page.setViewportSize({ width: 1280, height: 800 });
      for (const [name, who, where, act] of pictures) {
        if (who !== login) continue;
        await page.goto(origin + where.replace('CASE', first));
        if (act) await act(page);
        await page.screenshot({ path: path.join(docs, `guide-${name}.png`) });
      }
      await close();
    }
  } finally {
    await browser.close();
    await server.stop();
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
