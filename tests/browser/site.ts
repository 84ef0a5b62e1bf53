/**
 * The packed demo site behind a small front that writes down each request and can spoil an answer.
 *
 * Behind the front is the `nearshelf serve` of `NEARSHELF_BIN`; without it, the files themselves.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createSocketServer } from "node:net";
import { extname, join, normalize, relative, resolve } from "node:path";

const ROOT = resolve(__dirname, "../..");
export const SITE = resolve(process.env["NEARSHELF_SITE"] ?? join(ROOT, "build/demo-site"));
const SHOP = join(ROOT, "www/dist/demo");

/** As strict as a shop may be: the widget must need nothing more. */
export const STRICT_CSP = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "require-trusted-types-for 'script'",
  "trusted-types lit-html nearshelf",
].join("; ");

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** One request that reached the server. */
export interface SeenRequest {
  readonly path: string;
  readonly timeMillis: number;
  /** The address of the page, where the browser told it. */
  readonly referrer: string | undefined;
}

/** An answer of the server, as a test may change it. */
export interface SiteResponse {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
  /** Announces twice the body, and ends the connection after it. */
  breaksOff?: boolean;
}

/** Edits the manifest on its way. */
export function editManifest(edit: (manifest: Record<string, unknown>) => void): (response: SiteResponse) => void {
  return (response) => {
    const manifest = JSON.parse(response.body.toString()) as Record<string, unknown>;
    edit(manifest);
    response.body = Buffer.from(JSON.stringify(manifest));
  };
}

type Spoiler = { readonly path: RegExp; readonly change: (response: SiteResponse) => void };

/** The server behind the fronts; one for all tests of a Playwright worker. */
export class Upstream {
  readonly #process: ChildProcess | undefined;
  readonly #address: string;

  private constructor(process: ChildProcess | undefined, address: string) {
    this.#process = process;
    this.#address = address;
  }

  static async start(): Promise<Upstream> {
    if (!existsSync(join(SITE, "manifest.json"))) {
      throw new Error(`${SITE} holds no pack: run ./build.sh demo (or test) first, or set NEARSHELF_SITE`);
    }
    const binary = process.env["NEARSHELF_BIN"];
    if (!binary) return new Upstream(undefined, "");
    const port = await freePort();
    const child = spawn(resolve(ROOT, binary), ["serve", SITE, "--shop", SHOP, "--port", String(port)], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    const address = `http://127.0.0.1:${port}`;
    for (let attempt = 0; ; attempt += 1) {
      const answers = await fetch(`${address}/nearshelf/manifest.json`).then((response) => response.ok, () => false);
      if (answers) return new Upstream(child, address);
      if (attempt === 100 || child.exitCode !== null) throw new Error(`${binary} serve does not answer at ${address}`);
      await new Promise((wait) => setTimeout(wait, 100));
    }
  }

  async get(path: string): Promise<SiteResponse> {
    return this.#process ? this.#ask(path) : readFrom(path);
  }

  stop(): void {
    this.#process?.kill();
  }

  async #ask(path: string): Promise<SiteResponse> {
    const response = await fetch(this.#address + path, { headers: { "accept-encoding": "identity" } });
    const headers: Record<string, string> = {};
    for (const name of ["content-type", "content-security-policy", "cache-control", "x-content-type-options"]) {
      const value = response.headers.get(name);
      if (value !== null) headers[name] = value;
    }
    return { status: response.status, headers, body: Buffer.from(await response.arrayBuffer()) };
  }
}

/** The site as one test sees it. */
export class Site {
  readonly requests: SeenRequest[] = [];
  readonly #upstream: Upstream;
  readonly #server: Server;
  readonly #spoilers: Spoiler[] = [];
  readonly #own = new Map<string, { body: Buffer; headers: Record<string, string> }>();

  constructor(upstream: Upstream) {
    this.#upstream = upstream;
    // Gives `page.evaluate` a hold on the widget's exports without any inline script.
    const script = 'import * as nearshelf from "/nearshelf/widget/nearshelf.js"; window.nearshelf = nearshelf;';
    this.#own.set("/test/client.js", { body: Buffer.from(script), headers: { "content-type": "text/javascript" } });
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  async start(): Promise<void> {
    await new Promise<void>((listening) => this.#server.listen(0, "127.0.0.1", listening));
  }

  /** `localhost`, so that Chromium takes it for a secure context. */
  get address(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Serves an HTML page of the test's own at `path`, under `csp`. */
  page(path: string, body: string, csp = STRICT_CSP): void {
    const headers = { "content-type": "text/html; charset=utf-8", "content-security-policy": csp };
    this.#own.set(path, { body: Buffer.from(body), headers });
  }

  /** Serves a file of the test's own at `path`. */
  file(path: string, body: Buffer): void {
    this.#own.set(path, { body, headers: { "content-type": "application/octet-stream" } });
  }

  /** Serves a folder of the test's own below `prefix`, which ends with a slash. */
  async folder(prefix: string, folder: string): Promise<void> {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = join(entry.parentPath, entry.name);
      const path = prefix + relative(folder, file);
      this.#own.set(path, { body: await readFile(file), headers: { "content-type": TYPES[extname(file)] ?? "application/octet-stream" } });
    }
  }

  /** Changes every answer whose path matches. */
  spoil(path: RegExp, change: (response: SiteResponse) => void): void {
    this.#spoilers.push({ path, change });
  }

  /** Answers honestly again. */
  mend(): void {
    this.#spoilers.length = 0;
  }

  /** Refuses all connections from now on. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    this.requests.push({ path: request.url ?? "/", timeMillis: Date.now(), referrer: request.headers.referer });
    const own = this.#own.get(pathname);
    const answer: SiteResponse = own ? { status: 200, ...own } : (await this.#upstream.get(request.url ?? "/"));
    for (const { path, change } of this.#spoilers) if (path.test(pathname)) change(answer);
    if (answer.breaksOff) {
      const headers = { ...answer.headers, "content-length": String(answer.body.length * 2) };
      response.writeHead(answer.status, headers).write(answer.body, () => response.destroy());
    } else {
      response.writeHead(answer.status, answer.headers).end(answer.body);
    }
  }
}

async function readFrom(path: string): Promise<SiteResponse> {
  const { pathname } = new URL(path, "http://localhost");
  const inside = normalize(decodeURIComponent(pathname)).replace(/\/$/, "/index.html");
  const file = inside.startsWith("/nearshelf/") ? join(SITE, inside.slice("/nearshelf".length)) : join(SHOP, inside);
  try {
    const body = await readFile(file);
    return { status: 200, headers: { "content-type": TYPES[extname(file)] ?? "application/octet-stream" }, body };
  } catch {
    return { status: 404, headers: { "content-type": "text/plain" }, body: Buffer.from("not found") };
  }
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const socket = createSocketServer().once("error", failed);
    socket.listen(0, "127.0.0.1", () => {
      const { port } = socket.address() as AddressInfo;
      socket.close(() => found(port));
    });
  });
}
