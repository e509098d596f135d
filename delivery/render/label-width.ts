/** Of Noto Sans, in ems; other signs of Latin are taken for `usual`. */
const latin: Readonly<Record<string, number>> = {
  ' ': 0.26,
  ',': 0.27,
  '.': 0.27,
  '-': 0.32,
  '/': 0.37,
  i: 0.26,
  l: 0.26,
};
const digit = 0.572;
const usual = 0.58;
/** Letters of India are wider, and their vowel signs take no room of their own. */
const indic = 0.78;

/** About how wide a label is, in ems: near enough to keep labels apart, without the time that shaping takes. */
export function labelWidth(label: string): number {
  const letters = [...label.replace(/\p{M}/gu, '')];
  return letters.reduce((sum, letter) => sum + widthOf(letter), 0);
}

function widthOf(letter: string): number {
  if (letter > '\u02ff') return indic;
  return letter >= '0' && letter <= '9' ? digit : (latin[letter] ?? usual);
}
