import { NearshelfElement } from "../elements/base.js";
import { messagesFor } from "../i18n/locale.js";
import type { Messages } from "../i18n/messages.js";
import { pictureAmong } from "./picked.js";
import { failure, fetchWords, type VisionWords, wordsFor } from "./words.js";

/** An element that sees: it shows itself in the page's language once its words are there; where they don't come, in the other. */
export abstract class SeeingElement extends NearshelfElement {
  /** The words in use: nothing is shown before there are some. */
  protected declare words: VisionWords;
  /** A language whose words did not come: they are asked for again when the page changes its language, not with each update. */
  #missed: string | undefined;
  /** Asks again for words without which there is nothing to show. */
  #again = (): void => {};

  /** Whether pictures may be dropped and pasted now. */
  protected abstract get takesPictures(): boolean;

  /** What was dropped or pasted. */
  protected abstract handed(picture: File, event: Event): void;

  protected override createRenderRoot(): ReturnType<NearshelfElement["createRenderRoot"]> {
    const root = super.createRenderRoot();
    root.addEventListener("dragover", (event) => {
      if (this.takesPictures && (event as DragEvent).dataTransfer?.types.includes("Files")) event.preventDefault();
    });
    root.addEventListener("drop", (event) => this.#offered(event, (event as DragEvent).dataTransfer));
    root.addEventListener("paste", (event) => this.#offered(event, (event as ClipboardEvent).clipboardData));
    return root;
  }

  #offered(event: Event, transfer: DataTransfer | null): void {
    const picture = pictureAmong(transfer);
    if (!picture || !this.takesPictures) return;
    event.preventDefault();
    this.handed(picture, event);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#again();
  }

  /** In the language of the words in use: not two are spoken at once. */
  protected override get messages(): Messages {
    return messagesFor(this.words.lang);
  }

  protected override languageChanged(): void {
    this.#missed = undefined;
    this.#again();
    super.languageChanged();
  }

  protected override async scheduleUpdate(): Promise<void> {
    // The page may change its language meanwhile.
    for (let language; (language = this.messageLanguage), wordsFor(language)?.lang !== language && language !== this.#missed; ) {
      try {
        await fetchWords(language);
      } catch (cause) {
        this.tell("nearshelf-error", failure(cause, "chunk-unreachable"));
        if (wordsFor(language)) this.#missed = language;
        else await new Promise<void>((asked) => this.showFailed((this.#again = asked)));
      }
    }
    this.words = wordsFor(this.messageLanguage) ?? this.words;
    await super.scheduleUpdate();
  }
}
