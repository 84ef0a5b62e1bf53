//! Common words for each intent, in English and Chinese, and what a quick reply for it says.

/// An intent, what is said to it, and what a shopper would say to mean it; English, then Chinese.
struct Common(&'static str, [&'static str; 2], Option<[&'static str; 2]>);

const COMMON: &[Common] = &[
    Common(
        "account_delete",
        [
            "I can't close an account from here, but the shop can. Shall I put you through?",
            "我这里没法注销账户，店铺客服可以处理。需要转人工吗？",
        ],
        Some(["Close my account", "注销账户"]),
    ),
    Common(
        "account_login",
        [
            "You can sign in, or reset your password, on the shop's account page.",
            "你可以在店铺的账户页面登录或重设密码。",
        ],
        Some(["I can't sign in", "登录不了"]),
    ),
    Common(
        "add_to_cart",
        [
            "Open the product and choose “add to cart”; I can find it for you if you tell me its name.",
            "打开商品页，点“加入购物车”即可；告诉我名称，我帮你找。",
        ],
        None,
    ),
    Common("affirm", ["All right.", "好的。"], None),
    Common(
        "availability",
        [
            "Here is what I find; each card says whether it is in stock.",
            "这是我找到的，卡片上写着是否有货。",
        ],
        Some(["Is it in stock?", "有货吗"]),
    ),
    Common(
        "cancel_order",
        [
            "I hand this to the shop: it can say whether your order can still be cancelled.",
            "我把取消订单的请求转给店铺，由店铺确认能否取消。",
        ],
        Some(["Cancel my order", "取消订单"]),
    ),
    Common(
        "care_instructions",
        [
            "How to care for it stands in the product's description and on its label.",
            "洗护方法请看商品说明和标签。",
        ],
        Some(["How do I wash it?", "怎么清洗"]),
    ),
    Common(
        "change_address",
        [
            "I hand this to the shop: it can change the address as long as the parcel hasn't left.",
            "我转给店铺处理：包裹寄出前可以改地址。",
        ],
        Some(["Change my address", "修改地址"]),
    ),
    Common(
        "change_order",
        [
            "I hand this to the shop: it can change an order that hasn't left yet.",
            "我转给店铺处理：未发货的订单可以修改。",
        ],
        Some(["Change my order", "修改订单"]),
    ),
    Common(
        "cheaper_alternative",
        ["These cost less.", "这些更便宜。"],
        Some(["Show me cheaper ones", "有没有便宜点的"]),
    ),
    Common(
        "compare_products",
        [
            "Here they are side by side; open one to see its details.",
            "放在一起看看吧，点开可看详情。",
        ],
        None,
    ),
    Common(
        "complaint",
        [
            "I'm sorry about that. Someone at the shop should hear it: shall I put you through?",
            "很抱歉给你带来不便。这应该让店铺的人知道，需要转人工吗？",
        ],
        Some(["I want to complain", "我要投诉"]),
    ),
    Common(
        "delivery_problem",
        [
            "I'm sorry. I hand this to the shop, which can trace the parcel.",
            "很抱歉。我转给店铺，由店铺查询包裹。",
        ],
        Some(["My parcel has not arrived", "包裹没收到"]),
    ),
    Common(
        "delivery_time",
        [
            "How long delivery takes is shown at checkout, once your address is known.",
            "填写地址后，结算页会显示预计送达时间。",
        ],
        Some(["How long does delivery take?", "多久能到"]),
    ),
    Common(
        "deny",
        ["No problem. What else can I do?", "没关系。还需要什么？"],
        None,
    ),
    Common(
        "exchange_item",
        [
            "I hand this to the shop, which can arrange an exchange.",
            "我转给店铺，由店铺安排换货。",
        ],
        Some(["Exchange something", "我要换货"]),
    ),
    Common(
        "find_product",
        ["Here is what I find.", "这是我找到的。"],
        Some(["Find a product", "找商品"]),
    ),
    Common(
        "gift_advice",
        [
            "Here are some ideas. Tell me the occasion, for whom, and what you'd spend.",
            "有这些可以参考。告诉我送谁、什么场合、预算多少，我再挑挑。",
        ],
        Some(["I need a gift", "想送礼物"]),
    ),
    Common(
        "gift_card",
        [
            "I know nothing of gift cards here; the shop does. Shall I put you through?",
            "礼品卡的事我这里查不到，店铺可以。需要转人工吗？",
        ],
        Some(["Gift cards", "礼品卡"]),
    ),
    Common("goodbye", ["Goodbye!", "再见！"], None),
    Common(
        "greeting",
        [
            "Hello! I can find products, compare prices, and answer what the shop has told me. I run in your browser: what you write stays here.",
            "你好！我可以找商品、比价格，并回答店铺交代过的问题。我在你的浏览器里运行，你写的内容不会外传。",
        ],
        None,
    ),
    Common(
        "international_shipping",
        [
            "Which countries the shop delivers to is shown at checkout.",
            "可配送的国家和地区请看结算页。",
        ],
        Some(["Do you ship abroad?", "能寄国外吗"]),
    ),
    Common(
        "invoice",
        [
            "I hand this to the shop, which has your invoices.",
            "发票由店铺提供，我帮你转过去。",
        ],
        Some(["I need an invoice", "要发票"]),
    ),
    Common(
        "loyalty_points",
        [
            "Your points are shown in your account.",
            "积分请看你的账户页面。",
        ],
        Some(["My points", "我的积分"]),
    ),
    Common(
        "material_question",
        [
            "What it is made of stands in the product's description.",
            "材质请看商品说明。",
        ],
        Some(["What is it made of?", "什么材质"]),
    ),
    Common(
        "order_status",
        [
            "I hand this to the shop, which knows where your order is.",
            "订单进度由店铺查询，我帮你转过去。",
        ],
        Some(["Where is my order?", "我的订单到哪了"]),
    ),
    Common(
        "payment_methods",
        [
            "The ways to pay are shown at checkout.",
            "支付方式请看结算页。",
        ],
        Some(["How can I pay?", "怎么付款"]),
    ),
    Common(
        "payment_problem",
        [
            "I hand this to the shop. Please don't write card numbers here.",
            "我转给店铺处理。请不要在这里填写银行卡号。",
        ],
        Some(["My payment failed", "付款失败"]),
    ),
    Common(
        "price_question",
        ["Prices are on the cards below.", "价格请看下面的卡片。"],
        Some(["What does it cost?", "多少钱"]),
    ),
    Common(
        "privacy_request",
        [
            "What you write here stays in your browser. For what the shop itself knows of you, ask the shop: shall I put you through?",
            "你在这里写的内容只留在浏览器里。店铺保存的个人信息请向店铺查询，需要转人工吗？",
        ],
        Some(["My data", "我的个人信息"]),
    ),
    Common(
        "product_details",
        [
            "The details stand on the product's page; here it is.",
            "详情在商品页，点开就能看到。",
        ],
        Some(["Tell me more about it", "介绍一下"]),
    ),
    Common(
        "promotion",
        [
            "Reduced prices are marked on the cards. I know no codes.",
            "打折的商品卡片上有标记。优惠码我不掌握。",
        ],
        Some(["Any offers?", "有什么优惠"]),
    ),
    Common(
        "recommend",
        ["You might like these.", "这些你可能喜欢。"],
        Some(["What do you recommend?", "有什么推荐"]),
    ),
    Common("refine_search", ["Narrowed down:", "按你说的筛选："], None),
    Common(
        "refund_status",
        [
            "I hand this to the shop, which knows about your refund.",
            "退款进度由店铺查询，我帮你转过去。",
        ],
        Some(["Where is my refund?", "退款到哪了"]),
    ),
    Common(
        "return_item",
        [
            "I hand this to the shop, which takes returns.",
            "退货由店铺办理，我帮你转过去。",
        ],
        Some(["Return something", "我要退货"]),
    ),
    Common(
        "reviews_question",
        [
            "I don't know what others think; the product's page may say.",
            "其他顾客的评价请看商品页。",
        ],
        None,
    ),
    Common(
        "shipping_cost",
        [
            "What delivery costs is shown at checkout, once your address is known.",
            "填写地址后，结算页会显示运费。",
        ],
        Some(["What does delivery cost?", "运费多少"]),
    ),
    Common(
        "similar_items",
        ["These are like it.", "这些和它相似。"],
        Some(["More like this", "类似的还有吗"]),
    ),
    Common(
        "size_help",
        [
            "The size chart is on the product’s page. Name a size, and I look for what there is in it.",
            "尺码表在商品页。告诉我尺码，我帮你找。",
        ],
        Some(["Which size do I need?", "选什么尺码"]),
    ),
    Common(
        "store_hours",
        [
            "I don't know the opening hours; the shop's contact page says.",
            "营业时间我不清楚，请看店铺的联系页面。",
        ],
        Some(["When are you open?", "营业时间"]),
    ),
    Common(
        "style_advice",
        ["These go with it.", "这些可以和它搭配。"],
        Some(["What goes with this?", "怎么搭配"]),
    ),
    Common(
        "talk_to_person",
        ["I put you through to the shop.", "正在为你转接店铺客服。"],
        Some(["Talk to a person", "转人工"]),
    ),
    Common("thanks", ["You're welcome.", "不客气。"], None),
    Common(
        "warranty",
        [
            "I hand this to the shop, which can say what the guarantee covers.",
            "保修范围由店铺确认，我帮你转过去。",
        ],
        Some(["Is it under warranty?", "在保修期吗"]),
    ),
];

/// What is said where there is no intent to answer.
const NOTES: &[(&str, [&str; 2])] = &[
    (
        "out_of_scope",
        [
            "I'm not sure I understand. I can help with this shop's products and orders: did you mean one of these?",
            "我不太确定你的意思。我可以帮你找商品、处理订单问题，你是想问下面这些吗？",
        ],
    ),
    (
        "distress",
        [
            "I'm a shop's program and can't help with this. Please call your local emergency number, or talk to somebody you trust, now.",
            "我只是店铺的程序，帮不了你这件事。请马上拨打当地的急救或求助电话，或找你信任的人谈谈。",
        ],
    ),
    (
        "nothing_found",
        [
            "I find nothing like that here. Try other words, or fewer wishes.",
            "没有找到符合的商品。换个说法，或放宽条件试试。",
        ],
    ),
    (
        "given_up",
        [
            "Nothing fits exactly; these come closest.",
            "没有完全符合的，这些最接近。",
        ],
    ),
    (
        "nothing_cheaper",
        [
            "Nothing of the kind costs less.",
            "没有更便宜的同类商品了。",
        ],
    ),
    (
        "which_product",
        [
            "Which product do you mean? Open it, or tell me its name.",
            "你指的是哪件商品？打开商品页，或告诉我名称。",
        ],
    ),
];

/// Whether the common words for an intent ask whether to put the shopper through.
pub(super) fn asks_for_a_person(intent: &str) -> bool {
    matches!(
        intent,
        "account_delete" | "complaint" | "gift_card" | "privacy_request"
    )
}

/// Every intent that there are common words for.
pub const INTENTS: &[&str] = &{
    let mut names = [""; COMMON.len()];
    let mut at = 0;
    while at < COMMON.len() {
        names[at] = COMMON[at].0;
        at += 1;
    }
    names
};

fn common(intent: &str) -> Option<&'static Common> {
    COMMON.iter().find(|common| common.0 == intent)
}

/// Common words for an intent, or for a note; those of `out_of_scope` for what has none.
#[must_use]
pub fn phrase(intent: &str, chinese: bool) -> &'static str {
    let note = |name: &str| {
        NOTES
            .iter()
            .find(|(note, _)| *note == name)
            .map(|(_, words)| words)
    };
    let words = common(intent)
        .map(|common| &common.1)
        .or_else(|| note(intent))
        .or_else(|| note("out_of_scope"));
    words.map_or("", |words| words[usize::from(chinese)])
}

/// What a shopper would say to mean the intent.
pub(super) fn label(intent: &str, chinese: bool) -> Option<&'static str> {
    common(intent)?.2.map(|words| words[usize::from(chinese)])
}

/// Intents that are likely to be meant after an intent.
#[must_use]
pub fn replies(intent: &str) -> &'static [&'static str] {
    match intent {
        "find_product"
        | "refine_search"
        | "recommend"
        | "cheaper_alternative"
        | "availability"
        | "price_question" => &["cheaper_alternative", "similar_items", "style_advice"],
        "gift_advice" => &["cheaper_alternative", "gift_card"],
        "similar_items" | "style_advice" | "compare_products" => {
            &["cheaper_alternative", "recommend"]
        }
        "order_status" | "delivery_problem" | "delivery_time" => {
            &["change_address", "cancel_order", "talk_to_person"]
        }
        "return_item" | "exchange_item" => &["refund_status", "exchange_item", "talk_to_person"],
        "complaint" | "account_delete" | "gift_card" | "privacy_request" | "payment_problem"
        | "warranty" => &["talk_to_person"],
        "greeting" | "deny" | "thanks" => &["recommend", "gift_advice", "order_status"],
        _ => &[],
    }
}
