// Serves a rendered directory below a path of its own, as a web host would, and opens it in Chromium.

import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { chromium } from 'playwright-core';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.xml': 'application/atom+xml',
};

/** `home`: an address in pages that stands for this server's. */
export async function serve(directory, below = '/support/', home) {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    try {
      if (!path.startsWith(below)) throw new Error('outside');
      let file = join(directory, normalize(`/${path.slice(below.length)}`));
      if ((await stat(file)).isDirectory()) {
        if (!path.endsWith('/')) throw new Error('a directory without its slash');
        file = join(file, 'index.html');
      }
      let body = await readFile(file);
      if (home && file.endsWith('.html')) body = body.toString().replaceAll('&#x2f;', '/').replaceAll(home, `http://${request.headers.host}${below}`);
      response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
      response.end(body);
    } catch {
      response.writeHead(404, { 'content-type': 'text/plain' });
      response.end('not found');
    }
  });
  await new Promise(done => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${server.address().port}${below}`,
    close: () => new Promise(done => { server.close(done); server.closeAllConnections(); }),
  };
}

export const launch = (more = []) => chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage', '--force-color-profile=srgb', ...more],
});
