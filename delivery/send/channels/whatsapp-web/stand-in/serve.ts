// The stand-in for people: node delivery/send/channels/whatsapp-web/stand-in/serve.ts [port] [era] [language]
import { openStandIn } from './server.ts';
import type { StandInOptions } from './stand-in.ts';

const [port = '8090', era = '3', language = 'en'] = process.argv.slice(2);
const eras = { 1: 1, 2: 2, 3: 3 } as const;
const languages = { en: 'en', hi: 'hi', es: 'es', pt: 'pt' } as const;
const options: StandInOptions = {
  port: Number(port),
  era: eras[era as unknown as keyof typeof eras] ?? 3,
  language: languages[language as keyof typeof languages] ?? 'en',
  loading: 800,
  dialogs: 1,
  slowMs: 1_500,
  manner: () => 'slow',
  chats: [{ name: 'Store managers' }, { name: 'Asha Patel', phone: '+919812345678' }],
};
const standIn = await openStandIn(options);
process.stderr.write(`the stand-in is at ${standIn.url}; Enter reads the code with its phone, Ctrl-C stops\n`);
process.stdin.on('data', () => process.stderr.write(standIn.scan() ? 'read\n' : 'no code is shown\n'));
