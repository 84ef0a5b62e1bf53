/** English sentences. Every list has its twin of the same length in text-zh.mjs. */

/** What a silhouette is like: kind → style. */
export const STYLE = {
  tshirt: {
    crew: "A crew neck that keeps its shape, with a neat chest pocket and a clean hem.",
    "v-neck": "A shallow V neck that sits flat under a jacket and looks just as good alone.",
    scoop: "An open scoop neck and a light drape make this the tee you reach for first.",
    boxy: "Cut square and a little shorter, to wear with anything high-waisted.",
    "long-sleeve": "Long sleeves and a soft rib neck, for layering from March to October.",
    polo: "A knitted collar and three tonal buttons smarten an easy shape.",
  },
  shirt: {
    classic: "A straightforward shirt with a crisp collar and a single chest pocket.",
    band: "A band collar leaves out the fuss and keeps the line of the neck long.",
    camp: "An open camp collar and short sleeves let the air through on warm days.",
    oversized: "Dropped shoulders and a generous body, to wear open over a vest or tucked in.",
    blouse: "A soft tie at the neck can be knotted, looped or simply left to fall.",
  },
  sweater: {
    crew: "A fine-gauge crew neck, ribbed where it needs to hold.",
    cable: "Two bold cables run down the front of a properly warm jumper.",
    roll: "A high, folded neck that replaces a scarf on all but the coldest days.",
    cardigan: "A V-neck cardigan with horn-look buttons, light enough for the office.",
    vest: "A sleeveless layer for over a shirt, with ribbed armholes that lie flat.",
  },
  hoodie: {
    pullover: "A lined hood, a kangaroo pocket and a drawcord that stays put.",
    zip: "A smooth two-way zip and a hood that keeps its shape.",
    sweatshirt: "A sweatshirt with the traditional V insert at the neck and a deep ribbed hem.",
  },
  dress: {
    slip: "Cut on the bias with adjustable straps, it moves as you do.",
    shirt: "Half shirt, half dress, with a sash that marks the waist.",
    wrap: "A true wrap that ties at the side and adjusts to you.",
    tiered: "Three gathered tiers give the skirt its swing.",
    "a-line": "A fitted bodice opens into an easy A-line skirt.",
    mini: "Neat at the waist, with a skirt made for dancing.",
  },
  skirt: {
    mini: "A short A-line skirt that buttons all the way down the front.",
    pencil: "A close, knee-length line with a small slit that lets you walk.",
    pleated: "Sharp pleats that open as you move and close when you stand.",
    flared: "A full midi length with a buttoned front and plenty of swing.",
  },
  trousers: {
    chino: "Trim chinos with slanted pockets and a fly that sits flat.",
    straight: "A pressed crease and a straight leg from hip to hem.",
    wide: "High at the waist and wide all the way to the floor.",
    jogger: "A drawcord waist and ribbed cuffs in a shape that still looks smart.",
  },
  jeans: {
    slim: "Close through the thigh and narrow at the ankle, with a little stretch.",
    straight: "The straight leg that goes with every shoe you own.",
    wide: "A high rise and a wide leg, washed until soft.",
    flared: "Fitted to the knee, then a flare that lengthens the leg.",
  },
  shorts: {
    chino: "Tailored shorts that end just above the knee.",
    drawstring: "An elastic waist with a drawcord: pull them on and go.",
    bermuda: "A longer, pleated short that is smart enough for town.",
  },
  coat: {
    single: "A long, clean line with notched lapels and three buttons.",
    double: "A double row of buttons and a firm shoulder give this coat its presence.",
    trench: "A belted trench with storm shoulders and a deep back vent.",
    duffle: "A hooded duffle with cord loops and wooden toggles.",
    puffer: "Light, quilted and warm, with a collar that zips up to the chin.",
  },
  jacket: {
    blazer: "A softly built blazer with flap pockets and a natural shoulder.",
    bomber: "A short bomber with ribbed trims and a zip that runs smoothly.",
    denim: "A trucker-style jacket with pointed chest pockets and contrast stitching.",
    chore: "Three patch pockets and a square cut, after the old French work jacket.",
  },
  sneakers: {
    low: "Low, clean trainers with a cupped sole and a padded collar.",
    "high-top": "A high-top with a canvas feel, a rubber toe and flat laces.",
    runner: "A light runner with a rockered sole and a heel that holds.",
  },
  boots: {
    chelsea: "Pull-on boots with elastic sides and a tab at the back.",
    "lace-up": "Six eyelets, a sturdy welt and a sole with real grip.",
    knee: "A tall, close shaft and a stacked heel that is easy to walk in.",
    heeled: "An ankle boot on a block heel that lasts from desk to dinner.",
  },
  sandals: {
    slide: "One broad strap on a contoured footbed.",
    strappy: "Slim straps and a small buckle at the ankle.",
    buckle: "Two buckles let you set the width exactly.",
    espadrille: "A rope-wrapped sole and a strap that ties at the ankle.",
  },
  loafers: {
    penny: "A penny loafer with a hand-sewn apron and a low heel.",
    horsebit: "A slim metal bar across the vamp lifts a plain loafer.",
    tassel: "Soft tassels and a rounded toe, polished without being stiff.",
  },
  bag: {
    tote: "An open tote that takes a laptop, a book and lunch.",
    backpack: "Two buckled straps, a front pocket and padded shoulders.",
    bucket: "A drawstring bucket that closes in one pull.",
    crossbody: "A small flap bag with a turn lock and a long, adjustable strap.",
    moon: "A curved shape that tucks neatly under the arm.",
  },
  hat: {
    cap: "Six panels, a curved peak and an adjustable strap.",
    beanie: "A deep turn-up and a rib that springs back.",
    straw: "A wide brim that keeps the sun off nose and neck.",
    bucket: "A soft brim with rows of stitching; fold it and pocket it.",
    fedora: "A pinched crown and a grosgrain band.",
  },
  scarf: {
    knit: "Long enough to wrap twice, with a twisted fringe.",
    blanket: "Wear it as a scarf on the way, as a blanket on the train.",
    square: "Hand-rolled edges and a size that ties at the neck, the hair or a bag.",
  },
  belt: {
    classic: "A plain strap with a solid buckle and a row of stitching.",
    woven: "Braided all the way, so that it fastens at any point.",
    wide: "A wide belt that gives dresses and coats a waist.",
    round: "A round buckle and bevelled edges.",
  },
  sunglasses: {
    round: "Round frames that soften a strong face.",
    square: "A square frame with a little thickness and a lot of character.",
    cat: "A lifted outer corner, without the fancy dress.",
    aviator: "A fine wire frame with a double bridge.",
  },
  watch: {
    leather: "A calm dial on a strap that grows more handsome with wear.",
    bracelet: "A linked bracelet and a coloured dial that catches the light.",
    square: "A cushion-shaped case that stays slim under a cuff.",
    chronograph: "Two small subdials and hands you can read at a glance.",
  },
  socks: {
    crew: "Mid-calf socks with a cushioned sole and a hand-linked toe.",
    ankle: "Low socks that stay up and keep out of sight.",
    knee: "Long socks with a cuff that holds without pinching.",
  },
};

export const MATERIAL = {
  cotton: "Made of combed cotton that softens with every wash.",
  organic: "Made of certified organic cotton, knitted in a medium weight.",
  poplin: "Cotton poplin is smooth, cool and quick to iron.",
  oxford: "Oxford cotton has body and needs hardly any ironing.",
  linen: "European linen keeps cool and looks better slightly creased.",
  silk: "Washed mulberry silk with a quiet, low sheen.",
  viscose: "Fluid viscose from managed forests falls in soft folds.",
  satin: "A satin face outside, a matt and gentle side within.",
  merino: "Fine merino regulates heat and does not itch.",
  lambswool: "Spun from lambswool for loft and warmth without weight.",
  cashmere: "Two-ply cashmere that pills little and lasts for years.",
  wool: "A dense wool that shrugs off a shower.",
  fleece: "Brushed inside, so that it is warm from the first minute.",
  terry: "Looped terry inside takes up moisture and dries fast.",
  twill: "A sturdy cotton twill, garment-washed for softness.",
  denim: "Woven with recycled cotton and washed with less water.",
  corduroy: "Fine-wale corduroy with a velvety hand.",
  gabardine: "Tightly woven gabardine keeps wind and drizzle out.",
  down: "Filled with traceable down in a recycled shell.",
  leather: "Vegetable-tanned leather that takes on a patina.",
  suede: "Soft suede, treated against water and stains.",
  canvas: "Hard-wearing canvas that can be sponged clean.",
  knit: "A seamless recycled knit that breathes.",
  straw: "Woven from paper straw that folds for the suitcase.",
  raffia: "Woven by hand from natural raffia.",
  acetate: "Plant-based acetate, with lenses that block UVA and UVB.",
  steel: "Brushed stainless steel that is kind to the skin.",
};

export const OCCASION = {
  everyday: ["An easy piece for ordinary days.", "Goes with most of what you already own.", "You will wear it more often than you planned."],
  work: ["At home in any meeting.", "Smart enough for the office, relaxed enough for after.", "Made for the week, from Monday's train to Friday's drinks."],
  weekend: ["Made for slow mornings and long walks.", "Best on a day with no plans.", "For markets, picnics and everything after."],
  holiday: ["Packs small and comes out ready to wear.", "Made for terraces, beaches and late sunsets.", "First into the suitcase, every time."],
  evening: ["All it needs is a good place to go.", "Made for low light and long dinners.", "Dress it up or let it speak for itself."],
  sport: ["Comfortable before, during and after training.", "Moves with you and dries quickly.", "For the warm-up, the run and the way home."],
  school: ["Built for busy days and full timetables.", "Takes a year of corridors in its stride.", "Room for everything a day of learning needs."],
  travel: ["A good companion on long journeys.", "Comfortable from check-in to the last stop.", "Light to carry and easy to care for."],
};

/** Joined to the occasion for children. */
export const KIDS = ["Roomy enough to grow into and tough enough for the playground.", "Name label inside, and safe in the machine at 40 °C."];

/** `parts`: `{ fit, pattern, material, noun, colour, edition, kids }`, lower case or empty. */
export function title({ fit, pattern, material, noun, colour, edition, kids }) {
  const words = [edition, kids ? "kids'" : "", fit, pattern, material, noun].filter(Boolean).join(" ");
  return `${words.charAt(0).toUpperCase()}${words.slice(1)} in ${colour}`;
}

export const join = (sentences) => sentences.join(" ");
