import { categories, chains, cities, flavours, shops, streets, vendors } from './names.ts';
import { type Random, random } from './random.ts';

export interface Store {
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
  readonly address: string;
  readonly city: string;
  readonly zipCode: string;
  readonly place: { readonly latitude: string; readonly longitude: string } | undefined;
  /** Lines of an ordinary order; 0 for a store that orders nothing. */
  readonly lines: number;
  /** Days on which it orders, 0 Monday to 4 Friday. */
  readonly weekdays: readonly number[];
  /** Orders at the end of the time for what they are at its start. */
  readonly trend: number;
}

export interface Product {
  readonly id: string;
  readonly description: string;
  readonly category: string;
  readonly vendorId: string;
  readonly vendor: string;
  readonly volume: number;
  readonly pack: number;
  readonly listDate: string;
  readonly upc: string;
  /** Cents a bottle. */
  readonly price: number;
  /** Sold, but missing in the list of products. */
  readonly unlisted: boolean;
  /** How often it is ordered, against the others. */
  readonly weight: number;
  readonly trend: number;
  readonly warm: number;
}

const productCount = 420;
const packs = [
  { volume: 200, pack: 48, price: 0.3 },
  { volume: 375, pack: 24, price: 0.55 },
  { volume: 750, pack: 12, price: 1 },
  { volume: 1000, pack: 12, price: 1.25 },
  { volume: 1750, pack: 6, price: 2 },
] as const;

/** `count` stores that order, one in twenty of them large, and one idle store for every twelve. */
export function makeStores(seed: number, count: number): readonly Store[] {
  const chance = random(seed, 'stores');
  const idle = Math.ceil(count / 12);
  return Array.from({ length: count + idle }, (_, index) => makeStore(chance, index, index >= count));
}

/** Listed and unlisted items; some have no category, some no vendor, some no bar code. */
export function makeProducts(seed: number): readonly Product[] {
  const chance = random(seed, 'products');
  return Array.from({ length: productCount }, (_, index) => makeProduct(chance, index));
}

function makeStore(chance: Random, index: number, idle: boolean): Store {
  const size = index % 20 === 0 ? 'large' : index % 20 < 5 ? 'medium' : 'small';
  const city = chance.pick(cities);
  const chain = size !== 'small' || chance.chance(0.4);
  const name = chain ? `${chance.pick(chains)} #${index + 1} / ${city}` : (shops[index % shops.length] ?? city);
  const days = { large: 4, medium: 2, small: chance.chance(0.3) ? 2 : 1 }[size];
  const lines = { large: chance.between(55, 80), medium: chance.between(28, 45), small: chance.between(12, 28) }[size];
  const located = !chance.chance(0.05);
  const latitude = (9 + chance.next() * 2).toFixed(6);
  const longitude = (87 + chance.next() * 2).toFixed(6);
  return {
    id: index % 15 === 7 ? `0${200 + index}` : String(2100 + index * 7),
    name,
    active: !idle && !chance.chance(0.04),
    address: `${chance.between(1, 999)} ${chance.pick(streets)}`,
    city,
    zipCode: `0${chance.between(1000, 9999)}`,
    place: located ? { latitude, longitude } : undefined,
    lines: idle ? 0 : lines,
    weekdays: chance.some([0, 1, 2, 3, 4], days),
    trend: index % 10 === 3 ? 1.9 : index % 10 === 6 ? 0.45 : 1,
  };
}

function makeProduct(chance: Random, index: number): Product {
  const category = chance.pick(categories);
  // Two draws multiplied, so that the vendors at the head of the list have the most items.
  const vendorIndex = Math.floor(chance.next() * chance.next() * vendors.length);
  const vendor = vendors[vendorIndex] ?? { name: '', trend: 1 };
  const size = chance.pick(packs);
  const flavour = chance.pick(flavours);
  const house = vendor.name.split(/[ ,']/)[0] ?? '';
  const nameless = { category: index % 67 === 11, vendor: index % 83 === 29 };
  return {
    id: String(10_000 + index * 37),
    description: `${house} ${flavour} ${category.noun} ${size.volume}ML`,
    category: nameless.category ? '' : category.name,
    vendorId: nameless.vendor ? '' : String(100 + vendorIndex * 7),
    vendor: nameless.vendor ? '' : vendor.name,
    volume: size.volume,
    pack: size.pack,
    listDate: `20${chance.between(10, 20)}-0${chance.between(1, 9)}-01`,
    upc: chance.chance(0.02) ? '' : `0${chance.between(10_000_000_000, 99_999_999_999)}`,
    price: Math.round(category.price * size.price * (0.7 + 0.6 * chance.next())),
    unlisted: index % 97 === 5,
    weight: 1 / (3 + ((index * 17) % productCount)),
    trend: vendor.trend,
    warm: category.warm,
  };
}
