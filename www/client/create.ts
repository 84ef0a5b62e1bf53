import { isConsent } from "../history/policy.js";
import { pageLocale } from "../i18n/locale.js";
import { Client } from "./client.js";
import { NearshelfError } from "./error.js";
import type { Consent, Nearshelf, NearshelfOptions } from "./types.js";

const MOST_DECOYS = 64;

/** One client a pack and page, so that elements and the shop's code share one worker and one history. */
const clients = new Map<string, Client>();

/**
 * Starts Nearshelf for a pack, or returns the running one of this page.
 *
 * Loading begins at once; await {@link Nearshelf.ready} for recommendations. Asked again for the same pack, it
 * applies a stated `consent` and ignores the other options.
 *
 * Throws {@link NearshelfError} `request-invalid` when `pack` is no address, or `decoys` no number of files.
 */
export function createNearshelf(options: NearshelfOptions = {}): Nearshelf {
  const pack = packAddress(options.pack);
  const running = clients.get(pack);
  if (running) {
    // A failure to erase is told by the client's `error` event.
    if (options.consent) running.setConsent(options.consent).catch(() => undefined);
    return running;
  }
  const client = new Client({
    pack,
    locale: pageLocale(options.locale),
    consent: options.consent ?? statedConsent(),
    worker: options.worker ?? true,
    decoys: options.decoys === undefined ? undefined : checkedDecoys(options.decoys),
    onDispose: () => void clients.delete(pack),
  });
  clients.set(pack, client);
  return client;
}

/** Absolute address of a pack's folder. Default: the folder above the script's, where `nearshelf pack` puts it. */
function packAddress(pack: string | URL | undefined): string {
  const above = "../";
  try {
    const url = pack ? new URL(pack, document.baseURI) : new URL(above, import.meta.url);
    url.search = "";
    url.hash = "";
    if (!url.pathname.endsWith("/")) url.pathname += "/";
    return url.href;
  } catch (cause) {
    throw new NearshelfError("request-invalid", `pack "${String(pack)}" is not an address`, { cause });
  }
}

function checkedDecoys(decoys: number): number {
  if (Number.isInteger(decoys) && decoys >= 0 && decoys <= MOST_DECOYS) return decoys;
  throw new NearshelfError("request-invalid", `decoys ${decoys} is no whole number from 0 to ${MOST_DECOYS}`);
}

function statedConsent(): Consent {
  const stated = document.querySelector<HTMLMetaElement>('meta[name="nearshelf-consent"]')?.content;
  return isConsent(stated) ? stated : "not-required";
}
