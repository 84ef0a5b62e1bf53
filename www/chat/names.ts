/** Plain names of what is told apart in a message, for "Why this answer?". */

const EN: Readonly<Record<string, string>> = {
  account_delete: "closing an account",
  account_login: "signing in",
  add_to_cart: "adding to the cart",
  affirm: "yes",
  availability: "what is in stock",
  cancel_order: "cancelling an order",
  care_instructions: "washing and care",
  change_address: "changing the address",
  change_order: "changing an order",
  cheaper_alternative: "something cheaper",
  compare_products: "comparing products",
  complaint: "a complaint",
  delivery_problem: "a parcel that has not arrived",
  delivery_time: "how long delivery takes",
  deny: "no",
  exchange_item: "an exchange",
  find_product: "finding a product",
  gift_advice: "a gift",
  gift_card: "gift cards",
  goodbye: "goodbye",
  greeting: "hello",
  international_shipping: "delivery abroad",
  invoice: "an invoice",
  loyalty_points: "points",
  material_question: "what it is made of",
  order_status: "where an order is",
  out_of_scope: "none of what the shop answers",
  payment_methods: "ways to pay",
  payment_problem: "a payment that failed",
  price_question: "a price",
  privacy_request: "personal data",
  product_details: "details of a product",
  promotion: "offers",
  recommend: "recommendations",
  refine_search: "narrowing the search",
  refund_status: "where a refund is",
  return_item: "a return",
  reviews_question: "what others think",
  shipping_cost: "what delivery costs",
  similar_items: "something similar",
  size_help: "which size",
  store_hours: "opening hours",
  style_advice: "what goes with it",
  talk_to_person: "talking to a person",
  thanks: "thanks",
  warranty: "the guarantee",
};

const ZH_CN: Readonly<Record<string, string>> = {
  account_delete: "注销账户",
  account_login: "登录",
  add_to_cart: "加入购物车",
  affirm: "肯定",
  availability: "是否有货",
  cancel_order: "取消订单",
  care_instructions: "洗护方法",
  change_address: "修改地址",
  change_order: "修改订单",
  cheaper_alternative: "更便宜的",
  compare_products: "比较商品",
  complaint: "投诉",
  delivery_problem: "包裹没收到",
  delivery_time: "送达时间",
  deny: "否定",
  exchange_item: "换货",
  find_product: "找商品",
  gift_advice: "挑礼物",
  gift_card: "礼品卡",
  goodbye: "道别",
  greeting: "打招呼",
  international_shipping: "寄往国外",
  invoice: "发票",
  loyalty_points: "积分",
  material_question: "材质",
  order_status: "订单进度",
  out_of_scope: "店铺没有准备的问题",
  payment_methods: "付款方式",
  payment_problem: "付款失败",
  price_question: "价格",
  privacy_request: "个人信息",
  product_details: "商品详情",
  promotion: "优惠",
  recommend: "推荐",
  refine_search: "缩小范围",
  refund_status: "退款进度",
  return_item: "退货",
  reviews_question: "顾客评价",
  shipping_cost: "运费",
  similar_items: "类似的商品",
  size_help: "选尺码",
  store_hours: "营业时间",
  style_advice: "搭配",
  talk_to_person: "转人工",
  thanks: "致谢",
  warranty: "保修",
};

const SLOTS: Readonly<Record<string, readonly [en: string, zhCn: string]>> = {
  product_type: ["kind", "种类"],
  colour: ["colour", "颜色"],
  size: ["size", "尺码"],
  brand: ["brand", "品牌"],
  material: ["material", "材质"],
  price_min: ["price from", "最低价"],
  price_max: ["price to", "最高价"],
  quantity: ["quantity", "数量"],
  order_number: ["order number", "订单号"],
  date: ["date", "日期"],
  occasion: ["occasion", "场合"],
  comparison: ["comparison", "比较"],
};

type Language = "en" | "zh-CN";

/** An intent's name; a shop's own intent is named by its id. */
export function intentName(intent: string, language: Language): string {
  return own(language === "en" ? EN : ZH_CN, intent) ?? spaced(intent);
}

/** Name of what a word of a message tells. */
export function slotName(slot: string, language: Language): string {
  return own(SLOTS, slot)?.[language === "en" ? 0 : 1] ?? spaced(slot);
}

/** Ids come from a shop's file: "constructor" may be one. */
function own<T>(names: Readonly<Record<string, T>>, id: string): T | undefined {
  return Object.hasOwn(names, id) ? names[id] : undefined;
}

function spaced(id: string): string {
  return id.replaceAll("_", " ");
}
