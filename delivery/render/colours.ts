import type { Tone } from '../compose/present.ts';

/** The colours of the house, the same in every format. */
export const colours = {
  ink: '#111827',
  quiet: '#4B5563',
  line: '#D1D5DB',
  panel: '#F3F4F6',
  up: '#1F5FA8',
  down: '#B8500F',
  flat: '#6B7280',
  paper: '#FFFFFF',
} as const;

/** How much of the colour a tint has, by step. */
const strengths = [0, 0.06, 0.11, 0.16, 0.21, 0.27] as const;

/** The colour of a tone's arrow, and of its words on white. */
export const toneColour = (tone: Tone): string => colours[tone.direction];

/** The colour of a tone's words on its own tint: a shade darker, since on the tint the colour itself would fade. */
export const toneShade = (tone: Tone): string =>
  tintOf(tone) === undefined ? toneColour(tone) : blend(toneColour(tone), '#000000', 0.35);

/** The ground behind a tone, or undefined where there is none. */
export function tintOf({ direction, step }: Tone): string | undefined {
  const strength = strengths[step];
  return strength === 0 || direction === 'flat' ? undefined : blend('#FFFFFF', colours[direction], strength);
}

/** So much of the second colour in the first. */
function blend(under: string, over: string, strength: number): string {
  const tops = channels(over);
  const mixed = channels(under).map((channel, at) => Math.round(channel + ((tops[at] ?? 0) - channel) * strength));
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`.toUpperCase();
}

const channels = (colour: string) => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));

/** WCAG 2.2 contrast of two colours, 1 to 21. */
export function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
