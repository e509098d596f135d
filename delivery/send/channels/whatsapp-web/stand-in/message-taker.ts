import { setTimeout as later } from 'node:timers';
import type { Manner, StandInChat, StandInMessage, StandInOptions } from './stand-in.ts';

export interface MessageTaker {
  /** True once the page may forget it. */
  accept(message: StandInMessage): Promise<boolean>;
  update(chat: StandInChat, id: string, status: StandInMessage['status']): void;
}

/** What the server does with messages, each in its manner; chats keep what was taken. */
export function messageTaker(
  chats: readonly StandInChat[],
  tell: (event: string, data: unknown) => void,
  { slowMs, at, manner }: Required<Pick<StandInOptions, 'slowMs' | 'at' | 'manner'>>,
): MessageTaker {
  const tries = new Map<string, number>();
  const chosenFor = new Map<string, Manner>();

  const update = (chat: StandInChat, id: string, status: StandInMessage['status']) => {
    const place = chat.messages.findIndex((one) => one.id === id);
    const message = chat.messages[place];
    if (message === undefined) return;
    const changed = { ...message, status };
    chat.messages[place] = changed;
    at('ticked');
    tell('status', { chat: chat.id, message: changed });
  };

  function take(message: StandInMessage, status: StandInMessage['status']): void {
    const chat = chats.find(({ id }) => id === message.chat);
    if (chat === undefined || chat.messages.some(({ id }) => id === message.id)) return;
    chat.messages.push({ ...message, status });
    at('taken');
    if (status !== 'pending') update(chat, message.id, status);
  }

  /** True once the page may forget it. */
  async function accept(message: StandInMessage): Promise<boolean> {
    at('clicked');
    const known = chats.some(({ messages }) => messages.some(({ id }) => id === message.id));
    if (known) return true;
    const tried = (tries.get(message.id) ?? 0) + 1;
    tries.set(message.id, tried);
    const chosen = chosenFor.get(message.id) ?? manner(message);
    chosenFor.set(message.id, chosen);
    const chat = chats.find(({ id }) => id === message.chat);
    switch (chosen) {
      case 'tick':
        take(message, 'sent');
        return true;
      case 'delivered':
      case 'read':
      case 'failed':
        take(message, chosen);
        return true;
      case 'never':
        take(message, 'pending');
        return true;
      case 'slow':
        take(message, 'pending');
        later(() => chat && update(chat, message.id, 'sent'), slowMs).unref();
        return true;
      case 'late':
        later(() => take(message, 'sent'), slowMs).unref();
        return true;
      case 'lost':
        if (tried === 1) return false;
        take(message, 'sent');
        return true;
      case 'hushed':
        return false;
    }
  }

  return { accept, update };
}
