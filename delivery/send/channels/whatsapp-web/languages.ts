// What WhatsApp's page says, in four languages, gathered from public reports up to September 2026.

import type { Tick } from './eras.ts';

/** What the page says in one language. */
export interface Words {
  readonly language: 'en' | 'hi' | 'es' | 'pt';
  readonly chatList: string;
  readonly results: string;
  readonly search: string;
  readonly attach: string;
  readonly document: string;
  readonly pictures: string;
  readonly send: string;
  readonly composer: string;
  readonly caption: string;
  readonly scan: string;
  readonly you: string;
  readonly byPhone: string;
  readonly next: string;
  readonly phone: string;
  /** What an icon's label says. */
  readonly ticks: Readonly<Record<string, Tick>>;
  /** Parts of longer texts, in small letters. */
  readonly loading: readonly string[];
  readonly badNumber: readonly string[];
  readonly restricted: readonly string[];
  readonly phoneAway: readonly string[];
  /** Buttons that close a dialog and agree to nothing else. */
  readonly close: readonly string[];
}

const english: Words = {
  language: 'en',
  chatList: 'Chat list',
  results: 'Search results.',
  search: 'Search or start a new chat',
  attach: 'Attach',
  document: 'Document',
  pictures: 'Photos & videos',
  send: 'Send',
  composer: 'Type a message',
  caption: 'Add a caption',
  scan: 'Scan this QR code to link a device',
  you: 'You:',
  byPhone: 'phone number',
  next: 'Next',
  phone: 'Type your phone number.',
  ticks: { Pending: 'pending', Sent: 'sent', Delivered: 'delivered', Read: 'read', 'Not sent': 'failed' },
  loading: ['loading your chats'],
  badNumber: ['phone number shared via url is invalid', "isn't on whatsapp", 'isn’t on whatsapp'],
  restricted: [
    'account has been restricted',
    'account is restricted',
    'can no longer use whatsapp',
    'temporarily banned',
  ],
  phoneAway: ['use whatsapp on your phone', 'phone hasn’t been used', "phone hasn't been used"],
  close: ['Close', 'Continue', 'OK', 'Got it', 'Not now'],
};

const hindi: Words = {
  language: 'hi',
  chatList: 'चैट की सूची',
  results: 'खोज के नतीजे.',
  search: 'खोजें या नई चैट शुरू करें',
  attach: 'अटैच करें',
  document: 'डॉक्यूमेंट',
  pictures: 'फ़ोटो और वीडियो',
  send: 'भेजें',
  composer: 'मैसेज लिखें',
  caption: 'कैप्शन जोड़ें',
  scan: 'डिवाइस लिंक करने के लिए यह QR कोड स्कैन करें',
  you: 'आप:',
  byPhone: 'फ़ोन नंबर',
  next: 'आगे बढ़ें',
  phone: 'अपना फ़ोन नंबर लिखें.',
  ticks: { लंबित: 'pending', 'भेजा गया': 'sent', 'डिलीवर हुआ': 'delivered', 'पढ़ा गया': 'read', 'नहीं भेजा गया': 'failed' },
  loading: ['आपकी चैट लोड हो रही हैं'],
  badNumber: ['फ़ोन नंबर अमान्य है', 'whatsapp पर नहीं है'],
  restricted: ['अकाउंट पर प्रतिबंध', 'whatsapp इस्तेमाल नहीं कर सकता'],
  phoneAway: ['अपने फ़ोन पर whatsapp इस्तेमाल करें'],
  close: ['बंद करें', 'जारी रखें', 'ठीक है', 'समझ गए', 'अभी नहीं'],
};

const spanish: Words = {
  language: 'es',
  chatList: 'Lista de chats',
  results: 'Resultados de la búsqueda.',
  search: 'Buscar un chat o iniciar uno nuevo',
  attach: 'Adjuntar',
  document: 'Documento',
  pictures: 'Fotos y videos',
  send: 'Enviar',
  composer: 'Escribe un mensaje',
  caption: 'Añade un comentario',
  scan: 'Escanea este código QR para vincular un dispositivo',
  you: 'Tú:',
  byPhone: 'número de teléfono',
  next: 'Siguiente',
  phone: 'Escribe tu número de teléfono.',
  ticks: { Pendiente: 'pending', Enviado: 'sent', Entregado: 'delivered', Leído: 'read', 'No enviado': 'failed' },
  loading: ['cargando tus chats'],
  badNumber: ['el número de teléfono compartido a través de la dirección url no es válido', 'no está en whatsapp'],
  restricted: ['tu cuenta está restringida', 'ya no puede usar whatsapp', 'bloqueada temporalmente'],
  phoneAway: ['usa whatsapp en tu teléfono'],
  close: ['Cerrar', 'Continuar', 'Aceptar', 'OK', 'Entendido', 'Ahora no'],
};

const portuguese: Words = {
  language: 'pt',
  chatList: 'Lista de conversas',
  results: 'Resultados da pesquisa.',
  search: 'Pesquisar ou começar uma nova conversa',
  attach: 'Anexar',
  document: 'Documento',
  pictures: 'Fotos e vídeos',
  send: 'Enviar',
  composer: 'Digite uma mensagem',
  caption: 'Adicione uma legenda',
  scan: 'Escaneie este código QR para conectar um dispositivo',
  you: 'Você:',
  byPhone: 'número de telefone',
  next: 'Avançar',
  phone: 'Insira seu número de telefone.',
  ticks: { Pendente: 'pending', Enviada: 'sent', Entregue: 'delivered', Lida: 'read', 'Não enviada': 'failed' },
  loading: ['carregando suas conversas'],
  badNumber: ['o número de telefone compartilhado por url é inválido', 'não está no whatsapp'],
  restricted: ['sua conta está restrita', 'não pode mais usar o whatsapp', 'banida temporariamente'],
  phoneAway: ['use o whatsapp no seu celular'],
  close: ['Fechar', 'Continuar', 'OK', 'Entendi', 'Agora não'],
};

export const languages: readonly Words[] = [english, hindi, spanish, portuguese];
