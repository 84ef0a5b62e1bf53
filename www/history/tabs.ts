const MESSAGES = ["changed", "erased", "denied"] as const;
/** What one tab tells the others of the same shop. It never carries what was looked at. */
export type TabMessage = (typeof MESSAGES)[number];

/** Keeps tabs of one shop in step; silent where there is no BroadcastChannel. */
export class Tabs {
  readonly #channel: BroadcastChannel | undefined;

  constructor(name: string, onMessage: (message: TabMessage) => void) {
    if (typeof BroadcastChannel === "undefined") return;
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      const message = MESSAGES.find((known) => known === data);
      if (message) onMessage(message);
    };
  }

  tell(message: TabMessage): void {
    this.#channel?.postMessage(message);
  }

  close(): void {
    this.#channel?.close();
  }
}
