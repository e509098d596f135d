// `node demo/loans.ts` writes models/lending/loans.csv anew: made-up loans of made-up people, for the sample's letters.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { csvRecord } from './csv.ts';
import { random } from './random.ts';

const header = ['loan_id', 'locale', 'borrower', 'borrower_latin', 'email', 'street', 'town', 'pincode', 'purpose'];
const terms = ['amount', 'annual_rate', 'months', 'sanctioned_on', 'first_due'];

interface People {
  readonly firsts: readonly (readonly [own: string, latin: string])[];
  readonly lasts: readonly (readonly [own: string, latin: string])[];
  readonly streets: readonly string[];
  readonly towns: readonly (readonly [town: string, pincode: string])[];
  readonly purposes: readonly string[];
}

/** Common first and last names put together at will, and streets that are in no town. */
const people: Readonly<Record<string, People>> = {
  en: {
    firsts: [
      ['Asha', 'Asha'],
      ['Farhan', 'Farhan'],
      ['Maria', 'Maria'],
    ],
    lasts: [
      ['D’Souza', 'D’Souza'],
      ['Nair', 'Nair'],
      ['Sheikh', 'Sheikh'],
    ],
    streets: ['14 Lake View Lane', '7 Old Mill Road'],
    towns: [
      ['Mumbai', '400001'],
      ['Bengaluru', '560001'],
    ],
    purposes: ['Home repairs', 'Motor vehicle', 'Education'],
  },
  hi: {
    firsts: [
      ['आशा', 'Asha'],
      ['क्षितिज', 'Kshitij'],
      ['प्रिया', 'Priya'],
      ['कृष्ण', 'Krishna'],
    ],
    lasts: [
      ['वर्मा', 'Verma'],
      ['त्रिपाठी', 'Tripathi'],
      ['मिश्रा', 'Mishra'],
    ],
    streets: ['१४, झील मार्ग', '७, पुरानी मिल रोड'],
    towns: [
      ['इंदौर', '452001'],
      ['जयपुर', '302001'],
    ],
    purposes: ['गृह मरम्मत', 'शिक्षा', 'दुपहिया वाहन'],
  },
  mr: {
    firsts: [
      ['ज्ञानेश्वर', 'Dnyaneshwar'],
      ['स्नेहल', 'Snehal'],
      ['विठ्ठल', 'Vitthal'],
    ],
    lasts: [
      ['कुलकर्णी', 'Kulkarni'],
      ['देशपांडे', 'Deshpande'],
      ['सुर्वे', 'Surve'],
    ],
    streets: ['१४, तळ्याचा रस्ता', '७, जुनी गिरणी मार्ग'],
    towns: [
      ['पुणे', '411001'],
      ['नाशिक', '422001'],
    ],
    purposes: ['घरदुरुस्ती', 'शिक्षण', 'दुचाकी'],
  },
  gu: {
    firsts: [
      ['પ્રકૃતિ', 'Prakruti'],
      ['હર્ષ', 'Harsh'],
      ['ક્ષમા', 'Kshama'],
    ],
    lasts: [
      ['પટેલ', 'Patel'],
      ['ત્રિવેદી', 'Trivedi'],
      ['શાહ', 'Shah'],
    ],
    streets: ['૧૪, તળાવ માર્ગ', '૭, જૂની મિલ રોડ'],
    towns: [
      ['અમદાવાદ', '380001'],
      ['સુરત', '395003'],
    ],
    purposes: ['ઘરનું સમારકામ', 'શિક્ષણ', 'દ્વિચક્રી વાહન'],
  },
};

const sanctioned = ['2022-02-25', '2022-02-28'];

/** The file's text: `count` loans, in the languages by turns. The same seed gives the same loans. */
export function makeLoans(count = 24, seed = 7): string {
  const chance = random(seed, 'loans');
  const languages = Object.keys(people);
  const lines = Array.from({ length: count }, (_, index) => {
    const locale = languages[index % languages.length] ?? 'en';
    const own = people[locale];
    if (own === undefined) throw new RangeError(`nobody speaks ${locale}`);
    const [first, last] = [chance.pick(own.firsts), chance.pick(own.lasts)];
    const [town, pincode] = chance.pick(own.towns);
    const id = `L${String(index + 1).padStart(5, '0')}`;
    return csvRecord([
      id,
      locale,
      `${first[0]} ${last[0]}`,
      `${first[1]} ${last[1]}`,
      `${id.toLowerCase()}@example.com`,
      chance.pick(own.streets),
      town,
      pincode,
      chance.pick(own.purposes),
      `${chance.between(40, 900) * 1000}.00`,
      (chance.between(850, 1650) / 100).toFixed(2),
      String(chance.pick([24, 36, 48, 60])),
      sanctioned[index % 8 < 4 ? 1 : 0] ?? '',
      '2022-04-05',
    ]);
  });
  return [csvRecord([...header, ...terms]), ...lines].join('');
}

/** Where the sample project keeps them. */
export const loansFile = fileURLToPath(new URL('../models/lending/loans.csv', import.meta.url));

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(loansFile, makeLoans());
