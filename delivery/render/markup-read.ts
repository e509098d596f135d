/** An element as a reader of the page meets it. What is hidden from readers aloud (arrows) is left out of `text`. */
export interface Element {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (Element | string)[];
}

const empty = new Set(['meta', 'br', 'rect', 'polygon', 'img']);
const raw = new Set(['style', 'title']);

/** Reads markup of ours back: well-formed elements, quoted attributes. Throws `Error` where it is not. */
export function readMarkup(markup: string): Element {
  const root = { tag: '#root', attributes: {}, children: [] as (Element | string)[] };
  const open = [root];
  const token = /<!doctype[^>]*>|<(\/?)([a-z0-9]+)((?:\s+[\w-]+(?:="[^"]*")?)*)\s*(\/?)>|([^<]+)/giy;
  let at = 0;
  while (at < markup.length) {
    token.lastIndex = at;
    const found = token.exec(markup);
    if (found === null) throw new Error(`markup cannot be read at ${at}: ${markup.slice(at, at + 40)}`);
    at = token.lastIndex;
    const [, closing, name = '', attributes = '', closed, text] = found;
    const parent = open.at(-1) ?? root;
    const tag = name.toLowerCase();
    if (text !== undefined) parent.children.push(raw.has(parent.tag) ? text : unescapeMarkup(text));
    else if (closing === '/') {
      if (parent.tag !== tag) throw new Error(`</${tag}> closes <${parent.tag}>`);
      open.pop();
    } else if (tag !== '') {
      const element = { tag, attributes: attributesOf(attributes), children: [] as (Element | string)[] };
      parent.children.push(element);
      if (!empty.has(tag) && closed !== '/') open.push(element);
    }
  }
  if (open.length > 1) throw new Error(`<${open.at(-1)?.tag}> is never closed`);
  return root;
}

function attributesOf(text: string): Readonly<Record<string, string>> {
  const pairs = [...text.matchAll(/([\w-]+)(?:="([^"]*)")?/g)];
  return Object.fromEntries(pairs.map(([, name = '', value = '']) => [name.toLowerCase(), unescapeMarkup(value)]));
}

const signs: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const unescapeMarkup = (text: string) => text.replace(/&(#?\w+);/g, (whole, name: string) => signs[name] ?? whole);

/** All elements below one that `wanted` says yes to, in page order. */
export function elementsOf(element: Element, wanted: (element: Element) => boolean): readonly Element[] {
  return element.children.flatMap((child) =>
    typeof child === 'string' ? [] : [...(wanted(child) ? [child] : []), ...elementsOf(child, wanted)],
  );
}

/** The words of an element with white space as a browser shows it. */
export function wordsIn(element: Element): string {
  return collect(element)
    .replace(/[ \n\t]+/g, ' ')
    .trim();
}

function collect(element: Element): string {
  if (element.attributes['aria-hidden'] === 'true') return '';
  const gap = element.tag === 'br' || element.tag === 'small' || element.tag === 'p' ? ' ' : '';
  return gap + element.children.map((child) => (typeof child === 'string' ? child : collect(child))).join('');
}
