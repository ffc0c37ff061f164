// screenshots.js: plays the story and keeps the pictures that the documents show, in docs/screenshots. All of them, at three widths, lie
// in tests/e2e/out afterwards.
'use strict';
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const out = path.join(__dirname, 'out');
const docs = path.resolve(__dirname, '../../docs/screenshots');
const shown = ['today-1280', 'consents-1280', 'preview-centre-1280', 'seen-boy-1', 'case-360'];

const tests = ['door', 'story', 'directory'].map((name) => path.join(__dirname, `${name}.test.js`));
const played = spawnSync(process.execPath, ['--test', ...tests], { stdio: 'inherit' });
if (played.status !== 0) process.exit(1);
fs.mkdirSync(docs, { recursive: true });
if (spawnSync(process.execPath, [path.join(__dirname, 'guide.js')], { stdio: 'inherit' }).status !== 0) process.exit(1);
for (const name of shown) fs.copyFileSync(path.join(out, `${name}.png`), path.join(docs, `${name}.png`));
console.log(`${shown.length} pictures in docs/screenshots, ${fs.readdirSync(out).length} in tests/e2e/out`);
