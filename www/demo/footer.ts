import type { Status } from "nearshelf";
import { DeviceComparison } from "./device.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { packBytes, RequestCounter } from "./requests.js";
import { to } from "./router.js";
import type { Shop } from "./shop.js";

/** The foot of the page, and the drawer that shows what runs where. */
export class Footer {
  readonly element = h("footer", { class: "foot" });
  readonly drawer = h("dialog", { class: "drawer", "aria-labelledby": "status-title" });
  readonly #shop: Shop;
  readonly #requests: RequestCounter;
  readonly #rows = h("dl");
  readonly #device: DeviceComparison;
  readonly #pill = h("button", { class: "pill", type: "button", onclick: () => this.open() });
  #packBytes: number | undefined;

  constructor(shop: Shop) {
    this.#shop = shop;
    this.#requests = new RequestCounter(shop.client);
    this.#device = new DeviceComparison(shop);
    this.drawer.addEventListener("click", (event) => {
      // A click beside the dialog's box lands on the dialog itself.
      if (event.target === this.drawer) this.drawer.close();
    });
    const refresh = () => this.#refresh();
    this.#requests.addEventListener("change", refresh);
    shop.client.subscribe("ready", refresh);
    shop.client.subscribe("refined", () => {
      this.#requests.start();
      refresh();
    });
    shop.client.subscribe("error", refresh);
    shop.client.subscribe("history", refresh);
    shop.addEventListener("locale", () => this.render());
    shop.addEventListener("open", () => this.render());
    void packBytes(shop.client.pack).then((bytes) => {
      this.#packBytes = bytes;
      refresh();
    });
    this.render();
  }

  open(): void {
    this.#refresh();
    this.drawer.showModal();
    // The browser goes to the first thing that takes the focus, which is at the end.
    this.drawer.scrollTop = 0;
  }

  render(): void {
    const { words, own, name } = this.#shop;
    fill(
      this.element,
      h(
        "div",
        { class: "foot-inner" },
        h("div", {}, h("p", { class: "foot-name" }, name), h("p", {}, own ? words.footer.about : words.footer.otherAbout)),
        h(
          "nav",
          { "aria-label": words.footer.links },
          h("a", { href: to.privacy }, words.nav.privacy),
          h("a", { href: to.tryOn() }, words.tryOn.title),
          h("a", { href: to.category([]) }, words.nav.all),
          h("button", { class: "link", type: "button", onclick: () => this.open() }, words.status.open),
        ),
      ),
      this.#pill,
    );
    const close = h("button", { class: "button", type: "button", onclick: () => this.drawer.close() }, words.status.close);
    fill(
      this.drawer,
      h(
        "div",
        { class: "drawer-inner" },
        h("h2", { id: "status-title" }, words.status.title),
        h(
          "ol",
          { class: "steps" },
          words.status.steps.map(([title, text]) => h("li", {}, h("strong", {}, title ?? ""), h("p", {}, text ?? ""))),
        ),
        this.#rows,
        h("p", { class: "quiet" }, words.status.requestsNote),
        this.#device.element,
        close,
      ),
    );
    this.#device.render();
    if (this.drawer.open) close.focus();
    this.#refresh();
  }

  /** New figures only, so that whoever reads the open drawer keeps their place. */
  #refresh(): void {
    const { words } = this.#shop;
    const status = this.#shop.client.status();
    const count = this.#requests.count();
    fill(this.#pill, icon("lock"), h("strong", {}, count), h("span", { class: "pill-text" }, words.status.since(count)));
    this.#pill.hidden = status.phase !== "refined";
    fill(this.#rows, this.#figures(status).map(([term, value]) => [h("dt", {}, term), h("dd", {}, value)]));
  }

  #figures(status: Status): [term: string, value: string][] {
    const { words, locale } = this.#shop;
    const { status: say } = words;
    const number = new Intl.NumberFormat(locale);
    const rows: [string, string][] = [
      [say.phase, say.phases[status.phase]],
      [say.model, status.models.length > 0 ? status.models.join(", ") : say.noModel],
    ];
    if (status.simd && status.thread) rows.push([say.backend, `${say.backends[status.simd]}, ${say.threads[status.thread]}`]);
    rows.push([say.items, number.format(status.itemCount)]);
    if (this.#packBytes !== undefined) rows.push([say.pack, `${number.format(Math.round(this.#packBytes / 1024))} KiB`]);
    rows.push([say.requests, number.format(this.#requests.count())]);
    for (const part of ["chat", "vision"] as const) {
      const count = this.#requests.count(part);
      if (count > 0) rows.push([say.partRequests[part], number.format(count)]);
    }
    rows.push([say.history, `${say.events(status.history.eventCount)}, ${say.storages[status.history.storage]}`]);
    return rows;
  }
}
