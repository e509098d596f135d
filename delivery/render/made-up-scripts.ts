/** Words in which drawing and writing go different ways, for tests: matras before their consonant, reph, eyelash reph, nukta. */
export const hardDevanagari: readonly string[] = [
  'हिन्दी',
  'हिंदी',
  'प्रिय',
  'कर्जदार',
  'कर्ज़',
  'क्षत्रिय',
  'निर्दिष्ट',
  'र्ट्रि',
  'घ़ु',
  'कृपया',
  'स्वीकृत',
  'हप्त्याची',
  'सुर्\u200dया',
  'वर्\u200dयाच',
  'दुसर्\u200dयांदा',
  'अनन्\u200dत',
  'आकाङ्क्षा',
  'श्रीमती',
  'ज्ञानेश्वर',
  'विट्ठल',
  'द्वितीय',
  'ऑफ़िस',
  'क्\u200cष',
  'ॐ नमः शिवाय।',
  'मुख्यमंत्री लाडकी बहीण',
  'रु. १२,३४,५६७.८९',
];

/** Words of Gujarati. */
export const hardGujarati: readonly string[] = [
  'ગુજરાતી',
  'કર્જ',
  'પ્રિય',
  'ક્ષત્રિય',
  'શ્રીમતી',
  'જ્ઞાન',
  'દ્વારા',
  'હપ્તો',
  'રૂપિયા',
];

const gujarati = Array.from({ length: 0xab9 - 0xa95 + 1 }, (_, at) => String.fromCodePoint(0xa95 + at)).filter(
  (letter) => !['\u0aa9', '\u0ab1', '\u0ab4'].includes(letter),
);

/** Every cluster of a consonant with nukta, joiner, second consonant or matra on which fontkit 2.0.4 throws with Noto Sans Gujarati 2.106. */
export const crashingGujarati: readonly string[] = [
  ...['ુ', 'ૂ', 'ૃ', 'ૄ'].map((matra) => `ળ્ર${matra}`),
  ...['ૂ', 'ૃ', 'ૄ'].map((matra) => `ળ઼${matra}`),
  ...['', 'ા', 'િ', 'ી', 'ૄ', 'ૅ', 'ે', 'ૈ', 'ૉ', 'ો', 'ૌ', 'ં', 'ઁ', 'ૢ', 'ૣ'].map((matra) => `ળ્\u200cળ${matra}`),
  ...gujarati.flatMap((letter) => ['ુ', 'ૂ', 'ૃ'].map((matra) => `ળ્\u200c${letter}${matra}`)),
];

/** Two scripts and more on one line. */
export const mixed: readonly string[] = [
  'Asha Verma (आशा वर्मा)',
  'પ્રિયા Shah / प्रिया शाह',
  'Café Ångström Łódź office fi ffl',
  'EMI: ₹12,345.00 | ई.एम.आई. | ઈ.એમ.આઈ.',
  '−14.8 % – “quoted” … O’Brien',
];

const first = {
  devanagari:
    'आशा प्रिया सुनीता ज्योत्स्ना कृष्णा द्रौपदी शर्मिष्ठा हृषीकेश विट्ठल सिद्धार्थ ऋतुजा फ़िरोज़ ज़ैनब श्रीनिवास लक्ष्मी प्रज्ञा अंजलि संध्या कार्तिक निर्मला दुर्गेश व्यंकटेश उज्ज्वल ईश्वर ओंकार ऐश्वर्या मृणाल क्षितिज पुष्पा ब्रह्मदत्त गुरु रूपाली',
  gujarati:
    'આશા પ્રિયા સુનીતા જ્યોત્સ્ના કૃષ્ણા દ્રૌપદી શર્મિષ્ઠા હૃષીકેશ વિઠ્ઠલ સિદ્ધાર્થ ઋતુજા ફિરોઝ ઝૈનબ શ્રીનિવાસ લક્ષ્મી પ્રજ્ઞા અંજલિ સંધ્યા કાર્તિક નિર્મળા દુર્ગેશ વ્યંકટેશ ઉજ્જ્વલ ઈશ્વર ઓમકાર ઐશ્વર્યા મૃણાલ ક્ષિતિજ પુષ્પા બ્રહ્મદત્ત ગુરુ રૂપાલી',
} as const;

/** How a family name begins and how it goes on: one that nobody may bear is as hard to spell as one that somebody does. */
const family = {
  devanagari: {
    heads: ['त्रि', 'कुल', 'चतुर्', 'गाय', 'देश', 'भट्ट', 'श्री', 'मुख'],
    tails: ['वेदी', 'कर्णी', 'पाठी', 'कवाड़', 'मुख', 'वास्तव', 'र्जी', 'ड्ढा'],
  },
  gujarati: {
    heads: ['ત્રિ', 'કુલ', 'ચતુર્', 'ગાય', 'દેશ', 'ભટ્ટ', 'શ્રી', 'મુખ'],
    tails: ['વેદી', 'કર્ણી', 'પાઠી', 'કવાડ', 'મુખ', 'વાસ્તવ', 'ર્જી', 'ડ્ઢા'],
  },
} as const;

/** Two thousand names, half of them in either script, each once. */
export const madeUpNames: readonly string[] = (['devanagari', 'gujarati'] as const).flatMap((script) => {
  const { heads, tails } = family[script];
  return Array.from({ length: 1000 }, (_, at) => {
    const given = first[script].split(' ');
    const [head, tail] = [heads[Math.floor(at / given.length) % heads.length], tails[Math.floor(at / 256) + (at % 4)]];
    return `${given[at % given.length]} ${head}${tail}`;
  });
});
