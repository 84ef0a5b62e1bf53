//! Traditional characters that shoppers write, and what they are simplified to.

/// Pairs, in order of the traditional character.
const PAIRS: &str = concat!(
    "並并乾干佈布併并來来侶侣係系俠侠倉仓個个倫伦側侧偽伪傑杰傘伞備备傢家傳传傷伤僅仅僑侨價价億亿儘尽償偿優优儲储兇凶兒儿內内兩两冊册",
    "凍冻凱凯刪删則则剛刚創创劃划劇剧劍剑勁劲動动務务勞劳勢势勵励匯汇區区協协卻却厭厌厲厉參参叢丛吳吴員员問问啟启喚唤喬乔單单嗇啬嗎吗",
    "嘆叹噴喷嚇吓嚴严國国圍围園园圓圆圖图團团場场塊块塗涂塵尘墊垫墜坠壓压壞坏壯壮壹一壺壶夠够夥伙夾夹奪夺妝妆妳你姊姐娛娱婦妇媽妈嬰婴",
    "孫孙學学寢寝實实寧宁寫写寬宽寵宠寶宝將将專专尋寻對对導导屆届屜屉層层屬属岡冈島岛巖岩帥帅師师帳账帶带幀帧幣币幫帮幹干幾几庫库廁厕",
    "廚厨廟庙廢废廣广廳厅張张彈弹彎弯彙汇彥彦後后徑径從从復复徹彻恆恒恥耻悅悦悶闷惡恶惱恼愛爱愜惬態态慘惨慣惯慶庆憂忧憑凭應应懶懒戀恋",
    "戰战戲戏戶户戸户拋抛挾挟捨舍捲卷掃扫掙挣掛挂採采揀拣換换揮挥損损搖摇搶抢摟搂撐撑撥拨撿捡擁拥擇择擋挡擔担據据擠挤擺摆攜携攝摄敗败",
    "敘叙敵敌數数斷断於于時时暈晕暢畅暫暂曆历曉晓曖暧曬晒書书會会朧胧東东條条業业極极榮荣構构槍枪樂乐樓楼標标樣样樸朴樹树橋桥機机橢椭",
    "檔档檢检檯台檸柠櫃柜櫥橱櫻樱欄栏權权歐欧歡欢歲岁歷历歸归殘残殼壳氈毡氣气氫氢決决沒没沖冲況况涼凉淚泪淨净淺浅減减測测渾浑準准滅灭",
    "滌涤滾滚滿满漢汉漲涨漿浆潔洁潛潜澤泽濃浓濕湿濾滤瀏浏灣湾為为無无煩烦熱热燈灯燒烧燙烫燭烛爐炉爭争爲为爺爷爾尔牆墙牽牵狀状猶犹獅狮",
    "獎奖獨独獲获現现瑣琐環环瓊琼產产畢毕畫画異异當当瘋疯瘡疮療疗癢痒發发皺皱盃杯盜盗盡尽監监盤盘盧卢眾众睏困睜睁矯矫確确碼码磚砖礙碍",
    "禍祸禦御禮礼稅税種种稱称穀谷積积穩稳窩窝窮穷競竞筆笔筍笋箏筝節节範范簡简簽签簾帘籃篮籠笼籤签糧粮糾纠紀纪約约紅红紋纹納纳紐纽純纯",
    "紗纱紙纸級级紡纺紮扎細细終终絃弦組组結结絕绝絡络給给絨绒統统絲丝綁绑經经綜综綠绿綢绸維维網网綴缀綿绵緊紧線线緞缎緣缘編编緩缓練练",
    "縣县縫缝縮缩縱纵總总織织繡绣繫系繳缴繼继繽缤續续纖纤罰罚罵骂羅罗羨羡翹翘聖圣聞闻聯联聰聪聲声職职聽听肅肃脫脱脹胀腦脑腳脚膚肤膠胶",
    "膩腻臉脸臘腊臟脏臨临臺台與与舉举舊旧艙舱艷艳荳豆莊庄華华萬万蓋盖蔥葱蕭萧薑姜薦荐薩萨藉借藍蓝藝艺藥药蘋苹蘭兰處处虛虚號号蝦虾蟲虫",
    "蠟蜡術术衛卫裏里補补裝装裡里複复褲裤襪袜襯衬襲袭規规視视覺觉覽览觸触訂订計计訊讯討讨訓训託托記记訪访設设許许訴诉註注詐诈評评詞词",
    "詢询試试詩诗話话該该詳详誇夸誌志認认誕诞語语誠诚誤误說说誰谁課课調调談谈請请諒谅論论諮咨諾诺謂谓謊谎講讲謝谢證证識识譯译議议護护",
    "讀读變变讓让讚赞豐丰貓猫貝贝負负貢贡貨货貪贪貫贯責责貳二貴贵買买費费貼贴貿贸賀贺資资賓宾賞赏賠赔賣卖賤贱質质賬账賴赖購购贈赠贊赞",
    "贏赢趕赶趙赵跡迹踐践躍跃車车軌轨軍军軟软軸轴較较載载輔辅輕轻輛辆輩辈輪轮輯辑輸输轉转辦办辭辞農农這这連连週周進进遊游運运過过達达",
    "遙遥遞递遠远適适遲迟遷迁選选遺遗還还邊边邏逻郵邮鄉乡鄭郑鄰邻醜丑醫医醬酱釋释釐厘針针釣钓釦扣鈔钞鈕钮鈴铃鉛铅鉤钩銀银銅铜銘铭銷销",
    "鋁铝鋪铺鋼钢錄录錢钱錯错錶表鍊链鍋锅鍛锻鍵键鍾钟鎂镁鎖锁鎮镇鏈链鏟铲鏡镜鐘钟鐲镯鐵铁鑰钥鑲镶鑽钻長长門门閃闪閉闭開开閒闲間间閣阁",
    "閨闺閱阅闊阔關关陣阵陰阴陳陈陸陆陽阳隊队階阶際际隨随險险隱隐隻只雙双雜杂雞鸡離离難难雲云電电霧雾靈灵靚靓靜静鞦秋韆千韓韩韻韵響响",
    "頁页頂顶項项順顺須须預预頓顿領领頭头頸颈頹颓頻频顆颗題题額额顏颜願愿類类顧顾顯显風风飄飘飛飞飯饭飲饮飼饲飽饱飾饰餅饼養养館馆馬马",
    "馴驯駕驾駝驼騎骑騙骗騰腾驅驱驕骄驗验驚惊骯肮髒脏體体髮发鬆松鬍胡鬢鬓鬧闹魚鱼魯鲁鮑鲍鮮鲜鯊鲨鳥鸟鳳凤鳴鸣鴨鸭鵝鹅鷹鹰鹹咸鹽盐麗丽",
    "麥麦麪面麵面麼么麽么黃黄黏粘點点黨党齊齐齒齿齡龄龍龙龜龟",
);

/// The simplified form of a character; itself where it has none here. Characters that are written
/// both ways for different words (乾, 干) count as the one that shops use.
#[must_use]
pub fn simplified(c: char) -> char {
    if !('\u{4E00}'..='\u{9FFF}').contains(&c) {
        return c;
    }
    let (mut low, mut high) = (0, PAIRS.len() / PAIR_BYTES);
    while low < high {
        let middle = (low + high) / 2;
        let mut pair = PAIRS[middle * PAIR_BYTES..].chars();
        match (pair.next(), pair.next()) {
            (Some(traditional), Some(simple)) if traditional == c => return simple,
            (Some(traditional), _) if traditional < c => low = middle + 1,
            _ => high = middle,
        }
    }
    c
}

/// Both characters of a pair take three bytes.
const PAIR_BYTES: usize = 6;

#[cfg(test)]
mod tests {
    use super::{PAIRS, simplified};

    #[test]
    fn the_table_is_in_order_and_leads_nowhere_twice() {
        let letters: Vec<char> = PAIRS.chars().collect();
        for pair in letters.chunks(2) {
            assert_eq!(simplified(pair[0]), pair[1]);
            assert_eq!(
                simplified(pair[1]),
                pair[1],
                "{} is simple already",
                pair[1]
            );
        }
        assert!(letters.chunks(2).is_sorted_by(|a, b| a[0] < b[0]));
    }

    #[test]
    fn other_characters_stay_what_they_are() {
        assert_eq!(simplified('a'), 'a');
        assert_eq!(simplified('裙'), '裙');
    }
}
