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

/** Words of Gujarati, and the clusters on which fontkit 2.0.4 throws with Noto Sans Gujarati 2.106. */
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
  'ળ્રુ',
  'ળ્રૂ',
  'ળ્રૃ',
  'ળ઼ૂ',
  'ળ઼ૃ',
  ...['ુ', 'ૂ', 'ૃ'].map((matra) => `ળ્\u200cળ${matra}`),
];

/** Two scripts and more on one line. */
export const mixed: readonly string[] = [
  'Asha Verma (आशा वर्मा)',
  'પ્રિયા Shah / प्रिया शाह',
  'Café Ångström Łódź office fi ffl',
  'EMI: ₹12,345.00 | ई.एम.आई. | ઈ.એમ.આઈ.',
  '−14.8 % – “quoted” … O’Brien',
];
