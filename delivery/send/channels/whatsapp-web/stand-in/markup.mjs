// How WhatsApp's page was built in three eras, as public reports have it: only what somebody reported can be found here.
// Everything is a model; no live page was looked at.
export const plain = (text) =>
  String(text).replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]);

const blue = '#53bdeb';
const grey = '#8696a0';

/** The icon beside a message's time; with `labels` it has its word, too. */
function tick(era, w, status, labels) {
  const label = labels ? ` aria-label=" ${w[status]} "` : '';
  const color = status === 'read' ? blue : grey;
  const strokes = { sent: 'M2 7l3 3 6-8', delivered: 'M1 7l3 3 6-8M6 9l1 1 6-8', read: 'M1 7l3 3 6-8M6 9l1 1 6-8' }[
    status
  ];
  const svg = (name) =>
    `<span${label} style="color:${color}"><svg width="14" height="12" fill="none" stroke="currentColor"><title>${name}</title><path d="${strokes}"/></svg></span>`;
  const icon = (name) =>
    `<span data-icon="${name}"${label} style="color:${color}">${{ pending: '◷', sent: '✓', delivered: '✓✓', read: '✓✓', failed: '!' }[status]}</span>`;
  if (era === 3) {
    if (status === 'sent') return svg('wds-ic-delivered');
    if (status === 'delivered' || status === 'read') return svg('wds-ic-read');
    return icon(status === 'pending' ? 'msg-time' : 'message-fail');
  }
  return icon(
    {
      pending: 'msg-time',
      sent: 'msg-check',
      delivered: 'msg-dblcheck',
      read: era === 2 ? 'msg-dblcheck-ack' : 'msg-dblcheck',
      failed: 'error',
    }[status],
  );
}

export function bubble(era, w, message, labels) {
  const { id, own, text, file, at, status } = message;
  const time = new Date(at);
  const two = (number) => String(number).padStart(2, '0');
  const stamp = `[${two(time.getHours())}:${two(time.getMinutes())}, ${time.getDate()}/${time.getMonth() + 1}/${time.getFullYear()}] ${own ? 'Me' : 'Them'}: `;
  const card = file
    ? `<div class="file"><b>${plain(file.name.split('.').at(-1).toUpperCase())}</b> <span title="${plain(file.name)}">${plain(file.name)}</span></div>`
    : '';
  const words = `<div class="copyable-text" data-pre-plain-text="${plain(stamp)}">${card}<span class="selectable-text" data-testid="selectable-text">${plain(text)}</span></div>`;
  const foot = `<div class="foot">${two(time.getHours())}:${two(time.getMinutes())} ${own ? tick(era, w, status, labels) : ''}</div>`;
  if (era === 3) {
    const mark = own
      ? `<span data-icon="tail-out"></span><span aria-label="${w.you}"></span>`
      : '<span data-icon="tail-in"></span>';
    return `<div role="row" class="${own ? 'right' : 'left'}"><div data-testid="conv-msg-${id}" data-id="${id}" class="box">${mark}${words}${foot}</div></div>`;
  }
  return `<div role="row" class="${own ? 'right' : 'left'}"><div class="box message-${own ? 'out' : 'in'}" data-id="${own}_chat_${id}">${words}${foot}</div></div>`;
}

/** The page with the chats, none of them open. */
export function mainScreen(era, w) {
  const search =
    era === 3
      ? `<input id="search" aria-label="${w.search}" placeholder="${w.search}">`
      : `<div id="search" contenteditable="true" data-tab="3" title="${w.search}"></div>`;
  const list =
    era === 1 ? '<div data-testid="chat-list" id="list"></div>' : `<div id="list" aria-label="${w.chatList}"></div>`;
  const inner = `<div id="side"><div id="banner"></div>${search}<div id="results"></div><div id="pane-side">${list}</div></div><div id="main-place"></div><div id="over"></div>`;
  return era === 3
    ? `<div data-testid="wa-web-main-screen" class="screen">${inner}</div>`
    : `<div class="screen">${inner}</div>`;
}

export function results(era, w, chats) {
  const rows = chats.map(({ id, name }) => {
    const title = `<span dir="auto" title="${plain(name)}">\u202a${plain(name)}\u202c</span>`;
    if (era === 3)
      return `<div role="row" data-chat="${id}"><div role="gridcell"><div data-testid="cell-frame-container">${title}</div></div></div>`;
    if (era === 2) return `<div role="listitem" data-chat="${id}">${title}</div>`;
    return `<div data-testid="cell-frame-container" data-chat="${id}"><div data-testid="cell-frame-title">${title}</div></div>`;
  });
  return era === 1
    ? `<div data-testid="search-results">${rows.join('')}</div>`
    : `<div aria-label="${w.results}">${rows.join('')}</div>`;
}

export function chat(era, w, name) {
  const title = `<span dir="auto" title="${plain(name)}">${plain(name)}</span>`;
  const header =
    era === 3 ? `<header data-testid="conversation-header">${title}</header>` : `<header>${title}</header>`;
  const panel =
    era === 3
      ? '<div id="panel" data-testid="conversation-panel-messages"></div>'
      : '<div id="panel" role="application"></div>';
  const clip =
    era === 3
      ? `<button id="attach" aria-label="${w.attach}"><span data-icon="plus-rounded">+</span></button>`
      : era === 2
        ? '<span id="attach" role="button" data-icon="plus-rounded">+</span>'
        : '<span id="attach" data-testid="conversation-clip"><span data-icon="clip">📎</span></span>';
  const box =
    era === 3
      ? `<div id="composer" data-testid="conversation-compose-box-input" contenteditable="true" role="textbox" data-lexical-editor="true" data-tab="10" aria-label="${w.composer} ${plain(name)}"></div>`
      : era === 2
        ? `<div id="composer" contenteditable="true" role="textbox" data-tab="10" aria-label="${w.composer}"></div>`
        : `<div id="composer" contenteditable="true" title="${w.composer}"></div>`;
  return `<div id="main">${header}${panel}<div id="menu"></div><footer>${clip}${box}<span id="send-place"></span></footer></div>`;
}

export function sendButton(era, w) {
  if (era === 3) return `<button id="send" aria-label="${w.send}">➤</button>`;
  if (era === 2) return '<span id="send" role="button" data-icon="wds-ic-send-filled">➤</span>';
  return '<button id="send" data-testid="compose-btn-send"><span data-icon="send">➤</span></button>';
}

/** The menu's entries in the order that `order` says: it was never the same for long. */
export function menu(era, w, order) {
  const test = {
    document: 'attach-document',
    pictures: 'attach-image',
    sticker: 'attach-sticker',
    contact: 'attach-contact',
  };
  return order
    .map((what) => {
      if (era === 1) return `<button data-testid="${test[what]}" data-what="${what}">${w[what]}</button>`;
      const tag = era === 2 ? 'li' : 'div';
      return `<${tag} role="menuitem" aria-label="${w[what]}" data-what="${what}">${w[what]}</${tag}>`;
    })
    .join('');
}

/** Shown before a file goes; no dialog by its role. */
export function preview(era, w, url) {
  const image = `<img src="${url}" alt="">`;
  if (era === 3)
    return `<div class="preview"><div data-testid="media-editor-canvas">${image}</div><div data-testid="media-caption-input-container"><div id="caption" contenteditable="true" role="textbox"></div></div><div id="preview-send" role="button" aria-label="${w.send} 1 selected">➤</div></div>`;
  if (era === 2)
    return `<div class="preview" data-animate-media-viewer="true">${image}<div id="caption" contenteditable="true" aria-label="${w.caption}"></div><span id="preview-send" role="button" data-icon="wds-ic-send-filled">➤</span></div>`;
  return `<div class="preview" data-testid="media-viewer"><div data-testid="media-editor-canvas">${image}</div><div id="caption" contenteditable="true" data-testid="media-caption-input"></div><span id="preview-send"><span data-icon="send">➤</span></span></div>`;
}

export function dialog(era, text, button) {
  const inner = `<div role="dialog" ${era === 3 ? 'aria-modal="true"' : ''}><p>${plain(text)}</p><button>${plain(button)}</button></div>`;
  return era === 3
    ? `<div class="dialog" data-testid="confirm-popup" data-animate-modal-popup="true">${inner}</div>`
    : `<div class="dialog" data-animate-modal-popup="true">${inner}</div>`;
}

export function pairing(era, w, ref) {
  const label = era === 3 ? w.scan : era === 2 ? w.scan : 'Scan me!';
  const canvas = `<canvas width="264" height="264" ${era === 1 ? 'role="img" ' : ''}aria-label="${label}"></canvas>`;
  return `<div id="pairing"><div data-ref="${plain(ref)}">${canvas}</div><div role="button" id="by-phone">${w.byPhone}</div><div id="code"></div></div>`;
}

export function loading(era, w) {
  if (era === 1) return '<div data-testid="loading"><progress></progress></div>';
  return `<div><p>${w.loading}</p><span data-icon="lock-${era === 3 ? 'refreshed' : 'outline'}"></span><p>${w.encrypted}</p></div>`;
}
