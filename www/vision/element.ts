import { NearshelfElement } from "../elements/base.js";
import { fetchWords, hasWords, type VisionWords, wordsFor } from "./words.js";

/** An element that sees: it shows itself once the words of the page's language are there. */
export abstract class SeeingElement extends NearshelfElement {
  /** The words in use. */
  protected get words(): VisionWords {
    const words = wordsFor(this.messageLanguage);
    if (!words) throw new Error("words were asked for before they were fetched");
    return words;
  }

  protected override async scheduleUpdate(): Promise<void> {
    const language = this.messageLanguage;
    if (!hasWords(language)) await fetchWords(language);
    await super.scheduleUpdate();
  }
}
