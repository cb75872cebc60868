// What Lighthouse finds on one page of each kind, in both languages: search engines, accessibility and best practices, all of it; and how
// far what is read moves.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import lighthouse from 'lighthouse';
import { launch, serve } from './site.mjs';

const directory = process.env.DIRECTORY;
if (!directory) throw new Error('DIRECTORY must name a rendered directory');
const { partners, $schema } = JSON.parse(readFileSync(join(directory, 'partners.json'), 'utf8'));
const active = partners.find(p => p.state === 'active');
const left = partners.find(p => p.state === 'exited');
const kinds = { index: '', partner: `partners/${active.partner}/`, jobs: 'jobs/', card: `partners/${active.partner}/card.html`, missing: '404.html' };
if (left) kinds.left = `partners/${left.partner}/`;
// A few of them are quick enough for the gate.
const wanted = process.env.KINDS?.split(' ') ?? Object.keys(kinds);

let site;
let browser;
let port;
before(async () => {
  const free = createServer();
  await new Promise(done => free.listen(0, '127.0.0.1', done));
  ({ port } = free.address());
  await new Promise(done => free.close(done));
  // At the root, where robots.txt counts.
  site = await serve(directory, '/', /^https?:/.test($schema) ? $schema.replace(/[^/]*$/, '') : undefined);
  browser = await launch([`--remote-debugging-port=${port}`]);
});
after(async () => {
  await browser?.close();
  await site?.close();
});

for (const prefix of ['', 'zh/']) {
  for (const kind of wanted) {
    assert.ok(kind in kinds, `KINDS: ${kind} is none of ${Object.keys(kinds).join(', ')}`);
    // Of the page for what isn't there a web server has one.
    if (prefix && kind === 'missing') continue;
    test(`${prefix}${kind}`, async () => {
      const { lhr } = await lighthouse(site.url + prefix + kinds[kind], {
        port,
        logLevel: 'error',
        onlyCategories: ['seo', 'accessibility', 'best-practices'],
        onlyAudits: ['cumulative-layout-shift'],
        // Search engines are told to leave these out.
        skipAudits: ['left', 'card', 'missing'].includes(kind) ? ['is-crawlable'] : [],
        throttlingMethod: 'provided',
        maxWaitForLoad: 3_000,
        disableFullPageScreenshot: true,
      });
      const shift = lhr.audits['cumulative-layout-shift'].numericValue;
      assert.ok(shift < 0.05, `what is read moves by ${shift}`);
      for (const category of Object.values(lhr.categories)) {
        const wrong = category.auditRefs.filter(({ id, weight }) => weight > 0 && lhr.audits[id]?.score !== null && lhr.audits[id]?.score < 1)
          .map(({ id }) => `${id}: ${JSON.stringify(lhr.audits[id].details?.items?.slice(0, 3))}`);
        assert.equal(category.score, 1, `${category.title}: ${wrong.join('\n')}`);
      }
    });
  }
}
