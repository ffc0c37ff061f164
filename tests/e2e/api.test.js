// api.test.js: the API as somebody meets it who has the address and a token: the document that the server gives is valid OpenAPI, a client
// built from it reads and writes, lists are paged in one way, who asks too often is told when to come again, and the directory is there by
// HSDS 3.0, valid by the standard's own schemas (read from ../shared/data where they are at hand).
'use strict';
const assert = require('node:assert/strict');
const { execFile } = require('node:child_process');
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { after, before, test } = require('node:test');
const { promisify } = require('node:util');
const Ajv = require('ajv/dist/2020').default;
const addFormats = require('ajv-formats').default;
const { OpenAPIClientAxios } = require('openapi-client-axios');
const lib = require('./lib.js');

const shared = path.resolve(lib.top, '../shared/data');
const standard = path.join(shared, 'hsds-3.0/schema');
const lists = path.join(shared, 'directory-yuzawa');
const noLists = fs.existsSync(standard) && fs.existsSync(lists) ? false : 'the standard and the town\'s lists are not here';

const printRoutes = (words) => promisify(execFile)(lib.program, ['routes', ...words]);

let server;
let token;
let described;
before(async () => {
  server = await lib.startServer();
  token = await newToken('suzuki');
  described = await fetch(`${server.origin}/api/openapi.json`).then((r) => r.json());
  ajv.addSchema({ components: described.components }, 'api');
});
after(() => server?.stop());

const newToken = async (login) => (await server.command('token', 'create', '--user', login, '--name', 'test')).stdout.trim();
const get = (where, { bearer = token, ...headers } = {}) =>
  fetch(new URL(where, server.origin), { redirect: 'manual', headers: { ...(bearer && { authorization: `Bearer ${bearer}` }), ...headers } });

async function client(bearer = token) {
  const api = new OpenAPIClientAxios({ definition: structuredClone(described), axiosConfigDefaults: { validateStatus: () => true } });
  const built = await api.init();
  built.defaults.baseURL = server.origin;
  built.defaults.headers.common.Authorization = `Bearer ${bearer}`;
  return { call: built, api };
}

// Whether an answer is what the document says of this operation and status.
const ajv = addFormats(new Ajv({ strict: false, allErrors: true }));
function asDescribed(operation, status, body) {
  const [, item] = Object.entries(described.paths).find(([, all]) => Object.values(all).some((op) => op.operationId === operation));
  const op = Object.values(item).find((one) => one.operationId === operation);
  let said = op.responses[status] || op.responses.default;
  if (said.$ref) said = described.components.responses[said.$ref.split('/').pop()];
  const check = ajv.getSchema(`api${said.content['application/json'].schema.$ref}`);
  assert.ok(check(body), `${operation} ${status}\n${ajv.errorsText(check.errors)}`);
}

test('the document is valid OpenAPI, by a public validator, in both languages and on the command line', async () => {
  const { Validator } = await import('@seriousme/openapi-schema-validator');
  const english = await fetch(`${server.origin}/api/openapi.json`, { headers: { 'accept-language': 'en' } }).then((r) => r.json());
  const printed = JSON.parse((await printRoutes(['--openapi'])).stdout);
  for (const document of [described, english, printed]) {
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    assert.ok(valid, JSON.stringify(errors));
    assert.deepEqual(Object.keys(document.paths), Object.keys(described.paths));
  }
  assert.notEqual(english.info.description, described.info.description);
  const table = (await printRoutes([])).stdout.trim().split('\n').slice(1, -1).map((line) => line.split('\t'));
  const calls = Object.entries(described.paths).flatMap(([where, item]) => Object.keys(item).map((method) => `${method.toUpperCase()} ${where}`));
  assert.deepEqual(new Set(calls), new Set(table.map(([method, where]) => `${method} ${where.replace(/:(\w+)/g, '{$1}')}`)));
});

test('a client built from the document reads what the afternoon at the counter reads, and writes a record', async () => {
  const { call } = await client();
  const read = async (operation, parameters) => {
    const answer = await call[operation](parameters);
    assert.equal(answer.status, 200, `${operation}: ${JSON.stringify(answer.data).slice(0, 300)}`);
    asDescribed(operation, 200, answer.data);
    return answer.data;
  };
  await read('get_today');
  const cases = await read('get_cases', { view: 'mine' });
  assert.ok(cases.cases.length, 'the worker has cases');
  const one = cases.cases[0].href.split('/').pop();
  await read('get_cases_case', { case: one });
  await read('get_cases_case_consents', { case: one });
  await read('get_cases_case_records_new', { case: one });
  await read('get_connections');
  const places = await read('get_directory', { q: 'NPO' });
  await read('get_directory_org', { org: places.organizations[0].id });

  const told = 'APIから書いた記録です。';
  const record = { day: '2026-04-01', method: 'phone', minutes: 10, paragraph: { 0: { text: told, source: 'staff', category: 'support' } } };
  const form = described.paths['/cases/{case}/records/new'].post.requestBody.content['application/json'].schema;
  assert.ok(ajv.compile(form)(record), 'what is sent is what the document asks for');
  const key = crypto.randomBytes(8).toString('hex');
  const send = (body) => call.post_cases_case_records_new([{ name: 'case', value: one, in: 'path' }, { name: 'Idempotency-Key', value: key, in: 'header' }], body);
  const problem = await call.post_cases_case_records_new([{ name: 'case', value: one, in: 'path' }, { name: 'Idempotency-Key', value: `${key}x`, in: 'header' }], {});
  assert.equal(problem.status, 422);
  asDescribed('post_cases_case_records_new', 422, problem.data);
  assert.ok(problem.data.problems.length);
  const written = await send(record);
  assert.equal(written.status, 200, JSON.stringify(written.data));
  asDescribed('post_cases_case_records_new', 200, written.data);
  const again = await send(record);
  assert.equal(again.data.location, written.data.location, 'the same key writes once');
  const after = await read('get_cases_case', { case: one });
  assert.equal(JSON.stringify(after).split(told).length - 1, 1, 'the record stands in the case, once');
});

test('errors are JSON and as described', async () => {
  const { call } = await client();
  const missing = await call.get_cases_case({ case: '0000000000001' });
  assert.equal(missing.status, 404);
  asDescribed('get_cases_case', 404, missing.data);
  const denied = await call.get_accounts();
  assert.equal(denied.status, 403);
  asDescribed('get_accounts', 403, denied.data);
  const nobody = await (await client('nobody')).call.get_cases();
  assert.equal(nobody.status, 401);
  asDescribed('get_cases', 401, nobody.data);
  assert.equal((await get('/hsds/services', { bearer: null })).status, 401);
});

test('a list tells its next page, the last one tells null', async () => {
  const found = new Set();
  let where = '/directory';
  for (let pages = 0; where; pages++) {
    assert.ok(pages < 20);
    const page = await get(where).then((r) => r.json());
    for (const place of page.organizations) {
      assert.ok(!found.has(place.id), 'nothing comes twice');
      found.add(place.id);
    }
    assert.ok('next' in page);
    where = page.next;
  }
  const { found: total } = await get('/directory').then((r) => r.json());
  assert.equal(found.size, total);
});

test('the directory by HSDS 3.0: valid by the standard\'s schemas, paged, searched, filtered', { skip: noLists }, async () => {
  const files = fs.readdirSync(lists).filter((name) => name.endsWith('.json')).map((name) => path.join(lists, name));
  await server.command('import', 'directory', ...files, '--area-code', '0183', '--city', '湯沢市');
  const schemas = addFormats(new Ajv({ strict: false, allErrors: true }));
  for (const name of fs.readdirSync(standard)) {
    if (name.endsWith('.json') && name !== 'openapi.json') schemas.addSchema(JSON.parse(fs.readFileSync(path.join(standard, name), 'utf8')), name);
  }
  const valid = (name, body) => assert.ok(schemas.getSchema(name)(body), `${name} ${body.id}\n${schemas.errorsText(schemas.getSchema(name).errors)}`);
  const all = async (where) => {
    const contents = [];
    for (let next = where; next;) {
      const page = await get(next).then((r) => r.json());
      contents.push(...page.contents);
      assert.equal(page.size, page.contents.length);
      assert.equal(page.last_page, page.next === null);
      next = page.next;
      if (!next) assert.equal(page.total_items, contents.length);
    }
    return contents;
  };
  const about = await get('/hsds/').then((r) => r.json());
  assert.equal(about.version, '3.0');
  assert.equal(about.openapi_url, `${server.origin}/api/openapi.json`);
  const kinds = { services: 'service', organizations: 'organization', service_at_locations: 'service_at_location', taxonomies: 'taxonomy', taxonomy_terms: 'taxonomy_term' };
  for (const [where, kind] of Object.entries(kinds)) {
    const listed = await all(`/hsds/${where}?per_page=100`);
    assert.ok(listed.length > 1, where);
    listed.forEach((one) => valid(`${kind}.json`, one));
    const full = await all(`/hsds/${where}?per_page=100${/^(services|organizations|service_at)/.test(where) ? '&full=true' : ''}`);
    full.forEach((one) => valid(`${kind}.json`, one));
    const one = await get(`/hsds/${where}/${listed[0].id}`).then((r) => r.json());
    valid(`${kind}.json`, one);
    asDescribed(`get_hsds_${where}_id`, 200, one);
    asDescribed(`get_hsds_${where}`, 200, await get(`/hsds/${where}?per_page=2`).then((r) => r.json()));
    assert.equal((await get(`/hsds/${where}/3a19ff88-4620-4d17-9830-ac1d859eb5d5`)).status, 404);
  }
  const services = await all('/hsds/services?per_page=200');
  assert.ok(services.length >= 141);
  const lines = (await get('/hsds/services?format=ndjson').then((r) => r.text())).trim().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual(lines, services);
  const minimal = await get('/hsds/services?minimal=true').then((r) => r.json());
  assert.deepEqual(minimal.contents.map((one) => one.id), services.map((one) => one.id));
  const found = await all(`/hsds/services?search=${encodeURIComponent('児童')}`);
  assert.ok(found.length > 3 && found.length < services.length);
  const organization = services[0].organization.id;
  const its = await all(`/hsds/services?organization_id=${organization}`);
  assert.ok(its.length && its.every((one) => one.organization.id === organization));
  const concerns = (await all('/hsds/taxonomies')).find((one) => /困りごと/.test(one.name));
  const terms = await all(`/hsds/taxonomy_terms?taxonomy_id=${concerns.id}&per_page=100`);
  assert.ok(terms.length > 3 && terms.length <= 12);
  const care = await all(`/hsds/services?taxonomy_term_id=${terms.find((one) => one.code === 'care').id}&per_page=200`);
  assert.ok(care.length && care.length < services.length);
  assert.equal((await all('/hsds/services?modified_after=2199-01-01')).length, 0);
  assert.equal((await all('/hsds/services?modified_after=2000-01-01T00:00:00Z&per_page=200')).length, services.length);
  assert.equal((await get('/hsds/services?modified_after=yesterday')).status, 422);
  const whole = await get(`/hsds/organizations/${organization}?full_service=true`).then((r) => r.json());
  assert.ok(whole.services[0].status && whole.services[0].service_at_locations);
});

test('the directory goes out as a datapackage and comes in again without a change', { skip: noLists }, async () => {
  const folder = path.join(server.folder, 'directory');
  await server.command('export', 'hsds', folder);
  const pack = JSON.parse(fs.readFileSync(path.join(folder, 'datapackage.json'), 'utf8'));
  assert.ok(pack.sources.some((source) => /湯沢市/.test(source.title)), 'whose data it is goes along');
  for (const { path: file, schema } of pack.resources) {
    const standardSchema = fs.readdirSync(standard).map((name) => JSON.parse(fs.statSync(path.join(standard, name)).isFile() ? fs.readFileSync(path.join(standard, name), 'utf8') : '{}'))
      .find((one) => one.path === file);
    const columns = Object.entries(standardSchema.properties).filter(([, p]) => ['string', 'number'].includes(p.type)).map(([name]) => name);
    assert.deepEqual(schema.fields.map((field) => field.name), columns, file);
    assert.equal(fs.readFileSync(path.join(folder, file), 'utf8').split('\r\n')[0], columns.join(','), file);
  }
  const { stdout } = await server.command('import', 'hsds', folder);
  const [, records] = stdout.match(/記録: (\d+)/);
  assert.match(stdout, new RegExp(`前と同じです: ${records}\n`));
  await assert.rejects(server.command('export', 'hsds', folder), /empty|空/, 'a folder with something in it is left alone');
});

test('who asks too often is told when to come again; another token of the same address is not held up by it', async () => {
  const other = await newToken('sato');
  const greedy = await newToken('suzuki');
  await new Promise((resolve) => setTimeout(resolve, 3000)); // the address's bucket fills again after what came before
  let refused;
  for (let i = 0; i < 400 && !refused; i++) {
    const answer = await get('/hsds/', { bearer: greedy });
    if (answer.status === 429) refused = answer;
    else assert.equal(answer.status, 200);
  }
  assert.ok(refused, 'a limit was reached');
  const wait = Number(refused.headers.get('retry-after'));
  assert.ok(wait >= 1 && wait <= 60);
  asDescribed('get_hsds_', 429, await refused.json());
  assert.equal((await get('/hsds/', { bearer: other })).status, 200);
  await new Promise((resolve) => setTimeout(resolve, wait * 1000 + 100));
  assert.equal((await get('/hsds/', { bearer: greedy })).status, 200);
});

test('the page for vendors stands', async () => {
  const browser = await lib.startBrowser();
  try {
    const { page, faults, close } = await lib.openWindow(browser, server);
    await page.goto('/api');
    await lib.judge(page, 'api');
    await page.locator('details.calls-group > summary').nth(3).click();
    await lib.screenshots(page, 'api-open');
    assert.deepEqual(faults, []);
    await close();
  } finally {
    await browser.close();
  }
});
