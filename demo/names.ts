// All names here are made up. They are as awkward as real ones on purpose: apostrophes, ampersands, number signs, doubled
// spaces, accents, other scripts, near twins.

export const cities = [
  'KITE HILL',
  'SALTBRIDGE',
  'MARIGOLD FERRY',
  'COPPERFORD',
  'LANTERN BAY',
  'BANYAN CROSS',
  'INDIGO WELLS',
  'MONSOON POINT',
  'EAST TAMARIND',
] as const;

export const streets = [
  'MANGO TREE RD',
  'OLD MILL ST',
  'LOTUS AVE',
  'STATION RD',
  'TANK BUND ST',
  'CLOCK TOWER SQ',
] as const;

/** A chain's stores are numbered and carry their city: `PANTRY & SON'S #3 / KITE HILL`. */
export const chains = ["PANTRY & SON'S", 'BRIGHT BASKET', "AUNTIE'S CORNER", 'QUICK LADLE', 'THE COPPER POT'] as const;

/** Stores that stand alone. They repeat once the list is used up, as real ones do. */
export const shops = [
  "O'MANGO'S GENERAL STORE",
  'SPICE & SIP',
  'MOONRISE MINI MART',
  'CORNER NO. 9',
  'HILLTOP PROVISIONS',
  '#1 JUICE STOP',
  'FOUR WINDS, CANTEEN STORES',
  'LITTLE EARTHEN CUP',
  'CAFÉ GULMOHAR',
  'RAIN OR SHINE GROCERS',
  'THE  BLUE  SHUTTER',
  'FERRYMAN\'S "LAST" STOP',
] as const;

/** Vendors, the largest first. `trend` is how much they sell at the end of the time for what they sell at its start. */
export const vendors: readonly { readonly name: string; readonly trend: number }[] = [
  { name: 'HERON LAKE BOTTLING', trend: 1 },
  { name: 'COPPER KETTLE COMPANY  INC', trend: 1 },
  { name: 'NIGHTJAR & DAUGHTERS', trend: 1.6 },
  { name: 'SEVEN RIVERS DRINKS', trend: 1 },
  { name: "GRANDMOTHER'S PRESS", trend: 0.55 },
  { name: 'PALM SQUIRREL CORDIALS LTD', trend: 1 },
  { name: 'TIN WHISTLE SODA CO', trend: 1 },
  { name: 'SAFFRON GATE', trend: 2.2 },
  { name: 'OLD LIGHTHOUSE  WATERWORKS', trend: 1 },
  { name: 'BULLOCK CART BREWS', trend: 0.4 },
  { name: 'MONSOON MOON / EAST TAMARIND JUICE HOUSE', trend: 1 },
  { name: 'QUIET ELEPHANT, INC.', trend: 1 },
  { name: 'ÉTOILE DU SUD SIROPS', trend: 1 },
  { name: 'HOUSE OF NINE LEMONS', trend: 1.9 },
  { name: 'RED  UMBRELLA  TRADERS', trend: 1 },
  { name: 'STEPWELL SPRINGS', trend: 1 },
  { name: "TWO BROTHERS' CANE", trend: 0.6 },
  { name: 'PEPPER & PINE', trend: 1 },
  { name: 'THE GINGER WORKS (KITE HILL)', trend: 1 },
  { name: 'LOW TIDE COCONUT CO-OP', trend: 1.4 },
  { name: 'FIREFLY  FARMS', trend: 1 },
  { name: '100% POMEGRANATE', trend: 1 },
  { name: 'BRASS BELL TEA ROOMS', trend: 1 },
  { name: 'WANDERING GOAT DAIRY', trend: 0.5 },
];

/** Kinds of drink. `price` in cents for 750 ml; `warm` is what a warm month does for what a cold one does. */
export const categories: readonly {
  readonly name: string;
  readonly noun: string;
  readonly price: number;
  readonly warm: number;
}[] = [
  { name: 'MANGO DRINKS', noun: 'MANGO DRINK', price: 420, warm: 1.5 },
  { name: 'LIME CORDIALS & SYRUP', noun: 'LIME CORDIAL', price: 780, warm: 1.4 },
  { name: 'LIME CORDIALS & SYRUPS', noun: 'LIME SYRUP', price: 760, warm: 1.4 },
  { name: 'GINGER BEER & ALE', noun: 'GINGER BEER', price: 310, warm: 1 },
  { name: 'ROSE SYRUPS', noun: 'ROSE SYRUP', price: 890, warm: 1.1 },
  { name: 'COLD COFFEE', noun: 'COLD COFFEE', price: 640, warm: 1.3 },
  { name: 'FILTER COFFEE DECOCTIONS', noun: 'DECOCTION', price: 1150, warm: 0.7 },
  { name: 'SPICED TEA', noun: 'SPICED TEA', price: 560, warm: 0.6 },
  { name: 'COCONUT WATER', noun: 'COCONUT WATER', price: 350, warm: 1.6 },
  { name: 'BUTTERMILK', noun: 'BUTTERMILK', price: 240, warm: 1.5 },
  { name: 'SWEET LASSI', noun: 'LASSI', price: 380, warm: 1.3 },
  { name: '100% POMEGRANATE JUICE', noun: 'POMEGRANATE JUICE', price: 990, warm: 1 },
  { name: 'SUGAR CANE JUICE', noun: 'CANE JUICE', price: 290, warm: 1.4 },
  { name: 'TAMARIND DRINKS', noun: 'TAMARIND DRINK', price: 410, warm: 1.2 },
  { name: 'SPARKLING WATER', noun: 'SPARKLING WATER', price: 180, warm: 1.2 },
  { name: 'TONIC & BITTERS', noun: 'TONIC', price: 450, warm: 1 },
  { name: 'KOKUM COOLERS', noun: 'KOKUM COOLER', price: 520, warm: 1.4 },
  { name: 'ALMOND MILK', noun: 'ALMOND MILK', price: 870, warm: 0.9 },
  { name: 'SAFFRON MILK', noun: 'SAFFRON MILK', price: 1680, warm: 0.8 },
  { name: 'TEMPORARY & SPECIALTY PACKAGES', noun: 'GIFT BOX', price: 2400, warm: 0.4 },
  { name: 'COCKTAILS/ALCOHOL FREE', noun: 'MOCKTAIL', price: 720, warm: 1.1 },
  { name: 'VINEGAR SHRUBS', noun: 'SHRUB', price: 1340, warm: 1 },
];

export const flavours = [
  'CLASSIC',
  'ALPHONSO',
  'ROASTED',
  'DOUBLE STRENGTH',
  'NO SUGAR',
  'ROSÉ',
  'W/2 GLASSES',
  "COOK'S",
  'HONEY & SALT',
  '80% FRUIT',
  'EXTRA  COLD',
  'आम रस',
] as const;
