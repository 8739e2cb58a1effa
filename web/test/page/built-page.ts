import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, request, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const types: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
};

/** Serves the files of a built page, and everything else from `server`: tests a page that is in no binary yet. */
export async function serveBuiltPage(
  folder: string,
  server: string,
): Promise<{ base: string; proxy: HttpServer }> {
  const proxy = createServer((asked, answer) => {
    const path = new URL(asked.url!, server).pathname;
    const file = join(folder, normalize(path === '/' ? '/index.html' : path));
    readFile(file).then(
      (content) => answer.setHeader('content-type', types[extname(file)] ?? '').end(content),
      () => {
        const { method = 'GET', headers } = asked;
        const forwarded = request(new URL(asked.url!, server), { method, headers }, (response) => {
          answer.writeHead(response.statusCode!, response.headers);
          response.pipe(answer);
        });
        forwarded.on('error', () => answer.destroy());
        answer.on('close', () => forwarded.destroy());
        asked.pipe(forwarded);
      },
    );
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return { base: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/`, proxy };
}
