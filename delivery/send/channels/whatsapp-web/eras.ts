/**
 * Where things are on WhatsApp's page: three eras of its markup, gathered from public reports up to September 2026. All
 * selectors stand here and nowhere else; when the page changes, this file does. `{word}` in a selector stands for a
 * language's word.
 */

/** Where things are in one era. Each is a CSS selector. */
export interface Era {
  readonly name: 'era-3' | 'era-2' | 'era-1';
  /** The chats are there. */
  readonly ready: string;
  readonly qr: string;
  readonly loading: string;
  readonly search: string;
  /** A chat among the results of a search, and its whole name within. */
  readonly row: string;
  readonly rowName: string;
  /** The open chat: whose it is, and where one writes. */
  readonly header: string;
  readonly headerName: string;
  readonly composer: string;
  readonly send: string;
  readonly attach: string;
  readonly menuDocument: string;
  readonly menuPicture: string;
  /** What is shown before a file goes, where its caption is written and what sends it. */
  readonly preview: string;
  readonly caption: string;
  readonly previewSend: string;
  /** What scrolls, a message in it, and what only an own one has. */
  readonly panel: string;
  readonly bubble: string;
  readonly own: string;
  /** A dialog over everything, and its buttons. */
  readonly dialog: string;
  readonly dialogButton: string;
  /** Linking with a code instead of the picture. */
  readonly byPhone: string;
  readonly phoneInput: string;
  readonly next: string;
  readonly linkCode: string;
  /** How a message is, by its icon's name; `blue` where only the colour tells. */
  readonly icons: Readonly<Record<string, Tick | { readonly grey: Tick; readonly blue: Tick }>>;
}

/** How a message of ours is. */
export type Tick = 'pending' | 'sent' | 'delivered' | 'read' | 'failed';
const era3: Era = {
  name: 'era-3',
  ready: '[data-testid="wa-web-main-screen"] #pane-side',
  qr: 'canvas[aria-label^="{scan}"]',
  loading: '[data-icon="lock-refreshed"], [data-icon="lock-outline"]',
  search: 'input[aria-label="{search}"]',
  row: 'div[aria-label="{results}"] [role="row"]',
  rowName: 'span[title]',
  header: 'header[data-testid="conversation-header"]',
  headerName: 'span[title]',
  composer: '#main footer div[contenteditable="true"][role="textbox"][data-lexical-editor="true"]',
  send: '#main footer button[aria-label="{send}"]',
  attach: '#main footer button[aria-label="{attach}"]',
  menuDocument: '[role="menuitem"][aria-label="{document}"]',
  menuPicture: '[role="menuitem"][aria-label="{pictures}"]',
  preview: '[data-testid="media-editor-canvas"]',
  caption: '[data-testid="media-caption-input-container"] div[contenteditable="true"]',
  previewSend: 'div[role="button"][aria-label^="{send}"]',
  panel: '[data-testid="conversation-panel-messages"]',
  bubble: '[data-testid="conversation-panel-messages"] [data-testid^="conv-msg-"]',
  own: '[data-icon="tail-out"], [aria-label="{you}"]',
  dialog: '[role="dialog"]',
  dialogButton: 'button, [role="button"]',
  byPhone: '[role="button"]:has-text("{byPhone}"), button:has-text("{byPhone}")',
  phoneInput: 'input[aria-label="{phone}"]',
  next: 'button:has-text("{next}")',
  linkCode: '[data-link-code]',
  icons: {
    'msg-time': 'pending',
    'wds-ic-pending': 'pending',
    // By a measurement of September 2026 this is the single tick, whatever its name says.
    'wds-ic-delivered': 'sent',
    'wds-ic-read': { grey: 'delivered', blue: 'read' },
    'message-fail': 'failed',
    'alert-phone': 'failed',
  },
};

const era2: Era = {
  ...era3,
  name: 'era-2',
  ready: '#pane-side div[aria-label="{chatList}"]',
  qr: 'div[data-ref] canvas',
  search: 'div[contenteditable="true"][data-tab="3"]',
  row: 'div[aria-label="{results}"] [role="listitem"]',
  header: '#main header',
  composer: '#main footer div[aria-label^="{composer}"][data-tab="10"]',
  send: '#main footer span[data-icon="wds-ic-send-filled"]',
  attach: '#main footer span[data-icon="plus-rounded"], #main footer span[data-icon="plus"]',
  menuDocument: 'li[role="menuitem"][aria-label="{document}"]',
  menuPicture: 'li[role="menuitem"][aria-label="{pictures}"]',
  preview: '[data-animate-media-viewer="true"] img[src^="blob:"], [data-testid="media-editor-canvas"]',
  caption: 'div[contenteditable="true"][aria-label="{caption}"]',
  previewSend: '[data-animate-media-viewer="true"] span[data-icon="wds-ic-send-filled"]',
  panel: '#main [role="application"]',
  bubble: '#main [data-id^="true_"], #main [data-id^="false_"]',
  own: '.message-out',
  icons: {
    'msg-time': 'pending',
    'msg-check': 'sent',
    'msg-dblcheck': { grey: 'delivered', blue: 'read' },
    'msg-dblcheck-ack': 'read',
    error: 'failed',
  },
};

const era1: Era = {
  ...era2,
  name: 'era-1',
  ready: '[data-testid="chat-list"]',
  qr: 'canvas[aria-label="Scan me!"], [data-testid="qrcode"] canvas',
  loading: 'progress, [data-testid="loading"]',
  row: '[data-testid="search-results"] [data-testid="cell-frame-container"]',
  rowName: '[data-testid="cell-frame-title"] span[title]',
  composer: '#main footer [title^="{composer}"]',
  send: '[data-testid="compose-btn-send"]',
  attach: '[data-testid="conversation-clip"], #main footer span[data-icon="clip"]',
  menuDocument: '[data-testid="attach-document"]',
  menuPicture: '[data-testid="attach-image"]',
  preview: '[data-testid="media-editor-canvas"]',
  caption: '[data-testid="media-caption-input"]',
  previewSend: '[data-testid="media-viewer"] span[data-icon="send"]',
};

/** The newest first: where two fit, the newer one is meant. */
export const eras: readonly Era[] = [era3, era2, era1];
