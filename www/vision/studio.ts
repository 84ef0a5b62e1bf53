import { connect, type Connection } from "../client/connection.js";
import { NearshelfError } from "../client/error.js";
import type { Nearshelf } from "../client/types.js";
import { unwrap } from "../worker/answer.js";
import type { VisionHost } from "../worker/protocol.js";
import { bestSimd } from "../worker/simd.js";
import type { VisionLoaded } from "./types.js";

/** The thread that sees, for all elements of a page that ask about one pack. */
export interface Studio {
  readonly host: VisionHost;
  readonly loaded: VisionLoaded;
}

/** An element's hold on the studio. */
export interface Visit {
  readonly studio: Promise<Studio>;
  /** Lets go; with the last visit the thread ends, and whatever pictures it held are gone. */
  leave(): void;
}

interface Opened {
  visits: number;
  readonly connection: Promise<Connection<VisionHost>>;
  readonly studio: Promise<Studio>;
}

const open = new Map<string, Opened>();

/** Enters the studio of a client's pack. What failed to open is opened anew by the next visit. */
export function visit({ pack }: Nearshelf): Visit {
  const opened = open.get(pack) ?? start(pack);
  opened.visits += 1;
  let left = false;
  return {
    studio: opened.studio,
    leave() {
      if (left) return;
      left = true;
      opened.visits -= 1;
      if (opened.visits === 0) close(pack, opened);
    },
  };
}

function start(pack: string): Opened {
  const simd = bestSimd();
  const connection = simd
    ? connect("vision", true)
    : Promise.reject(new NearshelfError("simd-missing", "this browser runs no WebAssembly SIMD: update the browser"));
  const studio = connection.then(async ({ host }) => ({ host, loaded: unwrap(await host.start(pack, simd ?? "baseline")) }));
  const opened = { visits: 0, connection, studio };
  open.set(pack, opened);
  studio.catch(() => close(pack, opened));
  return opened;
}

function close(pack: string, opened: Opened): void {
  if (open.get(pack) === opened) open.delete(pack);
  opened.connection.then((connection) => connection.close(), () => undefined);
}
