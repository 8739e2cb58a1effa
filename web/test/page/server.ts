import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import { createInterface } from 'node:readline';
import { expect } from '@playwright/test';
import { serveBuiltPage } from './built-page';

/** A variable that `scripts/test-page` sets. */
export function setting(name: 'CIRCLE' | 'CITY' | 'OLD_CITY'): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run scripts/test-page BINARY EXTRACT`);
  return value;
}

/** A running `circle serve`. */
export class Server {
  private constructor(
    private readonly child: ChildProcess,
    /** The address that the server printed; it ends in `/`. */
    readonly base: string,
    private readonly output: { log: string },
    private readonly proxy?: HttpServer,
  ) {}

  /** Starts the server on a free port and waits for its address. `PAGE` is a folder with a built page to test instead of the binary's. */
  static async start(city: string): Promise<Server> {
    const child = spawn(setting('CIRCLE'), ['serve', city, '--listen', '127.0.0.1:0'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = { log: '' };
    child.stderr.on('data', (text) => (output.log += text));
    const [address] = await Promise.race([
      once(createInterface({ input: child.stdout }), 'line'),
      once(child, 'exit').then(() => Promise.reject(new Error(`server exited\n${output.log}`))),
    ]);
    const own = new URL(String(address)).href;
    const { PAGE } = process.env;
    if (!PAGE) return new Server(child, own, output);
    const { base, proxy } = await serveBuiltPage(PAGE, own);
    return new Server(child, base, output, proxy);
  }

  /** Everything that the server wrote to standard error. */
  get log(): string {
    return this.output.log;
  }

  fetch(path: string, options?: RequestInit): Promise<Response> {
    return fetch(new URL(`api/${path}`, this.base), options);
  }

  async get<T>(path: string): Promise<T> {
    return (await (await this.fetch(path)).json()) as T;
  }

  async edition(): Promise<string> {
    return (await this.fetch('settings')).headers.get('circle-edition') ?? '';
  }

  /** Waits until the default verdicts are computed, so that no page waits for them. */
  async warmUp(): Promise<void> {
    const status = async (): Promise<number> => (await this.fetch('verdicts')).status;
    await expect.poll(status, { timeout: 120_000 }).toBe(200);
  }

  /** Tells the server to read its city file again. */
  reload(): void {
    this.child.kill('SIGHUP');
  }

  async stop(): Promise<void> {
    this.proxy?.closeAllConnections();
    this.proxy?.close();
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
  }
}
