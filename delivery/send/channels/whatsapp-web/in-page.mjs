// What runs inside the page. Each function is sent there by its text, so it uses nothing but its argument.

/** What can be seen of the page as a whole. */
export function readScreen({ contracts, dialog, button, blob }) {
  const visible = (node) => node.getClientRects().length > 0;
  const has = (selector) => [...document.querySelectorAll(selector)].some(visible);
  const dialogs = [...document.querySelectorAll(dialog)]
    .filter((node) => visible(node) && !node.querySelector(blob))
    .map((node) => ({
      text: node.textContent.toLowerCase(),
      buttons: [...node.querySelectorAll(button)].map((one) =>
        (one.getAttribute('aria-label') ?? one.textContent).trim(),
      ),
    }));
  return {
    url: location.href,
    language: document.documentElement.lang,
    seen: contracts.map(({ ready, search, qr, loading }) => ({
      ready: has(ready) && has(search),
      chats: has(ready),
      qr: has(qr),
      loading: has(loading),
    })),
    dialogs,
    side: (document.querySelector('#side')?.textContent ?? '').toLowerCase(),
    text: has(contracts[0].ready) ? '' : document.body.textContent.slice(0, 4000).toLowerCase(),
  };
}

/** Presses a button of a dialog by its words. */
export function pressInDialog({ dialog, button, blob, words }) {
  for (const node of document.querySelectorAll(dialog)) {
    if (node.getClientRects().length === 0 || node.querySelector(blob)) continue;
    for (const one of node.querySelectorAll(button)) {
      if (!words.includes((one.getAttribute('aria-label') ?? one.textContent).trim())) continue;
      one.click();
      return true;
    }
  }
  return false;
}

/** The messages of the open chat that the page has now, the oldest first. */
export function readBubbles({ panel, bubble, own }) {
  const signs = (node) => ({
    labels: [...node.querySelectorAll('[aria-label]')].map((one) => one.getAttribute('aria-label')),
    icons: [...node.querySelectorAll('[data-icon], svg > title')].map((one) => ({
      name: one.getAttribute('data-icon') ?? one.textContent,
      color: getComputedStyle(one.closest('[data-icon]') ?? one.parentElement).color,
    })),
  });
  const scrolls = document.querySelector(panel);
  return {
    atTop: scrolls === null ? undefined : scrolls.scrollTop <= 0,
    bubbles: [...document.querySelectorAll(bubble)].map((node) => ({
      id: node.getAttribute('data-id') ?? '',
      own: node.matches(own) || node.querySelector(own) !== null,
      text: node.textContent,
      stamp: node.querySelector('[data-pre-plain-text]')?.getAttribute('data-pre-plain-text') ?? '',
      signs: signs(node),
    })),
  };
}

/** Scrolls the open chat to its beginning, as far as the page has it. */
export function scrollToTop({ panel }) {
  const scrolls = document.querySelector(panel);
  if (scrolls === null) return;
  scrolls.scrollTop = 0;
  scrolls.dispatchEvent(new Event('scroll'));
}

/** The results of a search: their names as they are shown, without the marks of direction. */
export function readRows({ row, rowName }) {
  return [...document.querySelectorAll(row)].map((node) =>
    (node.querySelector(rowName)?.getAttribute('title') ?? '').replace(/[\u200e\u200f\u202a-\u202e]/g, ''),
  );
}

/** The dots of the code on a canvas, true where dark: found by its corner, whose upper side is seven dots wide. */
export function readCode({ qr }) {
  const canvas = document.querySelector(qr);
  const pen = canvas?.getContext('2d', { willReadFrequently: true });
  if (!canvas || !pen) return undefined;
  const { width, height } = canvas;
  const { data } = pen.getImageData(0, 0, width, height);
  const dark = (x, y) => {
    const at = (Math.floor(y) * width + Math.floor(x)) * 4;
    return data[at + 3] > 127 && data[at] + data[at + 1] + data[at + 2] < 384;
  };
  let [left, top, right] = [width, height, 0];
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      if (dark(x, y)) [left, top, right] = [Math.min(left, x), Math.min(top, y), Math.max(right, x + 1)];
  let run = 0;
  while (left + run < width && dark(left + run, top)) run += 1;
  if (run === 0) return undefined;
  const step = run / 7;
  const size = Math.round((right - left) / step);
  return Array.from({ length: size }, (_, y) =>
    Array.from({ length: size }, (_, x) => dark(left + (x + 0.5) * step, top + (y + 0.5) * step)),
  );
}

/** The page without its words: its elements, and of their attributes those that name no one. */
export function readBones({ known }) {
  const kept = [
    'id',
    'class',
    'role',
    'type',
    'accept',
    'multiple',
    'contenteditable',
    'aria-modal',
    'data-testid',
    'data-tab',
    'data-icon',
    'data-animate-modal-popup',
    'data-lexical-editor',
    'lang',
  ];
  const plain = (name, value) => {
    if (name === 'aria-label' || name === 'title') return known.includes(value) ? value : `(${value.length} signs)`;
    if (!kept.includes(name)) return undefined;
    return value.replace(/[0-9a-f]{8,}|\d{5,}/gi, '(id)').slice(0, 120);
  };
  const draw = (node, depth) => {
    if (depth > 60) return '';
    if (node.nodeType === 3) return node.textContent.trim() === '' ? '' : `(${node.textContent.trim().length} signs)`;
    if (node.nodeType !== 1 || ['SCRIPT', 'STYLE'].includes(node.tagName)) return '';
    const tag = node.tagName.toLowerCase();
    const attributes = [...node.attributes].flatMap(({ name, value }) => {
      const shown = plain(name, value);
      return shown === undefined ? [] : [` ${name}="${shown.replaceAll('"', '&quot;')}"`];
    });
    if (tag === 'title')
      return known.includes(node.textContent) ||
        (/^[\w-]{1,40}$/.test(node.textContent) && node.parentElement?.tagName === 'svg')
        ? `<title>${node.textContent}</title>`
        : '';
    return `\n${' '.repeat(Math.min(depth, 30))}<${tag}${attributes.join('')}>${[...node.childNodes].map((child) => draw(child, depth + 1)).join('')}</${tag}>`;
  };
  return draw(document.documentElement, 0);
}
