/**
 * The entry: one script tag defines the elements, and its exports are the client.
 *
 * ```html
 * <script type="module" src="/nearshelf/widget/nearshelf.js"></script>
 * <nearshelf-recommendations kind="for-you"></nearshelf-recommendations>
 * ```
 */

import { whenPresent } from "./elements/lazy.js";

export { createNearshelf } from "./client/create.js";
export { openItems, openModel } from "./client/model.js";
export { NearshelfError, type NearshelfErrorCode } from "./client/error.js";
export { formatMoney } from "./i18n/format.js";
export { NearshelfPrivacy } from "./elements/privacy.js";
export { NearshelfRecommendations } from "./elements/recommendations.js";
export type { NearshelfChat } from "./chat/element.js";
export type { NearshelfSearch } from "./elements/search.js";
export type { NearshelfSimilar } from "./vision/similar.js";
export type { NearshelfTryOn } from "./vision/try-on.js";
export type { Design, SizeChart } from "./vision/types.js";
export type * from "./client/types.js";

whenPresent("nearshelf-chat", () => import("./chat/element.js"));
whenPresent("nearshelf-search", () => import("./elements/search.js"));
whenPresent("nearshelf-similar", () => import("./vision/similar.js"));
whenPresent("nearshelf-try-on", () => import("./vision/try-on.js"));
