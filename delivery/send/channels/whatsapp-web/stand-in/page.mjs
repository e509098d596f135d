// The stand-in page: a model of WhatsApp Web in the browser. What was clicked is kept in the profile until the server has it,
// as the real one does: a browser that died sends it when it is back.
import { bubble, chat, dialog, loading, mainScreen, menu, pairing, preview, results, sendButton } from '/markup.mjs';
import { words } from '/words.mjs';

const $ = (id) => document.getElementById(id);
const random = () =>
  [...crypto.getRandomValues(new Uint8Array(10))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
localStorage.device ??= random();
const { device } = localStorage;
const ask = async (path, body) => {
  const response = await fetch(
    path,
    body && { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } },
  );
  return response.ok ? response.json() : undefined;
};
const outbox = () => JSON.parse(localStorage.outbox ?? '[]');
const keep = (list) => {
  localStorage.outbox = JSON.stringify(list);
};

const state = await ask(`/state?device=${device}`);
const { era } = state;
const w = words[state.language];
document.documentElement.lang = state.language;
const app = $('app');
let open;
/** How many of the open chat's messages are shown: the page never has all. */
let shown = 20;

const events = new EventSource(`/events?device=${device}`);
events.addEventListener('state', async () => {
  const next = await ask(`/state?device=${device}`);
  if (!next || next.session === state.session) return;
  if (next.session === 'logged-out') {
    localStorage.clear();
    location.href = '/?post_logout=1&logout_reason=0';
  } else if (next.session === 'restricted') overlay(w.restricted, w.ok, () => {}, true);
  else location.reload();
});
events.addEventListener('status', (event) => {
  const { chat: of, message } = JSON.parse(event.data);
  if (open?.id !== of) return;
  const at = open.messages.findIndex(({ id }) => id === message.id);
  if (at >= 0) open.messages[at] = message;
  else open.messages.push(message);
  showMessages();
});

if (state.session === 'unpaired' || state.session === 'logged-out') showPairing();
else {
  app.innerHTML = loading(era, w);
  setTimeout(start, state.loading);
}

function showPairing() {
  app.innerHTML = pairing(era, w, device);
  drawCode(app.querySelector('canvas'), device);
  $('by-phone').onclick = () => {
    $('code').innerHTML = `<input aria-label="${w.phone}"><button>${w.next}</button>`;
    $('code').querySelector('button').onclick = async () => {
      const { code } = await ask('/code', { device, phone: $('code').querySelector('input').value });
      $('code').innerHTML =
        `<div data-link-code="${[...code].join(',')}">${[...code].map((sign) => `<span>${sign}</span>`).join('')}</div>`;
    };
  };
}

/** What looks like a QR code: its three corners are right, the rest is the device's name in bits. */
function drawCode(canvas, text) {
  const size = 33;
  const step = 8;
  const pen = canvas.getContext('2d');
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, size * step, size * step);
  pen.fillStyle = '#122e31';
  const corner = (x, y, left, top) => {
    const [dx, dy] = [x - left, y - top];
    if (dx < 0 || dy < 0 || dx > 6 || dy > 6) return undefined;
    return dx === 0 || dy === 0 || dx === 6 || dy === 6 || (dx > 1 && dx < 5 && dy > 1 && dy < 5);
  };
  for (let y = 0; y < size; y += 1)
    for (let x = 0; x < size; x += 1) {
      const near = (x < 8 && y < 8) || (x > size - 9 && y < 8) || (x < 8 && y > size - 9);
      const bit = (text.charCodeAt((x * 7 + y * 13) % text.length) >> ((x + y) % 5)) & 1;
      const dark = corner(x, y, 0, 0) ?? corner(x, y, size - 7, 0) ?? corner(x, y, 0, size - 7) ?? (!near && bit === 1);
      if (dark) pen.fillRect(x * step, y * step, step, step);
    }
}

async function start() {
  app.innerHTML = mainScreen(era, w);
  if (state.drifted) for (const node of app.querySelectorAll('#search')) node.removeAttribute('aria-label');
  if (state.away) $('banner').textContent = w.away;
  const search = $('search');
  const onType = async () => {
    const found = await ask(`/search?text=${encodeURIComponent(search.value ?? search.textContent)}`);
    $('results').innerHTML = results(era, w, found);
    for (const row of $('results').querySelectorAll('[data-chat]'))
      row.onclick = () => openChat(`id=${row.dataset.chat}`);
  };
  search.addEventListener('keyup', onType);
  const phone = location.pathname === '/send' ? new URLSearchParams(location.search).get('phone') : undefined;
  const then = async () => {
    for (const message of outbox()) post(message);
    if (phone) await openChat(`phone=${phone}`);
  };
  const dialogs = [
    [w.news, w.go],
    [w.offer, w.notNow],
  ].slice(0, state.dialogs);
  const next = () => {
    const one = dialogs.shift();
    if (one) overlay(one[0], one[1], next);
  };
  next();
  if (state.session === 'restricted') overlay(w.restricted, w.ok, () => {}, true);
  await then();
}

function overlay(text, button, then, stays = false) {
  const place = document.createElement('div');
  place.innerHTML = dialog(era, text, button);
  $('over').append(place);
  place.querySelector('button').onclick = () => {
    if (stays) return;
    place.remove();
    then();
  };
}

async function openChat(which) {
  const found = await ask(`/chat?${which}`);
  if (found === undefined) return overlay(w.badNumber, w.ok, () => {});
  open = found;
  shown = 20;
  for (const one of outbox())
    if (one.chat === open.id && !open.messages.some(({ id }) => id === one.id)) open.messages.push(one);
  $('main-place').innerHTML = chat(era, w, open.name);
  showMessages();
  const panel = $('panel');
  panel.scrollTop = panel.scrollHeight;
  panel.addEventListener('scroll', () => {
    if (panel.scrollTop > 5 || shown >= open.messages.length) return;
    shown += 20;
    showMessages();
  });
  const composer = $('composer');
  composer.addEventListener('input', () => {
    const empty = composer.textContent.trim() === '';
    if (empty) $('send-place').innerHTML = '';
    else if (!$('send')) {
      $('send-place').innerHTML = sendButton(era, w);
      $('send').onclick = () => {
        const text = composer.textContent;
        composer.innerHTML = '';
        $('send-place').innerHTML = '';
        sendMessage(text.trim());
      };
    }
  });
  $('attach').onclick = () => {
    $('menu').innerHTML = $('menu').innerHTML ? '' : menu(era, w, state.menu);
    for (const item of $('menu').querySelectorAll('[data-what]')) item.onclick = () => choose(item.dataset.what);
  };
}

/** The sticker's input rests in the page, the first of all; those of the menu come when they are called. */
function choose(what) {
  const input = what === 'sticker' ? $('sticker-input') : document.createElement('input');
  input.type = 'file';
  if (what === 'document') Object.assign(input, { accept: '*', multiple: true });
  else if (what === 'pictures')
    Object.assign(input, { accept: 'image/*,video/mp4,video/3gpp,video/quicktime', multiple: true });
  $('menu').innerHTML = '';
  input.onchange = () => {
    const [file] = input.files;
    const kind = input.id === 'sticker-input' ? 'sticker' : what === 'pictures' ? 'picture' : 'document';
    if (kind === 'sticker') return sendMessage('', { kind, name: file.name, bytes: file.size });
    showPreview(kind, file);
  };
  if (input.id !== 'sticker-input') input.click();
  else input.click();
}

function showPreview(kind, file) {
  const place = document.createElement('div');
  place.innerHTML = preview(era, w, URL.createObjectURL(file));
  $('over').append(place);
  $('preview-send').onclick = async () => {
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
    const sha256 = [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    const caption = $('caption').textContent.trim();
    place.remove();
    sendMessage(caption, { kind, name: file.name, bytes: file.size, sha256 });
  };
}

function sendMessage(text, file) {
  const message = { chat: open.id, id: random(), own: true, text, file, at: Date.now(), status: 'pending' };
  open.messages.push(message);
  keep([...outbox(), message]);
  showMessages();
  $('panel').scrollTop = $('panel').scrollHeight;
  post(message);
}

async function post(message) {
  const taken = await ask('/messages', { device, ...message }).catch(() => undefined);
  if (taken) keep(outbox().filter(({ id }) => id !== message.id));
}

function showMessages() {
  const panel = $('panel');
  if (!panel) return;
  const before = panel.scrollHeight - panel.scrollTop;
  panel.innerHTML = open.messages
    .slice(-shown)
    .map((message) => bubble(era, w, message, state.labels))
    .join('');
  if (before > panel.clientHeight + 10) panel.scrollTop = panel.scrollHeight - before;
}
