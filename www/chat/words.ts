import { intentName, slotName } from "./names.js";
import type { ChatPath, QuickReply } from "./types.js";

/** Everything the chat itself says, in one language; answers come from the assistant. */
export interface ChatWords {
  readonly heading: string;
  readonly log: string;
  readonly you: string;
  readonly shop: string;
  /** What the shop says before anything is asked, and what can be asked with one press. */
  readonly greeting: string;
  readonly firstReplies: readonly QuickReply[];
  readonly input: string;
  readonly send: string;
  readonly starting: string;
  readonly ready: string;
  readonly failed: string;
  readonly retry: string;
  readonly thinking: string;
  readonly private: string;
  readonly judges: Readonly<Record<ChatPath, string>>;
  readonly modelToCome: string;
  readonly why: string;
  readonly intent: string;
  readonly intentName: (intent: string) => string;
  readonly slotName: (slot: string) => string;
  readonly sure: (percent: number) => string;
  readonly followsUp: string;
  readonly understood: string;
  readonly not: string;
  readonly replies: string;
  readonly products: string;
  readonly keep: string;
  readonly export: string;
  readonly erase: string;
  readonly erased: string;
  readonly handedOver: string;
  readonly noHandOver: string;
  readonly cut: string;
}

export const en: ChatWords = {
  heading: "Ask the shop",
  log: "Conversation",
  you: "You",
  shop: "Shop",
  greeting: "Hello! Tell me what you are looking for, or ask about orders and delivery.",
  firstReplies: [
    { intent: "recommend", label: "What do you recommend?" },
    { intent: "order_status", label: "Where is my order?" },
    { intent: "shipping_cost", label: "What does delivery cost?" },
  ],
  input: "Your question",
  send: "Send",
  starting: "The assistant is starting …",
  ready: "The assistant is ready.",
  failed: "The assistant can't be loaded right now.",
  retry: "Try again",
  thinking: "Looking …",
  private: "It answers in your browser. What you write is sent nowhere.",
  judges: {
    encoder: "Answers with its language model.",
    words: "Answers by words; its language model is not loaded.",
    rules: "Answers by lists and rules alone.",
    "quick-reply": "You chose this.",
  },
  modelToCome: "The language model is being loaded.",
  why: "Why this answer?",
  intent: "Taken for",
  intentName: (intent) => intentName(intent, "en"),
  slotName: (slot) => slotName(slot, "en"),
  sure: (percent) => `${percent} % sure`,
  followsUp: "follows what was asked before",
  understood: "Words that counted",
  not: "not",
  replies: "Suggestions",
  products: "Products",
  keep: "Keep until this tab is closed",
  export: "Download",
  erase: "Erase",
  erased: "The conversation is erased.",
  handedOver: "The shop takes over from here.",
  noHandOver: "This page has no way to reach the shop from the chat; please use its contact page.",
  cut: "Only the beginning of your message was read.",
};

export const zhCn: ChatWords = {
  heading: "问问店铺",
  log: "对话",
  you: "你",
  shop: "店铺",
  greeting: "你好！告诉我你想找什么，也可以问订单和配送。",
  firstReplies: [
    { intent: "recommend", label: "有什么推荐" },
    { intent: "order_status", label: "我的订单到哪了" },
    { intent: "shipping_cost", label: "运费多少" },
  ],
  input: "你的问题",
  send: "发送",
  starting: "助手正在启动……",
  ready: "助手已就绪。",
  failed: "助手暂时无法加载。",
  retry: "重试",
  thinking: "正在查找……",
  private: "助手在你的浏览器里回答，你写的内容不会发送到任何地方。",
  judges: {
    encoder: "由语言模型理解并回答。",
    words: "按词语回答；语言模型尚未加载。",
    rules: "只按词表和规则回答。",
    "quick-reply": "这是你选的。",
  },
  modelToCome: "正在加载语言模型。",
  why: "为什么这样回答？",
  intent: "理解为",
  intentName: (intent) => intentName(intent, "zh-CN"),
  slotName: (slot) => slotName(slot, "zh-CN"),
  sure: (percent) => `把握 ${percent}%`,
  followsUp: "接着上一个问题",
  understood: "起作用的词",
  not: "不要",
  replies: "建议",
  products: "商品",
  keep: "保留到关闭此标签页",
  export: "下载",
  erase: "清除",
  erased: "对话已清除。",
  handedOver: "接下来由店铺处理。",
  noHandOver: "此页面无法从聊天联系店铺，请使用店铺的联系页面。",
  cut: "你的消息较长，只读取了开头部分。",
};

/** The words for a language. */
export function wordsFor(messageLanguage: string): ChatWords {
  return messageLanguage === "zh-CN" ? zhCn : en;
}
